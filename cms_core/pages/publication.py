"""The public face of pages: published resources (信息资源) kept in step inside the page's own transaction.

Hung on the rows themselves (``BasePage.save``, ``pre_delete``) and not on Wagtail's actions: the admin
views, both programming interfaces and the commands call those actions by class, by method or by
queryset, and every one of these ways ends in a saved or deleted row.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import PageViewRestriction

from cms_core.resources import services as resources
from cms_core.resources.exceptions import ResourceMissing
from sites.audit.services import record_event
from sites.tenancy.scope import require_scope

from .models import BasePage, ContentPage, LinkPage
from .public_faces import FACED_PAGES, describe, kind_of
from .selectors import forget_private_paths, private_paths

#: Resources written in one statement.
_BATCH = 200
#: Subtrees in one condition: SQLite nests at most 1,000 deep.
_PATHS = 200


def synchronize(page: BasePage) -> None:
    """After a save: publish the resource of a live page, withdraw that of one taken off."""
    own = page if isinstance(page, ContentPage) else page.specific
    if not isinstance(own, FACED_PAGES):
        return
    actor = require_scope().user_id
    if own.live:
        publish_pages(actor=actor, pages=[own])
    else:
        withdraw_page(actor=actor, page=own)


def refresh_below(*pages: BasePage) -> None:
    """After a move, a changed slug or a changed privacy: the resources of ``pages`` and all below follow."""
    actor = require_scope().user_id
    for start in range(0, len(pages), _PATHS):
        within = Q(pk__in=[])
        for page in pages[start : start + _PATHS]:
            below = BasePage._get_children_path_interval(page.path)
            within |= Q(path=page.path) | Q(path__range=below)
        for model in FACED_PAGES:
            rows = model.objects.filter(within).live().order_by("path", "pk")
            publish_pages(actor=actor, pages=list(rows))


def publish_pages(*, actor: Any, pages: Sequence[ContentPage]) -> None:
    """Publish the resources of live ``pages``, and withdraw those of private ones. Idempotent.

    A page that asks who reads it has no public face: other sites would show its text. Nor has one of
    the practice site.
    """
    if not pages or require_scope().is_practice:
        return  # what staff train on never leaves the practice site
    forget_private_paths()  # a long import must not miss what was made private meanwhile
    hidden = private_paths()
    for page in pages:
        if page.path.startswith(hidden):
            withdraw_page(actor=actor, page=page)
    public = [describe(page) for page in pages if not page.path.startswith(hidden)]
    for start in range(0, len(public), _BATCH):
        resources.publish_descriptions(actor=actor, descriptions=public[start : start + _BATCH])


def withdraw_page(*, actor: Any, page: ContentPage) -> None:
    """Withdraw the resource of ``page``; a draft that never was public has none."""
    try:
        resources.withdraw_resource(
            actor=actor, kind=kind_of(page), source_uuid=page.translation_key
        )
    except ResourceMissing:
        return


def _withdraw_before_delete(
    sender: type[ContentPage], instance: ContentPage, **kwargs: Any
) -> None:
    actor = require_scope().user_id
    if isinstance(instance, FACED_PAGES):
        withdraw_page(actor=actor, page=instance)
    record_event(
        kind="page_deleted",
        subject=instance,
        actor=actor,
        data={"page_type": instance._meta.model_name},
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
    models: tuple[type[ContentPage], ...] = (*FACED_PAGES, LinkPage)
    for model in models:
        pre_delete.connect(
            _withdraw_before_delete,
            sender=model,
            dispatch_uid=f"cms_core.pages.publication.{model.__name__}",
        )
    for signal in (post_save, post_delete):
        signal.connect(
            _follow_privacy, sender=PageViewRestriction, dispatch_uid="cms_core.pages.privacy"
        )
