"""Sessions: idle and total time, ending others, sign-out, and what is owed first."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from sites.accounts.enums import SessionEnd
from sites.accounts.models import StaffSession, User
from sites.tenancy.scope import system_scope

from . import people


def _session() -> StaffSession:
    with system_scope("test"):
        return StaffSession.objects.latest("pk")


def test_idle_session_is_signed_out(editor: User) -> None:
    client = people.signed_in(editor)
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=29), tick=False):
        assert client.get("/account/sessions/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=58), tick=False):
        assert client.get("/account/sessions/").status_code == 200, "each use starts the clock anew"
    with time_machine.travel(now + timedelta(minutes=89), tick=False):
        answer = client.get("/account/sessions/")
        assert answer.status_code == 302
        assert "ended=idle" in answer["Location"]
        assert client.get(answer["Location"]).status_code == 200
    assert _session().end_reason == SessionEnd.IDLE


def test_script_requests_are_told_instead_of_redirected(editor: User) -> None:
    client = people.signed_in(editor)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        answer = client.get("/t/alpha/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 401


def test_longest_session(editor: User) -> None:
    client = people.signed_in(editor)
    with system_scope("test"):
        StaffSession.objects.update(started_at=timezone.now() - timedelta(hours=13))
    assert "ended=too_long" in client.get("/account/sessions/")["Location"]


def test_ending_the_others(editor: User) -> None:
    here, there = people.signed_in(editor), people.signed_in(editor)
    answer = here.post("/account/sessions/")
    assert answer.status_code == 302
    assert there.get("/account/sessions/").status_code == 302
    assert here.get("/account/sessions/").status_code == 200


def test_nobody_ends_somebody_elses_session(editor: User, administrator: User) -> None:
    theirs = people.signed_in(administrator)
    client = people.signed_in(editor)
    with system_scope("test"):
        session = StaffSession.objects.get(user=administrator)
    client.post("/account/sessions/", {"session": session.pk})
    assert theirs.get("/account/sessions/").status_code == 200


def test_session_without_a_record_is_refused(editor: User) -> None:
    client = people.signed_in(editor)
    with system_scope("test"):
        StaffSession.objects.all().delete()
    assert client.get("/account/sessions/").status_code == 302


def test_sign_out_ends_the_recorded_session(editor: User) -> None:
    client = people.signed_in(editor)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert _session().end_reason == SessionEnd.SIGNED_OUT
    assert client.get("/account/sessions/").status_code == 302


def test_old_password_must_be_changed_first(editor: User) -> None:
    with system_scope("test"):
        User.objects.filter(pk=editor.pk).update(
            password_changed_at=timezone.now() - timedelta(days=91)
        )
    client = people.signed_in(editor)
    assert client.get("/t/alpha/")["Location"] == "/account/password/"
    assert client.get("/account/sessions/")["Location"] == "/account/password/"
    changed = client.post(
        "/account/password/",
        {
            "old_password": people.PASSWORD,
            "new_password": "Eight-Bridges-42",
            "again": "Eight-Bridges-42",
        },
    )
    assert changed.status_code == 302, changed.content.decode()
    assert client.get("/t/alpha/").status_code == 200


def test_changing_the_password_ends_other_sessions(editor: User) -> None:
    here, there = people.signed_in(editor), people.signed_in(editor)
    values = {"new_password": "Eight-Bridges-42", "again": "Eight-Bridges-42"}
    wrong = here.post("/account/password/", {"old_password": "Wrong-one-11", **values})
    assert wrong.status_code == 200
    here.post("/account/password/", {"old_password": people.PASSWORD, **values})
    assert here.get("/account/sessions/").status_code == 200
    assert there.get("/account/sessions/").status_code == 302


def test_second_factor_is_owed_where_it_is_required(editor: User, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = people.signed_in(editor)
    assert client.get("/t/alpha/")["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/app/").status_code == 200
