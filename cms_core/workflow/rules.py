"""Rules of review: values in, values out."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sites.audit.rules import canonical

from .enums import Decision, ReviewStage

Stages = tuple[ReviewStage, ...]

#: Columns of a revision that change without anybody touching the text: places, times, locks.
_NOT_TEXT = frozenset(
    {
        "path",
        "depth",
        "numchild",
        "url_path",
        "draft_title",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "owner",
        "wagtail_admin_comments",
    }
)


def stages_of(codes: Iterable[str]) -> Stages:
    """Stage codes in their order, each once.

    :raises ValueError: an unknown code.
    """
    wanted = {ReviewStage(code) for code in codes}
    return tuple(stage for stage in ReviewStage if stage in wanted)


def parse_stages(stored: str) -> Stages:
    """Stages as a policy stores them. :raises ValueError: an unknown code."""
    return stages_of(code for code in stored.split(",") if code)


def stages_code(stages: Iterable[str]) -> str:
    """How a policy stores stages: ``first,final``; empty for none."""
    return ",".join(stages_of(stages))


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """The review policy of one site. ``sections``: tree path → stages; the nearest one above counts."""

    is_on: bool = False
    site_stages: Stages = ()
    sections: tuple[tuple[str, Stages], ...] = ()

    @property
    def is_declared(self) -> bool:
        """Whether the site ever said anything about review."""
        return bool(self.is_on or self.site_stages or self.sections)

    def stages_at(self, path: str) -> Stages:
        """The stages for what stands at this place of the tree; ``""`` is no place of its own."""
        if not self.is_on:
            return ()
        nearest: tuple[str, Stages] = ("", self.site_stages)
        for section in self.sections:
            if path.startswith(section[0]) and len(section[0]) > len(nearest[0]):
                nearest = section
        return nearest[1]


class Obstacle(StrEnum):
    """Why somebody may not approve."""

    NOT_A_REVIEWER = "not_a_reviewer"
    IS_AUTHOR = "is_author"
    REVIEWED_BEFORE = "reviewed_before"


def obstacle_to_approval(
    *,
    person: int,
    stage: ReviewStage,
    stages: Sequence[ReviewStage],
    reviewers: Collection[int],
    authors: Collection[int],
    earlier: Collection[int],
) -> Obstacle | None:
    """Why ``person`` may not approve ``stage``, or ``None``.

    The author never gives the last approval. At an earlier stage the author steps aside, and so does
    everywhere whoever approved an earlier stage, where somebody else is there to do it.

    ``stages``: of this run, in order. ``reviewers``: who reviews here at this stage. ``authors``: who
    wrote since the last finished review. ``earlier``: who approved earlier stages of this run.
    """
    if person not in reviewers:
        return Obstacle.NOT_A_REVIEWER
    somebody_else = bool(set(reviewers) - {person} - set(authors) - set(earlier))
    is_last = stage == stages[-1]
    if person in authors and (is_last or somebody_else):
        return Obstacle.IS_AUTHOR
    if person in earlier and somebody_else:
        return Obstacle.REVIEWED_BEFORE
    return None


def unstaffed_stages(
    stages: Sequence[ReviewStage],
    reviewers: Mapping[ReviewStage, Collection[int]],
    authors: Collection[int],
) -> Stages:
    """Stages that nobody could approve: a text submitted to them would never come out."""
    return tuple(
        stage
        for stage in stages
        if not set(reviewers.get(stage, ())) - (set(authors) if stage == stages[-1] else set())
    )


def stage_before(stage: ReviewStage, stages: Sequence[ReviewStage]) -> ReviewStage | None:
    """The stage before ``stage`` in this run, or ``None``."""
    place = list(stages).index(stage)
    return stages[place - 1] if place else None


def approvals_in_force(
    entries: Iterable[tuple[str, str, int]], stages: Sequence[ReviewStage]
) -> dict[ReviewStage, int]:
    """Stage → who approved it, of the entries ``(decision, stage, person)`` of one run, oldest first.

    A return to the review before takes that review's approval back.
    """
    found: dict[ReviewStage, int] = {}
    for decision, stage, person in entries:
        if decision == Decision.APPROVED:
            found[ReviewStage(stage)] = person
        elif decision == Decision.RETURNED_TO_PREVIOUS:
            before = stage_before(ReviewStage(stage), stages)
            if before is not None:
                found.pop(before, None)
    return {stage: found[stage] for stage in stages if stage in found}


def missing_stages(stages: Sequence[ReviewStage], approved: Collection[ReviewStage]) -> Stages:
    """The stages without an approval, in order."""
    return tuple(stage for stage in stages if stage not in approved)


def may_move_live(source: Collection[ReviewStage], destination: Collection[ReviewStage]) -> bool:
    """Whether something public may move: it must have passed every stage its new place asks for."""
    return set(destination) <= set(source)


def text_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over what a revision says; equal texts have equal digests, wherever the page stands."""
    said = {name: value for name, value in content.items() if name not in _NOT_TEXT}
    return hashlib.sha256(canonical(said)).hexdigest()
