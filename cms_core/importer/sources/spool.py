"""A disk-backed store of rows, so that memory stays flat however long the texts are."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Hashable

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import SourceError


class RowSpool:
    """Keeps JSON-able mappings in a temporary file and only their places in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
        self._places: dict[Hashable, tuple[int, int]] = {}
        self._end = 0

    def put(self, key: Hashable, row: dict[str, object]) -> bool:
        """Stores the row; True when it replaces an earlier one of the same key.

        Raises `SourceError` when the temporary folder is full.
        """
        packed = json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
        try:
            self._file.seek(self._end)
            self._file.write(packed)
        except OSError as error:
            raise SourceError(
                _(
                    "The temporary folder cannot take the rows of the source (%(reason)s). "
                    "Make room there, or set TMPDIR to another disk, and start again."
                )
                % {"reason": error.strerror or error}
            ) from error
        replaced = key in self._places
        self._places[key] = (self._end, len(packed))
        self._end += len(packed)
        return replaced

    def __getitem__(self, key: Hashable) -> dict[str, object]:
        """The row last stored under `key`; KeyError where there is none."""
        place = self._places[key]
        self._file.seek(place[0])
        loaded: dict[str, object] = json.loads(
            self._file.read(place[1]).decode("utf-8", "surrogatepass")
        )
        return loaded

    def get(self, key: Hashable) -> dict[str, object] | None:
        """The row last stored under `key`, or None."""
        return self[key] if key in self._places else None

    def __contains__(self, key: Hashable) -> bool:
        return key in self._places

    def close(self) -> None:
        """Removes the temporary file."""
        self._file.close()
