"""Feeds, the sitemap, the rules for robots: what programs are told, and only of one's own site."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from wagtail.models import PageViewRestriction

from cms_core.pages import address_selectors, feeds, sitemaps
from cms_core.pages.models import ArticlePage
from cms_core.pages.services import bulk_create_articles
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Address
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.tenants import make_tenant

ATOM = "{http://www.w3.org/2005/Atom}"
HEAD = feeds.FeedHead("站", "说明", "https://a.gov.cn/", "https://a.gov.cn/atom.xml", "zh-CN")


@pytest.fixture
def site(town):
    return Client(SERVER_NAME=town.host)


def tree(response):
    assert response.status_code == 200
    return etree.fromstring(response.content)


@pytest.fixture
def three_articles(town, editor):
    with tenant_scope(town.tenant, editor):
        ArticlePage.objects.all().delete()
        rows = [
            article_row(
                town.section.pk,
                key=f"n{day}",
                slug=f"n{day}",
                title=f"第{day}日 <b> & “引号”",
                published_at=datetime(2024, 3, day, 1, 30, tzinfo=UTC),
            )
            for day in (3, 1, 2)
        ]
        return bulk_create_articles(actor=editor, rows=rows)


@pytest.mark.parametrize("path", ["/", "/news/"])
def test_rss_is_newest_first_with_absolute_addresses(site, three_articles, path):
    response = site.get(f"{path}rss.xml")

    items = tree(response).findall("channel/item")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert [item.findtext("title")[:3] for item in items] == ["第3日", "第2日", "第1日"]
    assert items[0].findtext("link") == "http://town.localhost:8000/news/n3/"
    assert items[0].findtext("pubDate") == "Sun, 03 Mar 2024 01:30:00 +0000"


def test_atom_names_an_article_for_ever(site, three_articles):
    entries = tree(site.get("/news/atom.xml")).findall(f"{ATOM}entry")

    page = three_articles["n3"]
    assert entries[0].findtext(f"{ATOM}id") == f"urn:uuid:{page.translation_key}"
    assert entries[0].findtext(f"{ATOM}title") == page.title


def test_a_feed_is_the_same_until_something_changes(site, three_articles, time_machine):
    time_machine.move_to("2024-05-01")
    before = site.get("/rss.xml").content
    time_machine.move_to("2024-06-01")

    assert site.get("/rss.xml").content == before
    assert b"2024 01:30:00" in before


def test_an_empty_feed_prints_no_present_moment(time_machine):
    printed = set()
    for day in ("2024-05-01", "2025-05-01"):
        time_machine.move_to(day)
        printed.add(feeds.feed_xml(HEAD, [], feeds.FeedFormat.ATOM))

    assert len(printed) == 1


@given(title=st.text(max_size=60), summary=st.text(max_size=60))
@settings(max_examples=60)
def test_any_text_makes_well_formed_xml(title, summary):
    entry = feeds.FeedEntry(
        title,
        "https://a.gov.cn/x/",
        summary,
        "源",
        datetime(2024, 1, 1, tzinfo=UTC),
        str(UUID(int=1)),
    )

    for wanted in feeds.FeedFormat:
        text = feeds.feed_xml(HEAD, [entry], wanted)
        assert etree.fromstring(text.encode()).tag


@pytest.mark.parametrize("path", ["/nowhere/rss.xml", "/news/a1/rss.xml", "/news/rdf.xml"])
def test_no_feed_of_what_is_no_section(site, path):
    assert site.get(path).status_code == 404


def test_a_private_section_is_in_no_feed_and_has_none(site, town, three_articles, editor):
    with tenant_scope(town.tenant, editor):
        PageViewRestriction.objects.create(
            page=town.section, restriction_type=PageViewRestriction.LOGIN
        )

    assert site.get("/news/rss.xml").status_code == 404
    assert tree(site.get("/rss.xml")).findall("channel/item") == []
    assert b"/news/" not in site.get("/sitemap.xml").content


def test_pages_name_their_feeds(site, three_articles):
    section = site.get("/news/").content.decode()
    home = site.get("/").content.decode()

    assert 'type="application/rss+xml" title="town section（RSS）" href="/news/rss.xml"' in section
    assert 'href="/atom.xml"' in home
    assert 'href="/news/rss.xml"' not in home


def test_a_large_site_has_an_index_of_files(site, town, three_articles, monkeypatch):
    monkeypatch.setattr(address_selectors, "ADDRESSES_A_FILE", 2)
    locations = [e.text for e in tree(site.get("/sitemap.xml")).iter("{*}loc")]

    assert locations == [
        f"http://town.localhost:8000/sitemap-{number}.xml"
        for number in range(1, len(locations) + 1)
    ]
    addresses = [
        e.text
        for location in locations
        for e in tree(site.get(location.removeprefix("http://town.localhost:8000"))).iter("{*}loc")
    ]
    assert len(addresses) == len(set(addresses)) == 5
    assert "http://town.localhost:8000/news/n1/" in addresses
    assert site.get(f"/sitemap-{len(locations) + 1}.xml").status_code == 404


def test_robots_of_a_host_speak_for_its_channels(site, town):
    channel = make_tenant("bureau")
    with system_scope("test: put the bureau on the town's host"):
        Address.objects.filter(tenant=channel.tenant).update(kind=AddressKind.REDIRECT)
        Address.objects.create(
            tenant=channel.tenant, host=town.host, prefix="/bureau", kind=AddressKind.PRIMARY
        )

    lines = site.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /modes/" in lines
    assert "Disallow: /bureau/modes/" in lines
    assert lines[-2:] == [
        "Sitemap: http://town.localhost:8000/sitemap.xml",
        "Sitemap: http://town.localhost:8000/bureau/sitemap.xml",
    ]
    assert site.get("/bureau/robots.txt").status_code == 404
    assert b"/bureau/news/a1/" in site.get("/bureau/sitemap.xml").content


def test_programs_ask_a_constant_number_of_queries(
    site, town, editor, django_assert_max_num_queries
):
    with tenant_scope(town.tenant, editor):
        rows = [
            article_row(town.section.pk, key=f"m{n}", slug=f"m{n}", title=f"多{n}")
            for n in range(60)
        ]
        bulk_create_articles(actor=editor, rows=rows)

    for path, most in (
        ("/rss.xml", 7),
        ("/news/atom.xml", 8),
        ("/sitemap.xml", 5),
        ("/robots.txt", 2),
    ):
        with django_assert_max_num_queries(most):
            assert site.get(path).status_code == 200


def test_sitemap_text_is_escaped():
    entry = sitemaps.SitemapEntry("https://a.gov.cn/?a=1&b=2", None)

    assert "<loc>https://a.gov.cn/?a=1&amp;b=2</loc>" in sitemaps.sitemap_xml([entry])
