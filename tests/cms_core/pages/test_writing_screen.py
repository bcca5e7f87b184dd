"""The editing form of a text: a block ready to write in, and what search engines are told."""

from contextvars import Context
from typing import Any

import pytest
from django.test import Client
from wagtail.blocks import StreamBlockValidationError
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms_core.pages.blocks import PARAGRAPH_FEATURES, ArticleBody
from cms_core.pages.markup import is_blank
from cms_core.pages.models import ArticlePage, HomePage, SectionPage
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts.people import house, member, signed_in

ROWS = ("attachments", "placements", "related_links", "comments")
NEW = "/t/office/pages/add/cms_core_pages/articlepage/{}/"


@pytest.fixture
def office(db: None) -> Any:
    return house("office")


@pytest.fixture
def editor(office: Any) -> Client:
    return signed_in(member(office.tenant, RoleCode.SITE_ADMINISTRATOR))


def written(*blocks: tuple[str, Any], **fields: Any) -> dict[str, Any]:
    """What the form of a new article sends."""
    given = {"title": "一篇稿件", "slug": "one", "source_name": "示例", **fields}
    rows = {name: inline_formset([]) for name in ROWS}
    sent: dict[str, Any] = nested_form_data(given | rows | {"body": streamfield(list(blocks))})
    return sent


def text(words: str) -> tuple[str, str]:
    return "paragraph", rich_text(words, features=PARAGRAPH_FEATURES)


def test_a_new_article_opens_with_a_block_to_write_in(office: Any, editor: Client) -> None:
    new = editor.get(NEW.format(office.section.pk))
    body = new.context["form"]["body"].value()
    assert [child.block_type for child in body] == ["paragraph"]

    address = f"/t/office/pages/{office.articles[0].pk}/edit/"
    kept = editor.get(address).context["form"]["body"].value()
    assert len(kept) == len(office.articles[0].body)


def test_an_untouched_block_is_no_error_and_no_text(office: Any, editor: Client) -> None:
    address = NEW.format(office.section.pk)
    sent = written(text(""), ("html", "<p>原样</p>"), text("<p>&nbsp;</p>"), slug="two")

    assert editor.post(address, written(text(""))).status_code == 302
    assert editor.post(address, sent | {"action-publish": "1"}).status_code == 302
    with tenant_scope(office.tenant):
        draft, public = (ArticlePage.objects.get(slug=slug) for slug in ("one", "two"))
        assert list(draft.get_latest_revision_as_object().body) == []
        assert [child.block_type for child in public.body] == ["html"]
    again = editor.post(address, written(text(""), title=""))
    assert again.status_code == 200
    assert [c.block_type for c in again.context["form"]["body"].value()] == ["paragraph"]


def test_a_problem_stands_at_its_own_block() -> None:
    body = ArticleBody()
    body.set_name("body")
    value = body.to_python(
        [
            {"type": "paragraph", "value": ""},
            {"type": "missing_attachment", "value": {"title": "一份文件"}},
            {"type": "paragraph", "value": "<p></p>"},
            {"type": "missing_attachment", "value": {"title": ""}},
        ]
    )
    with pytest.raises(StreamBlockValidationError) as problem:
        body.clean(value)

    assert list(problem.value.block_errors) == [3]


@pytest.mark.parametrize(
    ("markup", "blank"),
    [
        ("", True),
        ('<p data-block-key="x">&nbsp; </p>', True),
        ("<hr/>", False),
        ('<embed embedtype="image" id="1" alt=""/>', False),
        ("<p>字</p>", False),
    ],
)
def test_blank_is_what_shows_nothing(markup: str, blank: bool) -> None:
    assert is_blank(markup) is blank


def test_what_search_engines_are_told_is_typed_and_printed(office: Any, editor: Client) -> None:
    told = {"seo_title": "给搜索的标题", "search_description": "给搜索的简介<b>"}
    sent = written(text("<p>字</p>"), summary="摘要", **told)
    new = editor.post(NEW.format(office.section.pk), sent | {"action-publish": "1"})
    assert new.status_code == 302
    with tenant_scope(office.tenant):
        for model, slug in ((SectionPage, "news"), (HomePage, office.home.slug)):
            model.objects.filter(slug=slug).update(**told)
    for page in (office.home, office.section):
        shown = editor.get(f"/t/office/pages/{page.pk}/edit/").content.decode()
        assert 'name="seo_title"' in shown
        assert "给搜索的简介&lt;b&gt;" in shown

    site = Client(headers={"host": office.host})
    for path in ("/", "/news/", "/news/one/"):
        html = Context().run(site.get, path).content.decode()
        assert "<title>给搜索的标题 - " in html, path
        assert html.lower().count('<meta name="description"') == 1
        assert 'content="给搜索的简介&lt;b&gt;"' in html
    assert '<meta name="ArticleTitle" content="一篇稿件">' in html
    assert "摘要" not in html.partition("</head>")[0]
