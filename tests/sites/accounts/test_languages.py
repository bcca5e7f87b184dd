"""Chinese by default, English by choice: before sign-in, on the platform's pages and inside a site."""

import pytest
from wagtail.users.models import UserProfile

from sites.accounts import languages
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import nobody_scope

from . import people


def _choose(client, language: str, where: str = "/account/sessions/"):
    return client.post("/language/", {"language": language, "next": where})


def test_the_sign_in_page_speaks_chinese_until_the_browser_chose(db):
    client = people.browser(HTTP_ACCEPT_LANGUAGE="en")
    page = client.get("/sign-in/")
    assert "登录" in page.content.decode()
    assert page.headers["Content-Language"] == "zh-hans"

    answer = _choose(client, "en", "/sign-in/")

    assert answer["Location"] == "/sign-in/"
    page = client.get("/sign-in/").content.decode()
    assert '<html lang="en">' in page
    assert "Sign in" in page


def test_a_choice_follows_the_account_to_another_browser(db):
    house = people.house("alpha")
    user = people.member(house.tenant, RoleCode.EDITOR, name="li")
    _choose(people.signed_in(user), "en")

    elsewhere = people.signed_in(user)

    assert "Sessions" in elsewhere.get("/account/sessions/").content.decode()
    assert "Do these first" in elsewhere.get("/t/alpha/").content.decode()
    _choose(elsewhere, "zh-hans")
    assert "先办这些" in elsewhere.get("/t/alpha/").content.decode()


def test_wagtails_account_page_asks_for_the_language(db):
    house = people.house("alpha")
    client = people.signed_in(people.member(house.tenant, RoleCode.EDITOR, name="li"))

    page = client.get("/t/alpha/account/").content.decode()

    assert 'name="locale-preferred_language"' in page
    assert "English" in page


def test_other_languages_and_other_hosts_are_refused(db):
    house = people.house("alpha")
    user = people.member(house.tenant, RoleCode.EDITOR, name="li")
    client = people.signed_in(user)

    answer = _choose(client, "fr", "https://example.org/")

    assert answer["Location"] == "/"
    with nobody_scope(user):
        assert not UserProfile.objects.filter(preferred_language="fr").exists()
    client.cookies[languages.COOKIE] = "xx"
    assert '<html lang="zh-hans">' in client.get("/account/sessions/").content.decode()
    with pytest.raises(ValueError, match="does not speak"):
        languages.choose_language(user=user, language="fr")


def test_an_accepted_invitation_signs_in(db):
    house = people.house("alpha")
    administrator = people.member(house.tenant, RoleCode.SITE_ADMINISTRATOR, name="zhao")
    from sites.accounts.services import invite_user
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(house.tenant, administrator):
        invited = invite_user(
            actor=administrator,
            tenant=house.tenant,
            username="li",
            display_name="Li",
            role=RoleCode.EDITOR,
        )
    client = people.browser()

    answer = client.post(
        f"/invitations/{invited.token}/",
        {"new_password": people.PASSWORD, "again": people.PASSWORD},
    )

    assert answer["Location"] == "/"
    assert client.get("/t/alpha/").status_code == 200
