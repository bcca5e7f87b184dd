"""The people of the open site with their roles, and whoever asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sites.accounts.enums import RoleCode
from sites.accounts.models import Membership
from sites.accounts.rights import remember_rights, rights_of
from sites.accounts.role_templates import RoleTemplate, template_of


@dataclass(frozen=True, slots=True)
class Held:
    """One role of a person. ``places``: titles of its sections; ``None``: the whole site."""

    role: RoleCode
    places: tuple[str, ...] | None = None
    until: date | None = None

    @property
    def template(self) -> RoleTemplate:
        return template_of(self.role)

    def __str__(self) -> str:
        name = str(self.role.label)
        if self.places is None:
            return name
        return _("%(role)s for %(sections)s") % {
            "role": name,
            "sections": "、".join(self.places) or _("no section"),
        }


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the site. ``user``: as the rules of rights ask for one; ``visits``: by break-glass."""

    user: Any
    held: tuple[Held, ...] = ()
    visits: bool = False

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def roles(self) -> str:
        if self.visits and not self.held:
            return _("by break-glass")
        return "；".join(str(held) for held in self.held)

    def with_page_action(self, actions: Collection[str]) -> list[Held]:
        return [held for held in self.held if set(actions) & set(held.template.page_actions)]


def people_here() -> list[Person]:
    """The people who hold a role on the open site now, by name, their rights read.

    Eight queries however many they are.
    """
    rows = (
        Membership.objects.active()
        .filter(user__is_active=True)
        .select_related("user")
        .prefetch_related("sections")
        .order_by("user__display_name", "user__username", "user_id", "role", "pk")
    )
    found: dict[int, tuple[Any, list[Held]]] = {}
    for row in rows:
        places = tuple(page.title for page in row.sections.all()) if row.is_limited else None
        held = Held(RoleCode(row.role), places, row.expires_on)
        found.setdefault(row.user_id, (row.user, []))[1].append(held)
    remember_rights([user for user, _held in found.values()])
    return [Person(user, tuple(held)) for user, held in found.values()]


def asking(user: Any, people: list[Person]) -> Person:
    """Whoever asks: one of the people, or an operator who looks in by break-glass."""
    for person in people:
        if person.user.pk == user.pk:
            visits = rights_of(person.user).break_glass_id is not None
            return Person(person.user, person.held, visits=visits)
    return Person(user, visits=rights_of(user).break_glass_id is not None)


def roles_with_page_action(actions: Collection[str]) -> list[RoleCode]:
    """Roles whose templates hold one of these actions on pages."""
    return [role for role in RoleCode if set(actions) & set(template_of(role).page_actions)]
