"""Wagtail's page actions, each in one transaction with the published resource and the outbox event.

Registered in Wagtail's own action registry, so that admin views, the API, commands and our services
all take the same way. A killed process leaves everything before or everything after, never between.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.actions import (
    CopyPageAction,
    DeletePageAction,
    MovePageAction,
    PublishPageRevisionAction,
    UnpublishPageAction,
    action_registry,
)

from .models import ArticlePage, BasePage
from .publication import live_articles_below, note, publish_pages, withdraw_pages


class PublishPage(PublishPageRevisionAction):
    """Publish: the page's row, its resource, the outbox event and the audit event, or none."""

    @transaction.atomic
    def execute(self, skip_permission_checks: bool = False) -> Any:
        page = self.object
        before = BasePage.objects.filter(pk=page.pk).values_list("url_path", flat=True).first()
        goes_live = not page.go_live_at or page.go_live_at <= timezone.now()
        if isinstance(page, ArticlePage) and goes_live and page.published_at is None:
            # The shown publish time never moves by a later correction.
            page.published_at = page.first_published_at or timezone.now()
        result = super().execute(skip_permission_checks=skip_permission_checks)
        live = BasePage.objects.filter(pk=page.pk, live=True).first()
        if live is not None:
            publish_pages(actor=self.user, pages=[page])
            if live.url_path != before:
                publish_pages(actor=self.user, pages=live_articles_below(live))
        note("page_published" if live is not None else "page_scheduled", page, self.user)
        return result


class UnpublishPage(UnpublishPageAction):
    """Take off the site; the resource is withdrawn with it."""

    @transaction.atomic
    def execute(self, skip_permission_checks: bool = False) -> Any:
        affected = live_articles_below(self.object) if self.include_descendants else [self.object.specific]
        result = super().execute(skip_permission_checks=skip_permission_checks)
        off = set(
            BasePage.objects.filter(pk__in=[page.pk for page in affected], live=False).values_list("pk", flat=True)
        )
        withdraw_pages(actor=self.user, pages=[page for page in affected if page.pk in off])
        note("page_unpublished", self.object, self.user)
        return result


class DeletePage(DeletePageAction):
    """Delete; the resources of everything below are withdrawn with it."""

    @transaction.atomic
    def execute(self, *args: Any, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        affected = live_articles_below(self.page)
        note("page_deleted", self.page, self.user)
        result = super().execute(*args, skip_permission_checks=skip_permission_checks, **kwargs)
        withdraw_pages(actor=self.user, pages=affected)
        return result


class MovePage(MovePageAction):
    """Move inside the tenant; addresses below change, and the resources with them."""

    @transaction.atomic
    def execute(self, skip_permission_checks: bool = False) -> Any:
        result = super().execute(skip_permission_checks=skip_permission_checks)
        moved = BasePage.objects.get(pk=self.page.pk)
        publish_pages(actor=self.user, pages=live_articles_below(moved))
        note("page_moved", moved, self.user)
        return result


class CopyPage(CopyPageAction):
    """Copy; a copy that goes live at once becomes a resource of its own."""

    @transaction.atomic
    def execute(self, skip_permission_checks: bool = False) -> Any:
        copied = super().execute(skip_permission_checks=skip_permission_checks)
        publish_pages(actor=self.user, pages=live_articles_below(copied))
        note("page_copied", copied, self.user)
        return copied


def register_actions() -> None:
    """Called once when the apps are ready, after Wagtail registered its defaults."""
    for action in (PublishPage, UnpublishPage, DeletePage, MovePage, CopyPage):
        action_registry.register(BasePage, action)
