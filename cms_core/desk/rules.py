"""Deadlines and order of what is to be done: values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

#: Days before a promise ends on which it is shown: a week, or a third of a shorter interval.
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Task:
    """One line of what is to be done first.

    ``kind``: a ``TaskKind``. ``due_on``: its last good day, where it has one; ``since``: when it began
    to wait. ``detail`` is said in words by the view.
    """

    kind: str
    title: str
    url: str
    detail: str = ""
    due_on: date | None = None
    since: datetime | None = None
    key: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """The four figures on top of the desk."""

    late: int
    due_today: int
    to_review: int
    returned: int


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section as the promise is kept: its interval, and the newest thing below it."""

    pk: int
    title: str
    path: str
    interval_days: int
    newest_on: date
    keepers: tuple[str, ...] = field(default=())

    @property
    def due_on(self) -> date:
        return self.newest_on + timedelta(days=self.interval_days)


@dataclass(frozen=True, slots=True)
class Place:
    """A section to write in; ``path``: its name behind those of the sections it lies in."""

    pk: int
    title: str
    level: int
    path: str


def places_of(sections: Iterable[tuple[int, str, int]]) -> list[Place]:
    """Number, name and level of sections in the order of their tree, with their paths."""
    places: list[Place] = []
    above: list[tuple[int, str]] = []
    for pk, title, level in sections:
        # One's rights may begin in the middle of the tree: what is above is then not there.
        above = [step for step in above if step[0] < level]
        places.append(Place(pk, title, level, " › ".join([*(name for _, name in above), title])))
        above.append((level, title))
    return places


def is_found(path: str, words: str) -> bool:
    """Whether a path holds all ``words``, in any case and order. No words: everything."""
    held = path.casefold()
    return all(word in held for word in words.casefold().split())


def days_left(due_on: date, today: date) -> int:
    """Days until ``due_on``; negative when it is over."""
    return (due_on - today).days


def is_shown(state: SectionState, today: date) -> bool:
    """Whether the promise of a section is broken or soon will be."""
    return days_left(state.due_on, today) <= min(SOON_DAYS, state.interval_days // 3)


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Earliest deadline first, then what has no deadline, the longest waiting first."""

    def key(task: Task) -> tuple[bool, date, float, str, int]:
        since = task.since.timestamp() if task.since else float("inf")
        return (task.due_on is None, task.due_on or date.max, since, task.title, task.key)

    return sorted(tasks, key=key)


def counts(tasks: Sequence[Task], today: date, *, review_kind: str, returned_kind: str) -> Counts:
    """The four figures of ``tasks``."""
    due = [task.due_on for task in tasks if task.due_on is not None]
    return Counts(
        late=sum(1 for day in due if day < today),
        due_today=sum(1 for day in due if day == today),
        to_review=sum(1 for task in tasks if task.kind == review_kind),
        returned=sum(1 for task in tasks if task.kind == returned_kind),
    )


def newest_below(newest: Mapping[str, datetime], step: int) -> dict[str, datetime]:
    """For each tree path above an article the newest time below it.

    ``newest``: path of the page that holds articles → time of its newest one.
    """
    found: dict[str, datetime] = {}
    for path, at in newest.items():
        for length in range(step, len(path) + 1, step):
            above = path[:length]
            if above not in found or found[above] < at:
                found[above] = at
    return found


def keepers_of(
    path: str, limited: Iterable[tuple[str, str]], everywhere: Sequence[str]
) -> tuple[str, ...]:
    """Who keeps the section at ``path``: those whose sections it lies in, else those of the whole site.

    ``limited``: (name, path of a section of theirs).
    """
    near = dict.fromkeys(name for name, own in limited if path.startswith(own))
    return tuple(near) or tuple(dict.fromkeys(everywhere))
