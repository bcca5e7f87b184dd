"""Words for codes of the importer that people read."""

from django.utils.translation import gettext_lazy

from .repeats_rules import OwnerReason

#: Why a site is proposed as the owner of a text.
OWNER_WORDS = {
    OwnerReason.NAMED: gettext_lazy("named as the source"),
    OwnerReason.FIRST: gettext_lazy("published it first"),
    OwnerReason.ONLY_DATED: gettext_lazy("the only one with a date"),
    OwnerReason.NONE: gettext_lazy("nothing speaks for one of them"),
}
