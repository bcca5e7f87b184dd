"""Who may do what with a page, as the screens decide it.

Every yes and no comes from the function that decides for the screen: Wagtail's page rights as review
narrows them, the rights of lifecycle and of review, the lock. What is written here is only why not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.locks import ScheduledForPublishLock, WorkflowLock
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms_core.pages import lifecycle_rights as lifecycle
from cms_core.workflow import rules as review_rules
from cms_core.workflow import selectors as review
from cms_core.workflow.enums import ROLE_OF_STAGE, ReviewStage
from cms_core.workflow.permissions import may_submit
from sites.accounts.enums import RoleCode

from .answers import YES, Answer, Line, joined, lacking, lines
from .enums import Action, Reason
from .page_facts import PageFacts, planned
from .people import Person, roles_with_page_action


def stage_code(stage: ReviewStage) -> str:
    """The code of the line of one stage."""
    return f"{Action.APPROVE.value}:{stage.value}"


def page_lines(facts: PageFacts, asker: Person, people: Sequence[Person]) -> list[Line]:
    """One line for each action that the page knows."""
    actions = actions_of(facts)
    everybody = [person for person in people if person.user.pk != asker.user.pk]
    decider = _Decider(facts, people)
    answers = {person.user.pk: decider.answers(person, actions) for person in [*everybody, asker]}
    return lines(actions, asker, people, answers)


def actions_of(facts: PageFacts) -> list[tuple[str, str]]:
    """The actions to explain, with their labels."""
    if facts.is_recycled:
        return [(a.value, str(a.label)) for a in (Action.SEE, Action.RESTORE, Action.PURGE)]
    found = [(Action.SEE.value, str(Action.SEE.label)), (Action.EDIT.value, str(Action.EDIT.label))]
    if facts.takes_pages:
        found.append((Action.ADD_BELOW.value, str(Action.ADD_BELOW.label)))
    if facts.state.required or review.stages_for(facts.page):
        found.append((Action.SUBMIT.value, str(Action.SUBMIT.label)))
        found += [
            (stage_code(stage), _("Approve: %(stage)s") % {"stage": stage.label})
            for stage in facts.state.required
        ]
    rest = [Action.PUBLISH, Action.WITHDRAW, Action.MOVE, Action.DELETE, Action.LOCK]
    if facts.page.locked:
        rest[-1] = Action.UNLOCK
    return [*found, *((a.value, str(a.label)) for a in rest)]


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the deciding functions said for one standing of people: see ``_Decider.decided``."""

    permissions: frozenset[str]
    can_edit: bool
    is_locked_out: bool
    can_publish: bool
    can_add_below: bool
    can_submit: bool
    can_lock: bool
    can_unlock: bool
    not_withdraw: str
    not_move: str
    not_delete: str


class _Decider:
    """Asks the deciding functions once for each standing, and says why they said no."""

    def __init__(self, facts: PageFacts, people: Sequence[Person]) -> None:
        self.facts = facts
        self.people = people
        self.page = facts.page
        self._decided: dict[Any, _Decided] = {}

    def answers(self, person: Person, actions: Sequence[tuple[str, str]]) -> dict[str, Answer]:
        return {code: self._answer(person, code) for code, _label in actions}

    def _answer(self, person: Person, code: str) -> Answer:
        action, _colon, stage = code.partition(":")
        if stage:
            return self._approve(person, ReviewStage(stage))
        ways: dict[str, Callable[[Person], Answer]] = {
            Action.SEE: self._see,
            Action.EDIT: self._edit,
            Action.ADD_BELOW: self._add_below,
            Action.SUBMIT: self._submit,
            Action.PUBLISH: self._publish,
            Action.WITHDRAW: self._withdraw,
            Action.MOVE: self._move,
            Action.DELETE: self._delete,
            Action.LOCK: self._lock,
            Action.UNLOCK: self._unlock,
            Action.RESTORE: self._restore,
            Action.PURGE: self._purge,
        }
        return ways[action](person)

    def decided(self, person: Person) -> _Decided:
        """Two people with the same rights here, the same part in the text, the same lock and the same
        review are told the same by those functions: asked once, the database does not feel how many
        people a site has.
        """
        user, page = person.user, self.page
        tester = page.permissions_for_user(user)
        permissions = frozenset(getattr(tester, "permissions", ()))
        stage = self.facts.state.stage
        key = (
            permissions,
            page.owner_id == user.pk,
            page.locked_by_id == user.pk,
            stage is not None and review.reviews_at(user, stage, page),
        )
        if key not in self._decided:
            lock = page.get_lock()
            self._decided[key] = _Decided(
                permissions=permissions,
                can_edit=bool(tester.can_edit()),
                is_locked_out=bool(lock is not None and lock.for_user(user)),
                can_publish=bool(tester.can_publish()),
                can_add_below=bool(tester.can_add_subpage()),
                can_submit=bool(may_submit(user, page)),
                can_lock=bool(tester.can_lock()),
                can_unlock=bool(tester.can_unlock()),
                not_withdraw=lifecycle.why_not_withdraw(page, user),
                not_move=lifecycle.why_not_move(page, user),
                not_delete=lifecycle.why_not_delete(page, user),
            )
        return self._decided[key]

    # -- the page list and the editor ---------------------------------------------------------------

    def _see(self, person: Person) -> Answer:
        if self.facts.entry is not None:
            if lifecycle.may_see_deleted(self.facts.entry, person.user):
                return YES
        elif is_listed(self.page, person.user):
            return YES
        return self._lack(person, {"add", "change", "publish", "lock", "unlock", "bulk_delete"})

    def _edit(self, person: Person) -> Answer:
        found = self.decided(person)
        if not found.can_edit:
            return self._lack(person, {"change"})
        return self._locked_out(person) if found.is_locked_out else YES

    def _add_below(self, person: Person) -> Answer:
        found = self.decided(person)
        if found.can_add_below:
            return YES
        if "add" not in found.permissions:
            return self._lack(person, {"add"})
        return Answer(False, Reason.TYPE, _("Nothing more can stand below this page."))

    def _publish(self, person: Person) -> Answer:
        found = self.decided(person)
        if found.can_publish and found.can_edit and not found.is_locked_out:
            return YES
        if "publish" not in found.permissions or not found.can_edit:
            return self._lack(person, {"publish"})
        if not found.can_publish:
            stages = "、".join(str(stage.label) for stage in self.facts.state.required)
            return Answer(
                False,
                Reason.REVIEW_FIRST,
                _("Texts of this section go online through review: %(stages)s.")
                % {"stages": stages},
                _("Submit it for review; the last approval puts it online."),
            )
        return self._locked_out(person)

    # -- review -------------------------------------------------------------------------------------

    def _submit(self, person: Person) -> Answer:
        found = self.decided(person)
        if not found.can_submit:
            if not found.can_edit:
                return self._lack(person, {"change"})
            return self._locked_by_somebody()
        if self.facts.submitting:
            return Answer(False, Reason.NOTHING_TO_SUBMIT, self.facts.submitting)
        return YES

    def _approve(self, person: Person, stage: ReviewStage) -> Answer:
        state, page, user = self.facts.state, self.page, person.user
        if not review.reviews_at(user, stage, page):
            return lacking(person, [ROLE_OF_STAGE[stage]], self.facts.place)
        if state.status != "in_review" or stage != state.stage:
            return Answer(False, Reason.NOT_ITS_TURN, self._whose_turn(stage))
        obstacle = review.obstacle_for(user, page, state)
        if obstacle is None:
            return YES
        ask = _("Another reviewer of this stage approves it.")
        if obstacle is review_rules.Obstacle.IS_AUTHOR:
            words = _("Wrote or changed this text, and nobody approves their own.")
            return Answer(False, Reason.AUTHOR, words, ask)
        words = _("Approved an earlier review of this text.")
        return Answer(False, Reason.REVIEWED_BEFORE, words, ask)

    def _whose_turn(self, stage: ReviewStage) -> str:
        state = self.facts.state
        if state.status == "returned":
            return _("The text was returned to its author and is not in review now.")
        if state.status != "in_review" or state.stage is None:
            return _("The text is not in review now.")
        if stage in state.approved:
            return _("Approved already in this review.")
        return _("The %(stage)s comes first.") % {"stage": state.stage.label}

    # -- leaving its place --------------------------------------------------------------------------

    def _withdraw(self, person: Person) -> Answer:
        found = self.decided(person)
        if not found.not_withdraw:
            return YES
        if self.facts.is_home:
            return Answer(False, Reason.HOME, found.not_withdraw)
        if "publish" not in found.permissions:
            return self._lack(person, {"publish"})
        if not self.page.live:
            return Answer(False, Reason.NOT_PUBLIC, self._not_public(), self._online_again())
        return self._locked_by_somebody()

    def _not_public(self) -> str:
        stone = self.facts.stone
        if stone is None:
            return _("It is not public.")
        return _("It was taken off on %(at)s, with the notice “%(reason)s”.") % {
            "at": _at(stone.withdrawn_at),
            "reason": stone.reason_label,
        }

    def _online_again(self) -> str:
        return _("Publish it again to put it back.") if self.facts.stone is not None else ""

    def _move(self, person: Person) -> Answer:
        return self._away(person, self.decided(person).not_move, is_move=True)

    def _delete(self, person: Person) -> Answer:
        return self._away(person, self.decided(person).not_delete, is_move=False)

    def _away(self, person: Person, why: str, *, is_move: bool) -> Answer:
        if not why:
            return YES
        permissions = self.decided(person).permissions
        if self.facts.is_home:
            return Answer(False, Reason.HOME, why)
        if "change" not in permissions and "add" not in permissions:
            return self._lack(person, {"change"})
        if not is_move and self.page.numchild and "bulk_delete" not in permissions:
            return Answer(
                False,
                Reason.PAGES_BELOW,
                _("Pages stand below it."),
                _("Move or delete those first, or ask a site administrator."),
            )
        if "publish" not in permissions and self.facts.has_live_below:
            return Answer(
                False,
                Reason.IS_PUBLIC,
                _("It is public, and the role held takes nothing off: %(roles)s.")
                % {"roles": person.roles},
                _("Somebody who publishes here takes it off first."),
            )
        if self.page.locked and self.page.locked_by_id != person.user.pk:
            return self._locked_by_somebody()
        return Answer(False, Reason.NOT_YOURS, _("Only its author and editors do this."))

    # -- the lock -----------------------------------------------------------------------------------

    def _lock(self, person: Person) -> Answer:
        return YES if self.decided(person).can_lock else self._lack_around_review(person, "lock")

    def _unlock(self, person: Person) -> Answer:
        if self.decided(person).can_unlock:
            return YES
        return self._lack_around_review(person, "unlock")

    def _lack_around_review(self, person: Person, action: str) -> Answer:
        stage = self.facts.state.stage
        if action in self.decided(person).permissions and stage is not None:
            return Answer(
                False,
                Reason.IN_REVIEW,
                _("It is in the %(stage)s: only its reviewers lock it.") % {"stage": stage.label},
            )
        return self._lack(person, {action})

    def _locked_out(self, person: Person) -> Answer:
        lock = self.page.get_lock()
        if isinstance(lock, ScheduledForPublishLock):
            plan = planned(self.page)
            at = _at(plan.approved_go_live_at) if plan is not None else ""
            return Answer(
                False,
                Reason.PLANNED,
                _("It goes online by itself on %(at)s, and nothing changes it until then.")
                % {"at": at},
                _("Whoever publishes here can take the date away in the editor."),
            )
        if isinstance(lock, WorkflowLock):
            stage = self.facts.state.stage
            waiting = joined(
                [
                    p.name
                    for p in self.people
                    if stage and review.reviews_at(p.user, stage, self.page)
                ]
            )
            return Answer(
                False,
                Reason.IN_REVIEW,
                _("It is in the %(stage)s: only its reviewers change it now.")
                % {"stage": stage.label if stage is not None else ""},
                (
                    _("Waits for: %(names)s. It was released urgently, so nobody takes it back.")
                    if self.facts.state.is_make_up
                    else _("Waits for: %(names)s. Whoever submitted it can take it back.")
                )
                % {"names": waiting or "-"},
            )
        return self._locked_by_somebody()

    def _locked_by_somebody(self) -> Answer:
        page = self.page
        words = (
            _("Locked by %(name)s since %(at)s.")
            % {"name": page.locked_by or _("somebody"), "at": _at(page.locked_at)}
            if page.locked_at is not None
            else _("Locked by %(name)s.") % {"name": page.locked_by or _("somebody")}
        )
        return Answer(
            False,
            Reason.LOCKED,
            words,
            _("Ask them to give it free, or somebody who may take a lock away."),
        )

    # -- the recycle bin ----------------------------------------------------------------------------

    def _restore(self, person: Person) -> Answer:
        entry = self.facts.entry
        if entry is None or not lifecycle.may_see_deleted(entry, person.user):
            return self._lack(person, {"add"})
        parent = entry.former_parent
        if parent is None or parent.is_recycled:
            if lifecycle.works_somewhere(person.user):
                return Answer(
                    False,
                    Reason.ELSEWHERE,
                    _("The place it stood in is gone."),
                    _("In the recycle bin, choose another place where one may write."),
                )
            return self._lack(person, {"add"})
        if lifecycle.may_restore_below(parent, person.user):
            return YES
        return self._lack(person, {"add"})

    def _purge(self, person: Person) -> Answer:
        entry = self.facts.entry
        if (
            entry is not None
            and lifecycle.may_see_deleted(entry, person.user)
            and lifecycle.may_purge(entry, person.user)
        ):
            return YES
        return self._lack(person, {"bulk_delete"})

    def _lack(self, person: Person, actions: set[str]) -> Answer:
        roles: list[RoleCode] = roles_with_page_action(actions)
        return lacking(person, roles, self.facts.place)


def is_listed(page: Any, user: Any) -> bool:
    """Whether the page list shows ``page`` to ``user``: what they work on, and the way down to it.

    As ``PagePermissionPolicy.explorable_instances``, from the paths alone (a test compares them): that
    method asks the database for every user.
    """
    policy = PagePermissionPolicy()
    paths = {granted.path for granted in policy.instances_with_direct_explore_permission(user)}
    if any(page.path.startswith(path) for path in paths):
        return True
    if not any(path.startswith(page.path) for path in paths):
        return False
    step = page.steplen
    shared = min(paths)
    while not all(path.startswith(shared) and len(path) > len(shared) for path in paths):
        shared = shared[:-step]
    return bool(page.path.startswith(shared))


def _at(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
