"""One attempt at something that may fail and is tried again from its row."""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from django.db import transaction

log = logging.getLogger("jiyue.outbox")

#: With one writer at a time (SQLite), a longer transaction of a job would hold up editors.
LONGEST_TRANSACTION_SECONDS = 0.5


class Attempt:
    """Runs a block whose failure is recorded in a row and repeated from there.

    This is the boundary between the outbox and code it does not know: one consumer that fails must
    not keep the others from their events, so an error ends here, with its traceback in the log.
    ``error``: what may stand in a row, without the message, which can hold a person's words.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.error = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None or not isinstance(error, Exception):
            return False  # an exit of the process is no failed attempt
        last = traceback.extract_tb(trace)[-1]
        place = f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
        self.error = f"{self.title}: {type(error).__name__} at {place}"[:500]
        log.error("%s failed and will be repeated", self.title, exc_info=error)
        return True

    @property
    def has_failed(self) -> bool:
        return bool(self.error)


@contextmanager
def short_transaction(title: str) -> Iterator[None]:
    """A transaction of background work; one that was too long is logged as a defect."""
    started = time.monotonic()
    with transaction.atomic():
        yield
    took = time.monotonic() - started
    if took > LONGEST_TRANSACTION_SECONDS:
        log.error("%s held a transaction for %.2f s", title, took)
