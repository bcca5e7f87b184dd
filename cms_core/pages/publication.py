"""The public face of pages: published resources (信息资源) kept in step inside the page's own transaction.

Hung on the rows themselves (``BasePage.save``, ``pre_delete``) and not on Wagtail's actions: the admin
views, both programming interfaces and the commands call those actions by class, by method or by
queryset, and every one of these ways ends in a saved or deleted row.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms_core.resources import services as resources
from cms_core.resources.enums import ResourceKind
from cms_core.resources.exceptions import ResourceMissing
from sites.audit.services import record_event
from sites.registry.resources import ResourceDescription
from sites.tenancy.scope import require_scope

from .models import ArticlePage, BasePage
from .presentation import plain_text
from .selectors import forget_private_paths, private_paths

#: Resources written in one statement.
_BATCH = 200


def synchronize(page: BasePage) -> None:
    """After a save: publish the resource of a live article, withdraw that of one taken off."""
    article = page if isinstance(page, ArticlePage) else page.specific
    if not isinstance(article, ArticlePage):
        return
    actor = require_scope().user_id
    if article.live:
        publish_articles(actor=actor, articles=[article])
    else:
        withdraw_article(actor=actor, article=article)


def refresh_below(page: BasePage) -> None:
    """After a move, a changed slug or a changed privacy: the resources of ``page`` and all below follow."""
    below = ArticlePage.objects.descendant_of(page, inclusive=True).live().order_by("path", "pk")
    publish_articles(actor=require_scope().user_id, articles=list(below))


def publish_articles(*, actor: Any, articles: Sequence[ArticlePage]) -> None:
    """Publish the resources of live ``articles``, and withdraw those of private ones. Idempotent.

    A page that asks who reads it has no public face: other sites would show its text.
    """
    if not articles:
        return
    forget_private_paths()  # a long import must not miss what was made private meanwhile
    hidden = private_paths()
    for page in articles:
        if page.path.startswith(hidden):
            withdraw_article(actor=actor, article=page)
    public = [_description(page) for page in articles if not page.path.startswith(hidden)]
    for start in range(0, len(public), _BATCH):
        resources.publish_descriptions(actor=actor, descriptions=public[start : start + _BATCH])


def _description(page: ArticlePage) -> ResourceDescription:
    _root, _home, rest = page.url_path.split("/", 2)
    published_at = page.published_at or page.first_published_at
    return ResourceDescription(
        kind=ResourceKind.ARTICLE,
        source_uuid=page.translation_key,
        title=page.title,
        url=rest,
        published_at=published_at or timezone.now(),
        summary=page.summary,
        body_text=plain_text(page),
        source_name=page.source_name,
    )


def withdraw_article(*, actor: Any, article: ArticlePage) -> None:
    """Withdraw the resource of ``article``; a draft that never was public has none."""
    try:
        resources.withdraw_resource(
            actor=actor, kind=ResourceKind.ARTICLE, source_uuid=article.translation_key
        )
    except ResourceMissing:
        return


def _withdraw_before_delete(
    sender: type[ArticlePage], instance: ArticlePage, **kwargs: Any
) -> None:
    actor = require_scope().user_id
    withdraw_article(actor=actor, article=instance)
    record_event(
        kind="page_deleted", subject=instance, actor=actor, data={"page_type": "articlepage"}
    )


@transaction.atomic
def _follow_privacy(
    sender: type[PageViewRestriction], instance: PageViewRestriction, **kwargs: Any
) -> None:
    forget_private_paths()
    origin = kwargs.get("origin", instance)
    if getattr(origin, "model", type(origin)) is not PageViewRestriction:
        return  # it goes with its page
    refresh_below(BasePage.objects.get(pk=instance.page_id))


def connect() -> None:
    """Connect the receivers; Django deletes many rows in one transaction with these signals inside."""
    pre_delete.connect(
        _withdraw_before_delete, sender=ArticlePage, dispatch_uid="cms_core.pages.publication"
    )
    for signal in (post_save, post_delete):
        signal.connect(
            _follow_privacy, sender=PageViewRestriction, dispatch_uid="cms_core.pages.privacy"
        )
