"""After all sites are in: links between merged pages lead on, dead ones are listed, old ones are counted."""

import json
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from cms_core.importer.leading import lead_links
from cms_core.importer.models import DeadLink, OldAddressUse
from cms_core.importer.services import import_site
from cms_core.importer.sources import digest_of_file, open_source
from cms_core.importer.uses import count_use, old_addresses, quiet_after
from cms_core.pages.models import ArticlePage, BasePage
from cms_core.pages.services import publish_page
from sites.tenancy.enums import AddressKind
from sites.tenancy.scope import system_scope, tenant_scope
from sites.tenancy.services import add_address
from tests.cms_core.importer.dumps import SiteDump
from tests.tenants import make_tenant

pytestmark = pytest.mark.django_db

LINKS = (
    '<p>见<a href="/s.php/gov1/item-view-id-11.shtml">前文</a>、'
    '<a href="/s.php/gov1/item-view-id-99.shtml">失踪</a>、'
    '<a href="http://village.localhost/s.php/gov2/item-view-id-20.html">邻站</a>、'
    '<a href="/s.php/gov2/item-view-id-20.html">邻站</a>、'
    '<a href="http://www.example.org/">外站</a>、<a href="/">首页</a></p>'
)


def article(key):
    return ArticlePage.objects.get(slug=f"a-{key}")


@pytest.fixture
def group(tmp_path):
    """Two sites of one dump, each in its tenant; gives the function that merges one."""
    town, village = make_tenant("town"), make_tenant("village")
    dump, other = SiteDump("gov1"), SiteDump("gov2")
    dump.section(1, "新闻")
    dump.article(10, 1, "有链接", LINKS)
    dump.article(11, 1, "前文", "<p>字</p>")
    dump.article(12, 1, "编辑过", LINKS)
    dump.article(13, 1, "草稿", LINKS, verified="0")
    dump.article(14, 1, "同文", "<p>两站都有的同一篇文章</p>", source="village name")
    other.section(2, "动态")
    other.article(20, 2, "邻站的文章", "<p>文</p>")
    other.article(21, 2, "同文", "<p>两站都有的同一篇文章</p>", timestamp=1500000000)
    other._next_page = 500
    for number, (table, row) in enumerate(other.rows):
        if table.endswith("addon"):
            other.rows[number] = (table, {**row, "id": row["id"] + 500})
    dump.rows += other.rows
    path = dump.write(tmp_path)

    def merge(tenant, code):
        with closing(open_source(path)) as source, tenant_scope(tenant):
            return import_site(
                actor=None, tenant=tenant, source=source,
                source_digest=digest_of_file(path), site_code=code,
            )  # fmt: skip

    merge(town.tenant, "gov1")
    merge(village.tenant, "gov2")
    return town, village, merge


def led(fixture):
    with tenant_scope(fixture.tenant):
        return lead_links(actor=None, tenant=fixture.tenant)


def test_links_lead_to_pages_and_to_the_other_site(group):
    town, _village, merge = group
    with tenant_scope(town.tenant):
        publish_page(actor=None, page=article(12), changes={"title": "编辑改了"})
        edited = article(12).body.raw_data[0]["value"]
    first = led(town)

    with tenant_scope(town.tenant):
        target = article(11).pk
        text = article(10).body.raw_data[0]["value"]
        neighbour = "http://village.localhost:8000/dongtai/a-20/"
        assert f'<a linktype="page" id="{target}">前文</a>' in text
        assert text.count(f'<a href="{neighbour}">邻站</a>') == 2, text
        assert 'href="/s.php/gov1/item-view-id-99.shtml"' in text
        assert article(10).live
        assert not article(13).live
        assert f'id="{target}"' in article(13).body.raw_data[0]["value"]
        assert article(12).body.raw_data[0]["value"] == edited
        assert sorted(DeadLink.objects.values_list("page__slug", "address", "words")) == [
            (f"a-{key}", "/s.php/gov1/item-view-id-99.shtml", "失踪") for key in (10, 12, 13)
        ]
    assert (first.links, first.left_to_editors, first.dead) == (6, 1, 3)

    second = led(town)
    assert (second.links, second.dead) == (0, 3)
    # The rewritten page still counts as untouched: a newer dump may change it.
    assert not merge(town.tenant, "gov1").report.written


def test_the_portal_leads_its_links_into_the_folder_of_another_site(tmp_path, group):
    """The portal comes from a source of its own; the folder on its host says whose the link is."""
    _town, village, _merge = group
    portal = make_tenant("portal")
    dump = SiteDump("main")
    dump.section(1, "要闻")
    link = '<a href="/s.php/gov2/item-view-id-20.html">邻站</a>'
    away = '<a href="http://portal.localhost/s.php/gov2/item-view-id-20.html">邻站</a>'
    dump.article(10, 1, "门户稿", f"<p>{link}{away}</p>")
    path = tmp_path / "main.sql"
    path.write_text(dump.text().replace("p8_sites_", "p8_cms_"))
    with closing(open_source(path)) as source, tenant_scope(portal.tenant):
        import_site(
            actor=None, tenant=portal.tenant, source=source,
            source_digest=digest_of_file(path), site_code="main",
        )  # fmt: skip
    assert led(portal).links == 0

    with system_scope("an operator adds an address"):
        add_address(
            actor=None,
            tenant=village.tenant,
            host="portal.localhost",
            prefix="/s.php/gov2",
            kind=AddressKind.OLD_FOLDER,
        )
    assert led(portal).links == 2
    with tenant_scope(portal.tenant):
        assert (
            "http://village.localhost:8000/dongtai/a-20/" in article(10).body.raw_data[0]["value"]
        )


def test_a_link_that_went_leaves_the_list(group):
    town, _village, _merge = group
    led(town)
    with tenant_scope(town.tenant):
        for key in (10, 12, 13):
            body = [("paragraph", "<p>没有链接了</p>")]
            publish_page(actor=None, page=article(key), changes={"body": body})
    led(town)
    with tenant_scope(town.tenant):
        assert not DeadLink.objects.exists()


def test_what_the_other_site_keeps_private_is_no_target(group):
    town, village, _merge = group
    with tenant_scope(village.tenant):
        PageViewRestriction.objects.create(page=article(20).get_parent(), restriction_type="login")
    led(town)
    with tenant_scope(town.tenant):
        assert "village.localhost:8000" not in article(10).body.raw_data[0]["value"]


def test_the_command_goes_through_all_merged_sites(group):
    out = StringIO()
    call_command("lead_links", stdout=out)
    assert "town" in out.getvalue()
    assert "village" in out.getvalue()


def test_equal_texts_of_two_sites_are_listed_with_an_owner(group):
    out = StringIO()
    call_command("repeated_articles", "--json", stdout=out)
    (found,) = json.loads(out.getvalue().splitlines()[-1])["groups"]

    assert (found["title"], found["owner"], found["reason"]) == (
        "同文",
        "village",
        "named_as_source",
    )
    assert [copy["tenant"] for copy in found["copies"]] == ["village", "town"]


def test_visits_to_old_addresses_are_counted(group, client):
    town, village, _merge = group
    path = "/s.php/gov1/item-view-id-11.shtml"
    for _visit in range(2):
        assert client.get(path, headers={"host": town.host}).status_code == 301
    assert client.get(f"{path}?from=1", headers={"host": town.host}).status_code == 301
    assert client.get("/nowhere/", headers={"host": town.host}).status_code == 404
    with tenant_scope(town.tenant):
        (use,) = OldAddressUse.objects.all()
        assert (use.redirect.old_path, use.hits, use.last_on) == (path, 3, timezone.localdate())
        assert old_addresses(town.tenant)[0].hits == 3
    with tenant_scope(village.tenant):
        assert not OldAddressUse.objects.exists()


def test_the_old_address_of_a_draft_leads_nowhere_until_it_is_public(group, client):
    town, _village, _merge = group
    path = "/s.php/gov1/item-view-id-11.shtml"
    with tenant_scope(town.tenant):
        page = Redirect.objects.get(old_path=path).redirect_page
        never = BasePage.objects.filter(pk=page.pk)
        never.update(live=False, first_published_at=None)
    assert client.get(path, headers={"host": town.host}).status_code == 404
    with tenant_scope(town.tenant):
        assert not OldAddressUse.objects.exists()
        never.update(live=False, first_published_at=timezone.now())
    assert client.get(path, headers={"host": town.host}).status_code == 301, "withdrawn: it says so"


def test_an_address_falls_quiet_a_while_after_its_last_visit(group):
    town, _village, _merge = group
    today = timezone.localdate()
    with tenant_scope(town.tenant):
        asked, silent = Redirect.objects.order_by("pk")[:2]
        count_use(redirect_id=asked.pk)
        later = today + quiet_after()
        assert not old_addresses(town.tenant, only_quiet=True, today=later - timedelta(days=1))
        quiet = {
            row.redirect_id for row in old_addresses(town.tenant, only_quiet=True, today=later)
        }
        assert {asked.pk, silent.pk} <= quiet
        OldAddressUse.objects.update(last_on=today + timedelta(days=5))
        quiet = {
            row.redirect_id for row in old_addresses(town.tenant, only_quiet=True, today=later)
        }
        assert asked.pk not in quiet
        assert silent.pk in quiet
