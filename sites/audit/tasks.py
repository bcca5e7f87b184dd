"""Celery tasks of the audit trail; the platform's own, each opens its system scope itself."""

from celery import shared_task

from . import head_copies, sealing


@shared_task(name="audit.seal")
def seal_audit() -> None:
    """Number and chain the committed events."""
    sealing.seal_pending()


@shared_task(name="audit.copy_heads")
def copy_heads() -> None:
    """Copy the signed heads outside the database."""
    head_copies.copy_heads()
