"""Running one background job, inside the scope of its tenant."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from sites.registry.delivery import JobKind, job_kinds

from .attempts import Attempt
from .enums import JobStatus
from .exceptions import LeaseLost
from .faults import commit_point
from .models import Job
from .rules import backoff_seconds


class JobRun:
    """A claimed job as its function sees it (``sites.registry.delivery.JobProgress``)."""

    def __init__(self, job: Job, kind: JobKind, token: uuid.UUID) -> None:
        self._job = job
        self._kind = kind
        self._token = token

    @property
    def arguments(self) -> Mapping[str, Any]:
        return self._job.arguments

    @property
    def progress(self) -> Mapping[str, Any]:
        return self._job.progress

    def checkpoint(self, **progress: Any) -> None:
        """Keep ``progress`` beside what was kept before, and renew the lease. One statement.

        Called inside the transaction of the step it tells of, both are committed together.

        :raises LeaseLost: another worker took the job over.
        """
        kept = {**self._job.progress, **progress}
        self._update(progress=kept, available_at=_lease_end(self._kind))
        self._job.progress = kept
        commit_point("outbox.job_checkpointed")

    def finish(self) -> None:
        self._update(status=JobStatus.DONE, finished_at=timezone.now(), last_error="")
        commit_point("outbox.job_finished")

    def postpone(self, error: str) -> None:
        """After a failed attempt: try again later, or give up."""
        if self._job.attempts >= self._kind.most_attempts:
            self._update(status=JobStatus.FAILED, finished_at=timezone.now(), last_error=error)
        else:
            wait = timedelta(seconds=backoff_seconds(self._job.attempts))
            self._update(
                status=JobStatus.PENDING,
                available_at=timezone.now() + wait,
                lease_token=None,
                last_error=error,
            )

    def _update(self, **values: Any) -> None:
        held = Job.objects.filter(pk=self._job.pk, lease_token=self._token).open()
        if not held.update(**values):
            raise LeaseLost(f"job {self._job.pk} was taken over")


def run_job(*, job_id: int) -> JobStatus | None:
    """Claim and run a due job; its status afterwards, or ``None`` when it was not there to be claimed."""
    job = Job.objects.due().filter(pk=job_id).first()
    if job is None:
        return None
    kind = job_kinds.get(job.kind)
    if job.attempts >= kind.most_attempts:
        _give_up(job)
        return JobStatus.FAILED
    token = uuid.uuid4()
    claimed = (
        Job.objects.due()
        .filter(pk=job_id, available_at=job.available_at)
        .update(
            status=JobStatus.RUNNING,
            lease_token=token,
            available_at=_lease_end(kind),
            attempts=F("attempts") + 1,
        )
    )
    commit_point("outbox.job_claimed")
    if not claimed:
        return None
    job.refresh_from_db()
    run = JobRun(job, kind, token)
    with Attempt(f"job {kind.name}") as attempt:
        kind.run(run)
        commit_point("outbox.job_ran")
        run.finish()
    if attempt.has_failed:
        with Attempt(f"postponing job {kind.name}"):
            run.postpone(attempt.error)
    job.refresh_from_db()
    return JobStatus(job.status)


def _give_up(job: Job) -> None:
    """A job that took its worker down with it each time never came to note its failure."""
    Job.objects.due().filter(pk=job.pk, available_at=job.available_at).update(
        status=JobStatus.FAILED,
        finished_at=timezone.now(),
        last_error=job.last_error or f"job {job.kind}: the worker died each time",
    )


def _lease_end(kind: JobKind) -> Any:
    return timezone.now() + timedelta(seconds=kind.lease_seconds)
