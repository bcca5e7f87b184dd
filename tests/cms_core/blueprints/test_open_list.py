"""Opening a list: each site whole or not at all, again and again, and beside another run."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from wagtail.models import Site

from cms_core.blueprints import list_services
from cms_core.blueprints.list_services import OpeningInterrupted, Outcome, open_list, preview_list
from cms_core.blueprints.opening_list import ListedSite, read_list
from cms_core.pages.models import BasePage
from sites.accounts.services import provision_roles_in_bulk
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import root_url_of

HEADING = (
    "code,name,blueprint,host,prefix,portal,identification_code,sponsor,head,place,gov,level\n"
)


def listed(*lines: str) -> tuple[ListedSite, ...]:
    found = read_list((HEADING + "\n".join(lines)).encode())
    assert not found.findings, [str(one) for one in found.findings]
    return found.sites


def outcomes(result: Any) -> dict[str, str]:
    return {line.code: line.outcome.value for line in result.lines}


def told(result: Any, code: str) -> str:
    return " | ".join(next(line for line in result.lines if line.code == code).texts)


def rows() -> tuple[int, ...]:
    with system_scope("test"):
        return tuple(m.objects.count() for m in (Tenant, Address, BasePage, Site))


CITY = listed(
    "czj,财政局,部门,city.localhost,/bm/czj,city,,,局长,,,",
    "town,甲镇,乡镇,city.localhost,/xz/jia,city,,,镇长,,,",
    "city,示例市,市级门户,city.localhost,,,,,市长,示例,示例市人民政府,市",
    "jyj,教育局,部门,jyj.localhost,,city,,,局长,,,",
)


def test_a_whole_city_in_any_order_and_then_again(db):
    result = open_list(actor=None, sites=CITY)

    assert set(outcomes(result).values()) == {"opened"}
    assert [line.line for line in result.lines] == [2, 3, 4, 5]
    assert result.lines[0].url == f"{root_url_of('city.localhost')}/bm/czj/"
    assert set(Tenant.objects.get(code="city").children.values_list("code", flat=True)) == {
        "czj", "town", "jyj",
    }  # fmt: skip
    before = rows()

    again = open_list(actor=None, sites=CITY)

    assert set(outcomes(again).values()) == {"stands"}
    assert rows() == before


def test_what_stands_otherwise_is_told_and_left(db):
    open_list(actor=None, sites=CITY)

    changed = listed(
        "jyj,市教育局,部门,jy.localhost,,,,,局长,,,", "new,新局,部门,new.localhost,,,,,,,,"
    )
    result = preview_list(changed)

    assert outcomes(result) == {"jyj": "differs", "new": "refused"}
    assert "教育局" in told(result, "jyj")
    assert "jy.localhost/" in told(result, "jyj")
    assert "portal" in told(result, "jyj")
    assert "head" in told(result, "new")


def test_a_preview_writes_nothing(db):
    before = rows()

    result = preview_list(CITY)

    assert set(outcomes(result).values()) == {"opened"}
    assert rows() == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x1,名,部门,city.localhost,/bm/czj,,,,局长,,,", ["host: city.localhost/bm/czj/", "财政局"]),
        ("x1,名,部门,nowhere.localhost,/a,,,,局长,,,", ["prefix: No portal answers on nowhere"]),
        ("x1,名,部门,city.localhost,/static,,,,局长,,,", ["used by the platform itself"]),
        ("x1,名,部门,city.localhost,/zoujin,,,,局长,,,", ["would hide the page"]),
        ("x1,名,部门,-.localhost,,,,,局长,,,", ["host: -.localhost is not a host name"]),
        ("X1,名,部门,x.localhost,,,,,局长,,,", ["code:"]),
        ("x1,名,商店,x.localhost,,,,,局长,,,", ["blueprint: there is no blueprint", "Known are city_portal"]),
        ("x1,名,部门,x.localhost,,,,,,,,", ["var:head", "head=VALUE"]),
        ("x1,名,部门,x.localhost,,,12,,局长,,,", ["identification_code: 12 is not"]),
        ("x1,名,部门,x.localhost,,nobody,,,局长,,,", ["portal: there is no site nobody"]),
        ("x1,名,部门,x.localhost,,,,nobody,局长,,,", ["sponsor: there is no organization nobody"]),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_costs_no_other(opened_city, line, words):
    result = open_list(actor=None, sites=listed(line, "good,好局,部门,good.localhost,,,,,局长,,,"))

    assert list(outcomes(result).values()) == ["refused", "opened"]
    for word in words:
        assert word in told(result, result.lines[0].code)


@pytest.fixture
def opened_city(db: None) -> None:
    open_list(actor=None, sites=CITY)


def test_sites_that_name_each_other_in_a_circle(db):
    sites = listed("a1,甲,部门,a.localhost,,b1,,,局长,,,", "b1,乙,部门,b.localhost,,a1,,,局长,,,")

    result = open_list(actor=None, sites=sites)

    assert set(outcomes(result).values()) == {"refused"}
    assert "circle" in told(result, "a1") + told(result, "b1")


def test_what_only_the_database_knows_costs_one_site(db):
    """A host name that Wagtail's own table still holds, though no address does."""
    with system_scope("test"):
        Site.objects.create(hostname="old.localhost", root_page=BasePage.objects.get(depth=1))
    sites = listed(
        "a1,甲,部门,a.localhost,,,,,局长,,,",
        "b1,乙,部门,old.localhost,,,,,局长,,,",
        "c1,丙,部门,c.localhost,,,,,局长,,,",
    )

    result = open_list(actor=None, sites=sites)

    assert outcomes(result) == {"a1": "opened", "b1": "refused", "c1": "opened"}
    assert "database refused" in told(result, "b1")
    assert not Tenant.objects.filter(code="b1").exists()
    with system_scope("test"):
        assert not BasePage.objects.filter(slug="b1").exists()
        assert BasePage.find_problems() == ([], [], [], [], [])


def test_a_run_that_was_cut_short_goes_on(db, monkeypatch):
    monkeypatch.setattr(list_services, "CHUNK_SITES", 1)
    seen = []

    def stop_at_the_second(results: Any) -> None:
        seen.extend(results)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_list(actor=None, sites=CITY, report=stop_at_the_second)
    half = Tenant.objects.filter(code__in=[site["code"] for site in CITY]).count()

    result = open_list(actor=None, sites=CITY)

    assert half == 2
    assert result.count(Outcome.STANDS) == 2
    assert result.count(Outcome.OPENED) == 2


def test_a_full_disk_names_the_line_and_the_way_out(db, monkeypatch):
    """The database fails in the middle of the second site: the first stands, the second is not there."""
    monkeypatch.setattr(list_services, "CHUNK_SITES", 1)
    calls = []

    def fails_the_second_time(**given: Any) -> int:
        calls.append(given)
        if len(calls) > 1:
            raise OperationalError("database or disk is full")
        return provision_roles_in_bulk(**given)

    monkeypatch.setattr("cms_core.blueprints.bulk.provision_roles_in_bulk", fails_the_second_time)
    monkeypatch.setattr("cms_core.blueprints.services.provision_roles", fails_the_second_time)
    sites = listed("a1,甲,部门,a.localhost,,,,,局长,,,", "b1,乙,部门,b.localhost,,,,,局长,,,")

    with pytest.raises(
        OpeningInterrupted, match=r"Line 3 \(b1\).*disk is full.*run the same list again"
    ):
        open_list(actor=None, sites=sites)

    assert list(Tenant.objects.filter(code__in=["a1", "b1"]).values_list("code", flat=True)) == [
        "a1"
    ]
    with system_scope("test"):
        assert not BasePage.objects.filter(slug="b1").exists()


class TestTheCommand:
    def test_opens_and_says_so(self, db, tmp_path):
        path = tmp_path / "list.csv"
        path.write_bytes((HEADING + "a1,甲局,部门,a.localhost,,,,,局长,,,\n").encode("gbk"))
        out = StringIO()

        call_command("open_tenants", str(path), "--json", stdout=out)

        answer = json.loads(out.getvalue().splitlines()[-1])
        assert answer["counts"] == {"opened": 1, "stands": 0, "differs": 0, "refused": 0}
        assert answer["sites"][0]["url"] == f"{root_url_of('a.localhost')}/"
        assert Tenant.objects.get(code="a1").name == "甲局"

    def test_a_list_that_was_not_read_whole_opens_nothing(self, db, tmp_path):
        path = tmp_path / "list.csv"
        path.write_text(
            f"{HEADING}a1,甲局,部门,a.localhost,,,,,局长,,,\na2,,部门,b.localhost,,,,,,,,\n"
        )
        errors = StringIO()

        with pytest.raises(CommandError, match="Nothing was opened"):
            call_command("open_tenants", str(path), stderr=errors, stdout=StringIO())

        assert "Line 3, column name" in errors.getvalue()
        assert not Tenant.objects.filter(code="a1").exists()

    def test_a_dry_run_opens_nothing(self, db, tmp_path):
        path = tmp_path / "list.csv"
        path.write_text(f"{HEADING}a1,甲局,部门,a.localhost,,,,,局长,,,\n")
        out = StringIO()

        call_command("open_tenants", str(path), "--dry-run", stdout=out)

        assert "can be opened" in out.getvalue()
        assert not Tenant.objects.filter(code="a1").exists()

    def test_a_missing_file(self, db, tmp_path):
        with pytest.raises(CommandError, match=r"none\.csv cannot be read"):
            call_command("open_tenants", str(tmp_path / "none.csv"))
