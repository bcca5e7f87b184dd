"""A session ends while somebody writes: nothing is lost, nobody else reads it, nothing stays."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import City
from tests.journeys.small_city import COLLEAGUE, EDITOR, PASSWORD

# django_db: the city is a copy of the migrated test database.
pytestmark = [pytest.mark.chromium, pytest.mark.django_db]

STORED = "() => JSON.stringify(localStorage)"
KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('jy-kept:')).length"
NOTICE = "#jy-kept"
WRITTEN = "一小时里写的话"


def sign_in(page, name: str) -> None:
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/t/bureau/**")


def end_session(page) -> None:
    """As a timeout or a sign-out elsewhere leaves it: the browser's cookie opens nothing any more."""
    page.context.clear_cookies(name="staff_session")


def test_what_was_written_is_offered_back_to_the_same_person_only(chromium, city: City) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    admin = f"http://admin.localhost:{city.port}"
    page.goto(f"{admin}/sign-in/")
    sign_in(page, EDITOR)
    page.goto(f"{admin}/t/bureau/desk/write/")
    # A section that is there already stands for any page: the editor is the same.
    section = re.search(r"articlepage/(\d+)/", page.content())
    assert section is not None
    edit = f"{admin}/t/bureau/pages/{section[1]}/edit/"
    with page.expect_response("**/kept-text/keys/"):
        page.goto(edit)
    page.wait_for_selector("[name=title]")
    before = page.input_value("[name=title]")
    page.wait_for_timeout(3000)  # Wagtail's editor takes changes of its first moments for its own

    end_session(page)
    page.focus("[name=title]")
    page.keyboard.press("End")
    page.keyboard.insert_text(WRITTEN)
    # Autosave fails, and says in words why and what to do.
    page.wait_for_selector(NOTICE)
    assert "您的登录已经结束" in page.inner_text(NOTICE)
    # Saving by the keyboard sends nothing away and loses nothing.
    page.keyboard.press("Control+s")
    page.wait_for_timeout(500)
    assert page.url == edit
    assert WRITTEN in page.input_value("[name=title]")
    assert page.evaluate(KEPT) == 1
    assert WRITTEN not in page.evaluate(STORED)
    page.focus(f"{NOTICE} button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")

    # Somebody else at the same machine sees nothing of it, and writes over nothing.
    sign_in(page, COLLEAGUE)
    with page.expect_response("**/kept-text/keys/"):
        page.goto(edit)
    page.wait_for_timeout(500)
    assert page.query_selector(NOTICE) is None
    assert WRITTEN not in page.content()

    end_session(page)
    page.goto(edit)
    sign_in(page, EDITOR)
    assert page.url == edit
    page.wait_for_selector(NOTICE)
    assert WRITTEN in page.inner_text(NOTICE)
    with page.expect_navigation():
        page.keyboard.press("Enter")  # "save it as a draft" has the focus
    page.wait_for_selector(".messages .success")
    assert page.input_value("[name=title]") == before + WRITTEN
    assert page.evaluate(KEPT) == 0
    context.close()


def test_what_is_older_than_a_day_is_erased_by_whoever_comes(chromium, city: City) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    admin = f"http://admin.localhost:{city.port}"
    page.goto(f"{admin}/sign-in/")
    sign_in(page, COLLEAGUE)
    page.evaluate(
        """() => {
            const day = 24 * 60 * 60 * 1000;
            localStorage.setItem("jy-kept:x:/old/", JSON.stringify({ at: Date.now() - day - 1000 }));
            localStorage.setItem("jy-kept:x:/young/", JSON.stringify({ at: Date.now() - 1000 }));
            localStorage.setItem("jy-kept:x:/broken/", "no json");
        }"""
    )
    page.goto(f"{admin}/t/bureau/")

    names = page.evaluate("() => Object.keys(localStorage)")
    assert "jy-kept:x:/young/" in names
    assert "jy-kept:x:/old/" not in names
    assert "jy-kept:x:/broken/" not in names
    context.close()


#: What of the content stands past an edge of the window and cannot be scrolled to inside its box.
PAST_THE_EDGE = """() => [...document.querySelectorAll('main *')].filter((part) => {
  const box = part.getBoundingClientRect();
  if (!box.width || (box.right <= innerWidth + 1 && box.left >= -1)) return false;
  for (let above = part.parentElement; above; above = above.parentElement)
    if (getComputedStyle(above).overflowX !== 'visible') return false;
  return true;
}).map((part) => part.outerHTML.slice(0, 120))"""


def test_help_practice_and_explanations_are_accessible_and_fit(chromium, city: City) -> None:
    """Beside the other test of this city, whose start costs more than the screens."""
    context = chromium.new_context(viewport={"width": 320, "height": 900}, locale="zh-CN")
    page = context.new_page()
    admin = f"http://admin.localhost:{city.port}"
    page.goto(f"{admin}/sign-in/")
    assert page.evaluate("document.activeElement.name") == "username"
    sign_in(page, EDITOR)
    page.goto(f"{admin}/t/bureau/desk/write/")
    section = re.search(r"articlepage/(\d+)/", page.content())
    assert section is not None
    page.goto(f"{admin}/practice/")
    faults = faults_of(page)
    page.click("form[method=post]:not([action]) .btn")
    page.wait_for_url("**/t/lianxi/")
    faults += faults_of(page)
    for path in ("help/", "help/edit-a-text/", "explain/", f"explain/page/{section[1]}/"):
        page.goto(f"{admin}/t/bureau/{path}")
        faults += faults_of(page)
    assert faults == []
    context.close()


def faults_of(page) -> list[tuple[str, str]]:
    """What axe finds on a screen, and what stands past its edges."""
    found = [(v["id"], v["nodes"][0]["html"][:160]) for v in Axe().run(page).response["violations"]]
    return [(page.url, str(fault)) for fault in [*found, *page.evaluate(PAST_THE_EDGE)]]
