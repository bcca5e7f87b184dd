"""Staff without a mouse: sections are found by typing, menus give the focus back, calendars close."""

import re

import pytest

from tests.journeys.conftest import City
from tests.journeys.small_city import EDITOR, PASSWORD

# django_db: the city is a copy of the migrated test database.
pytestmark = [pytest.mark.chromium, pytest.mark.django_db]

AT = "(test) => document.activeElement.matches(test)"
OPEN_CALENDARS = """() => [...document.querySelectorAll('.xdsoft_datetimepicker')]
    .filter((calendar) => calendar.offsetParent !== null).length"""
TABS = 60


def tab_to(page, test: str) -> None:
    for _step in range(TABS):
        if page.evaluate(AT, test):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{TABS} times Tab do not reach {test} on {page.url}")


def sign_in(page, admin: str) -> None:
    page.goto(f"{admin}/sign-in/")
    tab_to(page, "[name=username]")
    page.keyboard.type(EDITOR)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/bureau/**")


def test_the_menu_outside_sites_is_a_bar_on_phones(chromium, city: City) -> None:
    admin = f"http://admin.localhost:{city.port}"
    desk = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = desk.new_page()
    sign_in(page, admin)
    page.goto(f"{admin}/account/sessions/")
    assert page.locator(".rail nav").is_visible()
    assert not page.locator(".rail .menu").is_visible()
    # Without script: the bar is a part of the page.
    phone = chromium.new_context(
        viewport={"width": 375, "height": 800},
        locale="zh-CN",
        java_script_enabled=False,
        storage_state=desk.storage_state(),
    )
    page = phone.new_page()
    page.goto(f"{admin}/account/sessions/")
    bar, menu = page.locator(".rail summary"), page.locator(".rail nav")
    assert "登录情况" in bar.inner_text()
    assert not menu.is_visible()
    assert page.locator(".rail").bounding_box()["height"] < 130
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert menu.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/second-factor/")
    assert "二次验证" in bar.inner_text()
    assert not menu.is_visible()
    phone.close()
    desk.close()


def test_the_desk_is_worked_by_keyboard(chromium, city: City) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    admin = f"http://admin.localhost:{city.port}"
    sign_in(page, admin)

    page.goto(f"{admin}/t/bureau/desk/write/")
    links = page.locator(".jy-tree a")
    whole = links.count()
    wanted = links.last.evaluate("link => link.firstChild.textContent.trim()")
    page.keyboard.type(wanted)  # the box has the focus
    assert 0 < page.locator(".jy-tree li:not([hidden])").count() < whole
    page.keyboard.press("Enter")
    assert page.evaluate(AT, ".jy-tree li:not([hidden]) a")

    number = re.search(r"articlepage/(\d+)/", page.content())
    assert number is not None
    page.goto(f"{admin}/t/bureau/pages/{number[1]}/edit/")
    page.wait_for_selector("[name=title]")
    tab_to(page, "[aria-label='操作']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tippy-root] a")
    page.keyboard.press("Tab")
    assert page.evaluate(AT, "[data-tippy-root] a")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.matches(\"[aria-label='操作']\")")

    page.goto(f"{admin}/t/bureau/pages/add/cms_core_pages/articlepage/{number[1]}/")
    page.wait_for_selector("[name=published_at]")
    page.wait_for_timeout(1000)  # scripts of the form
    page.focus("[name=keywords]")
    for _step in range(8):
        page.keyboard.press("Tab")  # as held down: gone before a calendar opens
    assert not page.evaluate(AT, "[name=published_at]")
    page.wait_for_timeout(500)
    field = page.evaluate("() => document.activeElement.name || ''")
    assert page.evaluate(OPEN_CALENDARS) == (1 if field in {"pinned_until", "valid_until"} else 0)
    context.close()
