"""Celery tasks of opening lists: a service call each."""

from celery import shared_task

from . import runs


@shared_task(name="blueprints.run_opening")
def run_opening(*, run_id: int) -> None:
    """Open the sites of a list."""
    runs.work_off(run_id)


@shared_task(name="blueprints.sweep_openings")
def sweep_openings() -> None:
    """Take up the lists that nobody works off."""
    for run_id in runs.forgotten_runs():
        runs.work_off(run_id)
