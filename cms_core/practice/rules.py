"""When the practice site is reset: pure functions."""

from datetime import datetime, time, timedelta

#: Midnight: nobody works, and "each day is like the other" needs no explanation.
RESET_AT = time(0, 0)


def last_due(now: datetime) -> datetime:
    """The latest moment, not after ``now``, at which the site was to be reset. ``now``: local time."""
    due = now.replace(
        hour=RESET_AT.hour, minute=RESET_AT.minute, second=RESET_AT.second, microsecond=0
    )
    return due if due <= now else due - timedelta(days=1)


def next_due(now: datetime) -> datetime:
    """The next moment after ``now`` at which the site is reset. ``now``: local time."""
    return last_due(now) + timedelta(days=1)
