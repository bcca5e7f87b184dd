"""What a visitor gets: addresses, labels, lists, and nothing that is not for them."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms_core.pages.models import SectionPage
from cms_core.pages.services import (
    bulk_create_articles,
    create_article,
    create_section,
    publish_page,
    unpublish_page,
)
from sites.tenancy.enums import AddressKind, TenantStatus
from sites.tenancy.models import Address, Organization, Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.pages.conftest import article_row, section_row
from tests.tenants import TenantFixture

HOSTILE = "<script>alert('1')</script>\"><img src=x onerror=alert(2)>&lt;b"


@pytest.fixture
def site(town: TenantFixture) -> Client:
    return Client(headers={"host": "town.localhost"})


@pytest.fixture
def named(town: TenantFixture) -> Tenant:
    """The town with a sponsor and its identification code."""
    with system_scope("naming the tests' tenant"):
        sponsor = Organization.objects.create(
            code="town-gov", name="示例镇人民政府", kind="township"
        )
        Tenant.objects.filter(pk=town.tenant.pk).update(
            site_identification_code="4307000042", sponsor_organization=sponsor
        )
    return Tenant.objects.get(pk=town.tenant.pk)


def labels(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', html))


class Dangers(HTMLParser):
    """Collects handlers, and scripts that are not files of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if any(name.startswith("on") for name in names):
            self.found.append(self.get_starttag_text())
        if tag == "script" and not names.get("src", "").startswith("/static/"):
            self.found.append(self.get_starttag_text())


def dangers(html: str) -> list[str]:
    parser = Dangers()
    parser.feed(html)
    return parser.found


def text(response) -> str:
    return response.content.decode()


# --- labels (domain rules 2.4) -------------------------------------------------------


def test_home_labels(site, named):
    assert labels(text(site.get("/"))) == {
        "SiteName": "town name",
        "SiteDomain": "town.localhost",
        "SiteIDCode": "4307000042",
    }


def test_section_labels(site, named, town, editor):
    with tenant_scope(town.tenant, editor):
        create_section(actor=editor, parent=town.home, row=section_row(0))

    assert labels(text(site.get("/notices/"))) == {
        "SiteName": "town name",
        "SiteDomain": "town.localhost",
        "SiteIDCode": "4307000042",
        "ColumnName": "通知公告",
        "ColumnDescription": "这里公布通知",
        "ColumnKeywords": "通知;公告",
        "ColumnType": "公告通知",
    }


def test_article_labels(site, named, town, editor):
    with tenant_scope(town.tenant, editor):
        section = create_section(actor=editor, parent=town.home, row=section_row(0))
        create_article(actor=editor, parent=section, row=article_row(0))

    assert labels(text(site.get("/notices/notice/"))) == {
        "SiteName": "town name",
        "SiteDomain": "town.localhost",
        "SiteIDCode": "4307000042",
        "ColumnName": "通知公告",
        "ColumnDescription": "这里公布通知",
        "ColumnKeywords": "通知;公告",
        "ColumnType": "公告通知",
        "ArticleTitle": "关于开展示例工作的通知",
        "PubDate": "2024-03-01 09:30",
        "ContentSource": "示例办公室",
        "Keywords": "示例;通知",
        "Author": "张示例",
        "Description": "摘要",
        "Url": "http://town.localhost:8000/notices/notice/",
    }


def test_an_article_directly_below_home_has_no_section_labels(site, town, editor):
    with tenant_scope(town.tenant, editor):
        create_article(actor=editor, parent=town.home, row=article_row(0))

    assert not [name for name in labels(text(site.get("/notice/"))) if name.startswith("Column")]


def test_footer_marks(site, named, town):
    page = text(site.get("/news/a1/"))

    assert "主办：示例镇人民政府" in page
    assert "网站标识码：4307000042" in page
    assert (
        "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4307000042"
        "&amp;url=http%3A%2F%2Ftown.localhost%3A8000%2Fnews%2Fa1%2F"
    ) in page


# --- hostile texts -----------------------------------------------------------------


def test_hostile_texts_are_printed_as_text(site, town, editor):
    row = article_row(
        0,
        title=HOSTILE,
        summary=HOSTILE,
        source_name=HOSTILE,
        author_name=HOSTILE[:60],
        editor_name=HOSTILE[:60],
        keywords=HOSTILE,
        body=[("paragraph", f"<p>{HOSTILE}</p>"), ("html", f"<table><tr><td>{HOSTILE}</table>")],
    )
    with tenant_scope(town.tenant, editor):
        article = create_article(actor=editor, parent=town.section, row=row)
        publish_page(actor=editor, page=town.section, changes={"title": HOSTILE})

    for path in ("/", "/news/", "/news/notice/", "/news/a1/", "/wzdt/", "/nothing-here/"):
        assert not dangers(text(site.get(path))), path
    assert article.title == HOSTILE
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;" in text(site.get("/news/notice/"))


# --- addresses ---------------------------------------------------------------------


def test_list_pages(site, town, editor):
    newest = datetime(2024, 6, 1, tzinfo=UTC)
    with tenant_scope(town.tenant, editor):
        bulk_create_articles(
            actor=editor,
            rows=[
                article_row(
                    town.section.pk,
                    key=str(n),
                    slug=f"n{n}",
                    title=f"第{n}号",
                    published_at=newest - timedelta(days=n),
                )
                for n in range(43)
            ],
        )

    first, second, third = (
        text(site.get(f"/news/{name}")) for name in ("", "index_2.html", "index_3.html")
    )

    assert "第0号" in first
    assert "第20号" in second
    assert "第42号" in third
    assert "第20号" not in first
    assert 'href="/news/index_2.html"' in first
    assert 'href="/news/"' in second
    assert "共 3 页，共 45 条" in first


@pytest.mark.parametrize(
    "path",
    [
        "/news/index_1.html",
        "/news/index_2.html",
        "/news/index_0.html",
        "/news/index_999999.html",
        "/news/index_x.html",
        "/index_2.html",
        "/news/a1/index_2.html",
        "/news/nothing/",
        "/town/",
        "/news/a1/a2/",
    ],
)
def test_addresses_that_do_not_exist(site, path):
    answer = site.get(path)

    assert answer.status_code == 404
    assert "没有找到这个网页" in text(answer)
    assert "town name" in text(answer)


def test_an_address_without_its_slash_leads_to_the_page(site):
    answer = site.get("/news/a1")

    assert (answer.status_code, answer["Location"]) in {(301, "/news/a1/"), (302, "/news/a1/")}


def test_a_section_that_links_elsewhere_redirects(site, town, editor):
    with tenant_scope(town.tenant, editor):
        row = section_row(0, section_kind="external", external_url="https://www.gov.cn/x")
        create_section(actor=editor, parent=town.home, row=row)

    answer = site.get("/notices/")

    assert (answer.status_code, answer["Location"]) == (302, "https://www.gov.cn/x")


def test_the_canonical_address_is_the_primary_one(site, town):
    with system_scope("an alias of the tests' tenant"):
        Address.objects.create(tenant=town.tenant, host="alias.localhost", kind=AddressKind.ALIAS)

    page = text(Client(headers={"host": "alias.localhost"}).get("/news/a1/"))

    assert '<link rel="canonical" href="http://town.localhost:8000/news/a1/">' in page
    assert 'href="/news/"' in page, "links stay on the address the visitor came by"


def test_a_channel_answers_below_its_prefix(town):
    with system_scope("a channel for the tests' tenant"):
        Address.objects.filter(tenant=town.tenant).update(host="city.localhost", prefix="/zz/town")

    channel = Client(headers={"host": "city.localhost"})
    page = text(channel.get("/zz/town/news/a1/"))

    assert '<link rel="canonical" href="http://city.localhost:8000/zz/town/news/a1/">' in page
    assert 'href="/zz/town/news/"' in page
    assert 'action="/zz/town/modes/"' in page
    assert channel.get("/news/a1/").status_code == 404
    assert channel.get("/zz/town")["Location"] == "/zz/town/"


# --- what is not for visitors --------------------------------------------------------


def test_drafts_are_invisible(site, town, editor):
    with tenant_scope(town.tenant, editor):
        create_article(
            actor=editor, parent=town.section, row=article_row(0, title="未发布稿", live=False)
        )
        article = town.articles[0]
        article.title = "改了没有发布"
        article.save_revision(user=editor)

    assert site.get("/news/notice/").status_code == 404
    for path in ("/", "/news/", "/news/a1/", "/news/a2/", "/sitemap.xml", "/api/v2/pages/"):
        page = text(site.get(path))
        assert "未发布稿" not in page, path
        assert "改了没有发布" not in page, path
        assert "notice" not in page, path


def test_an_unpublished_page_is_gone(site, town, editor):
    with tenant_scope(town.tenant, editor):
        unpublish_page(actor=editor, page=town.articles[0])

    assert site.get("/news/a1/").status_code == 410
    assert "town article 1" not in text(site.get("/news/")) + text(site.get("/news/a2/"))


def test_private_articles_are_named_nowhere(site, town, editor):
    with tenant_scope(town.tenant, editor):
        hidden = create_article(
            actor=editor,
            parent=town.section,
            row=article_row(0, title="内部稿件", published_at=timezone.now()),
        )
        PageViewRestriction.objects.create(
            page_id=hidden.pk, restriction_type=PageViewRestriction.PASSWORD, password="letmein"
        )

    asked = site.get("/news/notice/")
    assert "第一段" not in text(asked)
    for path in ("/", "/news/", "/news/a1/", "/news/a2/", "/wzdt/", "/sitemap.xml"):
        assert "内部稿件" not in text(site.get(path)), path
        assert "/news/notice/" not in text(site.get(path)), path


def test_private_sections_are_named_nowhere(site, town, editor):
    with tenant_scope(town.tenant, editor):
        section = create_section(
            actor=editor, parent=town.home, row=section_row(0, title="内部栏目")
        )
        create_article(actor=editor, parent=section, row=article_row(0, title="内部稿件"))
        PageViewRestriction.objects.create(
            page_id=section.pk, restriction_type=PageViewRestriction.LOGIN
        )

    assert site.get("/notices/notice/").status_code == 302
    for path in ("/", "/news/", "/news/a1/", "/wzdt/", "/sitemap.xml"):
        page = text(site.get(path))
        assert "内部栏目" not in page, path
        assert "内部稿件" not in page, path


def test_whoever_was_let_in_sees_the_private_list(site, town, editor):
    with tenant_scope(town.tenant, editor):
        section = create_section(actor=editor, parent=town.home, row=section_row(0))
        create_article(actor=editor, parent=section, row=article_row(0))
        restriction = PageViewRestriction.objects.create(
            page_id=section.pk, restriction_type=PageViewRestriction.PASSWORD, password="letmein"
        )
    site.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{section.pk}/",
        {"password": "letmein", "return_url": "/notices/"},
    )

    assert "关于开展示例工作的通知" in text(site.get("/notices/"))
    assert "第一段" in text(site.get("/notices/notice/"))


# --- pages of the site itself ----------------------------------------------------------


def test_site_map_for_machines(site):
    page = text(site.get("/sitemap.xml"))

    assert "<loc>http://town.localhost:8000/news/a1/</loc>" in page
    assert page.count("<url>") == 4


def test_site_map_for_readers(site):
    page = text(site.get("/wzdt/"))

    assert 'href="/news/"' in page
    assert "网站地图" in page


def test_modes_are_a_cookie_and_the_page_stays_the_same(site):
    before = site.get("/news/a1/").content
    switched = site.get("/modes/", {"toggle": "text", "next": "/news/a1/"})

    assert switched["Location"] == "/news/a1/"
    assert site.get("/news/a1/").content == before
    with_mode = text(site.get("/modes.css"))
    site.get("/modes/", {"toggle": "text", "next": "/"})
    without = text(site.get("/modes.css"))
    assert with_mode != without
    assert len(with_mode) > len(without)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_modes_lead_back_to_this_site_only(site, target):
    assert "evil" not in site.get("/modes/", {"toggle": "text", "next": target})["Location"]


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [(TenantStatus.CLOSED, 410, "已经关停"), (TenantStatus.SUSPENDED, 503, "暂停服务")],
)
def test_notice_of_a_site_that_is_not_open(site, town, status, code, words):
    with system_scope("closing the tests' tenant"):
        Tenant.objects.filter(pk=town.tenant.pk).update(status=status, notice="内容已经并入门户。")

    answer = site.get("/news/a1/")

    assert answer.status_code == code
    assert words in text(answer).replace("<wbr>", "").replace('</span><span class="ph">', "")
    assert "内容已经并入门户。" in text(answer)
    assert "town article 1" not in text(answer)


def test_an_empty_section_answers_and_is_not_listed(site, town, editor):
    with tenant_scope(town.tenant, editor):
        create_section(actor=editor, parent=town.home, row=section_row(0))
        shown = section_row(0, slug="box", title="领导信箱", is_listed_when_empty=True)
        create_section(actor=editor, parent=town.home, row=shown)

    page = text(site.get("/"))
    assert site.get("/notices/").status_code == 200
    assert 'href="/notices/"' not in page
    assert 'href="/box/"' in page


def test_a_page_below_an_unpublished_section_keeps_its_frame(site, town, editor):
    with tenant_scope(town.tenant, editor):
        section = SectionPage.objects.get(pk=town.section.pk)
        unpublish_page(actor=editor, page=section)

    answer = site.get("/news/a1/")

    assert answer.status_code == 200
    assert 'href="/news/"' not in text(answer)


def test_search_engines_find_one_description_on_every_page(town):
    site = Client(SERVER_NAME=town.host)
    for path in ("/", "/news/", "/news/a1/", "/wzdt/", "/guanyu/"):
        page = site.get(path).content.decode()
        found = re.findall(r'<meta name="description" content="([^"]+)">', page, re.IGNORECASE)
        assert len(found) == 1, path
