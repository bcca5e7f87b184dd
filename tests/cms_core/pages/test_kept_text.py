"""Keys of kept texts: one for each person, site and day, given to that person's session only."""

import base64
from datetime import date

import pytest
import time_machine
from django.test import Client

from cms_core.pages.kept_text import key_for, person_mark
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db
KEYS = "/t/alpha/kept-text/keys/"


@pytest.fixture
def here():
    return people.house("alpha")


def asked(client: Client, address: str = KEYS) -> dict:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("no-store") or "no-store" in answer["Cache-Control"]
    return answer.json()


def test_each_person_gets_their_own_key_again_after_signing_in_again(here):
    editor = people.member(here.tenant, RoleCode.EDITOR)
    other = people.member(here.tenant, RoleCode.FIRST_REVIEWER)

    mine = asked(people.signed_in(editor))
    again = asked(people.signed_in(editor))
    theirs = asked(people.signed_in(other))

    assert again["keys"] == mine["keys"]
    assert again["person"] == mine["person"]
    assert not set(theirs["keys"].values()) & set(mine["keys"].values())
    assert theirs["person"] != mine["person"]
    assert {len(base64.b64decode(key)) for key in mine["keys"].values()} == {32}


def test_the_key_of_a_day_is_given_on_the_next_day_and_never_again(here):
    editor = people.member(here.tenant, RoleCode.EDITOR)
    with time_machine.travel("2026-11-03 10:00+08:00", tick=False):
        written = asked(people.signed_in(editor))
    with time_machine.travel("2026-11-04 09:00+08:00", tick=False):
        next_day = asked(people.signed_in(editor))
    with time_machine.travel("2026-11-05 00:01+08:00", tick=False):
        too_late = asked(people.signed_in(editor))

    key = written["keys"][written["day"]]
    assert key in next_day["keys"].values()
    assert key not in too_late["keys"].values()


def test_the_same_person_has_another_key_on_another_site(here):
    elsewhere = people.house("beta")
    editor = people.attached(
        people.member(here.tenant, RoleCode.EDITOR), elsewhere.tenant, RoleCode.EDITOR
    )
    day = date(2026, 11, 3)
    with tenant_scope(here.tenant, editor):
        own, mark = key_for(user=editor, day=day), person_mark(editor)
    with tenant_scope(elsewhere.tenant, editor):
        assert key_for(user=editor, day=day) != own
        assert person_mark(editor) != mark


def test_nobody_else_gets_a_key(here):
    elsewhere = people.house("beta")
    stranger = people.member(elsewhere.tenant, RoleCode.EDITOR)

    assert people.browser().get(KEYS).status_code == 302
    assert people.signed_in(stranger).get(KEYS).status_code == 404
    assert people.signed_in(stranger).post("/t/beta/kept-text/keys/").status_code == 405


def test_a_script_that_is_sent_to_the_sign_in_page_does_not_say_where_to_go_afterwards(here):
    editor = people.member(here.tenant, RoleCode.EDITOR)
    client = people.browser()
    edit = f"/t/alpha/pages/{here.articles[0].pk}/edit/"
    client.get("/sign-in/", {"next": edit}, headers={"Sec-Fetch-Mode": "navigate"})
    client.get(
        "/sign-in/",
        {"next": "/t/alpha/editing-sessions/release/1/"},
        headers={"Sec-Fetch-Mode": "cors"},
    )

    answer = client.post("/sign-in/", {"username": editor.username, "password": people.PASSWORD})

    assert answer["Location"] == edit
