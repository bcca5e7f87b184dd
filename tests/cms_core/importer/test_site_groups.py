"""``--each-site``: every site of a source into a tenant of its own, whatever happens to one of them."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cms_core.importer import services
from cms_core.importer.enums import RunStatus
from cms_core.importer.models import ImportRun, OldAddressUse
from cms_core.importer.openings import blueprint_variables, site_name, tenant_codes
from cms_core.importer.sources.records import LegacySite
from cms_core.pages.models import ArticlePage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import create_article
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from sites.tenancy.selectors import primary_address
from sites.tenancy.services import add_address
from tests.cms_core.importer.dumps import SiteDump
from tests.tenants import make_tenant


def named(code, name=""):
    return LegacySite(code, name or code, 1, 1)


class TestNames:
    """Codes and names of the new sites, from whatever the old ones were called."""

    def test_codes_are_usable_and_no_two_are_alike(self):
        codes = tenant_codes(
            [
                named("gov1"),
                named("1"),
                named("Gov 1"),
                named("教育局"),
                named("x" * 90),
                named("x" * 91),
            ],
            "gov8",
        )

        assert (codes["gov1"], codes["1"]) == ("gov1", "gov8-1")
        assert codes["Gov 1"] == "gov-1"
        assert len(set(codes.values())) == 6
        assert all(
            len(code) <= 40 and code[0].isalpha() and code.isascii() for code in codes.values()
        )

    def test_a_name_that_would_not_do_is_replaced_and_told(self):
        assert site_name(named("gov1", "示例局")) == ("示例局", ())
        assert site_name(named("gov1"), "起的名") == ("起的名", ())
        for dirty in ("", "gov1", "锟斤拷局", "&nbsp;"):
            name, notes = site_name(LegacySite("gov1", dirty, 1, 1))
            assert name == "Old site gov1"
            assert notes

    @pytest.mark.parametrize(
        ("name", "place", "level"),
        [
            ("桃源县人民政府门户网站", "桃源", "县"),
            ("武陵区政府网", "武陵", "区"),
            ("示例", "示例", "县"),
            ("Old site 3", "Old site 3", "县"),
        ],
    )
    def test_the_place_is_read_off_the_name(self, name, place, level):
        variables = blueprint_variables(name, "code", "county_portal")
        assert (variables["place"], variables["level"]) == (place, level)


pytestmark = pytest.mark.django_db


@pytest.fixture
def group(tmp_path):
    """A dump of three sites; the columns of the second are each other's parents."""
    dump = SiteDump("gov1")
    dump.section(1, "通知")
    dump.article(10, 1, "一号稿", "<p>甲</p>")
    dump.site = "gov2"
    dump.section(2, "甲", 3)
    dump.section(3, "乙", 2)
    dump.site = "gov3"
    dump.section(4, "通知")
    dump.article(40, 4, "三号稿", "<p>丙</p>")
    dump.article(41, 4, "失文", None)
    return dump.write(tmp_path)


def run(path, *options):
    """Output and error of one run."""
    out = StringIO()
    error = ""
    try:
        call_command("import_site", str(path), "--each-site", *options, stdout=out)
    except CommandError as raised:
        error = str(raised)
    return out.getvalue(), error


def test_one_broken_site_does_not_stop_the_others(group):
    printed, error = run(group, "--json")
    report = json.loads(printed.splitlines()[-1])

    assert "1 of 3 sites" in error
    assert "gov2: " in error
    assert "each other's parents" in error
    assert report["ok"] is False
    assert [(site["site"], site["ok"]) for site in report["sites"]] == [
        ("gov1", True), ("gov2", False), ("gov3", True),
    ]  # fmt: skip
    assert report["counts"]["articles"] == {"imported": 2, "repaired": 0, "skipped": 0, "lost": 1}
    for code, slug in (("gov1", "a-10"), ("gov3", "a-40")):
        tenant = Tenant.objects.get(code=code)
        assert primary_address(tenant.pk).host == f"{code}.localhost"
        with tenant_scope(tenant):
            assert list(ArticlePage.objects.filter(slug=slug).values_list("slug", flat=True)) == [
                slug
            ]


def test_merged_sections_do_not_stand_behind_blank_ones(group, client):
    """What would be a blank page waits for its first article; what stands for a duty or a form stays."""
    run(group)

    home = client.get("/", headers={"host": "gov1.localhost"}).content.decode()
    nav = home.split('aria-label="主导航"')[1].split("</nav>")[0]
    names = re.findall(r">([^<]+)</a>", nav)
    assert names == ["首页", "政府信息公开", "互动交流", "通知"]


def test_a_home_without_anything_says_where_to_begin(tmp_path, client):
    dump = SiteDump("gov9")
    dump.section(1, "通知")
    dump.article(10, 1, "失文", None)
    run(dump.write(tmp_path))

    home = client.get("/", headers={"host": "gov9.localhost"}).content.decode()
    main = home.split("<main")[1].split("</main>")[0]
    assert "首页上还没有内容" in main
    assert '<a href="/zfxxgk/">政府信息公开</a>' in main


def test_the_second_run_writes_nothing_and_resume_leaves_out_what_is_done(group):
    run(group)
    again = json.loads(run(group, "--json")[0].splitlines()[-1])
    resumed = json.loads(run(group, "--json", "--resume")[0].splitlines()[-1])

    assert [site.get("written") for site in again["sites"] if site["ok"]] == [{}, {}]
    assert not any(site["opened"] for site in again["sites"])
    assert [site["done_before"] for site in resumed["sites"]] == [True, False, True]
    with tenant_scope(Tenant.objects.get(code="gov1")):
        assert ImportRun.objects.count() == 2


def test_a_dry_run_of_a_group_opens_nothing(group):
    before = Tenant.objects.count()
    printed, _error = run(group, "--dry-run")

    assert Tenant.objects.count() == before
    assert "would be opened" in printed
    assert "All 3 sites together" in printed


def test_sites_become_channels_of_a_portal(group, client):
    portal = make_tenant("portal")
    run(group, "--portal", "portal", "--code-prefix", "old-")

    tenant = Tenant.objects.get(code="old-gov1")
    assert tenant.parent_id == portal.tenant.pk
    # The old domain was pointed at the platform: its addresses lead into the channel.
    with system_scope("an operator adds an address"):
        add_address(
            actor=None, tenant=tenant, host="old.localhost", prefix="", kind=AddressKind.ALIAS
        )
    moved = client.get("/s.php/gov1/item-view-id-10.shtml", headers={"host": "old.localhost"})
    assert moved.status_code == 301
    assert moved["Location"].endswith("/tongzhi/a-10/")
    page = client.get("/bm/old-gov1/tongzhi/a-10/", headers={"host": "portal.localhost"})
    assert "甲" in page.content.decode()


@pytest.mark.parametrize("as_channels", [False, True])
def test_what_lay_in_a_folder_of_the_old_portal_leads_on(group, client, as_channels):
    make_tenant("portal")
    where = ("--portal", "portal") if as_channels else ()
    run(group, *where, "--old-host", "portal.localhost")
    run(group, *where, "--old-host", "portal.localhost", "--resume")

    old = "/s.php/gov1/item-view-id-10.shtml"
    first = client.get(old, headers={"host": "portal.localhost"})
    host = "portal.localhost" if as_channels else "gov1.localhost"
    prefix = "/bm/gov1" if as_channels else ""
    assert (first.status_code, first["Location"]) == (301, f"http://{host}:8000{prefix}{old}")
    second = client.get(f"{prefix}{old}?from=x", headers={"host": host})
    assert second.status_code == 301
    assert second["Location"].endswith(f"{host}:8000{prefix}/tongzhi/a-10/")
    with tenant_scope(Tenant.objects.get(code="gov1")):
        assert [use.hits for use in OldAddressUse.objects.all()] == [1]


def test_a_folder_that_is_taken_stops_no_import(group):
    portal = make_tenant("portal")
    with system_scope("an operator adds an address"):
        add_address(
            actor=None,
            tenant=portal.tenant,
            host="portal.localhost",
            prefix="/s.php/gov1",
            kind=AddressKind.OLD_FOLDER,
        )
    printed, _error = run(group, "--old-host", "portal.localhost", "--json")

    site = json.loads(printed.splitlines()[-1])["sites"][0]
    assert site["ok"]
    assert "portal name" in " ".join(site["notes"])


def test_names_come_from_a_list(group, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("code,name\ngov1,示例局\n", encoding="utf-8")
    run(group, "--names", str(names))
    assert Tenant.objects.get(code="gov1").name == "示例局"

    names.write_text("gov9,没有\n", encoding="utf-8")
    assert "gov9" in run(group, "--names", str(names))[1]


def test_a_strangers_site_with_the_same_code_is_left_alone(group):
    stranger = make_tenant("gov1")
    with tenant_scope(stranger.tenant):
        create_article(
            actor=None, parent=stranger.home, row=ArticleRow("x", stranger.home.pk, "自家稿", "own")
        )
    error = run(group)[1]

    assert "gov1: The site “gov1”" in error
    assert "--code-prefix" in error
    with tenant_scope(stranger.tenant):
        assert not ImportRun.objects.exists()


def test_resume_takes_over_a_run_that_stands_still(town, tmp_path, old_site, monkeypatch):
    monkeypatch.setattr(services.time, "sleep", lambda seconds: None)
    path = old_site.write(tmp_path)
    with tenant_scope(town.tenant):
        killed = ImportRun.objects.create(
            source_name="gov8:gov1", source_digest="0" * 64, started_at=timezone.now(),
            touched_at=timezone.now() - timedelta(seconds=30),
        )  # fmt: skip
    with pytest.raises(CommandError, match="Another import"):
        call_command("import_site", str(path), "--tenant", "town", stdout=StringIO())
    call_command("import_site", str(path), "--tenant", "town", "--resume", stdout=StringIO())

    with tenant_scope(town.tenant):
        killed.refresh_from_db()
        assert killed.status == RunStatus.FAILED
        assert ImportRun.objects.filter(status=RunStatus.DONE).count() == 1
