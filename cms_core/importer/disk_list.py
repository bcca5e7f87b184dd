"""A list that lies in a temporary file once it is long."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")
#: Bytes that stay in memory.
_IN_MEMORY = 1024 * 1024


def _same(value: Any) -> Any:
    return value


class DiskList(Generic[T]):
    """Append, count, and read from the beginning; `pack` and `unpack` turn an item into JSON and back."""

    def __init__(
        self, pack: Callable[[T], object] = _same, unpack: Callable[[Any], T] = _same
    ) -> None:
        self._pack, self._unpack = pack, unpack
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long
        self._length = 0

    def append(self, item: T) -> None:
        """Adds an item at the end."""
        self._file.seek(0, 2)
        self._file.write(json.dumps(self._pack(item)).encode("ascii") + b"\n")
        self._length += 1

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        place = 0
        while True:
            # Another reader may have moved on in the same file.
            self._file.seek(place)
            line = self._file.readline()
            if not line:
                return
            place = self._file.tell()
            yield self._unpack(json.loads(line))

    def __eq__(self, other: object) -> bool:
        return list(self) == (list(other) if isinstance(other, DiskList) else other)

    __hash__ = None  # type: ignore[assignment]
