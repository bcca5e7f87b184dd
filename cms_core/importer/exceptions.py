"""Errors of the importer; every message names the row and the way out."""

from __future__ import annotations

import errno
import re

from django.db import DatabaseError
from django.utils.translation import gettext as _


class ImportFailed(Exception):
    """An import cannot go on; nothing of the failing step was written."""


class SourceError(ImportFailed):
    """The source cannot be read or does not hang together."""


class DumpError(SourceError):
    """A dump cannot be read; `line` is counted from 1, 0 where there is none."""

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class ImportRunning(ImportFailed):
    """Another import works in the same tenant."""


class VerificationFailed(ImportFailed):
    """After the last batch a row of the source has no account."""


class DiskFull(ImportFailed):
    """The disk of the database, or the temporary folder, took no more."""


#: What SQLite and PostgreSQL say of it, in their own words.
_FULL = re.compile(r"disk is full|no space left|could not extend file", re.I)


def full_disk(error: BaseException) -> DiskFull | None:
    """The error to show in place of ``error`` where a disk was full, else None."""
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if not is_full and not (isinstance(error, DatabaseError) and _FULL.search(str(error))):
        return None
    return DiskFull(
        _(
            "The disk is full (%(reason)s). What was written before is whole, the batch that failed left "
            "nothing behind. Make room and start the import again: it goes on where it stopped."
        )
        % {"reason": error}
    )
