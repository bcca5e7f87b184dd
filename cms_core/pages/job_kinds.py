"""Background jobs of pages."""

from sites.registry.delivery import JobProgress, register_job_kind

from . import bulk_jobs


def _change_many(run: JobProgress) -> None:
    bulk_jobs.carry_on(change_id=int(run.arguments["change"]), checkpoint=run.checkpoint)


register_job_kind(bulk_jobs.JOB_KIND, _change_many)
