"""What a member of staff may do in the open scope: memberships and role templates, nothing else.

Group rows, user permissions and hand-made page permissions change nothing here. The result is kept
on the user object for the scope it was computed in, so a request asks once: at most four queries,
however many roles, sections and tenants there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Q
from django.utils import timezone
from swapper import load_model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from sites.tenancy.rules import ASIDE_SIGN, HOME_DEPTH
from sites.tenancy.scope import current_scope

from .enums import PlatformRoleCode, RoleCode
from .role_templates import BREAK_GLASS_TEMPLATE, RoleTemplate, is_forbidden, template_of


@dataclass(frozen=True, slots=True)
class PermissionName:
    """Stands where Wagtail's policies expect a ``Permission`` row: they read the codename."""

    codename: str


@dataclass(frozen=True, slots=True)
class PageGrant:
    """An action on a page and all below it; stands where Wagtail expects a ``GroupPagePermission``."""

    page: Any
    permission: PermissionName

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


@dataclass(frozen=True, slots=True)
class CollectionGrant:
    """An action on a collection and all below it; stands for a ``GroupCollectionPermission``."""

    collection: Collection
    permission: PermissionName

    @property
    def collection_id(self) -> int:
        return int(self.collection.pk)


@dataclass(frozen=True, slots=True)
class Rights:
    """The whole of one user's rights in one scope. ``roles`` include the one lent by break-glass."""

    roles: frozenset[RoleCode] = frozenset()
    permissions: frozenset[str] = frozenset()
    pages: tuple[PageGrant, ...] = ()
    collections: tuple[CollectionGrant, ...] = ()
    may_grant: frozenset[RoleCode] = frozenset()
    break_glass_id: int | None = None


NO_RIGHTS = Rights()


class PerScope:
    """An attribute that a user object keeps for one scope only; absent in every other.

    For values that Wagtail caches on the user for "the duration of the request".
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        scope, value = instance.__dict__.get(self.name, (None, None))
        if scope is None or scope is not current_scope():
            raise AttributeError(self.name)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = (current_scope(), value)


@dataclass(frozen=True, slots=True)
class _Role:
    """One active role. ``section_ids``: ``None`` for the whole tenant; empty when all were deleted."""

    template: RoleTemplate
    section_ids: frozenset[int] | None


def rights_of(user: Any) -> Rights:
    """Rights of ``user`` in the open scope; none without a scope, without a tenant, or when inactive.

    A user object remembers them: load the user again to see a change.
    """
    scope = current_scope()
    if scope is None or not scope.tenant_id or user.is_anonymous or not user.is_active:
        return NO_RIGHTS
    # By attribute, not by ``__dict__``: a request's user is a lazy stand-in with a ``__dict__`` of its own.
    remembered: Rights | None = getattr(user, "rights_in_scope", None)
    if remembered is None:
        remembered = _compute([user.pk], scope.tenant_id).get(user.pk, NO_RIGHTS)
        user.rights_in_scope = remembered
    return remembered


def remember_rights(users: Iterable[Any]) -> None:
    """Rights of many people of the open tenant at once: at most four queries, whoever asks afterwards.

    For screens that tell who may do what. Each user object remembers them as after :func:`rights_of`.
    """
    scope = current_scope()
    if scope is None or not scope.tenant_id:
        return
    active = [user for user in users if not user.is_anonymous and user.is_active]
    found = _compute([user.pk for user in active], scope.tenant_id)
    for user in active:
        user.rights_in_scope = found.get(user.pk, NO_RIGHTS)


def _compute(user_ids: Sequence[int], tenant_id: int) -> dict[int, Rights]:
    """The rights of those who hold any."""
    from .models import BreakGlassSession, Membership

    rows = Membership.objects.active().filter(user_id__in=user_ids, tenant_id=tenant_id)
    found: dict[int, tuple[int, str, bool, set[int]]] = {}
    for pk, user_id, role, is_limited, section_id in rows.values_list(
        "pk", "user_id", "role", "is_limited", "sections"
    ):
        found.setdefault(pk, (user_id, role, is_limited, set()))[3].add(section_id)
    if found:
        still = _holders_that_count({row[0] for row in found.values()})
        found = {pk: row for pk, row in found.items() if row[0] in still}
    roles: dict[int, list[_Role]] = {}
    for user_id, role, is_limited, section_ids in found.values():
        limit = frozenset(section_ids - {None}) if is_limited else None
        roles.setdefault(user_id, []).append(_Role(template_of(role), limit))
    break_glass = dict(
        BreakGlassSession.objects.active(timezone.now())
        .filter(user_id__in=user_ids, tenant_id=tenant_id)
        .filter(user__platform_assignment__role=PlatformRoleCode.OPERATOR)
        .order_by("pk")
        .values_list("user_id", "pk")
    )
    for user_id in break_glass:
        roles.setdefault(user_id, []).append(_Role(BREAK_GLASS_TEMPLATE, None))
    pages = _granting_pages([role for held in roles.values() for role in held], tenant_id)
    collections = _granting_collections(
        [role for held in roles.values() for role in held], tenant_id
    )
    return {
        user_id: Rights(
            roles=frozenset(role.template.role for role in held),
            permissions=_permissions(held),
            pages=_page_grants(held, pages),
            collections=_collection_grants(held, collections),
            may_grant=frozenset(given for role in held for given in role.template.may_grant),
            break_glass_id=break_glass.get(user_id),
        )
        for user_id, held in roles.items()
    }


def _holders_that_count(user_ids: AbstractSet[int]) -> AbstractSet[int]:
    """In the practice site roles count only while their holder works in a real site."""
    from .practice import working_in_a_site

    scope = current_scope()
    if scope is None or not scope.is_practice:
        return user_ids
    return working_in_a_site(user_ids)


def _codename(action: str, model: Any) -> str:
    return get_permission_codename(action, model._meta)


def collection_models() -> dict[str, Any]:
    """The models whose permissions Wagtail looks up for a folder: its own, also where ours replace them."""
    return {
        "image": policy_registry.get_by_type(get_image_model()).auth_model,
        "document": policy_registry.get_by_type(get_document_model()).auth_model,
        "collection": Collection,
    }


def _permissions(roles: Iterable[_Role]) -> frozenset[str]:
    names = {name for role in roles for name in role.template.model_permissions}
    return frozenset(name for name in names if not is_forbidden(name))


def note_home(home: Any) -> None:
    """Keep the home page of the open tenant, which the request's first query read, for its rights."""
    scope = current_scope()
    if scope is not None and home is not None:
        scope.memo["home"] = home


def _known_home(tenant_id: int) -> Any:
    """The home page noted for the open scope, if it is one of this tenant."""
    scope = current_scope()
    home = scope.memo.get("home") if scope is not None else None
    return (
        home
        if home is not None and home.tenant_id == tenant_id and home.depth == HOME_DEPTH
        else None
    )


def _granting_pages(roles: Iterable[_Role], tenant_id: int) -> dict[int, Any]:
    """The pages on which these roles give anything: the home page, sections. One query, or none."""
    roles = [role for role in roles if role.template.page_actions]
    if not roles:
        return {}
    section_ids = {pk for role in roles for pk in role.section_ids or ()}
    wanted = Q(pk__in=section_ids)
    pages: dict[int, Any] = {}
    if any(role.section_ids is None for role in roles):
        home = _known_home(tenant_id)
        if home is None:
            wanted |= Q(depth=HOME_DEPTH)
        else:
            pages[home.pk] = home
    if section_ids or not pages:
        # What lies in the recycle bin gives its people nothing until it is restored.
        found = (
            load_model("wagtailcore", "Page")
            .objects.filter(wanted, tenant_id=tenant_id)
            .exclude(url_path__startswith=f"/{ASIDE_SIGN}")
        )
        pages |= {page.pk: page for page in found}
    return pages


def _page_grants(roles: Iterable[_Role], pages: Mapping[int, Any]) -> tuple[PageGrant, ...]:
    page_model = load_model("wagtailcore", "Page")
    home = [page for page in pages.values() if page.depth == HOME_DEPTH]
    grants: dict[PageGrant, None] = {}
    for role in roles:
        if role.section_ids is None:
            targets = home
        else:
            targets = [pages[pk] for pk in sorted(role.section_ids) if pk in pages]
        for page in targets:
            for action in role.template.page_actions:
                grants[PageGrant(page, PermissionName(_codename(action, page_model)))] = None
    return tuple(grants)


def _granting_collections(roles: Iterable[_Role], tenant_id: int) -> list[Collection]:
    """The tenant's own collection, where these roles give anything on it. One query, or none."""
    if not any(role.template.collection_actions for role in roles):
        return []
    return list(Collection.objects.filter(depth=HOME_DEPTH, tenant_ownership__tenant_id=tenant_id))


def _collection_grants(
    roles: Iterable[_Role], collections: Iterable[Collection]
) -> tuple[CollectionGrant, ...]:
    models = collection_models()
    codenames = {
        _codename(action, models[kind])
        for role in roles
        for kind, actions in role.template.collection_actions.items()
        for action in actions
    }
    return tuple(
        CollectionGrant(collection, PermissionName(codename))
        for collection in collections
        for codename in sorted(codenames)
    )
