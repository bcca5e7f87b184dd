"""Asking two sides in turn and comparing their medians."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Side:
    """One answering process. ``cpu`` and ``wall``: milliseconds of every timed request so far."""

    name: str
    process: "subprocess.Popen[str]"
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send one command of ``bench.answering``.

        :raises RuntimeError: the process ended; its own error stands above.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with status {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def time(self, paths: Sequence[str]) -> None:
        """Ask for ``paths`` once each and keep the times."""
        answer = self.ask(do="time", paths=list(paths))
        self.cpu += answer["cpu"]
        self.wall += answer["wall"]

    def forget(self) -> None:
        """Drop the times so far: the first requests fill caches."""
        self.cpu.clear()
        self.wall.clear()

    @property
    def cpu_ms(self) -> float:
        """Median of processor time a request, in milliseconds."""
        return median(self.cpu)

    @property
    def wall_ms(self) -> float:
        """Median of elapsed time a request, in milliseconds."""
        return median(self.wall)


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Side]:
    """A side started as ``python -m`` + ``arguments``, ended with the block."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore::UserWarning", "-m", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Side(name, process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def take_turns(sides: Sequence[Side], paths: Sequence[str], rounds: int) -> None:
    """Time every side with the same paths, one round after the other, so that load hits them alike."""
    for side in sides:
        side.time(paths)
        side.forget()
    for turn in range(rounds):
        # Who goes first changes: the second of a pair finds the processor's caches warmer.
        for side in sides if turn % 2 == 0 else reversed(sides):
            side.time(paths)
