"""How-tos read well, safely and without the internet, in the reader's language."""

import re

import pytest
from lxml import html
from wagtail.users.models import UserProfile

from cms_core.help import rules
from cms_core.help.topics import LANGUAGES, HowTo, found, how_to, topics
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.tenancy.scope import nobody_scope
from tests.sites.accounts.people import browser, house, member, platform_person, signed_in

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: What shows that Markdown was not understood.
LEFT_OVER = re.compile(r"\*\*|\]\(|^\s*\|[-| ]+\|\s*$|^#{1,6} ", re.MULTILINE)
#: A page longer than this is a manual: what an editor needs stands on two screens.
MOST_CHARACTERS = 1200


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_read_well(language):
    for topic in topics():
        page = how_to(topic, language)
        tree = html.fromstring(f"<div>{page.html}</div>")
        text = tree.text_content()

        assert page.title
        assert text.strip(), topic
        assert not LEFT_OVER.search(text), (topic, LEFT_OVER.search(text))
        assert not tree.xpath("//script | //style | //img | //*[@style or @onclick]")
        assert [a for a in tree.xpath("//a/@href") if not a.startswith(("/help/", "/t/"))] == []
        if language == "zh-hans":
            assert CHINESE.search(page.title), topic
            assert len(text) <= MOST_CHARACTERS, (topic, len(text))


@pytest.mark.parametrize(
    ("markdown", "gone"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[x](javascript:alert(1))", "href"),
        ("[x](https://example.org/)", "href"),
        ("[x](../../cms_core/pages)", "href"),
        ("![x](https://example.org/x.png)", "<img"),
        ("[x](data:text/html,<b>)", "href"),
    ],
)
def test_nothing_foreign_comes_through(markdown, gone):
    assert gone not in rules.to_html(markdown, address=lambda target: None)


def test_a_part_of_a_document_ends_at_the_next_heading_of_its_level():
    document = "# A\nx\n## B c\ny\n### D\nz\n```\n# no heading\n```\n## E\nw\n"

    assert rules.part_of(document, "b-c") == "# B c\ny\n### D\nz\n```\n# no heading\n```\n"
    assert rules.part_of(document, "e") == "# E\nw\n"
    with pytest.raises(rules.NoSuchHeading):
        rules.part_of(document, "f")


def test_links_between_how_tos_stay_and_all_others_become_words():
    document = "[a](review-an-article.md) [b](#notes) [c](../features/review.md) [d](staff.md#second-factor)"
    page = HowTo("withdraw", "en", "x", document)

    assert html.fromstring(page.html).xpath("//a/@href") == [
        "/help/review/",
        "/help/second-factor/",
    ]


def titles(words: str, language: str = "zh-hans") -> list[str]:
    return [one.topic for one in found(words, language)]


def test_search_looks_at_headings_first():
    assert titles("撤稿")[0] == "withdraw"
    assert "delete" in titles("撤稿")
    assert titles("回收站 恢复")[0] == "recycle-bin"
    assert titles("withdraw", "en")[0] == "withdraw"
    assert titles("没有这个词语") == []


@pytest.mark.parametrize("words", ["\x00", "%", "<script>", "[", "a" * 5000, "   "])
def test_any_words_may_be_looked_for(db, words):
    house("alpha")
    answer = browser().get("/help/", {"q": words})

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().partition("jy-help-find")[2]


@pytest.fixture
def here(db):
    return house("alpha")


def test_each_reads_their_own_language_and_can_ask_for_the_other(here):
    editor = member(here.tenant, RoleCode.EDITOR)
    client = signed_in(editor)

    chinese = client.get("/t/alpha/help/withdraw/").content.decode()
    english = client.get("/t/alpha/help/withdraw/?language=en").content.decode()
    with nobody_scope(editor):
        UserProfile.objects.update_or_create(
            user_id=editor.pk, defaults={"preferred_language": "en"}
        )
    by_choice = client.get("/t/alpha/help/withdraw/").content.decode()

    assert "读者点旧链接" in chinese
    assert 'lang="zh-hans">' in chinese
    assert "Nothing is lost" in english
    assert "Nothing is lost" in by_choice
    assert "读者点旧链接" not in by_choice


def test_it_opens_inside_the_site_outside_it_and_at_the_door(here):
    operator = signed_in(platform_person(PlatformRoleCode.OPERATOR))
    editor = signed_in(member(here.tenant, RoleCode.EDITOR))

    assert "全部站点" in operator.get("/help/platform-sites/").content.decode()
    assert "忘了密码" in browser().get("/help/sign-in/").content.decode()
    assert editor.get("/t/alpha/help/").status_code == 200
    for client, path in ((editor, "/t/alpha/help/nothing/"), (browser(), "/help/nothing/")):
        assert client.get(path).status_code == 404


def test_a_stranger_reads_no_help_inside_a_site(here):
    other = house("beta")
    stranger = signed_in(member(other.tenant, RoleCode.EDITOR))

    assert stranger.get("/t/alpha/help/withdraw/").status_code == 404
    assert browser().get("/t/alpha/help/withdraw/").status_code == 302
    assert (
        signed_in(member(here.tenant, RoleCode.EDITOR)).post("/t/alpha/help/withdraw/").status_code
        == 405
    )
