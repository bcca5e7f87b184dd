"""The nightly reset: a look each minute, so that a machine that slept at midnight does it when it wakes."""

from celery import shared_task
from django.utils import timezone

from sites.tenancy.selectors import practice_site

from . import selectors, services


@shared_task(name="practice.reset_when_due")
def reset_when_due() -> None:
    """Reset the practice site once after each midnight; nothing where there is none."""
    tenant = practice_site()
    if tenant is not None and selectors.is_due(tenant, timezone.now()):
        services.reset_practice_site(actor=None)
