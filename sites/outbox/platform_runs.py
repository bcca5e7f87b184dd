"""Long work that belongs to no tenant, a row each: one worker has it, another takes it over when that one died.

A tenant's work is a job (:mod:`sites.outbox.services`). What operators order for many sites at once is a row of
the app that does it, a :class:`PlatformRun`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, close_old_connections, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.tenancy.scope import system_scope

#: A worker that gave no sign for so long is dead.
LEASE = timedelta(minutes=2)
#: A run that nobody took by then was not heard of: the broker was away.
UNHEARD = timedelta(seconds=15)
#: Several signs within a lease, so that one that was lost to a locked database costs nothing.
BEAT = timedelta(seconds=20)


class PlatformRun(models.Model):
    """Who ordered the work, and how it stands. ``token`` and ``touched_at``: the worker that has it and its
    last sign of life; work that stood still is taken over where it stopped. The app says which states
    there are.
    """

    status = models.CharField(_("status"), max_length=12)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("brought"), auto_now_add=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class RunTakenOver(BaseException):
    """Another worker has the run; this one stops. No part of the work may take it for a failure of its own."""


@dataclass(frozen=True, slots=True)
class PlatformRuns:
    """The rows of ``model``; those in one of the states ``running`` are to be worked on."""

    model: type[PlatformRun]
    running: tuple[str, ...]

    @property
    def _rows(self) -> Any:
        return self.model._default_manager.filter(status__in=self.running)

    def forgotten(self) -> list[int]:
        """Runs that nobody took, or whose worker died."""
        now = timezone.now()
        unheard = Q(token__isnull=True, touched_at__lt=now - UNHEARD)
        with system_scope("work of the platform whose worker died"):
            rows = self._rows.filter(Q(touched_at__lt=now - LEASE) | unheard)
            return list(rows.order_by("pk").values_list("pk", flat=True))

    def take(self, run_id: int) -> UUID | None:
        """Take a run; ``None`` where another worker has it or nothing is to be done."""
        token, now = uuid4(), timezone.now()
        with system_scope("work of the platform is taken up by a worker"):
            free = self._rows.filter(
                Q(token__isnull=True) | Q(touched_at__lt=now - LEASE), pk=run_id
            )
            return token if free.update(token=token, touched_at=now) else None

    def update(self, run_id: int, token: UUID, **values: Any) -> None:
        """Note how far a run has come. :raises RunTakenOver: it is another worker's by now."""
        with system_scope("how far work of the platform has come"):
            rows = self.model._default_manager.filter(pk=run_id, token=token)
            if not rows.update(**values):
                raise RunTakenOver(f"another worker has run {run_id}")


class SignsOfLife:
    """While the block runs, a thread renews the lease: for work that is silent longer than a lease.

    The thread dies with the process, so a killed worker's run is taken over all the same.
    """

    def __init__(self, runs: PlatformRuns, run_id: int, token: UUID) -> None:
        self._renew: Callable[[], None] = lambda: runs.update(
            run_id, token, touched_at=timezone.now()
        )
        self._ended = Event()
        self._thread = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(BEAT.total_seconds()):
                try:
                    close_old_connections()
                    self._renew()
                except DatabaseError:
                    continue  # busy or away: the next sign comes in time
                except RunTakenOver:
                    return  # the worker finds out with its next note
        finally:
            transaction.get_connection().close()  # this thread's own
