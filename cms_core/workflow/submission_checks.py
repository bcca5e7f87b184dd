"""What must be settled before a text is submitted: the findings of the content checks (内容检查)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms_core.content_checks import selectors as checks
from cms_core.content_checks.services import check_revision
from sites.registry.registry import UnknownCapability

from .exceptions import ReviewRefused

#: Findings that a message quotes; the others stand on the screen it leads to.
QUOTED = 3


def check_text(*, actor: Any, revision: Any) -> None:
    """Check what is submitted. In a transaction of its own: the findings stay when it is refused."""
    try:
        check_revision(actor=actor, revision=revision)
    except UnknownCapability:
        return  # nobody described this model's texts to the checks: there is nothing to read


def refuse_open_findings(*, obj: Any, revision: Any) -> None:
    """:raises ReviewRefused: findings that are neither corrected nor waived."""
    from .screens import record_address

    found = checks.unresolved_findings(revision)
    if not found:
        return
    said = [
        f"{shown.row.field_label}「{shown.row.text}」{shown.says}" if shown.row.text else shown.says
        for group in checks.grouped(found)
        for shown in group.rows
    ]
    words = ngettext(
        "%(count)d place must be corrected or explained before you submit. Your text is saved.",
        "%(count)d places must be corrected or explained before you submit. Your text is saved.",
        len(found),
    ) % {"count": len(found)}
    raise ReviewRefused(
        "\n".join([words, *said[:QUOTED]]),
        obj,
        links=((_("See what was found"), f"{record_address(obj)}#findings"),),
    )
