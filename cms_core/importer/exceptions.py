"""Errors of the importer; every message names the row and the way out."""

from __future__ import annotations


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
