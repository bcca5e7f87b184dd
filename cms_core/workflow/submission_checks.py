"""What must be settled before a text is submitted: the findings of the content checks (内容检查)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms_core.content_checks import selectors as checks
from cms_core.content_checks.services import check_revision
from sites.registry.registry import UnknownCapability

from .exceptions import ReviewRefused

#: Findings of each kind that a message quotes; the others stand on the screen it leads to.
QUOTED = 3


def check_text(*, actor: Any, revision: Any) -> None:
    """Check what is submitted. In a transaction of its own: the findings stay when it is refused."""
    try:
        check_revision(actor=actor, revision=revision)
    except UnknownCapability:
        return  # nobody described this model's texts to the checks: there is nothing to read


def refuse_open_findings(*, obj: Any, revision: Any) -> None:
    """:raises ReviewRefused: findings that are neither corrected nor waived.

    What nobody can waive is told apart: an explanation would be written in vain.
    """
    found = checks.unresolved_findings(revision)
    if not found:
        return
    rows = [shown for group in checks.grouped(found) for shown in group.rows]
    firm = [shown for shown in rows if not shown.is_waivable]
    answerable = [shown for shown in rows if shown.is_waivable]
    lines = []
    if firm:
        lines += _told(
            ngettext(
                "%(count)d place must be corrected before you submit; no explanation suffices.",
                "%(count)d places must be corrected before you submit; no explanation suffices.",
                len(firm),
            ),
            firm,
        )
    if answerable:
        lines += _told(
            ngettext(
                "%(count)d place must be corrected or explained before you submit.",
                "%(count)d places must be corrected or explained before you submit.",
                len(answerable),
            ),
            answerable,
        )
    raise ReviewRefused(
        "\n".join([*lines, _("Your text is saved.")]),
        obj,
        links=((_("Correct or explain"), findings_address(obj)),),
    )


def _told(words: str, rows: list[checks.ShownFinding]) -> list[str]:
    return [
        words % {"count": len(rows)},
        *(
            f"{one.where}「{one.row.text}」{one.says}" if one.row.text else one.says
            for one in rows[:QUOTED]
        ),
    ]


def findings_address(obj: Any) -> str:
    """The screen on which the findings of ``obj`` are corrected or explained."""
    return reverse(
        "content_checks:of_object",
        args=[obj.get_base_content_type().pk, obj.pk],
        urlconf="cms_core.urls.tenant_admin",
    )
