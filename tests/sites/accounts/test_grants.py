"""Giving and taking roles: nobody gives more than they hold, nobody touches another tenant's people."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from sites.accounts import services
from sites.accounts.checks import role_templates_are_sound
from sites.accounts.enums import RoleCode
from sites.accounts.models import Membership, User
from sites.accounts.permissions import grantable_roles
from sites.accounts.role_templates import ROLE_TEMPLATES
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import opening_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture

from . import people

NOT_ADMINISTRATORS = [role for role in RoleCode if role != RoleCode.SITE_ADMINISTRATOR]


def test_no_template_lets_anybody_give_more_than_they_hold() -> None:
    assert role_templates_are_sound(None) == []


@pytest.mark.parametrize("role", NOT_ADMINISTRATORS)
def test_only_the_administrator_gives_roles(
    role: RoleCode, alpha: TenantFixture, editor: User
) -> None:
    actor = people.member(alpha.tenant, role, name="actor")
    with tenant_scope(alpha.tenant, actor):
        assert grantable_roles(actor) == frozenset()
        with pytest.raises(PermissionDenied):
            services.grant_membership(
                actor=actor, user=editor, tenant=alpha.tenant, role=RoleCode.LETTER_HANDLER
            )
        with pytest.raises(PermissionDenied):
            services.invite_user(
                actor=actor,
                tenant=alpha.tenant,
                username="new",
                display_name="new",
                role=RoleCode.EDITOR,
            )


def test_role_with_fewer_rights_gives_no_more(
    alpha: TenantFixture, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were an editor of one section allowed to give the role, it would be for that section only."""
    from dataclasses import replace

    own = replace(ROLE_TEMPLATES[RoleCode.EDITOR], may_grant=frozenset({RoleCode.EDITOR}))
    monkeypatch.setitem(ROLE_TEMPLATES, RoleCode.EDITOR, own)  # type: ignore[arg-type]
    limited = people.member(alpha.tenant, RoleCode.EDITOR, name="limited", sections=[alpha.section])
    with tenant_scope(alpha.tenant, limited):
        services.grant_membership(
            actor=limited,
            user=editor,
            tenant=alpha.tenant,
            role=RoleCode.EDITOR,
            sections=[alpha.section],
        )
        with pytest.raises(PermissionDenied):
            services.grant_membership(
                actor=limited, user=editor, tenant=alpha.tenant, role=RoleCode.EDITOR
            )


def test_membership_keeps_groups_in_step(
    administrator: User, editor: User, alpha: TenantFixture
) -> None:
    def names() -> set[str]:
        with system_scope("test"):
            return set(people.fresh(editor).groups.values_list("name", flat=True))

    assert names() == {"alpha/editor"}
    with tenant_scope(alpha.tenant, administrator):
        limited = services.grant_membership(
            actor=administrator,
            user=editor,
            tenant=alpha.tenant,
            role=RoleCode.EDITOR,
            sections=[alpha.section],
        )
    (name,) = names()
    assert name.startswith("alpha/editor/")
    assert len(name) <= 150
    with tenant_scope(alpha.tenant, administrator):
        services.revoke_membership(actor=administrator, membership=limited)
        assert not Group.objects.filter(name=name).exists()
    assert names() == set()


def test_another_tenants_account_is_not_attached(
    administrator: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    stranger = people.member(beta.tenant, RoleCode.EDITOR)
    with tenant_scope(alpha.tenant, administrator):
        with pytest.raises(PermissionDenied):
            services.grant_membership(
                actor=administrator, user=stranger, tenant=alpha.tenant, role=RoleCode.EDITOR
            )
        group = Group.objects.get(name="alpha/editor")
        with pytest.raises(CrossTenantWrite):
            Membership.objects.create(
                user_id=stranger.pk, tenant=alpha.tenant, role=RoleCode.EDITOR, group=group
            )


def test_another_tenants_section_is_refused(
    administrator: User, editor: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant, administrator), pytest.raises(ValidationError):
        services.grant_membership(
            actor=administrator,
            user=editor,
            tenant=alpha.tenant,
            role=RoleCode.EDITOR,
            sections=[beta.section],
        )


@pytest.mark.parametrize("role", [r for r, t in ROLE_TEMPLATES.items() if not t.takes_sections])
def test_roles_for_the_whole_site_take_no_sections(
    role: RoleCode, administrator: User, editor: User, alpha: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant, administrator), pytest.raises(ValidationError):
        services.grant_membership(
            actor=administrator,
            user=editor,
            tenant=alpha.tenant,
            role=role,
            sections=[alpha.section],
        )


def test_the_last_administrator_stays(administrator: User, alpha: TenantFixture) -> None:
    with tenant_scope(alpha.tenant, administrator):
        membership = Membership.objects.get(user=administrator)
        with pytest.raises(ValidationError):
            services.revoke_membership(actor=administrator, membership=membership)
        with pytest.raises(ValidationError):
            services.remove_person(actor=administrator, tenant=alpha.tenant, user=administrator)
        assert Membership.objects.filter(user=administrator).exists()


def test_shared_account_is_not_changed_by_a_tenant(
    administrator: User, editor: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    editor = people.attached(editor, beta.tenant, RoleCode.EDITOR)
    assert editor.managed_by_id is None
    with tenant_scope(alpha.tenant, administrator):
        for change in (
            lambda: services.change_account(
                actor=administrator,
                tenant=alpha.tenant,
                user=editor,
                display_name="taken",
                email="",
            ),
            lambda: services.renew_invitation(
                actor=administrator, tenant=alpha.tenant, user=editor
            ),
        ):
            with pytest.raises(PermissionDenied):
                change()
        # Past the services the guard finds no row to write.
        assert User.objects.filter(pk=editor.pk).update(password="!") == 0
        services.remove_person(actor=administrator, tenant=alpha.tenant, user=editor)
    editor = people.fresh(editor)
    assert editor.is_active
    assert editor.check_password(people.PASSWORD)
    with tenant_scope(beta.tenant, editor):
        assert editor.has_perm("wagtailadmin.access_admin")


def test_taken_user_name_is_refused_without_telling_where(
    administrator: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    people.member(beta.tenant, RoleCode.EDITOR, name="Li.Si")
    with (
        tenant_scope(alpha.tenant, administrator),
        pytest.raises(ValidationError) as refused,
    ):
        services.invite_user(
            actor=administrator,
            tenant=alpha.tenant,
            username="li.si",
            display_name="Li",
            role=RoleCode.EDITOR,
        )
    assert "username" in refused.value.message_dict
    assert "beta" not in str(refused.value)


def test_date_in_the_past_is_refused(
    administrator: User, editor: User, alpha: TenantFixture
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    with tenant_scope(alpha.tenant, administrator), pytest.raises(ValidationError):
        services.grant_membership(
            actor=administrator,
            user=editor,
            tenant=alpha.tenant,
            role=RoleCode.EDITOR,
            expires_on=yesterday,
        )


def test_membership_in_no_tenant_names_the_person(editor: User) -> None:
    with system_scope("test"), pytest.raises(ValidationError, match="alpha-editor"):
        services.grant_membership(actor=None, user=editor, tenant=None, role=RoleCode.EDITOR)


def test_expired_memberships_are_swept(editor: User, alpha: TenantFixture) -> None:
    with system_scope("test"):
        Membership.objects.filter(user=editor).update(expires_on="2020-01-01")
        assert services.end_expired_memberships() == 1
        assert services.end_expired_memberships() == 0
        assert not people.fresh(editor).groups.exists()


def test_the_platform_acts_only_where_the_scope_says_so(editor: User, alpha: TenantFixture) -> None:
    with tenant_scope(alpha.tenant), pytest.raises(PermissionDenied):
        services.grant_membership(
            actor=None, user=editor, tenant=alpha.tenant, role=RoleCode.SITE_ADMINISTRATOR
        )
    with opening_scope(alpha.tenant):
        services.grant_membership(
            actor=None, user=editor, tenant=alpha.tenant, role=RoleCode.SITE_ADMINISTRATOR
        )
