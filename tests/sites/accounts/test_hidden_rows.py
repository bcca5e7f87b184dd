"""Rows that somebody slipped past the services give no right."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from sites.accounts.enums import RoleCode
from sites.accounts.models import BreakGlassSession, Membership, PlatformAssignment, User
from sites.accounts.rights import rights_of
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import opening_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture

from . import people


def _permission(codename: str, app_label: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label=app_label)


def test_permission_rows_of_the_own_group(editor: User, alpha: TenantFixture) -> None:
    with system_scope("test"):
        group = Membership.objects.get(user=editor).group
        group.permissions.set(Permission.objects.all())
        editor.user_permissions.set(Permission.objects.all())
    editor = people.fresh(editor)
    with tenant_scope(alpha.tenant, editor):
        assert editor.get_all_permissions() == {"wagtailadmin.access_admin"}


def test_page_permission_on_the_home_page_of_a_section_editor(alpha: TenantFixture) -> None:
    editor = people.member(alpha.tenant, RoleCode.EDITOR, sections=[alpha.section])
    with system_scope("test"):
        group = Membership.objects.get(user=editor).group
        GroupPagePermission.objects.create(
            group=group,
            page_id=alpha.home.pk,
            permission=_permission("change_basepage", "cms_core_pages"),
        )
    with tenant_scope(alpha.tenant, editor):
        assert not alpha.home.permissions_for_user(editor).can_edit()


def test_membership_in_a_group_without_a_membership_row(
    alpha: TenantFixture, beta: TenantFixture, editor: User
) -> None:
    with system_scope("test"):
        editor.groups.add(*Group.objects.all())
    editor = people.fresh(editor)
    with tenant_scope(alpha.tenant, editor):
        assert rights_of(editor).roles == {RoleCode.EDITOR}
        assert not editor.has_perm("sites_accounts.change_user")
    with tenant_scope(beta.tenant, editor):
        assert rights_of(editor).roles == frozenset()
        assert not beta.articles[0].permissions_for_user(editor).can_edit()


def test_collection_permission_on_the_root(alpha: TenantFixture) -> None:
    handler = people.member(alpha.tenant, RoleCode.LETTER_HANDLER)
    with system_scope("test"):
        GroupCollectionPermission.objects.create(
            group=Membership.objects.get(user=handler).group,
            collection=Collection.objects.get(depth=1),
            permission=_permission("add_mediaimage", "cms_core_media"),
        )
    with tenant_scope(alpha.tenant, handler):
        names = {grant.permission.codename for grant in rights_of(handler).collections}
        assert not {name for name in names if "image" in name}


def test_superuser_cannot_be_stored(editor: User) -> None:
    with system_scope("test"), pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=editor.pk).update(is_superuser=True)


def test_tenant_makes_nobody_an_operator(editor: User, alpha: TenantFixture) -> None:
    with tenant_scope(alpha.tenant, editor):
        with pytest.raises(CrossTenantWrite):
            PlatformAssignment.objects.create(user=editor, role="operator")
        with pytest.raises(CrossTenantWrite):
            BreakGlassSession.objects.create(
                user=editor, tenant=alpha.tenant, reason="none", expires_at="2099-01-01T00:00Z"
            )


def test_break_glass_row_of_somebody_who_is_no_operator(editor: User, beta: TenantFixture) -> None:
    with opening_scope(beta.tenant):
        BreakGlassSession.objects.create(
            user=editor, tenant=beta.tenant, reason="none", expires_at="2099-01-01T00:00Z"
        )
    with tenant_scope(beta.tenant, editor):
        assert rights_of(editor).roles == frozenset()


def test_expired_membership_gives_nothing_before_it_is_swept(
    editor: User, alpha: TenantFixture
) -> None:
    with system_scope("test"):
        Membership.objects.filter(user=editor).update(expires_on="2020-01-01")
    with tenant_scope(alpha.tenant, editor):
        assert rights_of(editor).roles == frozenset()
        assert not alpha.articles[0].permissions_for_user(editor).can_edit()
