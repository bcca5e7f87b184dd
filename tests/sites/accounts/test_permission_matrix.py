"""The whole table: what each role may do in its own tenant, and that it may do nothing in another."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from cms_core.pages.models import SectionPage
from sites.accounts.enums import RoleCode
from sites.accounts.models import User
from sites.accounts.rights import rights_of
from sites.accounts.role_templates import ROLE_TEMPLATES, is_forbidden
from sites.tenancy.scope import nobody_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture

from . import people

Ability = Callable[[User, TenantFixture], bool]


def _page(name: str) -> Ability:
    return lambda user, house: bool(
        getattr(house.articles[0].permissions_for_user(user), f"can_{name}")()
    )


def _name(permission: str) -> Ability:
    return lambda user, house: user.has_perm(permission)


def _add_image(user: User, house: TenantFixture) -> bool:
    policy = policy_registry.get_by_type(get_image_model())
    return (
        policy.collections_user_has_permission_for(user, "add")
        .filter(pk=house.collection.pk)
        .exists()
    )


ABILITIES: dict[str, Ability] = {
    "open": _name("wagtailadmin.access_admin"),
    "add": lambda user, house: bool(house.section.permissions_for_user(user).can_add_subpage()),
    "change": _page("edit"),
    "publish": _page("publish"),
    "lock": _page("lock"),
    "unlock": lambda user, house: "unlock" in house.section.permissions_for_user(user).permissions,
    "image": _add_image,
    "people": _name("sites_accounts.change_user"),
    "redirect": _name("wagtailredirects.add_redirect"),
    "workflow": _name("cms_core_workflow.change_reviewpolicy"),
    # What nobody inside a tenant may do.
    "workflow rows": _name("wagtailcore.change_workflow"),
    "group": _name("auth.change_group"),
    "site": _name("wagtailcore.change_site"),
    "locale": _name("wagtailcore.add_locale"),
    "tenant": _name("sites_tenancy.change_tenant"),
    "delete user": _name("sites_accounts.delete_user"),
}

EVERYTHING = {
    "open", "add", "change", "publish", "lock", "unlock", "image", "people", "redirect", "workflow",
}  # fmt: skip
MATRIX: dict[RoleCode, set[str]] = {
    RoleCode.SITE_ADMINISTRATOR: EVERYTHING,
    RoleCode.EDITOR: {"open", "add", "change", "publish", "image"},
    RoleCode.FIRST_REVIEWER: {"open", "change", "lock"},
    RoleCode.SECOND_REVIEWER: {"open", "change", "lock"},
    RoleCode.FINAL_REVIEWER: {"open", "change", "publish", "lock", "unlock"},
    RoleCode.LETTER_HANDLER: {"open"},
    RoleCode.DISCLOSURE_OFFICER: {"open", "add", "change", "publish", "image"},
    RoleCode.SERVICE_GUIDE_OFFICER: {"open", "add", "change", "publish", "image"},
}


def _abilities(user: User, house: TenantFixture) -> set[str]:
    return {name for name, holds in ABILITIES.items() if holds(user, house)}


def test_the_table_names_every_role() -> None:
    assert set(MATRIX) == set(RoleCode)


@pytest.mark.parametrize("role", list(RoleCode))
def test_role_in_its_own_tenant(role: RoleCode, alpha: TenantFixture) -> None:
    user = people.member(alpha.tenant, role)
    with tenant_scope(alpha.tenant, user):
        assert _abilities(user, alpha) == MATRIX[role]


@pytest.mark.parametrize("role", list(RoleCode))
def test_role_in_another_tenant(role: RoleCode, alpha: TenantFixture, beta: TenantFixture) -> None:
    user = people.member(alpha.tenant, role)
    with tenant_scope(beta.tenant, user):
        assert _abilities(user, beta) == set()
        assert user.get_all_permissions() == set()


@pytest.mark.parametrize("role", list(RoleCode))
def test_role_on_the_other_tenants_rows_from_its_own(
    role: RoleCode, alpha: TenantFixture, beta: TenantFixture
) -> None:
    user = people.member(alpha.tenant, role)
    with tenant_scope(alpha.tenant, user):
        rows = {"add", "change", "publish", "lock", "unlock", "image"}
        assert not _abilities(user, beta) & rows


def test_the_same_user_object_in_two_tenants(alpha: TenantFixture, beta: TenantFixture) -> None:
    user = people.member(alpha.tenant, RoleCode.SITE_ADMINISTRATOR)
    user = people.attached(user, beta.tenant, RoleCode.FIRST_REVIEWER)
    with tenant_scope(alpha.tenant, user):
        assert _abilities(user, alpha) == EVERYTHING
    with tenant_scope(beta.tenant, user):
        assert _abilities(user, beta) == MATRIX[RoleCode.FIRST_REVIEWER]
    with tenant_scope(alpha.tenant, user):
        assert _abilities(user, alpha) == EVERYTHING


def test_nobody_holds_anything_outside_a_tenant(administrator: User) -> None:
    with nobody_scope(administrator):
        assert administrator.get_all_permissions() == set()
    with system_scope("test"):
        assert administrator.get_all_permissions() == set()
    assert administrator.get_all_permissions() == set()


def test_section_limits_pages_to_the_section(alpha: TenantFixture) -> None:
    user = people.member(alpha.tenant, RoleCode.EDITOR, sections=[alpha.section])
    with tenant_scope(alpha.tenant, user):
        assert alpha.articles[0].permissions_for_user(user).can_edit()
        assert not alpha.home.permissions_for_user(user).can_edit()
        assert not alpha.home.permissions_for_user(user).can_add_subpage()


@pytest.mark.parametrize("times", [1, 2], ids=["into the bin", "for good"])
def test_losing_the_last_section_is_not_getting_the_whole_site(
    alpha: TenantFixture, times: int
) -> None:
    user = people.member(alpha.tenant, RoleCode.EDITOR, sections=[alpha.section])
    with tenant_scope(alpha.tenant, user):
        for _time in range(times):
            SectionPage._base_manager.get(pk=alpha.section.pk).delete()
    user = people.fresh(user)
    with tenant_scope(alpha.tenant, user):
        assert rights_of(user).pages == ()
        assert not alpha.home.permissions_for_user(user).can_edit()


def test_nobody_holds_anything_in_the_recycle_bin(editor: User, alpha: TenantFixture) -> None:
    administrator = people.member(alpha.tenant, RoleCode.SITE_ADMINISTRATOR)
    with tenant_scope(alpha.tenant, administrator):
        SectionPage._base_manager.get(pk=alpha.section.pk).delete()
        recycled = SectionPage._base_manager.get(pk=alpha.section.pk)
    for user in (editor, administrator):
        fresh = people.fresh(user)
        with tenant_scope(alpha.tenant, fresh):
            assert [grant.page.pk for grant in rights_of(fresh).pages if grant.page.depth == 2] == [
                alpha.home.pk for _grant in rights_of(fresh).pages
            ]
            assert not recycled.permissions_for_user(fresh).can_edit()
            assert (
                not SectionPage._base_manager.get(pk=recycled.pk)
                .permissions_for_user(fresh)
                .can_delete()
            )


def test_inactive_user_holds_nothing(editor: User, alpha: TenantFixture) -> None:
    editor.is_active = False
    with tenant_scope(alpha.tenant, editor):
        assert rights_of(editor).roles == frozenset()
        assert editor.get_all_permissions() == set()


def test_templates_hold_nothing_that_is_forbidden() -> None:
    held = {name for t in ROLE_TEMPLATES.values() for name in t.model_permissions}
    assert not {name for name in held if is_forbidden(name)}
    assert is_forbidden("auth.add_permission")
    assert is_forbidden("wagtailcore.change_site")
    assert not is_forbidden("wagtailcore.change_workflow")


def test_templates_name_permissions_that_exist(db: None) -> None:
    held = {name for t in ROLE_TEMPLATES.values() for name in t.model_permissions}
    known = {
        f"{app_label}.{codename}"
        for app_label, codename in Permission.objects.values_list(
            "content_type__app_label", "codename"
        )
    }
    assert held <= known


@pytest.mark.parametrize("memberships", [1, 5])
def test_rights_cost_a_constant_number_of_queries(
    memberships: int, alpha: TenantFixture, django_assert_num_queries
) -> None:
    user = people.member(alpha.tenant, RoleCode.EDITOR, sections=[alpha.section])
    for role in list(RoleCode)[2 : 1 + memberships]:
        user = people.attached(user, alpha.tenant, role)
    with tenant_scope(alpha.tenant, user):
        with django_assert_num_queries(4):
            assert user.has_perm("wagtailadmin.access_admin")
        with django_assert_num_queries(0):
            assert not user.has_perm("auth.add_group")
            alpha.articles[0].permissions_for_user(user).can_edit()
