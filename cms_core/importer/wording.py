"""Words for codes of the importer that people read."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .repeats_rules import OwnerReason

#: Why a site is proposed as the owner of a text.
OWNER_WORDS = {
    OwnerReason.NAMED: gettext_lazy("named as the source"),
    OwnerReason.FIRST: gettext_lazy("published it first"),
    OwnerReason.ONLY_DATED: gettext_lazy("the only one with a date"),
    OwnerReason.NONE: gettext_lazy("nothing speaks for one of them"),
}

_SOURCE_WORDS = {
    "gov8": gettext_lazy("database of a gov8 site group"),
    "jspxcms": gettext_lazy("database of a Jspxcms site"),
    "xdd": gettext_lazy("files of a county portal"),
    "catalogue": gettext_lazy("catalogue of government information"),
    "html": gettext_lazy("web pages"),
    "wagtail": gettext_lazy("pages of a Wagtail site"),
}
#: Fields of a page in which it may differ from its source.
_FIELD_WORDS = {
    "title": pgettext_lazy("merged", "title"),
    "summary": pgettext_lazy("merged", "summary"),
    "source_name": pgettext_lazy("merged", "source"),
    "author_name": pgettext_lazy("merged", "author"),
    "keywords": pgettext_lazy("merged", "keywords"),
    "published_at": pgettext_lazy("merged", "time of publishing"),
    "live": pgettext_lazy("merged", "public or draft"),
    "body": pgettext_lazy("merged", "text"),
    "section_kind": pgettext_lazy("merged", "kind of section"),
    "description": pgettext_lazy("merged", "description"),
    "external_url": pgettext_lazy("merged", "address that it leads to"),
}
_PERSONAL_WORDS = {
    "identity_number": pgettext_lazy("merged", "identity number"),
    "bank_card_number": pgettext_lazy("merged", "bank card number"),
    "mobile_number": pgettext_lazy("merged", "mobile number"),
}


def source_words(source_name: str) -> str:
    """What a source is called for people: its kind, and the code of the site in it."""
    shape, _separator, site = source_name.partition(":")
    if shape not in _SOURCE_WORDS:
        return source_name
    return _("%(kind)s, site %(site)s") % {"kind": _SOURCE_WORDS[shape], "site": site}


def field_words(names: Iterable[str]) -> list[str]:
    """What fields are called for people."""
    return [str(_FIELD_WORDS.get(name, name)) for name in names]


def personal_words(kinds: Iterable[str]) -> list[str]:
    """What kinds of personal data are called for people."""
    return [str(_PERSONAL_WORDS.get(kind, kind)) for kind in kinds]
