"""What the templates print, what they leave out, and what a page that is a file may not hold."""

import gzip
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.safestring import SafeString

import themes
from tests.themes import samples
from tests.themes.pages import PAGES, render, render_sample
from themes.contract import (
    Article,
    ArticleContent,
    Attachment,
    Entry,
    Frame,
    HomeBlock,
    HomeContent,
    HtmlBlock,
    Identity,
    LifeEvent,
    Link,
    Section,
    SectionContent,
    TombstoneBlock,
    group_blocks,
    template_context,
)
from themes.enums import LabelLevel, PageTemplate
from themes.manifest import THEMES, Theme

TEMPLATES = sorted((Path(themes.__file__).parent / "templates").rglob("*.html"))
HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>"
VOID = {"meta", "link", "br", "img", "input", "path", "hr", "source", "track", "wbr"}


class Outline(HTMLParser):
    """Elements of a page in order, with a check that every one is closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> repeats an attribute")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element called ``tag``."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(params=[(look, name) for look in THEMES for name in PAGES], ids="-".join)
def page(request) -> str:
    """Every sample page in every look in turn."""
    look, name = request.param
    return render_sample(name, THEMES[look])


# --- shape ----------------------------------------------------------------------


def test_elements_nest_and_ids_are_one_of_a_kind(page):
    outline = Outline(page)
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert outline.faults == []
    assert outline.open == []
    assert len(ids) == len(set(ids))
    for _, attributes in outline.elements:
        assert set(attributes.get("aria-labelledby", "").split()) <= set(ids)
        assert attributes.get("for", ids[0]) in ids


def test_one_first_heading_and_no_level_skipped(page):
    levels = [int(tag[1]) for tag, _ in Outline(page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_skip_link_comes_first_and_leads_to_the_main_part(page):
    outline = Outline(page)
    first = next(attributes for tag, attributes in outline.elements if tag == "a")
    assert first["href"] == "#main"
    assert [attributes["id"] for attributes in outline.all("main")] == ["main"]


def test_every_image_has_a_text_alternative_and_its_size(page):
    for image in Outline(page).all("img"):
        assert {"alt", "width", "height"} <= image.keys()


def test_inner_pages_are_light(page):
    assert len(gzip.compress(page.encode())) < 12_000


# --- a page is a file -----------------------------------------------------------


def test_rendering_twice_gives_the_same_bytes(page, request):
    look, name = request.node.callspec.params["page"]
    assert render_sample(name, THEMES[look]) == page


def test_a_page_obeys_the_strict_policy(page):
    for tag, attributes in Outline(page).elements:
        assert not any(
            name.startswith("on") or name in {"style", "nonce"} for name in attributes
        ), tag
        assert tag != "style"
        if tag == "script":
            assert attributes.get("src", "").startswith("/")
        if tag == "form":
            assert attributes["method"] == "get" or attributes["role"] == "search"


FORBIDDEN_IN_TEMPLATES = {
    "a form that posts": r"method\s*=\s*[\"']?post",
    "a token": r"csrf|nonce|captcha",
    "an inline style": r"\sstyle\s*=|<style",
    "an inline script": r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:",
    "the reader or the request": r"\brequest\b|\buser\b|\bperms\b|\bmessages\b|cookie",
    "the day of rendering": r"{%\s*now|timesince|timeuntil|naturalday|naturaltime",
    "chance": r"\|\s*random|{%\s*lorem",
    "unescaped text": r"\|\s*safe|autoescape\s+off|safeseq",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_no_template_holds_what_a_file_cannot(template, what):
    text = template.read_text(encoding="utf-8")
    assert not re.search(FORBIDDEN_IN_TEMPLATES[what], text, re.IGNORECASE)


def test_the_patterns_above_do_find_something():
    samples_of = {
        "a form that posts": '<form method="POST">',
        "a token": "{% csrf_token %}",
        "an inline style": '<p style="x">',
        "an inline script": "<script>x</script>",
        "the reader or the request": "{{ request.user }}",
        "the day of rendering": "{{ x|timesince }}",
        "chance": "{{ x|random }}",
        "unescaped text": "{{ x|safe }}",
    }
    for what, pattern in FORBIDDEN_IN_TEMPLATES.items():
        assert re.search(pattern, samples_of[what], re.IGNORECASE), what


# --- labels and footer ----------------------------------------------------------


def meta_of(html: str) -> list[tuple[str, str]]:
    """Return the named meta tags in order, without the viewport."""
    return [
        (meta["name"], meta["content"])
        for meta in Outline(html).all("meta")
        if "name" in meta and meta["name"] != "viewport"
    ]


def test_an_article_prints_all_labels_in_national_order():
    assert [name for name, _ in meta_of(render_sample("article"))] == [
        "SiteName",
        "SiteDomain",
        "SiteIDCode",
        "ColumnName",
        "ColumnDescription",
        "ColumnKeywords",
        "ColumnType",
        "ArticleTitle",
        "PubDate",
        "ContentSource",
        "Keywords",
        "Author",
        "Description",
        "Url",
    ]


def test_the_home_page_prints_the_labels_of_the_site_alone():
    assert meta_of(render_sample("home")) == [
        ("SiteName", "云澧市人民政府"),
        ("SiteDomain", "www.yunli.example"),
        ("SiteIDCode", "4399000001"),
    ]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "plain_home"])
def test_the_footer_carries_every_mark(name):
    page = render_sample(name)
    foot = page[page.index("<footer") :]
    for words in (
        "主办：云澧市人民政府办公室",
        "承办：云澧市政务公开与网站管理中心",
        "电话：0000-0000000",
        "地址：云澧市示例大道 1 号",
        "网站标识码：4399000001",
        "×ICP备00000000号-1",
        "×公网安备 43990002000001号",
        "党政机关网站标识",
        "我为政府网站找错",
        "网站地图",
    ):
        assert words in foot
    links = [link["href"] for link in Outline(foot).all("a")]
    assert "https://beian.miit.gov.cn/" in links
    assert any("recordcode=43990002000001" in link for link in links)
    assert any("bszs.conac.cn" in link for link in links)
    assert any("site_code=4399000001" in link for link in links)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("template", PageTemplate)
def test_what_is_not_known_is_left_out(template, theme):
    contents = {
        PageTemplate.HOME: HomeContent(),
        PageTemplate.SECTION: SectionContent(Section("")),
        PageTemplate.ARTICLE: ArticleContent(Article("题")),
        PageTemplate.CLOSED: samples.ClosedContent(samples.ClosedNotice("某局")),
    }
    html = render(template, Frame(Identity("某站", "")), contents.get(template), theme)
    for words in (
        "主办",
        "承办",
        "电话",
        "标识码",
        "公网安备",
        "找错",
        "来源",
        "发布时间",
        "None",
        "示例",
    ):
        assert words not in html
    assert '<a href=""' not in html
    assert 'role="search"' not in html


def test_the_error_page_renders_without_any_context():
    from django.template.loader import render_to_string

    html = render_to_string("themes/portal/server_error.html")
    assert "网页暂时打不开" in html
    assert Outline(html).faults == []


# --- text -----------------------------------------------------------------------


def hostile_page(template: PageTemplate, theme: Theme) -> str:
    """Render a page on which every text is an attack."""
    entry = Entry(HOSTILE, "/a/", samples.at("2026-11-23 18:40"), HOSTILE, HOSTILE, HOSTILE)
    attachment = Attachment(HOSTILE, "/f", HOSTILE, HOSTILE)
    contents = {
        PageTemplate.HOME: HomeContent(
            lead=replace(samples.LEAD, title=HOSTILE, summary=HOSTILE, source_name=HOSTILE),
            blocks=(
                HomeBlock(HOSTILE, "/b/", (entry,)),
                HomeBlock(HOSTILE, "/", (entry,), HOSTILE, True),
            ),
            gathered=(entry,),
            life_events=(LifeEvent(HOSTILE, "/l/", HOSTILE, HOSTILE),),
            hot_searches=(Link(HOSTILE, "/s/"),),
        ),
        PageTemplate.SECTION: SectionContent(
            Section(HOSTILE, HOSTILE, HOSTILE),
            subsections=(
                samples.Subsection(HOSTILE, "/c/", (entry,)),
                samples.Subsection(HOSTILE, "/d/"),
            ),
            siblings=(samples.NavigationItem(HOSTILE, "/", True),),
            entries=(entry,),
        ),
        PageTemplate.ARTICLE: ArticleContent(
            Article(
                HOSTILE,
                subtitle=HOSTILE,
                source_name=HOSTILE,
                author_name=HOSTILE,
                publisher_name=HOSTILE,
                editor=HOSTILE,
                summary_points=(HOSTILE,),
                blocks=(TombstoneBlock(HOSTILE, HOSTILE), samples.AttachmentBlock(attachment)),
                attachments=(attachment,),
                previous=Link(HOSTILE, "/p/"),
                next=Link(HOSTILE, "/n/"),
                related=(entry,),
            )
        ),
        PageTemplate.CLOSED: samples.ClosedContent(
            samples.ClosedNotice(HOSTILE, HOSTILE, HOSTILE, Link(HOSTILE, "/x/"), contact=HOSTILE)
        ),
    }
    identity = Identity(
        *([HOSTILE] * 3), HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE
    )
    frame = samples.frame(
        LabelLevel.SITE,
        HOSTILE,
        path=HOSTILE,
        breadcrumbs=(samples.Breadcrumb(HOSTILE, "/"), samples.Breadcrumb(HOSTILE)),
        labels={"SiteName": HOSTILE},
        identity=replace(identity, sponsor_name=HOSTILE, contact_phone=HOSTILE, address=HOSTILE),
        site_group=(samples.SiteGroup(HOSTILE, (Link(HOSTILE, "/"),)),),
        footer_links=(Link(HOSTILE, "/"),),
        up=Link(HOSTILE, "/up/"),
    )
    return render(template, frame, contents.get(template), theme)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("template", PageTemplate)
def test_hostile_text_stays_text(template, theme):
    html = hostile_page(template, theme)
    outline = Outline(html)
    assert outline.faults == []
    assert [script["src"] for script in outline.all("script")] == [
        "/static/themes/every_look/display.js",
        "/static/themes/every_look/read-aloud.js",
    ]
    assert not any("onerror" in attributes for _, attributes in outline.elements)
    assert "&lt;script&gt;" in html


def test_only_html_vouched_for_is_printed_as_it_is():
    with pytest.raises(TypeError, match="SafeString"):
        HtmlBlock("<p>x</p>")  # type: ignore[arg-type]
    assert "<p>x</p>" in HtmlBlock(SafeString("<p>x</p>")).typeset


def test_the_title_breaks_between_its_phrases():
    html = render_sample("article")
    assert (
        '<h1><span class="ph">云澧市<wbr>人民政府<wbr>办公室<wbr>关于<wbr>印发</span>'
        '<span class="ph">《云澧市<wbr>高龄<wbr>津贴<wbr>发放<wbr>办法》的<wbr>通知</span></h1>'
    ) in html


def test_times_are_printed_in_the_time_zone_of_the_site():
    with timezone.override("UTC"):
        other = render_sample("article")
    with timezone.override("Asia/Shanghai"):
        html = render_sample("article")
    assert '发布时间：<time datetime="2026-03-12T09:30:00+08:00">2026-03-12 09:30</time>' in html
    assert "2026-03-12 01:30" in other


def test_a_lost_attachment_is_said_and_not_linked():
    html = render_sample("article")
    tomb = html[html.index('<div class="tomb">') : html.index("第三章")]
    assert "旧标准对照表.doc" in tomb
    assert "<a " not in tomb


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_sample_site_says_that_it_is_one(is_demo):
    frame = samples.frame(LabelLevel.SITE, identity=replace(samples.IDENTITY, is_demo=is_demo))
    html = render(PageTemplate.NOT_FOUND, frame)
    assert ('class="demo"' in html) is is_demo


def test_the_mode_switch_returns_to_the_page():
    html = render_sample("section")
    assert '<input type="hidden" name="next" value="/zwgk/tzgg/">' in html
    assert 'name="next"' not in render_sample("not_found")


def test_an_empty_section_says_where_to_go_on():
    html = render_sample("empty")
    assert "这个栏目还没有内容" in html
    assert '<ul class="note' not in html


def test_pages_of_a_list():
    html = render_sample("section")
    assert '<a href="/tzgg/3/" aria-current="page" aria-label="第 3 页">3</a>' in html
    assert 'rel="prev"' in html
    assert "第 3 页，共 61 页，共 1,206 条" in html


# --- contract -------------------------------------------------------------------


def test_blocks_stand_under_their_spines():
    a, b, c, d = (
        HomeBlock(name, f"/{name}/", (), group)
        for name, group in zip("abcd", ["g", "g", "", "g"], strict=True)
    )
    groups = group_blocks((a, b, c, d))
    assert [(group.title, group.blocks, group.url) for group in groups] == [
        ("g", (a, b), ""),
        ("c", (c,), "/c/"),
        ("g", (d,), ""),
    ]


def test_frame_and_content_never_name_the_same_value():
    frame = samples.frame(LabelLevel.SITE)
    names = set(template_context(frame))
    for content in (samples.HOME, samples.SECTION, samples.ARTICLE, samples.CLOSED):
        assert names.isdisjoint(set(type(content).__dataclass_fields__))
