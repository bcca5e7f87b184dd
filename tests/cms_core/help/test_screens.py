"""Every screen has a how-to, says so once, and leads to it."""

import re

import pytest
from django.test import Client

from cms_core.help.checks import how_tos_exist
from cms_core.help.topics import LANGUAGES, how_to, topics
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.registry.help_screens import help_screens
from sites.tenancy.isolation.addresses import address_templates
from tests.sites.accounts.people import browser, house, member, platform_person, signed_in

URLCONFS = ("cms_core.urls.tenant_admin", "cms_core.urls.platform")
#: Programming interfaces, and pieces of a list that its screen fetches.
NO_SCREENS = re.compile(r"^wagtailapi_v3:|^wagtailadmin_api:|_results$")
#: Addresses without a name, which therefore can have no how-to: none of them is a screen.
UNNAMED = {
    "login/": "leads to the sign-in",
    "pages/workflow/action/%(page_id)s/%(action_name)s/%(task_state_id)s/": "leads to the record",
    "test404/": "Wagtail's own 404 page",
    "/": "Wagtail's 404 for everything else",
}
LINK = re.compile(r'<a class="jy-help" href="([^"]+)"[^>]*data-topic="([^"]*)"[^>]*>([^<]+)</a>')
SCREENS = {
    "": "desk",
    "desk/write/": "write",
    "desk/figures/": "figures",
    "pages/{home}/": "pages",
    "pages/search/": "search",
    "pages/{section}/add_subpage/": "add-a-page",
    "pages/add/cms_core_pages/articlepage/{section}/": "edit-a-text",
    "pages/{article}/edit/": "edit-a-text",
    "pages/{article}/history/": "history",
    "pages/{article}/move/": "move",
    "pages/{article}/copy/": "copy",
    "pages/{article}/delete/": "delete",
    "pages/{article}/unpublish/": "withdraw",
    "pages/{article}/usage/": "usage",
    "bulk/cms_core_pages/basepage/delete/?id={article}": "many-at-once",
    "images/": "images",
    "images/multiple/add/": "upload-images",
    "documents/": "documents",
    "documents/multiple/add/": "upload-documents",
    "collections/": "folders",
    "redirects/": "redirects",
    "redirects/add/": "redirects",
    "reports/locked/": "report-locked",
    "reports/workflow/": "report-review",
    "reports/site-history/": "report-history",
    "reports/aging-pages/": "report-aging",
    "reports/missing-labels/": "missing-labels",
    "account/": "account",
    "users/": "people",
    "users/new/": "invite",
    "checks/": "findings",
    "checks/terms/": "terms",
    "checks/leaders/": "leaders",
    "review/": "review",
    "review/settings/": "review-settings",
    "review/export/": "review-export",
    "look/": "look",
    "notices/": "notices",
    "recycle-bin/": "recycle-bin",
    "withdrawals/": "withdrawal-notices",
    "planned/": "planned",
    "office-import/": "word-import",
}
#: Dialogs: their markup comes inside JSON.
DIALOGS = {
    "choose-page/": "choose-a-page",
    "images/chooser/": "choose-an-image",
    "documents/chooser/": "choose-a-document",
}
PLATFORM_SCREENS = {
    PlatformRoleCode.OPERATOR: {
        "/platform/sites/": "platform-sites",
        "/platform/figures/": "platform-figures",
        "/platform/notices/": "platform-notices",
        "/platform/terms/": "platform-terms",
        "/platform/break-glass/": "break-glass",
        "/account/sessions/": "sessions",
        "/account/password/": "password",
        "/account/second-factor/": "second-factor",
        "/?all=1": "my-sites",
    },
    PlatformRoleCode.SECURITY_ADMINISTRATOR: {
        "/platform/people/": "platform-people",
        "/platform/addresses/": "platform-addresses",
    },
}


def named_addresses() -> set[str]:
    return {
        template.name
        for urlconf in URLCONFS
        for template in address_templates(urlconf)
        if template.name.rpartition(":")[2]
    }


def declared(*, with_help: bool) -> set[str]:
    return {
        name
        for screens in help_screens
        for name in (screens.topics if with_help else screens.no_screens)
    }


def test_every_screen_has_a_how_to():
    screens = {name for name in named_addresses() if not NO_SCREENS.search(name)}

    assert sorted(screens - declared(with_help=True) - declared(with_help=False)) == []


def test_unnamed_addresses_are_no_screens():
    unnamed = {
        template.form
        for urlconf in URLCONFS
        for template in address_templates(urlconf)
        if not template.name.rpartition(":")[2]
    }

    assert unnamed == set(UNNAMED)


def test_no_help_is_declared_for_an_address_that_is_gone():
    known = named_addresses()

    assert sorted(declared(with_help=True) - known) == []
    assert sorted(declared(with_help=False) - known) == []
    assert declared(with_help=True) & declared(with_help=False) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_how_to_belongs_to_a_screen_or_is_led_to_from_one_that_does(language):
    shown = {topic for screens in help_screens for topic in screens.topics.values()}
    led_to = {
        link
        for topic in shown
        if (page := how_to(topic, language)) is not None
        for link in re.findall(r'href="/help/([^"/]+)/', page.html)
    }

    assert how_tos_exist(None) == []
    assert sorted(set(topics()) - shown - led_to) == []


@pytest.fixture
def here(db):
    return house("alpha")


def links(answer) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code)
    text = answer.content.decode()
    if answer["Content-Type"].startswith("application/json"):
        text = answer.json()["html"]
    return LINK.findall(text)


def test_each_screen_of_a_site_shows_its_how_to_once(here):
    admin = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    keys = {"home": here.home.pk, "section": here.section.pk, "article": here.articles[0].pk}

    found = {
        path: links(admin.get(f"/t/alpha/{path.format(**keys)}")) for path in (*SCREENS, *DIALOGS)
    }

    assert found == {
        path: [(f"/t/alpha/help/{topic}/", topic, "帮助")]
        for path, topic in {**SCREENS, **DIALOGS}.items()
    }


@pytest.mark.parametrize("role", PLATFORM_SCREENS)
def test_each_screen_of_the_platform_shows_its_how_to_once(db, role):
    person = signed_in(platform_person(role))

    found = {path: links(person.get(path)) for path in PLATFORM_SCREENS[role]}

    assert found == {
        path: [(f"/help/{topic}/", topic, "帮助")] for path, topic in PLATFORM_SCREENS[role].items()
    }


def test_the_door_has_help_too(db):
    assert links(browser().get("/sign-in/")) == [("/help/sign-in/", "sign-in", "帮助")]


def test_public_pages_and_the_help_itself_link_none(here):
    editor = signed_in(member(here.tenant, RoleCode.EDITOR))

    assert "jy-help" not in Client(headers={"host": here.host}).get("/").content.decode()
    assert links(editor.get("/t/alpha/help/")) == []
    assert links(editor.get("/t/alpha/help/withdraw/")) == []
