"""Copies of the signed heads outside the database: whoever rewrites the database cannot rewrite these.

One JSON line a head, appended to a file a month (``heads-2026-07.jsonl``) in ``AUDIT_HEADS_DIR``;
operators put that folder on another machine's disk. A line that a crash left unfinished is cut off by
the next copy, which writes it again.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from sites.outbox.faults import commit_point
from sites.tenancy.scope import system_scope

from .models import ChainHead
from .rules import moment

_BATCH = 500


@dataclass(frozen=True, slots=True)
class CopiedHead:
    """One line."""

    chain: int
    sequence: int
    hash: str
    sealed_at: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that is no head: not by a crash, which only leaves an unfinished last line."""

    file: str
    number: int


def heads_folder() -> Path:
    return Path(settings.AUDIT_HEADS_DIR)


def copy_heads() -> int:
    """Append each head that moved since its last copy; how many."""
    copied = 0
    with system_scope("the heads of every chain are copied outside the database"):
        moved = ChainHead.objects.filter(sequence__gt=F("copied_sequence")).order_by("chain")
        while heads := list(moved[:_BATCH]):
            _append_lines(_line(head) for head in heads)
            commit_point("audit.heads_appended")
            for head in heads:
                head.copied_sequence = head.sequence
            ChainHead.objects.bulk_update(heads, ["copied_sequence"])
            commit_point("audit.heads_copied")
            copied += len(heads)
    return copied


def _line(head: ChainHead) -> str:
    copy = CopiedHead(
        chain=head.chain,
        sequence=head.sequence,
        hash=head.hash,
        sealed_at=moment(head.sealed_at) if head.sealed_at else "",
        key_id=head.key_id,
        signature=head.signature,
    )
    return json.dumps(asdict(copy), sort_keys=True)


def _append_lines(lines: Iterable[str]) -> None:
    folder = heads_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"heads-{timezone.now():%Y-%m}.jsonl"
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the seconds of two sealers must not mix their lines
        _cut_unfinished_line(file)
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())


def _cut_unfinished_line(file: BinaryIO) -> None:
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 4096))
    tail = file.read()
    whole = tail.rfind(b"\n") + 1
    if whole != len(tail):
        file.truncate(end - len(tail) + whole)


def read_copies() -> Iterator[CopiedHead | UnreadableLine]:
    """Every line, oldest file first."""
    for path in sorted(heads_folder().glob("heads-*.jsonl")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith("\n"):
                    break
                try:
                    yield CopiedHead(**json.loads(line))
                except (ValueError, TypeError):
                    yield UnreadableLine(path.name, number)
