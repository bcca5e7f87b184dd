"""Domain events, the places they were sealed at, and the heads of the chains."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.tenancy.models import Tenant
from sites.tenancy.visibility import own

from .rules import PLATFORM_CHAIN, EventContent


def _tenant_key() -> models.ForeignKey:
    """The tenant; empty for the platform's own events, which no tenant sees."""
    return models.ForeignKey(
        Tenant,
        verbose_name=_("site"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )


class DomainEvent(models.Model):
    """Something happened: who did what to which row, when. Never changed, never deleted.

    Holds ids, codes and keyed digests only, so that what the law wants erased leaves it whole. Actor
    and subject are numbers, not keys, for the same reason. ``mac`` is a keyed code over the content:
    a row written by somebody with the database but without the platform's secret has none.
    """

    tenant = _tenant_key()
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("event"), max_length=60)
    subject_type = models.CharField(_("subject"), max_length=80)
    subject_id = models.CharField(max_length=64)
    actor_id = models.BigIntegerField(_("actor"), null=True, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    data = models.JSONField(default=dict)
    ip_digest = models.CharField(max_length=64, blank=True)
    break_glass_id = models.BigIntegerField(_("break-glass session"), null=True, blank=True)
    mac = models.CharField(max_length=64, editable=False)

    tenant_visibility = own()

    class Meta:
        verbose_name = _("domain event")
        verbose_name_plural = _("domain events")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uuid"], name="domainevent_uuid_unique"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="domainevent_recent"),
            models.Index(
                fields=["tenant", "subject_type", "subject_id", "-id"], name="domainevent_subject"
            ),
            models.Index(fields=["tenant", "actor_id", "-id"], name="domainevent_actor"),
        ]

    @property
    def chain(self) -> int:
        return self.tenant_id or PLATFORM_CHAIN

    def content(self) -> EventContent:
        """The values that codes and hashes are computed over."""
        return EventContent(
            uuid=str(self.uuid),
            chain=self.chain,
            kind=self.kind,
            subject_type=self.subject_type,
            subject_id=self.subject_id,
            actor_id=self.actor_id,
            at=self.at,
            data=self.data,
            ip_digest=self.ip_digest,
            break_glass_id=self.break_glass_id,
        )


class PendingSeal(models.Model):
    """A committed event that waits for its place in the chain; deleted when it has one.

    ``is_refused``: the sealer found the event gone or not written by the platform, and left the row
    as evidence.
    """

    tenant = _tenant_key()
    chain = models.BigIntegerField()
    event_id = models.BigIntegerField()
    is_refused = models.BooleanField(default=False)

    tenant_visibility = own()

    class Meta:
        verbose_name = _("event to be sealed")
        verbose_name_plural = _("events to be sealed")
        constraints = [
            models.UniqueConstraint(fields=["chain", "event_id"], name="pendingseal_once"),
        ]


class SealedEvent(models.Model):
    """An event's place in its tenant's chain. Never changed, never deleted."""

    tenant = _tenant_key()
    chain = models.BigIntegerField()
    sequence = models.BigIntegerField()
    event_id = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    tenant_visibility = own()

    class Meta:
        verbose_name = _("sealed event")
        verbose_name_plural = _("sealed events")
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="sealedevent_sequence"),
            models.UniqueConstraint(fields=["chain", "event_id"], name="sealedevent_once"),
        ]


class ChainHead(models.Model):
    """The newest link of a chain, signed; its row is locked while links are added."""

    tenant = _tenant_key()
    chain = models.BigIntegerField(unique=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16, blank=True)
    signature = models.CharField(max_length=128, blank=True)
    sealed_at = models.DateTimeField(null=True)
    copied_sequence = models.BigIntegerField(default=0)

    tenant_visibility = own()

    class Meta:
        verbose_name = _("chain head")
        verbose_name_plural = _("chain heads")
