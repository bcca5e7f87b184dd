"""The administration speaks one language at a time: no English of ours in Chinese, no Chinese in English."""

import re

import pytest
from lxml import html
from wagtail.users.models import UserProfile

from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.tenancy.scope import nobody_scope
from tests.architecture.test_translations import own_entries
from tests.sites.accounts.people import browser, house, member, platform_person, signed_in

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: The product's name is no wording.
BRAND = re.compile(r"集约|Jiyue")
#: Attributes that people read or hear.
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-l")

SITE_SCREENS = (
    "",
    "desk/write/",
    "pages/{home}/",
    "pages/{section}/",
    "pages/{article}/edit/",
    "pages/{article}/history/",
    "pages/add/cms_core_pages/articlepage/{section}/",
    "pages/search/?q=alpha",
    "pages/{article}/move/",
    "pages/{article}/delete/",
    "choose-page/{home}/",
    "images/",
    "images/add/",
    "documents/",
    "documents/multiple/add/",
    "users/",
    "users/new/",
    "collections/",
    "redirects/",
    "review/",
    "review/settings/",
    "reports/locked/",
    "reports/workflow/",
    "reports/site-history/",
    "reports/aging-pages/",
    "account/",
)
PLATFORM_SCREENS = {
    PlatformRoleCode.OPERATOR: ("/platform/sites/", "/platform/break-glass/"),
    PlatformRoleCode.SECURITY_ADMINISTRATOR: (
        "/platform/people/",
        "/platform/people/new/",
        "/platform/addresses/",
        "/platform/sites/alpha/administrator/",
    ),
    PlatformRoleCode.AUDITOR: ("/platform/events/", "/platform/sites/"),
}
OWN_SCREENS = ("/?all=1", "/account/sessions/", "/account/password/", "/account/second-factor/")


def spoken(page: str) -> list[str]:
    """Texts and spoken attributes of a page, without code, scripts and what names another language."""
    tree = html.fromstring(page)
    for node in tree.xpath(
        "//script | //style | //code | //template | //svg | //*[@lang and not(self::html)]"
        " | //select[contains(@name, 'language')] | //dialog[@id='keyboard-shortcuts-dialog']"
    ):
        node.drop_tree()
    texts = [str(text) for text in tree.itertext()]
    texts += [str(node.get(name)) for name in SPOKEN for node in tree.xpath(f"//*[@{name}]")]
    return [" ".join(BRAND.sub("", text).split()) for text in texts if text.strip()]


def own_sentences() -> set[str]:
    """Wordings of ours of at least two words, as they stand in the source."""
    return {
        wording.singular
        for wording, _message in own_entries()
        if " " in wording.singular.strip() and "%" not in wording.singular
    }


def speak(user, language: str) -> None:
    with nobody_scope(user):
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


@pytest.fixture
def pages(db):
    """language → address → page, as an administrator, as platform staff and as nobody."""
    here = house("alpha")
    keys = {
        "home": here.home.pk,
        "section": here.section.pk,
        "article": here.articles[0].pk,
    }
    administrator = member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name="zhao")
    staff = {role: platform_person(role) for role in PLATFORM_SCREENS}

    def ask(language: str) -> dict[str, str]:
        for user in (administrator, *staff.values()):
            speak(user, language)
        found = {}
        client = signed_in(administrator)
        addresses = [f"/t/alpha/{screen.format(**keys)}" for screen in SITE_SCREENS]
        for address in (*addresses, *OWN_SCREENS):
            found[address] = client.get(address)
        for role, screens in PLATFORM_SCREENS.items():
            client = signed_in(staff[role])
            for address in screens:
                found[f"{role} {address}"] = client.get(address)
        client = browser()
        client.post("/language/", {"language": language})
        found["sign-in"] = client.get("/sign-in/")
        assert {key: page.status_code for key, page in found.items()} == dict.fromkeys(found, 200)
        return {key: _body(page) for key, page in found.items()}

    return ask


def _body(page) -> str:
    if page.headers["Content-Type"].startswith("application/json"):
        return str(page.json().get("html", ""))
    return page.content.decode()


def test_no_english_of_ours_in_chinese(pages):
    sentences = own_sentences()

    assert [
        f"{address}: {text}"
        for address, page in pages("zh-hans").items()
        for text in spoken(page)
        if text in sentences
    ] == []


def test_no_chinese_in_english(pages):
    assert [
        f"{address}: {text}"
        for address, page in pages("en").items()
        # Wagtail words the columns of this list once, when it is imported.
        if not address.endswith("/redirects/")
        for text in spoken(page)
        if CHINESE.search(text)
    ] == []
