"""Generated groups: made in bulk with equal rows and a constant number of statements, corrected when changed."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from sites.accounts.enums import RoleCode
from sites.accounts.services import provision_roles, provision_roles_in_bulk
from sites.tenancy.models import OwnGroup
from sites.tenancy.scope import opening_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture, make_tenant

from . import people

Rows = dict[str, set[tuple[Any, ...]]]


def _rows(code: str) -> Rows:
    """What the groups of a tenant hold, in words that do not depend on keys."""
    with system_scope("test"):
        groups = Group.objects.filter(name__startswith=f"{code}/")
        ids = list(groups.values_list("pk", flat=True))
        short = {group.pk: group.name.removeprefix(code) for group in groups}

        def found(rows: Any) -> set[tuple[Any, ...]]:
            return {(short[row[0]], *row[1:]) for row in rows}

        return {
            "groups": {(name,) for name in short.values()},
            "permissions": found(
                Group.permissions.through.objects.filter(group_id__in=ids).values_list(
                    "group_id", "permission__codename"
                )
            ),
            "pages": found(
                GroupPagePermission.objects.filter(group_id__in=ids).values_list(
                    "group_id", "page__depth", "permission__codename"
                )
            ),
            "collections": found(
                GroupCollectionPermission.objects.filter(group_id__in=ids).values_list(
                    "group_id", "collection__depth", "permission__codename"
                )
            ),
            "owners": found(
                OwnGroup.objects.filter(target_id__in=ids).values_list("target_id", "tenant__code")
            ),
        }


@pytest.fixture
def four(db: None) -> list[TenantFixture]:
    return [make_tenant(code) for code in ("one", "two", "three", "four")]


def test_bulk_makes_the_same_rows_as_one_by_one(four: list[TenantFixture]) -> None:
    for house in four[:2]:
        with opening_scope(house.tenant):
            provision_roles(actor=None, tenant=house.tenant)
    with system_scope("test"):
        made = provision_roles_in_bulk(actor=None, tenants=[house.tenant for house in four[2:]])
    assert made == 2 * len(RoleCode)
    single, bulk = _rows("one"), _rows("four")
    assert single.pop("owners") == {(name[0], "one") for name in single["groups"]}
    assert bulk.pop("owners") == {(name[0], "four") for name in bulk["groups"]}
    assert single == bulk
    assert single["groups"] == {(f"/{role.value}",) for role in RoleCode}
    assert single["pages"]
    assert {row[1] for row in single["pages"]} == {2}, "nothing on the root page"
    assert {row[1] for row in single["collections"]} == {2}, "nothing on the root collection"


def test_statements_do_not_grow_with_tenants(
    four: list[TenantFixture], django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with system_scope("test"):
        with CaptureQueriesContext(connection) as one:
            provision_roles_in_bulk(actor=None, tenants=[four[0].tenant])
        with django_assert_num_queries(len(one)):
            provision_roles_in_bulk(actor=None, tenants=[house.tenant for house in four[1:]])


def test_repeating_changes_nothing_and_corrects_what_was_changed(alpha: TenantFixture) -> None:
    before = _rows("alpha")
    with system_scope("test"):
        group = Group.objects.get(name="alpha/editor")
        group.permissions.set(Permission.objects.filter(codename="add_permission"))
        GroupPagePermission.objects.filter(group=group).delete()
    assert _rows("alpha") != before
    with opening_scope(alpha.tenant):
        provision_roles(actor=None, tenant=alpha.tenant)
    assert _rows("alpha") == before


def test_groups_are_visible_in_their_own_tenant_only(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant):
        names = set(Group.objects.filter(name__contains="/").values_list("name", flat=True))
    assert names == {f"alpha/{role.value}" for role in RoleCode}


def test_equal_sections_share_a_group(alpha: TenantFixture) -> None:
    first = people.member(alpha.tenant, RoleCode.EDITOR, name="first", sections=[alpha.section])
    second = people.member(alpha.tenant, RoleCode.EDITOR, name="second", sections=[alpha.section])
    with system_scope("test"):
        assert first.memberships.get().group_id == second.memberships.get().group_id
