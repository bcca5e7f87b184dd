"""One answer: may somebody do something now; why not; and the way out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sites.accounts.enums import RoleCode

from .enums import FOR_NOW, Reason
from .people import Person

#: Names in one line; the rest are counted.
MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """``words``: why not, in plain words; ``way_out``: what to do about it."""

    allowed: bool
    reason: Reason = Reason.NONE
    words: str = ""
    way_out: str = ""

    @property
    def is_for_now(self) -> bool:
        """Whether the person holds it by role, and something else stands in the way."""
        return not self.allowed and self.reason in FOR_NOW


YES = Answer(True)


@dataclass(frozen=True, slots=True)
class Line:
    """One action with the answer for who asks, and who of the site can or could do it."""

    code: str
    label: str
    answer: Answer
    can: tuple[Person, ...] = ()
    waits: tuple[tuple[Person, Answer], ...] = ()

    @property
    def held_off(self) -> list[tuple[str, str]]:
        """Reason → the people it keeps off, for those who hold it by role."""
        found: dict[str, list[str]] = {}
        for person, answer in self.waits:
            found.setdefault(answer.words, []).append(person.name)
        return [(words, joined(names)) for words, names in found.items()]

    @property
    def more(self) -> int:
        """How many of those who can are not named."""
        return max(0, len(self.can) - MOST_NAMES)

    @property
    def named(self) -> tuple[Person, ...]:
        return self.can[:MOST_NAMES]


def joined(names: Sequence[str]) -> str:
    """Names in one line."""
    shown = "、".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return _("%(names)s and %(more)d more") % {"names": shown, "more": more} if more > 0 else shown


def lacking(person: Person, roles: Collection[RoleCode], place: str) -> Answer:
    """Nothing of what ``person`` holds reaches this. ``roles``: those that would."""
    fitting = [held for held in person.held if held.role in roles]
    needed = "、".join(str(role.label) for role in roles)
    ask = _("A site administrator gives roles.")
    if fitting:
        return Answer(
            False,
            Reason.OTHER_SECTION,
            _("The role is limited: %(roles)s. This stands in “%(place)s”.")
            % {"roles": "；".join(str(held) for held in fitting), "place": place},
            ask,
        )
    if not person.held:
        return Answer(
            False,
            Reason.NO_ROLE,
            _("No role on this site. It takes one of: %(needed)s.") % {"needed": needed},
            ask,
        )
    return Answer(
        False,
        Reason.NO_ROLE,
        _("The role held is %(roles)s. It takes one of: %(needed)s.")
        % {"roles": person.roles, "needed": needed},
        ask,
    )


def lines(
    actions: Sequence[tuple[str, str]],
    asker: Person,
    people: Sequence[Person],
    answers: dict[int, dict[str, Answer]],
) -> list[Line]:
    """``answers``: person's id → action → answer; those of ``asker`` are among them."""
    made = []
    for code, label in actions:
        answer = answers[asker.user.pk][code]
        found = [(person, answers[person.user.pk][code]) for person in people]
        can = tuple(person for person, theirs in found if theirs.allowed)
        waits = tuple((person, theirs) for person, theirs in found if theirs.is_for_now)
        if not answer.allowed and can and answer.reason in {Reason.NO_ROLE, Reason.OTHER_SECTION}:
            who = joined([person.name for person in can])
            way_out = _("Ask who can: %(names)s. %(more)s") % {
                "names": who,
                "more": answer.way_out,
            }
            answer = Answer(False, answer.reason, answer.words, way_out)
        made.append(Line(code, label, answer, can, waits))
    return made
