"""The pages in a real browser: modes, keyboard, policy, print."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.themes.pages import PAGES
from tests.themes.server import SampleSite, serve

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def site() -> SampleSite:
    """The sample site; tests may switch its mourning on and must switch it off."""
    return SampleSite()


@pytest.fixture(scope="module")
def address(site):
    """Address of the served sample site."""
    with serve(site) as base:
        yield base


@pytest.fixture
def open_page(chromium, address, site):
    """Return a function that opens a page in a fresh browser context."""
    contexts = []

    def opened(name, *, width=1280, look="", script=True):
        site.mourning = look == "mourning"
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script
        )
        contexts.append(context)
        if look and look != "mourning":
            context.add_cookies([{"name": "jiyue_modes", "value": look, "url": address}])
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"{address}/{name}/")
        return page

    yield opened
    site.mourning = False
    for context in contexts:
        context.close()


def test_axe_does_find_something(open_page):
    page = open_page("article")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert [v["id"] for v in Axe().run(page).response["violations"]] == ["color-contrast"]


def test_the_policy_refuses_nothing_the_pages_need(open_page, address):
    page = open_page("home")
    for name in PAGES:
        page.goto(f"{address}/{name}/")
    assert page.faults == []
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert len(page.faults) == 1


def root_size(page) -> str:
    """Return the font size of the root as the reader sees it."""
    return page.evaluate("getComputedStyle(document.documentElement).fontSize")


def background(page) -> str:
    """Return the colour of the ground."""
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("script", [True, False])
def test_modes_are_switched_on_and_off_and_remembered(open_page, address, script):
    page = open_page("section", script=script)
    assert (root_size(page), background(page)) == ("16px", "rgb(250, 247, 240)")

    page.get_by_role("button", name="大字版").click()
    page.wait_for_load_state()
    assert root_size(page) == "20px"
    page.get_by_role("button", name="高对比").click()
    page.wait_for_load_state()
    assert (root_size(page), background(page)) == ("20px", "rgb(0, 0, 0)")

    page.goto(f"{address}/article/")
    assert (root_size(page), background(page)) == ("20px", "rgb(0, 0, 0)")
    page.get_by_role("button", name="大字版").click()
    page.get_by_role("button", name="高对比").click()
    page.wait_for_load_state()
    assert (root_size(page), background(page)) == ("16px", "rgb(250, 247, 240)")


def test_the_script_spares_the_reload_and_says_the_state(open_page):
    page = open_page("section")
    requests = []
    page.on("request", lambda request: requests.append(request.resource_type))
    button = page.get_by_role("button", name="大字版")
    assert button.get_attribute("aria-pressed") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.documentElement.dataset.text") == "large"
    assert not {"document", "stylesheet", "fetch"} & set(requests)


def test_both_ways_of_switching_look_the_same(open_page):
    """The rules behind the attribute and those of the fixed file must not drift apart."""
    measure = """() => [...document.querySelectorAll("body *")].map(element => {
      const style = getComputedStyle(element), box = element.getBoundingClientRect();
      return [element.tagName, style.color, style.backgroundColor, style.fontSize,
              style.display, Math.round(box.width), Math.round(box.height)].join(" ");
    })"""
    for look in ("text.contrast", "mourning"):
        with_script = open_page("home", width=375, look=look)
        without = open_page("home", width=375, look=look, script=False)
        assert with_script.evaluate(measure) == without.evaluate(measure)


@pytest.mark.parametrize("script", [True, False])
def test_the_phone_menu_opens_without_a_script(open_page, script):
    page = open_page("section", width=375, script=script)
    navigation = page.get_by_role("navigation", name="主导航")
    assert not navigation.is_visible()
    assert page.evaluate("document.querySelector('header').offsetHeight") <= 130
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    assert navigation.is_visible()
    assert page.get_by_role("search").is_visible()


def test_on_a_desk_the_navigation_needs_no_menu(open_page):
    page = open_page("section")
    assert page.get_by_role("navigation", name="主导航").is_visible()
    assert not page.locator(".menu").is_visible()


def test_the_first_tab_is_the_skip_link_and_it_shows(open_page):
    page = open_page("article")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_control_can_be_reached_and_is_large_enough(open_page):
    page = open_page("section", width=375)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .pages a, .btn")].filter(control => {
          const box = control.getBoundingClientRect();
          return control.tabIndex < 0 || (box.height > 0 && (box.height < 34 || box.width < 34));
        }).map(control => control.outerHTML)"""
    )
    assert small == []


@pytest.mark.parametrize("script", [True, False])
def test_print_leaves_the_document_alone_on_the_sheet(open_page, script):
    page = open_page("article", look="text.contrast", script=script)
    page.emulate_media(media="print")
    for hidden in (".bar", ".nav", ".crumb", "aside", ".turn", ".find", ".foot .marks"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in (".name", "h1", ".doc", ".files", ".foot .ids"):
        assert page.locator(shown).first.is_visible(), shown
    assert page.evaluate("getComputedStyle(document.querySelector('.doc')).color") == "rgb(0, 0, 0)"
    assert background(page) == "rgb(255, 255, 255)"
    assert root_size(page) == "14px"


def until(page, expression) -> None:
    """Wait until ``expression`` is true; the policy of the pages keeps playwright from asking inside."""
    for _try in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def test_a_captioned_video_plays_by_keyboard_and_is_asked_for_in_parts(open_page, site):
    site.asked_parts.clear()
    page = open_page("video")
    until(page, "document.querySelector('video').readyState > 0")
    page.evaluate("document.querySelector('video').muted = true")
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "VIDEO":
            break
    page.keyboard.press("Space")
    until(page, "document.querySelector('video').currentTime > 0.3")
    captions = """document.querySelector('video').textTracks[0].activeCues?.[0]?.text"""

    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "showing"
    assert page.evaluate(captions) == "第一步，准备材料"
    page.keyboard.press("Space")
    until(page, "document.querySelector('video').paused")
    page.evaluate("document.querySelector('video').currentTime = 15")
    until(page, f"{captions} === '第二步，到窗口'")
    assert page.evaluate("document.querySelector('video').seekable.end(0)") > 19
    assert all(part.startswith("bytes=") for part in site.asked_parts)
    assert page.faults == []
