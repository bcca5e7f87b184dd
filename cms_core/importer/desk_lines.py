"""What a merge left to do, as lines of the desk."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sites.registry.desk_lines import DeskLine, DeskLines, register_desk_lines

from .left_over import LeftOver, left_over
from .selectors import was_merged_into


def lines_of(user: Any) -> list[DeskLine]:
    """For who may change pages of a site into which something was merged. One query, elsewhere none."""
    return list(_lines(left_over(user))) if was_merged_into() else []


def _lines(found: LeftOver) -> Iterator[DeskLine]:
    texts = reverse("merged:texts")
    if found.personal:
        yield DeskLine(
            ngettext(
                "%(number)d public old article may hold personal data",
                "%(number)d public old articles may hold personal data",
                found.personal,
            )
            % {"number": found.personal},
            f"{texts}?which=personal",
            _("%(number)d of them with an identity number: mask it or withdraw the article at once")
            % {"number": found.identity}
            if found.identity
            else "",
            is_urgent=bool(found.identity),
        )
    if found.held:
        yield DeskLine(
            ngettext(
                "%(number)d old article was kept as a draft and waits for you to look at it",
                "%(number)d old articles were kept as drafts and wait for you to look at them",
                found.held,
            )
            % {"number": found.held},
            texts,
        )
    if found.missing:
        yield DeskLine(
            ngettext(
                "%(number)d file did not come along with the old site",
                "%(number)d files did not come along with the old site",
                found.missing,
            )
            % {"number": found.missing},
            reverse("merged:missing"),
        )
    if found.dead:
        yield DeskLine(
            ngettext(
                "%(number)d link in old articles leads nowhere",
                "%(number)d links in old articles lead nowhere",
                found.dead,
            )
            % {"number": found.dead},
            reverse("merged:dead_links"),
        )


register_desk_lines(
    "cms_core_importer",
    DeskLines(gettext_lazy("Left over from the merge of the old site"), lines_of),
)
