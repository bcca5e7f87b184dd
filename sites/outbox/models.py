"""Outbox events, how far each consumer has come, and background jobs with leases."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.tenancy.models import TenantOwned

from .enums import OPEN_STATUSES, JobStatus


class OutboxEventQuerySet(models.QuerySet["OutboxEvent"]):
    def undelivered(self) -> "OutboxEventQuerySet":
        return self.filter(delivered_at__isnull=True)

    def due(self) -> "OutboxEventQuerySet":
        """Undelivered, neither leased to a worker nor waiting for its next attempt."""
        return self.undelivered().filter(available_at__lte=timezone.now())


class OutboxEvent(TenantOwned):
    """Something was committed that others must hear of.

    ``available_at`` is lease and backoff in one: a worker claims the event by moving it into the
    future, and when the worker dies the moment comes by itself.
    """

    kind = models.CharField(max_length=60)
    subject_uuid = models.UUIDField()
    version = models.PositiveBigIntegerField()
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        indexes = [
            models.Index(
                fields=["tenant", "available_at", "id"],
                condition=Q(delivered_at__isnull=True),
                name="outboxevent_due",
            ),
            models.Index(fields=["tenant", "subject_uuid", "version"], name="outboxevent_subject"),
            models.Index(
                fields=["delivered_at"],
                condition=Q(delivered_at__isnull=False),
                name="outboxevent_delivered",
            ),
        ]


class ConsumerCursor(TenantOwned):
    """How far one consumer has come with one subject: it never goes back in time."""

    consumer = models.CharField(max_length=60)
    subject_uuid = models.UUIDField()
    applied_version = models.PositiveBigIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consumer cursor")
        verbose_name_plural = _("consumer cursors")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "consumer", "subject_uuid"], name="consumercursor_once"
            ),
        ]


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        return self.filter(status__in=OPEN_STATUSES)

    def due(self) -> "JobQuerySet":
        """Waiting for a worker, or left by one that died."""
        return self.open().filter(available_at__lte=timezone.now())

    def given_up(self) -> "JobQuerySet":
        return self.filter(status=JobStatus.FAILED)


class Job(TenantOwned):
    """Work too long for a web request, in steps that survive the worker.

    ``key`` names what is worked on: one open job a tenant, kind and key. ``available_at`` is lease
    and backoff in one, as with events; ``lease_token`` tells the worker that holds it.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.PENDING)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "key"],
                condition=Q(status__in=sorted(OPEN_STATUSES)),
                name="job_one_open",
            ),
            models.UniqueConstraint(fields=["tenant", "uuid"], name="job_uuid_unique"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "available_at", "id"],
                condition=Q(status__in=sorted(OPEN_STATUSES)),
                name="job_due",
            ),
        ]
