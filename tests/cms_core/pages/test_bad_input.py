"""What no editor means to send: told in words, nothing lost, nothing stands still."""

import json
import time
from typing import Any

import lxml.html
import pytest
from wagtail.models import APIToken, Revision
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms_core.pages.markup import clean_markup
from cms_core.pages.models import ArticlePage, BasePage
from cms_core.pages.services import create_article
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.cms_core.pages.test_two_editors import form_of
from tests.sites.accounts.people import house, member, signed_in

LONG = "长" * 10_000


@pytest.fixture
def desk(db: None) -> Any:
    here = house("alpha")
    with tenant_scope(here.tenant):
        article = create_article(actor=None, parent=here.section, row=article_row(0))
    person = member(here.tenant, RoleCode.SITE_ADMINISTRATOR)
    browser = signed_in(person)
    browser.user = person  # type: ignore[attr-defined]
    browser.raise_request_exception = False
    return here, article, browser, f"/t/alpha/pages/{article.pk}/edit/"


def test_a_title_of_ten_thousand_signs_is_an_error_at_its_field(desk):
    here, article, browser, path = desk
    sent = form_of(browser.get(path).content.decode())
    answer = browser.post(path, sent | {"title": LONG, "summary": "没有丢"})

    assert answer.status_code == 200
    (said,) = answer.context["form"].errors["title"]
    assert "255" in said
    assert "10000" in said
    page = lxml.html.fromstring(answer.content)
    assert page.xpath("string(//*[@name='title']/@value)") == LONG
    assert "没有丢" in page.xpath("string(//*[@name='summary'])")
    with tenant_scope(here.tenant):
        assert ArticlePage.objects.get(pk=article.pk).title == "关于开展示例工作的通知"


DEEP = "[" * 10_000
PICTURES = """<img src="data:image/png;base64,AAAA"><img alt='x' src=data:image/gif;base64,AAAA>"""


LIES: dict[str, dict[str, str]] = {
    "no count": {"body-count": "many"},
    "a count without parts": {"body-count": "99999999"},
    "deep": nested_form_data({"body": streamfield([("paragraph", DEEP)])}),
    "no json": nested_form_data({"body": streamfield([("paragraph", "no json")])}),
    "no text": nested_form_data(
        {"body": streamfield([("paragraph", '{"blocks": [{"text": 1}]}')])}
    ),
    "deep table": nested_form_data({"body": streamfield([("table", DEEP)])}),
}


def test_blocks_that_no_editor_sends_are_refused_in_words(desk):
    here, article, browser, path = desk
    sent = form_of(browser.get(path).content.decode())
    with tenant_scope(here.tenant):
        before = Revision.page_revisions.filter(object_id=str(article.pk)).count()
    for name, lie in LIES.items():
        answer = browser.post(path, sent | lie)

        assert answer.status_code == 400, name
        assert "您写的内容还在表单里" in answer.content.decode(), name
    with tenant_scope(here.tenant):
        assert Revision.page_revisions.filter(object_id=str(article.pk)).count() == before


def test_a_kind_of_block_that_does_not_exist_changes_nothing_else(desk):
    here, article, browser, path = desk
    sent = form_of(browser.get(path).content.decode())
    sent |= nested_form_data(
        {"body": streamfield([("unknown", "x"), ("html", f"<p>留下</p>{PICTURES}")])}
    )
    answer = browser.post(path, sent, follow=True)

    assert answer.status_code == 200
    assert "2 张图片是写在代码里的，没有保存" in answer.content.decode()
    with tenant_scope(here.tenant):
        body = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().body
        assert [(block.block_type, block.value) for block in body] == [("html", "<p>留下</p>")]


def test_markup_of_a_page_builder_keeps_its_structure_and_takes_no_time():
    styled = '<section style="box-sizing:border-box" data-tools="135编辑器">'
    picture = f'<img src="data:image/png;base64,{"A" * 200_000}">'
    builder = (
        styled * 3_000
        + "<script>steal()</script><style>p{}</style><h2>标题</h2><p style='color:red'>第一段</p>"
        + "<ul><li>一</li></ul><table><tr><td>格</td></tr></table>"
        + picture
        + "</section>" * 3_000
    )
    start = time.process_time()
    cleaned = clean_markup(builder)

    assert time.process_time() - start < 2
    assert "<h2>标题</h2><p>第一段</p><ul><li>一</li></ul><table>" in cleaned
    for gone in ("style", "script", "steal", "base64", "section"):
        assert gone not in cleaned


def address(here: Any, path: str) -> str:
    return f"/t/{here.tenant.code}/{path}"


def test_other_forms_and_the_interface_take_no_title_without_end(desk):
    """Copying, withdrawing, redirects, files, the interface: an error in words, and nothing is written."""
    here, article, browser, _path = desk
    forms: dict[str, dict[str, Any]] = {
        f"pages/{article.pk}/copy/": {
            "new_title": LONG, "new_slug": "copied", "new_parent_page": here.section.pk,
        },
        f"pages/{article.pk}/unpublish/": {"reason": "wrong", "explanation": LONG, "contact": LONG},
        f"bulk/cms_core_pages/basepage/unpublish/?id={article.pk}": {
            "reason": "wrong", "explanation": LONG,
        },
        "redirects/add/": {"old_path": "/" + LONG, "redirect_link": "https://example.com/" + LONG},
        f"pages/add/cms_core_pages/sectionpage/{here.home.pk}/": {"title": LONG, "slug": "x"},
    }  # fmt: skip
    for place, sent in forms.items():
        answer = browser.post(address(here, place), sent)
        assert answer.status_code == 200, place
        found = lxml.html.fromstring(answer.content)
        said = " ".join(found.xpath("//*[contains(@class, 'error')]//text()"))
        assert "10000" in said or "500" in said or "255" in said, place
    with tenant_scope(here.tenant):
        token = APIToken.create_token(user=browser.user, name="robot")[1]
        before = BasePage.objects.count()
    robot = {"authorization": f"Bearer {token}"}
    new = {"type": "cms_core_pages.ArticlePage", "parent": here.section.pk, "slug": "robot"}
    for title in (LONG, "\x00", "\ud800"):
        made = browser.post(
            address(here, "api/v3/pages/"),
            json.dumps(new | {"title": title}),
            content_type="application/json",
            headers=robot,
        )
        changed = browser.patch(
            address(here, f"api/v3/pages/{article.pk}/"),
            json.dumps({"title": title}),
            content_type="application/json",
            headers=robot,
        )
        assert (made.status_code, changed.status_code) == (422, 422), (title[:9], made.content)
    with tenant_scope(here.tenant):
        assert BasePage.objects.count() == before
        assert ArticlePage.objects.get(pk=article.pk).title == "关于开展示例工作的通知"


def newest(article: Any) -> Any:
    return Revision.page_revisions.filter(object_id=str(article.pk)).order_by("-pk")[0].content


@pytest.mark.both_databases
def test_a_nul_byte_reaches_no_database(desk):
    """In a form, an address, a search, a cookie and the interface: PostgreSQL refuses it, SQLite keeps it."""
    here, article, browser, path = desk
    sent = form_of(browser.get(path).content.decode())
    answer = browser.post(path, sent | {"title": "预\x00算\x00", "summary": "a\x00"}, follow=True)
    assert answer.status_code == 200
    with tenant_scope(here.tenant):
        assert newest(article)["title"] == "预算"
        token = APIToken.create_token(user=browser.user, name="robot")[1]
    browser.cookies["jiyue"] = "a\x00b"
    for place in ("pages/search/?q=%00", "redirects/?q=a%00b", "choose-page/search/?q=%00"):
        assert browser.get(address(here, place)).status_code == 200, place
    for place in ("/a%00b/", "/?q=%00", "/news/%00/"):
        assert browser.get(place, headers={"host": here.host}).status_code in (200, 404), place
    answer = browser.patch(
        address(here, f"api/v3/pages/{article.pk}/"),
        json.dumps({"title": "好\x00的", "body": [{"type": "html", "value": "<p>\x00</p>"}]}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code in (200, 422), answer.content
    with tenant_scope(here.tenant):
        assert "\\u0000" not in json.dumps(newest(article))
