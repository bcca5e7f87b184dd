"""The resource library (信息资源库): the public face of every published thing."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.tenancy.models import Organization, Tenant
from sites.tenancy.visibility import published

from .enums import ResourceKind


class PublishedResourceQuerySet(models.QuerySet["PublishedResource"]):
    def current(self) -> "PublishedResourceQuerySet":
        """Published and not withdrawn."""
        return self.filter(is_published=True)

    def newest_first(self) -> "PublishedResourceQuerySet":
        return self.order_by("-published_at", "-pk")


class PublishedResource(models.Model):
    """A published resource: the only thing that readers of one tenant may see of another.

    ``url`` is the path below the site's address, because addresses change; an absolute one leads
    elsewhere. ``version`` grows with every change that a reader can see, withdrawal included, and
    never falls; ``updated_at`` is the time of that change.
    """

    tenant = models.ForeignKey(
        Tenant,
        verbose_name=_("site"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="published_resources",
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=30, choices=ResourceKind)
    source_uuid = models.UUIDField(editable=False)
    title = models.CharField(_("title"), max_length=255)
    summary = models.TextField(_("summary"), blank=True)
    body_text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("address"), max_length=1000)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    issuing_body = models.ForeignKey(
        Organization,
        verbose_name=_("issuing body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    topic_codes = models.JSONField(_("topic codes"), default=list, blank=True)
    index_number = models.CharField(_("index number"), max_length=60, blank=True)
    published_at = models.DateTimeField(_("publish time"))
    updated_at = models.DateTimeField(_("changed at"))
    checksum = models.CharField(max_length=64, editable=False)
    version = models.PositiveBigIntegerField(default=1, editable=False)
    is_published = models.BooleanField(_("published"), default=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = PublishedResourceQuerySet.as_manager()
    tenant_visibility = published(while_published=Q(is_published=True))

    class Meta:
        verbose_name = _("published resource")
        verbose_name_plural = _("published resources")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "source_uuid"], name="publishedresource_once"
            ),
            models.CheckConstraint(
                condition=Q(is_published=True, withdrawn_at__isnull=True)
                | Q(is_published=False, withdrawn_at__isnull=False),
                name="publishedresource_withdrawn_or_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-published_at", "-id"],
                condition=Q(is_published=True),
                name="publishedresource_newest",
            ),
            models.Index(
                fields=["tenant", "kind", "-published_at", "-id"], name="publishedresource_tenant"
            ),
        ]

    def __str__(self) -> str:
        return self.title
