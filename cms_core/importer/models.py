"""What was imported, from where, and what is still missing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.accounts.credentials import platform_only
from sites.outbox.platform_runs import PlatformRun
from sites.tenancy.models import TenantOwned
from sites.tenancy.visibility import by_condition

from .enums import (
    AttachmentOrigin,
    AttachmentRole,
    CheckReason,
    MissingState,
    OrderStatus,
    RecordKind,
    RunStatus,
)

LONGEST_SOURCE_KEY = 120


class ImportRun(TenantOwned):
    """One run of an import into a tenant. At most one runs at a time in a tenant.

    `counts` maps each `RecordKind` to its outcomes, `report` is what
    `cms_core.importer.report.Report.as_json` gives. `touched_at` moves with
    every batch: a run that stood still was killed and may be taken over.
    """

    source_name = models.CharField(_("source"), max_length=120)
    source_digest = models.CharField(_("checksum of the source"), max_length=64)
    status = models.CharField(
        _("status"), max_length=10, choices=RunStatus, default=RunStatus.RUNNING
    )
    counts = models.JSONField(_("counts"), default=dict)
    report = models.JSONField(_("report"), default=dict)
    failure = models.TextField(_("why it failed"), blank=True)
    started_at = models.DateTimeField(_("started"))
    touched_at = models.DateTimeField(_("last sign of life"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(status=RunStatus.RUNNING),
                name="importer_one_run_in_tenant",
            )
        ]

    def __str__(self) -> str:
        return self.source_name


class ImportedRecord(TenantOwned):
    """The account of one row of a source: where it went and what it looked like.

    `source_digest` is the row's own, `applied_digest` that of the page as the
    import left it: a page with another digest was changed by an editor. A row
    whose page was deleted keeps its account, so that it does not come back.
    """

    source_name = models.CharField(_("source"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=RecordKind)
    source_key = models.CharField(_("key in the source"), max_length=LONGEST_SOURCE_KEY)
    page = models.ForeignKey(
        "cms_core_pages.BasePage",
        verbose_name=_("page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    source_digest = models.CharField(_("checksum of the row"), max_length=64)
    applied_digest = models.CharField(_("checksum of the page"), max_length=64, blank=True)
    text_digest = models.CharField(
        _("checksum of title and text"),
        max_length=64,
        blank=True,
        default="",
        help_text=_("Equal in two sites that published the same text."),
    )
    first_run = models.ForeignKey(
        ImportRun, verbose_name=_("first run"), on_delete=models.PROTECT, related_name="+"
    )
    last_run = models.ForeignKey(
        ImportRun, verbose_name=_("last run that wrote"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source_name", "kind", "source_key"],
                name="importer_record_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["text_digest"],
                condition=~Q(text_digest=""),
                name="importer_text_digest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key}"


class MissingAttachment(TenantOwned):
    """A file an imported page needs and the source did not hold; editors work these off.

    `reference` is its old place, `block_id` the block of the page's body that
    stands for it ("" for a cover picture). `resolved_at` is empty while it is `OPEN`; `remark`: why it was
    given up, or its note stays.
    """

    page = models.ForeignKey(
        "cms_core_pages.BasePage",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    source_name = models.CharField(_("source"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    reference = models.CharField(_("old place"), max_length=300)
    role = models.CharField(_("use"), max_length=8, choices=AttachmentRole)
    origin = models.CharField(_("lay on"), max_length=10, choices=AttachmentOrigin)
    block_id = models.CharField(_("block"), max_length=36, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MissingState, default=MissingState.OPEN
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("missing attachment")
        verbose_name_plural = _("missing attachments")
        ordering = ["page_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "page", "reference", "block_id"],
                name="importer_missing_attachment_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class TextToCheck(TenantOwned):
    """Why somebody has to look at a merged article; settled by hand, or when a person publishes the page.

    A row for each reason. What is held back is a draft that was never public here; what may hold
    personal data is public or such a draft.
    """

    page = models.ForeignKey(
        "cms_core_pages.BasePage",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    reason = models.CharField(_("to be looked at because of"), max_length=10, choices=CheckReason)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("old text to be checked")
        verbose_name_plural = _("old texts to be checked")
        ordering = ["page_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "page", "reason"],
                condition=Q(settled_at=None),
                name="importer_text_to_check_once",
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class DeadLink(TenantOwned):
    """A link of a merged page that leads nowhere here; editors mend the page or leave it.

    Kept up by `cms_core.importer.leading.lead_links`: it goes when the link went, or leads again.
    """

    page = models.ForeignKey(
        "cms_core_pages.BasePage",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    address = models.CharField(_("address"), max_length=500)
    words = models.CharField(_("text of the link"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("link that leads nowhere")
        verbose_name_plural = _("links that lead nowhere")
        ordering = ["page_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "page", "address"], name="importer_dead_link_once"
            )
        ]

    def __str__(self) -> str:
        return self.address


class OldAddressUse(TenantOwned):
    """How often an old address was asked for since the merge, and when last."""

    redirect = models.OneToOneField(
        "wagtailredirects.Redirect",
        verbose_name=_("old address"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    hits = models.PositiveBigIntegerField(_("visits"), default=0)
    last_on = models.DateField(_("last visit"))

    #: Whoever asks for the address counts, also people of other sites.
    visitors_change = ("hits", "last_on")

    class Meta:
        verbose_name = _("use of an old address")
        verbose_name_plural = _("uses of old addresses")
        ordering = ["-hits", "pk"]

    def __str__(self) -> str:
        return str(self.hits)


class MergeOrder(PlatformRun):
    """What a platform operator asked for: an old site, or all of a dump, to be merged. The platform's own row.

    ``name``: what the file is called. ``folder``: its own folder below ``settings.OLD_SITES_KEPT``, with the
    uploaded file and the lists of its reports; ``server_name``: the file's name below
    ``settings.OLD_SITES_DIR`` where it was chosen there. ``options``: where to and how, see
    ``orders.OrderOptions``. ``codes``: tenants that are touched, known when the source was looked
    through. ``sites``: what became of each site, see ``orders``. ``done`` of ``total``: articles.
    ``left_out``: files of an archive that are no source. ``begun_at``: when merging was ordered.
    """

    name = models.CharField(_("old site"), max_length=200)
    folder = models.CharField(max_length=32, unique=True)
    server_name = models.CharField(max_length=300, blank=True)
    mapping_name = models.CharField(_("mapping"), max_length=200, blank=True)
    options = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    status = models.CharField(
        _("status"), max_length=12, choices=OrderStatus, default=OrderStatus.LOOKING
    )
    sites = models.JSONField(default=list)
    sites_total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    failure = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="zh-hans")
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)

    tenant_visibility = by_condition(
        lambda scope: Q(pk__in=[]), "the platform only", write_rule=platform_only
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("order to merge old sites")
        verbose_name_plural = _("orders to merge old sites")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class SettledRepeat(models.Model):
    """A text of several sites that an operator has dealt with: the sites were told, or it may stay so.

    ``sites``: how many had it then. When another site brings it along, it is open again.
    """

    text_digest = models.CharField(_("checksum of title and text"), max_length=64, unique=True)
    sites = models.PositiveIntegerField(_("sites"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled"), default=timezone.now)

    tenant_visibility = by_condition(
        lambda scope: Q(pk__in=[]), "the platform only", write_rule=platform_only
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("settled text of several sites")
        verbose_name_plural = _("settled texts of several sites")
        default_permissions = ()

    def __str__(self) -> str:
        return self.text_digest
