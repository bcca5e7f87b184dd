"""The people screens of a tenant: what stands where Wagtail had users and groups."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from sites.accounts.enums import RoleCode
from sites.accounts.models import BreakGlassSession, Membership, User
from sites.tenancy.scope import opening_scope, system_scope
from tests.tenants import TenantFixture

from . import people

PEOPLE = "/t/alpha/users/"


@pytest.fixture
def desk(administrator: User) -> Client:
    return people.signed_in(administrator)


def test_list_shows_own_people_only(
    desk: Client, editor: User, alpha: TenantFixture, beta: TenantFixture, operator: User
) -> None:
    people.member(beta.tenant, RoleCode.EDITOR, name="stranger")
    shared = people.attached(
        people.member(beta.tenant, RoleCode.EDITOR, name="shared"), alpha.tenant, RoleCode.EDITOR
    )
    with opening_scope(alpha.tenant):
        BreakGlassSession.objects.create(
            user=operator, tenant=alpha.tenant, reason="a look", expires_at="2099-01-01T00:00Z"
        )
    answer = desk.get(PEOPLE)
    names = {user.username for user in answer.context["people"]}
    assert names == {"alpha-site_administrator", "alpha-editor", "shared"}
    assert "a look" in answer.content.decode()
    page = desk.get(f"{PEOPLE}{shared.pk}/").content.decode()
    assert "beta" not in page


@pytest.mark.parametrize("role", [r for r in RoleCode if r != RoleCode.SITE_ADMINISTRATOR])
def test_only_the_administrator_opens_them(
    role: RoleCode, administrator: User, alpha: TenantFixture
) -> None:
    client = people.signed_in(people.member(alpha.tenant, role))
    for address in (PEOPLE, f"{PEOPLE}new/", f"{PEOPLE}{administrator.pk}/"):
        assert client.get(address).status_code == 302
        assert client.post(address, {"action": "link"}).status_code == 302
    assert people.fresh(administrator).has_usable_password()


def test_inviting_shows_a_link_on_the_administrations_host(
    desk: Client, alpha: TenantFixture, settings
) -> None:
    values = {
        "username": "wang",
        "display_name": "Wang",
        "email": "",
        "role": "editor",
        "reach": "some",
        "sections": [alpha.section.pk],
        "is_superuser": "on",
        "groups": "1",
    }
    shown = desk.post(f"{PEOPLE}new/", values)
    link = shown.context["link"]
    assert link.startswith(f"http://{settings.ADMIN_HOST}")
    assert "alpha.localhost" not in link
    with system_scope("test"):
        user = User.objects.get(username="wang")
        membership = Membership.objects.get(user=user)
        assert not user.is_superuser
        assert user.managed_by_id == alpha.tenant.pk
        assert [page.pk for page in membership.sections.all()] == [alpha.section.pk]
    newcomer = people.browser()
    path = "/" + link.partition("//")[2].partition("/")[2]
    assert newcomer.get(path)["Referrer-Policy"] == "same-origin"
    short = newcomer.post(path, {"new_password": "short", "again": "short"})
    assert "new_password" in short.context["form"].errors
    good = {"new_password": people.PASSWORD, "again": people.PASSWORD}
    assert newcomer.post(path, good)["Location"] == "/"
    assert newcomer.get("/t/alpha/").status_code == 200
    assert newcomer.get(path).status_code == 410
    assert people.signed_in(user).get("/t/alpha/").status_code == 200


def test_taken_name_is_told_at_the_field(
    desk: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    people.member(beta.tenant, RoleCode.EDITOR, name="taken")
    answer = desk.post(
        f"{PEOPLE}new/",
        {"username": "Taken", "display_name": "T", "role": "editor", "reach": "whole"},
    )
    assert "username" in answer.context["form"].errors
    assert "beta" not in str(answer.context["form"].errors)


def test_form_offers_own_sections_only(
    desk: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    form = desk.get(f"{PEOPLE}new/").context["form"]
    with system_scope("test"):
        offered = set(form.fields["sections"].queryset.values_list("pk", flat=True))
    assert offered == {alpha.section.pk}
    answer = desk.post(
        f"{PEOPLE}new/",
        {
            "username": "wang",
            "display_name": "W",
            "role": "editor",
            "reach": "some",
            "sections": [beta.section.pk],
        },
    )
    assert "sections" in answer.context["form"].errors


def test_giving_and_taking_a_role(desk: Client, editor: User) -> None:
    page = f"{PEOPLE}{editor.pk}/"
    given = desk.post(page, {"action": "grant", "role": "first_reviewer", "reach": "whole"})
    assert given.status_code == 302
    with system_scope("test"):
        membership = Membership.objects.get(user=editor, role=RoleCode.FIRST_REVIEWER)
    assert desk.post(page, {"action": "revoke", "membership": membership.pk}).status_code == 302
    with system_scope("test"):
        assert list(editor.memberships.values_list("role", flat=True)) == ["editor"]


def test_another_tenants_person_is_not_found(
    desk: Client, beta: TenantFixture, editor: User
) -> None:
    stranger = people.member(beta.tenant, RoleCode.EDITOR)
    page = f"{PEOPLE}{stranger.pk}/"
    assert desk.get(page).status_code == 404
    for action in ("account", "grant", "link", "take_back"):
        assert desk.post(page, {"action": action, "role": "editor"}).status_code == 404
    with system_scope("test"):
        foreign = Membership.objects.get(user=stranger)
    own = f"{PEOPLE}{editor.pk}/"
    assert desk.post(own, {"action": "revoke", "membership": foreign.pk}).status_code == 404
    assert people.fresh(stranger).check_password(people.PASSWORD)


def test_shared_account_cannot_be_edited(
    desk: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    shared = people.attached(
        people.member(beta.tenant, RoleCode.EDITOR), alpha.tenant, RoleCode.EDITOR
    )
    page = f"{PEOPLE}{shared.pk}/"
    assert not desk.get(page).context["is_editable"]
    for values in ({"action": "link"}, {"action": "account", "display_name": "Taken"}):
        assert desk.post(page, values).status_code in {302, 403}
    after = people.fresh(shared)
    assert after.display_name != "Taken"
    assert after.check_password(people.PASSWORD)


def test_leaving_hands_over_and_the_account_comes_back(
    desk: Client, administrator: User, editor: User
) -> None:
    page = f"{PEOPLE}{editor.pk}/"
    assert desk.post(f"{page}leave/", {"successor": editor.pk}).status_code == 200
    assert desk.post(f"{page}leave/", {"successor": administrator.pk}).status_code == 302
    assert not people.fresh(editor).is_active
    assert desk.get(page).status_code == 200
    assert "link" in desk.post(page, {"action": "take_back"}).context
    assert people.fresh(editor).is_active


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_users_have_no_bulk_actions(desk: Client, editor: User, action: str) -> None:
    address = f"/t/alpha/bulk/sites_accounts/user/{action}/?id={editor.pk}"
    assert desk.get(address).status_code == 404
    assert desk.post(address).status_code == 404


def test_groups_have_no_screens(desk: Client) -> None:
    for address in ("groups/", "groups/new/", "groups/edit/1/"):
        assert desk.get(f"/t/alpha/{address}").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("wagtailusers_groups:index", urlconf="cms_core.urls.tenant_admin")


def test_wagtails_own_password_ways_are_closed(desk: Client) -> None:
    assert desk.get("/t/alpha/password_reset/").status_code == 404
    assert "old_password" not in desk.get("/t/alpha/account/").content.decode()
