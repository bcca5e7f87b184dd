"""The first account of an installation comes from the server's own console, and only the first."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from sites.accounts.models import PlatformAddressRange, PlatformAssignment, User
from sites.tenancy.scope import system_scope

from . import people


def _appoint(*arguments: str) -> dict[str, str]:
    out = StringIO()
    call_command("appoint_security_administrator", *arguments, "--json", stdout=out)
    result: dict[str, str] = json.loads(out.getvalue().splitlines()[-1])
    return result


def test_first_security_administrator_signs_in(db: None, settings) -> None:
    settings.PLATFORM_ADDRESSES_REQUIRED = True
    link = _appoint("chief", "--name", "Chief", "--network", "127.0.0.0/8")["link"]
    client = people.browser()
    path = "/" + link.partition("//")[2].partition("/")[2]
    client.post(path, {"new_password": people.PASSWORD, "again": people.PASSWORD})
    with system_scope("test"):
        user = User.objects.get(username="chief")
    assert people.signed_in(user).get("/platform/people/").status_code == 200


def test_there_is_no_second_way_in(security: User) -> None:
    with pytest.raises(CommandError, match="already"):
        _appoint("another")


@pytest.mark.parametrize("arguments", [("",), ("chief", "--network", "nonsense")])
def test_bad_input_leaves_the_database_as_it_was(db: None, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        _appoint(*arguments)
    with system_scope("test"):
        assert not User.objects.exists()
        assert not PlatformAssignment.objects.exists()
        assert not PlatformAddressRange.objects.exists()
