"""What stays of a page that left the site: its tombstone, its place in the recycle bin, a broken lock."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms_core.pages.withdrawal_rules import reason_of
from sites.tenancy.models import TenantOwned
from sites.tenancy.visibility import derived, own

from .base import BasePage


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def in_force(self) -> "TombstoneQuerySet":
        """Not lifted: the address answers with the explanation."""
        return self.filter(lifted_at__isnull=True)


class Tombstone(TenantOwned):
    """What a public address says after its page was taken off (撤稿说明).

    ``url_path``: below the site's address, because sites move. ``source_uuid``: the page's
    ``translation_key``, which outlives the row. ``unit_name``: the body that withdrew, as it was
    called then; the public is never told which person. ``replaced_by``/``replacement_url``: where to
    go instead. A lifted tombstone stays as history.
    """

    page = models.ForeignKey(
        BasePage, null=True, editable=False, on_delete=models.SET_NULL, related_name="tombstones"
    )
    source_uuid = models.UUIDField(editable=False, db_index=True)
    url_path = models.CharField(_("address"), max_length=1000)
    title = models.CharField(_("title"), max_length=255)
    published_at = models.DateTimeField(_("publish time"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    unit_name = models.CharField(_("withdrawn by"), max_length=120, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=40)
    explanation = models.TextField(_("words for the public"), blank=True, max_length=500)
    replaced_by = models.ForeignKey(
        BasePage,
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    replacement_url = models.URLField(_("or an address"), max_length=500, blank=True)
    contact = models.CharField(_("where to ask"), max_length=200, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)

    objects = TombstoneQuerySet.as_manager()
    tenant_visibility = own()

    class Meta:
        verbose_name = _("withdrawal notice")
        verbose_name_plural = _("withdrawal notices")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "url_path"],
                condition=Q(lifted_at__isnull=True),
                name="tombstone_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reason_label(self) -> str:
        """The reason as the editor chose it."""
        reason = reason_of(self.reason)
        return reason.label if (get_language() or "").startswith("zh") else reason.label_en


class RecycleBinPage(BasePage):
    """The tenant's recycle bin (回收站): a page beside the home that no address reaches.

    What was deleted hangs below it. The rights of staff are given on the home page or below it, so
    every screen, search and interface that asks for rights leaves the bin out by itself.
    """

    is_creatable = False
    parent_page_types: list[str] = []
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("recycle bin")
        verbose_name_plural = _("recycle bins")


class RecycledPage(TenantOwned):
    """One deletion: the page that stands in the bin with all that was below it, and where it was.

    ``former_path``: its tree path, taken again when it is still free. ``live_pages``: ids of the
    pages that the public saw. ``schedules``: revision id → the moment it was to go live.
    """

    page = models.OneToOneField(
        BasePage, editable=False, on_delete=models.CASCADE, related_name="recycled"
    )
    title = models.CharField(_("title"), max_length=255)
    former_parent = models.ForeignKey(
        BasePage, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    former_place = models.CharField(_("was below"), max_length=1000, blank=True)
    former_path = models.CharField(max_length=255, editable=False)
    former_slug = models.CharField(max_length=255, editable=False)
    former_url_path = models.CharField(_("address"), max_length=1000, editable=False)
    page_count = models.PositiveIntegerField(_("pages"), default=1, editable=False)
    live_pages = models.JSONField(default=list, editable=False)
    schedules = models.JSONField(default=dict, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deleted by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    deleted_at = models.DateTimeField(_("deleted at"))
    purge_on = models.DateField(_("kept until"), db_index=True)

    tenant_visibility = own()

    class Meta:
        verbose_name = _("deleted page")
        verbose_name_plural = _("deleted pages")
        ordering = ["-deleted_at", "-pk"]

    def __str__(self) -> str:
        return self.title


#: Letters of the reason for breaking a lock: a sentence, shown in one line.
LOCK_REASON_LENGTH = 200


class BrokenLock(models.Model):
    """An editing lock that somebody else broke: its former holder is told once (编辑锁被解除)."""

    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    broken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    broken_at = models.DateTimeField(_("broken at"))
    locked_at = models.DateTimeField(_("locked since"), null=True)
    reason = models.CharField(_("reason"), max_length=LOCK_REASON_LENGTH, blank=True)
    seen_at = models.DateTimeField(_("seen at"), null=True)

    tenant_visibility = derived("page")

    class Meta:
        verbose_name = _("broken editing lock")
        verbose_name_plural = _("broken editing locks")
        ordering = ["-broken_at", "-pk"]
