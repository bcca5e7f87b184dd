"""What a finding says, in the language of whoever reads it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SENTENCES: Mapping[str, Any] = {
    "sensitive_term": gettext_lazy("A listed sensitive term."),
    "state_term": gettext_lazy("A wording on state or territory that the list names."),
    "misspelling": gettext_lazy("Probably misspelt."),
    "spelling": gettext_lazy("Probably misspelt: another word fits here."),
    "invisible_character": gettext_lazy(
        "An invisible character (%(detail)s) turns or hides text. Delete it and write the word anew."
    ),
    "personal_id_card": gettext_lazy("The number of an identity card. Take it out or cover it."),
    "personal_mobile": gettext_lazy(
        "A mobile telephone number. Print an office telephone instead, or say why this one is public."
    ),
    "personal_bank_card": gettext_lazy(
        "The number of a bank card. Take it out, or say whose public account it is."
    ),
    "date_impossible": gettext_lazy("There is no such day: %(detail)s."),
    "weekday_wrong": gettext_lazy("The day of the week does not belong to this date."),
    "period_backward": gettext_lazy("The period ends before it starts."),
    "period_year_missing": gettext_lazy(
        "The last day is before the first: write the year of the last day."
    ),
    "year_far_off": gettext_lazy("The year %(detail)s is far off."),
    "clock_impossible": gettext_lazy("There is no such time of day."),
    "expires_before_publishing": gettext_lazy("It is taken down before it is published."),
    "amounts_differ": gettext_lazy("The amount in words says %(detail)s, the digits say another."),
    "shares_above_hundred": gettext_lazy("The shares add up to %(detail)s percent."),
    "leader_post_wrong": gettext_lazy("%(detail)s holds another post on this day."),
    "leader_not_in_office": gettext_lazy(
        "%(detail)s holds no post on this day. Write the former post as such (原…)."
    ),
    "leader_order_wrong": gettext_lazy("The list names these leaders in another order."),
    "leader_name_misspelt": gettext_lazy("Nearly the name of a leader: %(detail)s."),
    "page_gone": gettext_lazy("Links to a page that this site does not have any more."),
    "page_not_published": gettext_lazy("Links to a page that is not published."),
    "file_gone": gettext_lazy("Links to a file that is gone."),
    "address_unknown": gettext_lazy("No page of this site answers at %(target)s."),
    "address_redirects": gettext_lazy(
        "%(target)s is an old address. It still leads on; the new one is better."
    ),
    "picture_not_described": gettext_lazy(
        "A picture without a description for people who cannot see it."
    ),
    "label_missing": gettext_lazy("“%(detail)s” must be filled in and is empty."),
}


#: Fields of the editor by the codes that findings keep: a national label, or the field itself.
_PLACES: Mapping[str, Any] = {
    "ContentSource": gettext_lazy("source"),
    "ColumnType": gettext_lazy("kind of section (page label)"),
    "ColumnName": gettext_lazy("title"),
    "ArticleTitle": gettext_lazy("title"),
    "PubDate": gettext_lazy("publish time"),
    "expire_at": gettext_lazy("time of taking down"),
}


def place_words(label: str) -> str:
    """What the editor calls the place of a finding; a label that is no code is its own name."""
    return str(_PLACES.get(label, label))


def edition_words(version: str) -> str:
    """Which lists a check used, for a reader: how often the platform's and the site's were changed.

    ``version`` (``lists.Lists.version``) stays the exact name; the screen keeps it as a title.
    """
    numbers = version.rpartition("-")[2].split(".")
    if len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        return version
    platform, own = map(int, numbers)
    said = [_("platform edition %(number)d") % {"number": platform}] if platform else []
    said += [_("edition %(number)d of this site") % {"number": own}] if own else []
    return "、".join(said) or _("as supplied with the program")


def sentence(problem: str, params: Mapping[str, str]) -> str:
    """What is wrong, and the list's own reason where it gives one."""
    wording = _SENTENCES.get(problem)
    if wording is None:
        return _("Something is out of place.")
    known = {"detail": "", "target": "", **params}
    if problem == "label_missing":
        known["detail"] = place_words(known["detail"])
    said = str(wording) % known
    return f"{said} {params['reason']}" if params.get("reason") else said


def problems() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_SENTENCES)
