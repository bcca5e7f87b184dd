"""Background jobs: asked for once, resumed where the last worker stopped, given up in the end."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from sites.outbox.enums import JobStatus
from sites.outbox.exceptions import LeaseLost
from sites.outbox.jobs import run_job
from sites.outbox.models import Job
from sites.outbox.services import enqueue_job
from sites.outbox.wake_up import RUN_JOB
from sites.registry.delivery import JobKind, job_kinds
from sites.registry.registry import UnknownCapability
from sites.tenancy.scope import tenant_scope


class Counting:
    """A job that counts to ``arguments["to"]`` in checkpoints; ``dies_at`` raises there once."""

    def __init__(self):
        self.steps = []
        self.dies_at = None

    def __call__(self, run):
        for step in range(run.progress.get("done", 0) + 1, run.arguments["to"] + 1):
            if step == self.dies_at:
                self.dies_at = None
                raise ConnectionError("密码 secret")
            self.steps.append(step)
            run.checkpoint(done=step)


@pytest.fixture
def counting():
    work = Counting()
    with job_kinds.replaced_by(counting=JobKind("counting", work, most_attempts=3)):
        yield work


def ask(key="k", **arguments):
    return enqueue_job(actor=None, kind="counting", key=key, arguments=arguments)


def make_due():
    Job.objects.update(available_at=timezone.now())


def test_a_job_runs_to_its_end(in_a, counting):
    job = ask(to=3)

    assert run_job(job_id=job.pk) is JobStatus.DONE
    job.refresh_from_db()
    assert counting.steps == [1, 2, 3]
    assert (job.progress, job.attempts) == ({"done": 3}, 1)
    assert job.finished_at is not None
    assert run_job(job_id=job.pk) is None


def test_the_same_work_is_asked_for_once_while_it_is_open(in_a, counting):
    first = ask(to=1)

    assert ask(to=1).pk == first.pk
    assert ask(key="other", to=1).pk != first.pk
    run_job(job_id=first.pk)
    assert ask(to=1).pk != first.pk


def test_an_unknown_kind_is_refused(in_a, counting):
    with pytest.raises(UnknownCapability, match="nonsense"):
        enqueue_job(actor=None, kind="nonsense", key="k")


def test_a_failed_job_goes_on_where_it_stopped(in_a, counting):
    counting.dies_at = 3
    job = ask(to=4)

    assert run_job(job_id=job.pk) is JobStatus.PENDING
    job.refresh_from_db()
    assert job.last_error.startswith("job counting: ConnectionError at test_jobs.py:")
    assert "secret" not in job.last_error
    assert run_job(job_id=job.pk) is None  # it waits

    make_due()
    assert run_job(job_id=job.pk) is JobStatus.DONE
    assert counting.steps == [1, 2, 3, 4]


def test_a_job_is_given_up_after_its_attempts(in_a, counting):
    job = ask(to="nonsense")
    for expected in (JobStatus.PENDING, JobStatus.PENDING, JobStatus.FAILED):
        assert run_job(job_id=job.pk) is expected
        make_due()
    assert run_job(job_id=job.pk) is None


def test_a_job_that_kills_its_worker_is_given_up_too(in_a, counting):
    job = ask(to=1)
    Job.objects.update(status=JobStatus.RUNNING, attempts=3)

    assert run_job(job_id=job.pk) is JobStatus.FAILED
    job.refresh_from_db()
    assert "worker died" in job.last_error
    assert counting.steps == []


def test_an_expired_lease_is_taken_over_and_the_former_worker_notices(in_a):
    lost = []

    def sleeps(run):
        Job.objects.update(available_at=timezone.now() - timedelta(seconds=1))
        if not lost:
            lost.append("once")
            assert run_job(job_id=job.pk) is JobStatus.DONE
            with pytest.raises(LeaseLost):
                run.checkpoint(done=1)
            lost.append("noticed")

    with job_kinds.replaced_by(counting=JobKind("counting", sleeps)):
        job = ask(to=1)
        run_job(job_id=job.pk)

    assert lost == ["once", "noticed"]
    assert Job.objects.get().status == JobStatus.DONE


def test_a_worker_without_the_lease_writes_nothing(in_a):
    """Another worker has the job and is still at it."""
    theirs = uuid.uuid4()

    def loses_its_lease(run):
        Job.objects.update(lease_token=theirs)
        run.checkpoint(done=7)

    with job_kinds.replaced_by(counting=JobKind("counting", loses_its_lease)):
        job = ask(to=1)
        run_job(job_id=job.pk)

    job.refresh_from_db()
    assert (job.status, job.lease_token, job.progress) == (JobStatus.RUNNING, theirs, {})


def test_a_job_of_another_tenant_is_not_there(tenants, counting):
    with tenant_scope(tenants.a):
        job = ask(to=1)
    with tenant_scope(tenants.b):
        assert run_job(job_id=job.pk) is None


def test_the_worker_is_woken_after_the_commit(
    in_a, counting, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("sites.outbox.wake_up.send", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(to=1)
        assert sent == []

    assert [(m.task, m.tenant_id, dict(m.arguments)) for m in sent] == [
        (RUN_JOB, in_a.pk, {"job_id": job.pk})
    ]
