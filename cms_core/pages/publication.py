"""The public face of pages: published resources (信息资源) kept in step inside the page's own transaction."""

from collections.abc import Sequence
from typing import Any

from cms_core.resources import services as resources
from cms_core.resources.enums import ResourceKind
from cms_core.resources.exceptions import ResourceMissing
from sites.audit.services import record_event

from .models import ArticlePage, BasePage
from .presentation import plain_text

def publish_pages(*, actor: Any, pages: Sequence[BasePage]) -> None:
    """Publish the resources of live articles among ``pages``; other types have none."""
    for page in pages:
        if isinstance(page, ArticlePage) and page.live:
            resources.publish_resource(
                actor=actor,
                kind=ResourceKind.ARTICLE,
                source_uuid=page.translation_key,
                title=page.title,
                summary=page.summary,
                body_text=plain_text(page),
                url=page.full_url or "",
                source_name=page.source_name,
                published_at=page.published_at or page.first_published_at,
            )


def withdraw_pages(*, actor: Any, pages: Sequence[BasePage]) -> None:
    """Withdraw the resources of ``pages``; those that have none are left alone."""
    for page in pages:
        if isinstance(page, ArticlePage):
            try:
                resources.withdraw_resource(
                    actor=actor, kind=ResourceKind.ARTICLE, source_uuid=page.translation_key
                )
            except ResourceMissing:  # a draft that never was public
                continue


def live_articles_below(page: BasePage) -> list[ArticlePage]:
    """``page`` itself and everything below it, as far as they are live articles."""
    return list(ArticlePage.objects.descendant_of(page, inclusive=True).live().order_by("path", "pk"))


def note(kind: str, page: BasePage, actor: Any) -> None:
    """A domain event: ids and codes only, never a text."""
    record_event(kind=kind, subject=page, actor=actor, data={"page_type": page._meta.model_name})
