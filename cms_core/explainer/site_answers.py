"""Who may do what with the site as a whole, with a picture, with a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import policy_registry

from cms_core.appearance.permissions import may_announce, may_change_look
from cms_core.workflow import selectors as review
from cms_core.workflow.enums import ReviewStage
from cms_core.workflow.permissions import may_change_policy
from sites.accounts.enums import RoleCode
from sites.accounts.permissions import may_manage_people
from sites.accounts.role_templates import ROLE_TEMPLATES

from .answers import YES, Answer, Line, lacking, lines
from .enums import MediaAction
from .people import Person


@dataclass(frozen=True, slots=True)
class _SiteAction:
    """Something done to the whole site. ``may``: the function that decides on its screens."""

    code: str
    label: Any
    may: Callable[[Any], bool]
    permission: str


def _holds(permission: str) -> Callable[[Any], bool]:
    return lambda user: bool(user.has_perm(permission))


def _action(code: str, label: Any, permission: str, may: Any = None) -> _SiteAction:
    return _SiteAction(code, label, may or _holds(permission), permission)


#: In the order of the settings menu. Each names the permission whose roles are told to who lacks it.
SITE_ACTIONS = (
    _action(
        "look",
        _("Give the site another look"),
        "cms_core_appearance.change_lookversion",
        may_change_look,
    ),
    _action(
        "notice",
        _("Switch mourning or the emergency bar (always two people)"),
        "cms_core_appearance.add_sitenotice",
        may_announce,
    ),
    _action("people", _("Give and take roles"), "sites_accounts.change_user", may_manage_people),
    _action(
        "policy",
        _("Set which reviews a section asks for"),
        "cms_core_workflow.change_reviewpolicy",
        may_change_policy,
    ),
    _action("leaders", _("Keep the list of leaders"), "cms_core_content_checks.change_leader"),
    _action("terms", _("Keep the list of terms"), "cms_core_content_checks.change_listedterm"),
    _action("redirects", _("Keep redirects"), "wagtailredirects.change_redirect"),
)


def _roles_with_permission(permission: str) -> list[RoleCode]:
    return [role for role in RoleCode if permission in ROLE_TEMPLATES[role].model_permissions]


def site_lines(asker: Person, people: Sequence[Person], site_name: str) -> list[Line]:
    """One line for each thing done to the whole site. No query beyond the rights of the people."""

    def answer(person: Person, action: _SiteAction) -> Answer:
        if action.may(person.user):
            return YES
        return lacking(person, _roles_with_permission(action.permission), site_name)

    answers = {
        person.user.pk: {action.code: answer(person, action) for action in SITE_ACTIONS}
        for person in [*people, asker]
    }
    return lines([(a.code, str(a.label)) for a in SITE_ACTIONS], asker, people, answers)


def media_lines(thing: Any, kind: str, asker: Person, people: Sequence[Person]) -> list[Line]:
    """Who uses, changes and deletes a picture (``kind``: ``image``) or file (``document``)."""
    policy = policy_registry.get_by_type(type(thing))
    place = str(thing.collection)

    def answer(person: Person, action: MediaAction) -> Answer:
        if policy.user_has_permission_for_instance(person.user, action.value, thing):
            return YES
        # Deleting is changing to Wagtail's policy.
        wanted = "choose" if action is MediaAction.CHOOSE else "change"
        roles = [
            role
            for role in RoleCode
            if wanted in ROLE_TEMPLATES[role].collection_actions.get(kind, ())
        ]
        return lacking(person, roles, place)

    answers = {
        person.user.pk: {action.value: answer(person, action) for action in MediaAction}
        for person in [*people, asker]
    }
    return lines([(a.value, str(a.label)) for a in MediaAction], asker, people, answers)


@dataclass(frozen=True, slots=True)
class SectionLine:
    """What one person may do with the texts of one section. ``stages``: those it asks for."""

    pk: int
    title: str
    writes: bool
    edits: bool
    publishes: bool
    withdraws: bool
    reviews: tuple[str, ...]
    stages: tuple[str, ...]


def section_line(section: Any, user: Any) -> SectionLine:
    """The deciding functions, asked about a section. No query beyond rights and policy."""
    tester = section.permissions_for_user(user)
    return SectionLine(
        pk=section.pk,
        title=section.title,
        writes=bool(tester.can_add_subpage()),
        edits="change" in tester.permissions,
        publishes=bool(tester.can_publish_subpage()),
        withdraws="publish" in tester.permissions,
        reviews=tuple(
            str(stage.label) for stage in ReviewStage if review.reviews_at(user, stage, section)
        ),
        stages=tuple(str(stage.label) for stage in review.stages_for(section)),
    )
