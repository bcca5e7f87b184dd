"""Topical events, leaders, bodies, galleries, videos, single pages, links; pins, places, validity."""

import io
import re
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from cms_core.media.models import MediaFile, MediaImage
from cms_core.pages import article_selectors, list_selectors, selectors
from cms_core.pages.enums import SectionKind
from cms_core.pages.label_rules import LabelGap
from cms_core.pages.label_selectors import gap_counts, gaps_of_page
from cms_core.pages.models import (
    ArticlePage,
    ArticlePlacement,
    ArticleRelation,
    GalleryPage,
    GalleryPicture,
    HomePage,
    LeaderPage,
    LinkPage,
    OrganizationPage,
    OrganizationUnit,
    SectionPage,
    SinglePage,
    TopicalEventPage,
    VideoPage,
)
from cms_core.pages.rules import is_government_target, is_webvtt, keywords_of, video_path_problem
from cms_core.pages.services import (
    article_body,
    bulk_create_articles,
    create_article,
    create_page,
    create_section,
    publish_page,
    unpublish_page,
)
from cms_core.resources.models import PublishedResource
from sites.accounts.enums import RoleCode
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.pages.conftest import article_row, section_row
from tests.sites.accounts.people import member, signed_in
from tests.tenants import make_tenant

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
TEXT = "<p>示例文字</p>"


class Visitor:
    """A browser outside the scope that the test holds open."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": "town.localhost"})

    def get(self, path: str) -> Any:
        return Context().run(self.client.get, path)


@pytest.fixture
def site() -> Visitor:
    return Visitor()


@pytest.fixture
def section(in_town, editor) -> SectionPage:
    return create_section(
        actor=editor, parent=in_town.home, row=section_row(0, title="专题专栏", slug="topics")
    )


def image() -> MediaImage:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "#17476b").save(body, "PNG")
    return MediaImage.objects.create(title="示例图", file=ImageFile(body, name="a.png"))


def file(name: str, body: bytes) -> MediaFile:
    return MediaFile.objects.create(title=name, file=ContentFile(body, name=name))


def captions() -> MediaFile:
    return file("a.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\n\xe4\xbd\xa0\xe5\xa5\xbd\n")


def article(in_town: Any, slug: str, **values: Any) -> ArticlePage:
    fields = {k: values.pop(k) for k in list(values) if hasattr(ArticlePage, k) and k in PLACES}
    page = create_article(
        actor=None,
        parent=values.pop("parent", in_town.section),
        row=article_row(in_town.section.pk, key=slug, slug=slug, **values),
    )
    return publish_page(actor=None, page=page, changes=fields) if fields else page


PLACES = {"is_pinned", "pinned_until", "list_place", "valid_until"}


def slugs(section: Any, page: int = 1) -> list[str]:
    return [
        entry.url_path.rstrip("/").rpartition("/")[2]
        for entry in list_selectors.articles_of(section, page)[0]
    ]


def every_type() -> dict[str, Any]:
    topic = TopicalEventPage(
        summary="导语", picture=image(), picture_description="示意图：一片蓝色"
    )
    leader = LeaderPage(post="示例职务", division_of_work=TEXT, resume=TEXT, portrait=image())
    body = OrganizationPage(duties=TEXT, phone="0000-1", office_address="示例路")
    body.units.set([OrganizationUnit(name="示例科")])
    gallery = GalleryPage(summary="导语")
    gallery.pictures.set([GalleryPicture(image=image(), description="示意图：一片蓝色")])
    video = VideoPage(video_path="/videos/a.mp4", captions=captions(), transcript=TEXT)
    single = SinglePage(body=article_body([("paragraph", TEXT)]))
    return {
        "topical_event": topic,
        "leader": leader,
        "organization": body,
        "gallery": gallery,
        "video": video,
        "single_page": single,
    }


def test_every_type_has_its_labels_and_its_public_face(site, in_town, section, editor):
    with system_scope("the code of the tests' site"):
        Tenant.objects.filter(pk=in_town.tenant.pk).update(site_identification_code="4307000042")
    for kind, page in every_type().items():
        page.title, page.slug, page.source_name = f"标题{kind}", f"page-{kind}", "示例来源"
        create_page(actor=editor, parent=section, page=page)

        answer = site.get(f"/topics/page-{kind}/")
        html = answer.content.decode()
        labels = dict(re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', html))
        assert answer.status_code == 200, kind
        assert labels["ArticleTitle"] == page.title
        assert labels["ColumnType"] == "公告通知"
        assert labels["SiteIDCode"] == "4307000042"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", labels["PubDate"])
        assert "<script>" not in html
        assert gaps_of_page(page, Tenant.objects.get(pk=in_town.tenant.pk)) == ()
        face = PublishedResource.objects.get(source_uuid=page.translation_key)
        assert (face.kind, face.is_published) == (kind, True)
        unpublish_page(actor=editor, page=page)
        face.refresh_from_db()
        assert not face.is_published


def test_a_video_needs_captions_before_the_public_sees_it(in_town, section, editor):
    def video(**values: Any) -> VideoPage:
        slug = f"v{VideoPage.objects.count()}"
        return VideoPage(title="视频", slug=slug, **{"video_path": "/v/a.mp4"} | values)

    draft = create_page(actor=editor, parent=section, page=video(), live=False)
    assert not draft.live
    not_captions = file("b.vtt", b"1\n00:00:01,000 --> 00:00:02,000\n")
    for lacking, field in (
        (video(), "captions"),
        (video(captions=not_captions), "captions"),
        (video(captions=captions(), video_path="https://video.example/a.mp4"), "video_path"),
        (video(captions=captions(), video_path=""), "file"),
        (video(captions=captions(), file=file("c.mp4", MP4)), "video_path"),
    ):
        with pytest.raises(ValidationError) as problem:
            create_page(actor=editor, parent=section, page=lacking)
        assert field in problem.value.message_dict
    whole = create_page(actor=editor, parent=section, page=video(captions=captions()))
    assert whole.live


def test_a_gallery_says_what_each_picture_shows(in_town, section, editor):
    page = GalleryPage(title="图集", slug="pictures")
    page.pictures.set([GalleryPicture(image=image(), description="  ")])

    with pytest.raises(ValidationError):
        create_page(actor=editor, parent=section, page=page)


@pytest.mark.parametrize(
    ("url", "is_government"),
    [
        ("https://www.gov.cn/a", True),
        ("http://rsj.changde.gov.cn", True),
        ("https://示例.政务/", True),
        ("https://example.xn--zfr164b/", True),
        ("https://www.gov.cn.example.com/", False),
        ("https://notgov.cn/", False),
        ("javascript:alert(1)//.gov.cn", False),
        ("https://[bad", False),
        ("https://user@www.gov.cn@evil.example/", False),
    ],
)
def test_government_is_told_by_the_name(url, is_government):
    assert is_government_target(url) is is_government


def test_small_rules():
    assert is_webvtt(b"\xef\xbb\xbfWEBVTT - title\r\n")
    assert not is_webvtt(b"WEBVTTX\n")
    assert video_path_problem("/v/a.webm") is None
    for path in ("//evil.example/a.mp4", "/v/../a.mp4", "v/a.mp4", "/v/a.html", "/a b.mp4"):
        assert video_path_problem(path)
    assert keywords_of("示例；通知, 示例 公告") == ("示例", "通知", "公告")


def test_a_link_out_of_government_is_announced(site, in_town, section, editor):
    for slug, url in (("out", "https://shop.example/x?a=1&b=2"), ("gov", "https://www.gov.cn/x")):
        page = LinkPage(title=f"链接{slug}", slug=slug, external_url=url)
        create_page(actor=editor, parent=section, page=page)

    listed = site.get("/topics/").content.decode()
    notice = site.get("/topics/out/")

    assert 'href="/topics/out/"' in listed
    assert "非政府网站" in listed
    assert 'href="https://www.gov.cn/x"' in listed
    assert notice.status_code == 200
    assert 'href="https://shop.example/x?a=1&amp;b=2"' in notice.content.decode()
    assert site.get("/topics/gov/")["Location"] == "https://www.gov.cn/x"


def test_pins_places_and_validity_order_a_list(site, in_town):
    now, today = timezone.now(), timezone.localdate()
    section = in_town.section
    article(in_town, "old-pin", is_pinned=True, published_at=now - timedelta(days=900))
    article(in_town, "over-pin", is_pinned=True, pinned_until=now - timedelta(hours=1),
            published_at=now - timedelta(days=901))  # fmt: skip
    article(in_town, "void-pin", is_pinned=True, valid_until=today - timedelta(days=1),
            published_at=now - timedelta(days=902))  # fmt: skip
    article(in_town, "second", list_place=2, published_at=now - timedelta(days=903))
    article(in_town, "first", list_place=1, published_at=now - timedelta(days=904))

    order = slugs(section)

    assert order[:3] == ["old-pin", "first", "second"]
    assert order.index("over-pin") > 2
    assert order.index("void-pin") > 2
    html = site.get("/news/").content.decode()
    assert html.index("置顶") < html.index("已过有效期")
    page = site.get("/news/void-pin/").content.decode()
    assert f"有效期到 {today - timedelta(days=1):%Y-%m-%d} 为止" in page
    assert site.get("/news/first/").content.decode().count("有效期") == 0


def test_an_article_stands_once_in_each_of_its_sections(site, in_town, section, editor):
    page = article(in_town, "both", title="两处都有的稿件")
    draft = page.get_latest_revision_as_object()
    draft.placements.set([ArticlePlacement(section=section)])
    draft.save_revision().publish()
    before = list_selectors.articles_of(in_town.section, 1)[1]

    assert slugs(section) == ["both"]
    assert list_selectors.articles_of(section, 1)[1] == 1
    assert slugs(in_town.section).count("both") == 1
    assert before == len(in_town.articles) + 1
    grouped = list_selectors.newest_by_section([in_town.section, section], each=9)
    assert [entry.pk for entry in grouped[section.pk]] == [page.pk]
    assert [entry.pk for entry in grouped[in_town.section.pk]].count(page.pk) == 1
    assert section.path in selectors.filled_sections(in_town.home.path)
    assert site.get("/topics/rss.xml").content.decode().count("<item>") == 1
    assert site.get("/rss.xml").content.decode().count("both") == 1 * site.get(
        "/rss.xml"
    ).content.decode().count("/news/both/")
    unpublish_page(actor=editor, page=page)
    assert slugs(section) == []


def test_further_sections_ask_no_more_queries(in_town, section):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            list_selectors.articles_of(section, 1)
            list_selectors.newest_by_section([in_town.section, section], each=5)
        return len(captured)

    def place(numbers: range) -> None:
        rows = [article_row(in_town.section.pk, key=str(n), slug=f"m{n}") for n in numbers]
        for page in bulk_create_articles(actor=None, rows=rows).values():
            ArticlePlacement.objects.create(page=page, section=section)

    place(range(1))
    asked()
    few = asked()
    place(range(1, 30))

    assert asked() == few
    assert list_selectors.articles_of(section, 2)[1] == 30


def test_related_pages_are_chosen_or_share_keywords(in_town, editor):
    page = article(in_town, "asked", keywords="医保;社保")
    article(in_town, "beside", keywords="天气")
    same = article(in_town, "same", keywords="社保，公积金")
    for n in range(6):
        article(in_town, f"other-{n}", keywords="天气")

    found = article_selectors.surroundings(page).related
    assert found[0].pk == same.pk
    assert page.pk not in [entry.pk for entry in found]

    chosen = ArticlePage.objects.get(slug="other-0")
    draft = page.get_latest_revision_as_object()
    draft.related_links.set([ArticleRelation(target=chosen)])
    draft.save_revision().publish()
    assert [entry.pk for entry in article_selectors.surroundings(page).related] == [chosen.pk]


def test_foreign_sections_and_pages_are_refused(in_town, editor):
    other = make_tenant("elsewhere")
    page = article(in_town, "mine")

    with pytest.raises(CrossTenantWrite), transaction.atomic():
        ArticlePlacement.objects.create(page=page, section=other.section)
    with pytest.raises(CrossTenantWrite), transaction.atomic():
        ArticleRelation.objects.create(page=page, target=other.articles[0])


def test_an_ended_topical_event_says_so(site, in_town, section, editor):
    topic = TopicalEventPage(title="专题甲", slug="event", ended_on=timezone.localdate())
    field = TopicalEventPage._meta.get_field("blocks").stream_block
    blocks = [
        {"type": "section", "value": {"section": in_town.section.pk, "count": 1}},
        {"type": "pages", "value": {"title": "选读", "pages": [in_town.articles[0].pk]}},
        {"type": "text", "value": "<p>说明<script>x</script></p>"},
    ]
    topic.blocks = field.to_python(blocks)
    create_page(actor=editor, parent=section, page=topic)
    create_article(actor=editor, parent=topic, row=article_row(topic.pk, slug="within"))

    html = site.get("/topics/event/").content.decode()

    assert "专题已经结束" in html
    assert "选读" in html
    assert "<script>x" not in html
    assert "/topics/event/within/" in html
    assert (
        '<meta name="ColumnName" content="专题专栏">'
        in site.get("/topics/event/within/").content.decode()
    )
    publish_page(actor=editor, page=topic, changes={"ended_on": None})
    assert "专题已经结束" not in site.get("/topics/event/").content.decode()


def test_sections_of_leaders_and_bodies_list_them(site, in_town, editor):
    leaders = create_section(
        actor=editor,
        parent=in_town.home,
        row=section_row(0, slug="leaders", section_kind=SectionKind.LEADERS),
    )
    portrait = image()

    def add(first: int, last: int) -> None:
        for n in range(first, last):
            page = LeaderPage(title=f"示例{n}", slug=f"l{n}", post="职务", division_of_work=TEXT)
            page.portrait, page.list_place = portrait, 90 - n
            create_page(actor=editor, parent=leaders, page=page)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert site.get("/leaders/").status_code == 200
        return len(captured)

    add(0, 2)
    asked()
    few = asked()
    add(2, 9)

    html = site.get("/leaders/").content.decode()
    assert html.index("示例8") < html.index("示例0")
    assert asked() == few


def test_a_section_of_one_page_is_that_page(site, in_town, editor):
    about = create_section(
        actor=editor,
        parent=in_town.home,
        row=section_row(0, slug="about", section_kind=SectionKind.SINGLE_PAGE),
    )
    page = SinglePage(title="概况", slug="text", body=article_body([("paragraph", TEXT)]))
    create_page(actor=editor, parent=about, page=page)

    assert "示例文字" in site.get("/about/").content.decode()


def test_a_text_that_is_kept_up_is_no_news_of_a_home_page(site, in_town, editor):
    about = create_section(
        actor=editor,
        parent=in_town.home,
        row=section_row(0, title="走进本镇", slug="about", show_in_menus=True),
    )
    create_page(
        actor=editor,
        parent=about,
        page=SinglePage(title="本镇概况", slug="text", body=article_body([("paragraph", TEXT)])),
    )
    assert "本镇概况" not in site.get("/").content.decode()

    home = HomePage.objects.get(pk=in_town.home.pk)
    home.blocks = [("section", {"section": about, "count": 3})]
    home.save()
    assert "本镇概况" in site.get("/").content.decode()


def test_the_bar_holds_eight_sections(site, in_town, editor):
    for n in range(9):
        row = section_row(0, title=f"栏目{n}", slug=f"s{n}")
        made = create_section(actor=editor, parent=in_town.home, row=row)
        create_article(actor=editor, parent=made, row=article_row(made.pk, slug="a"))

    nav = site.get("/").content.decode().split('aria-label="主导航"')[1].split("</nav>")[0]

    assert nav.count("<li>") == 9
    assert "更多栏目" in nav


def test_what_holds_something_comes_first_into_the_bar(site, in_town, editor):
    """A site whose own sections stand behind those it was opened with shows them all the same."""
    for n in range(9):
        row = section_row(0, title=f"空栏目{n}", slug=f"e{n}", is_listed_when_empty=True)
        create_section(actor=editor, parent=in_town.home, row=row)
    row = section_row(0, title="有内容", slug="full")
    made = create_section(actor=editor, parent=in_town.home, row=row)
    create_article(actor=editor, parent=made, row=article_row(made.pk, slug="a"))

    nav = site.get("/").content.decode().split('aria-label="主导航"')[1].split("</nav>")[0]

    assert nav.count("<li>") == 9
    assert nav.index("空栏目4") < nav.index("有内容") < nav.index("更多栏目")
    assert "空栏目5" not in nav


def test_missing_labels_are_told_to_staff(in_town, editor):
    tenant = Tenant.objects.get(pk=in_town.tenant.pk)
    bare = create_section(
        actor=editor, parent=in_town.home, row=section_row(0, slug="bare", column_type="")
    )
    page = article(in_town, "no-source", parent=bare, source_name="", title="没有来源的稿件")

    assert set(gaps_of_page(page, tenant)) == {
        LabelGap.SITE_CODE,
        LabelGap.COLUMN_TYPE,
        LabelGap.SOURCE,
    }
    counts = gap_counts(in_town.home, tenant)
    assert counts[LabelGap.SITE_CODE] == 1
    assert counts[LabelGap.SOURCE] >= 1


def test_the_list_of_missing_labels_is_the_administrators(town):
    other = make_tenant("elsewhere")
    administrator = member(town.tenant, RoleCode.SITE_ADMINISTRATOR)
    limited = member(town.tenant, RoleCode.EDITOR, name="limited", sections=[town.section])
    with tenant_scope(town.tenant):
        article(town, "unsourced", source_name="", title="没有来源的稿件")
    with tenant_scope(other.tenant):
        article(other, "foreign", source_name="", title="别家的稿件")
    address = "/t/town/reports/missing-labels/"

    screen = signed_in(administrator).get(address)

    assert screen.status_code == 200
    assert "没有来源的稿件" in screen.content.decode()
    assert "别家的稿件" not in screen.content.decode()
    assert signed_in(limited).get(address).status_code in {302, 403}
    with tenant_scope(town.tenant):
        pk = ArticlePage.objects.get(slug="unsourced").pk
    form = signed_in(administrator).get(f"/t/town/pages/{pk}/edit/").content.decode()
    assert "没有写来源" in form
