"""The product's settings, with a scheduler that looks every second for what is planned, and for nothing else."""

from cms_core.settings import *  # noqa: F403
from cms_core.settings import CELERY_BEAT_SCHEDULE as _PRODUCTS

CELERY_BEAT_SCHEDULE = {
    name: entry | {"schedule": 1.0}
    for name, entry in _PRODUCTS.items()
    if entry["task"] == "outbox.publish_scheduled"
}
