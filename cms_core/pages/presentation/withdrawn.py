"""The notice at the address of a withdrawn page (撤稿说明)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils.translation import get_language

from cms_core.pages.models import Tombstone
from cms_core.pages.withdrawal_rules import reason_of
from themes import contract


def withdrawn_notice(stone: Tombstone, url: Callable[[str], str]) -> contract.WithdrawnNotice:
    """What the public reads of a tombstone; ``replaced_by`` is loaded. ``url``: of a page's path."""
    reason = reason_of(stone.reason)
    return contract.WithdrawnNotice(
        title="" if reason.hides_title else stone.title,
        withdrawn_at=stone.withdrawn_at,
        reason=reason.said_in(get_language()),
        explanation=stone.explanation,
        unit_name=stone.unit_name,
        published_at=stone.published_at,
        replacement=_replacement(stone, url),
        contact=stone.contact,
    )


def _replacement(stone: Tombstone, url: Callable[[str], str]) -> contract.Link | None:
    """Where to go instead; nothing while the replacement is itself not public."""
    page = stone.replaced_by
    if page is not None and page.live:
        return contract.Link(page.title, url(page.url_path))
    if stone.replacement_url:
        return contract.Link(urlsplit(stone.replacement_url).netloc, stone.replacement_url)
    return None
