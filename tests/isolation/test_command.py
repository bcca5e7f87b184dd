"""``manage.py probe_isolation``: output and exit status, over canned reports."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from sites.tenancy.isolation.canaries import ProbeIncomplete
from sites.tenancy.isolation.probe import ROLES
from sites.tenancy.isolation.report import LEAST_OWN_PAGES, Report, ServerError
from sites.tenancy.management.commands import probe_isolation


@pytest.fixture
def report(monkeypatch):
    report = Report(database="sqlite")
    for role in ROLES:
        report.urls[role] = {str(n) for n in range(600)}
        report.own_pages[role] = {str(n) for n in range(LEAST_OWN_PAGES.get(role, 0))}
        report.tries[role, "pages"] = 600
    monkeypatch.setattr(probe_isolation, "run_probe", lambda options, say: report)
    return report


def run(*arguments):
    output = StringIO()
    try:
        call_command("probe_isolation", *arguments, stdout=output, stderr=StringIO())
    except SystemExit as end:
        return end.code, output.getvalue()
    return 0, output.getvalue()


def test_a_clean_run_ends_with_status_0(report):
    status, output = run()

    assert status == 0
    assert "2400 tries" in output


def test_a_leak_ends_with_status_1(report):
    report.leak("editor", "pages", "GET /t/own/pages/7/", "shows private text")
    status, output = run()

    assert status == 1
    assert "LEAK: [editor] pages: GET /t/own/pages/7/" in output


def test_a_server_error_ends_with_status_1(report):
    report.errors.append(ServerError("editor", "GET /x/", "500 KeyError"))

    assert run()[0] == 1


def test_json_is_the_last_line(report):
    status, output = run("--json")
    figures = json.loads(output.strip().splitlines()[-1])

    assert status == 0
    assert figures["tried"] == 2400
    assert figures["leaks"] == 0
    assert set(figures["by_role"]) == {"anonymous", *ROLES[1:]}


def test_an_incomplete_probe_says_so(monkeypatch):
    def incomplete(options, say):
        raise ProbeIncomplete("no app offers open_tenant")

    monkeypatch.setattr(probe_isolation, "run_probe", incomplete)

    with pytest.raises(CommandError, match="open_tenant"):
        call_command("probe_isolation")


def test_nothing_is_kept_in_production(report, settings):
    settings.JIYUE_ENV = "production"

    with pytest.raises(CommandError, match="production"):
        call_command("probe_isolation", "--keep")
