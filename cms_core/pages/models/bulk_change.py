"""A change of many pages that the worker carries out, one page after the other."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms_core.pages.enums import BulkActionKind, BulkItemState
from sites.tenancy.models import TenantOwned
from sites.tenancy.visibility import derived, own

from .base import BasePage

#: Letters of a reason kept with a page: the longest of ours has some 120, a list of titles is cut.
REASON_LENGTH = 500


class BulkChange(TenantOwned):
    """What one person asked for many pages at once (批量操作).

    ``notice``: the words of a withdrawal or deletion, without the page named as replacement, which
    is ``replaced_by``. ``target``: where the pages go. ``language``: in which reasons are written.
    """

    action = models.CharField(_("what is done"), max_length=10, choices=BulkActionKind)
    target = models.ForeignKey(
        BasePage, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    replaced_by = models.ForeignKey(
        BasePage, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    notice = models.JSONField(default=dict, editable=False)
    language = models.CharField(max_length=12, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    tenant_visibility = own()

    class Meta:
        verbose_name = _("change of many pages")
        verbose_name_plural = _("changes of many pages")
        indexes = [
            models.Index(fields=["started_by", "finished_at"], name="bulkchange_of_person"),
        ]


class BulkChangeItemQuerySet(models.QuerySet["BulkChangeItem"]):
    def waiting(self) -> "BulkChangeItemQuerySet":
        """Not yet tried, in the order in which they are."""
        return self.filter(state=BulkItemState.WAITING).order_by("pk")


class BulkChangeItem(models.Model):
    """One page of it, and what became of it. ``title``: as it was called when the change was asked for.

    ``has_below``: pages stood below it then, so it is a step of its own.
    """

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(
        BasePage, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    has_below = models.BooleanField(default=False, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=BulkItemState, default=BulkItemState.WAITING
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)

    objects = BulkChangeItemQuerySet.as_manager()
    tenant_visibility = derived("change")

    class Meta:
        verbose_name = _("page of a change")
        verbose_name_plural = _("pages of a change")
        indexes = [models.Index(fields=["change", "state", "id"], name="bulkchangeitem_waiting")]
