"""Fault points: where a process can be made to die, so that tests can prove "before or after, never between".

``JIYUE_FAULT_AT=name`` kills the process with SIGKILL when it passes the point of that name;
``name:3`` at the third passing. In production the variable has no effect.
"""

import os
import signal
from collections import Counter

from django.conf import settings

_passed: Counter[str] = Counter()


def commit_point(name: str) -> None:
    """Die here if the environment says so. ``name``: ``app.what_just_happened``."""
    wanted = os.environ.get("JIYUE_FAULT_AT")
    if not wanted or settings.JIYUE_ENV == "production":
        return
    point, _colon, nth = wanted.partition(":")
    if point != name:
        return
    _passed[name] += 1
    if _passed[name] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
