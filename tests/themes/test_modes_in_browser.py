"""Modes beyond large text and contrast, reading aloud and the emergency bar, in a real browser."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

from tests.themes.pages import PAGES
from tests.themes.server import SampleSite, serve
from themes.manifest import THEMES

pytestmark = pytest.mark.chromium

HEADLINE = '暴雨红色预警："停课"</style>'
MEASURE = """() => [...document.querySelectorAll("body *")].map(element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return [element.tagName, style.color, style.fontSize, style.display, style.cursor,
          Math.round(box.width), Math.round(box.height)].join(" ");
})"""
BEYOND_THE_EDGE = """() => [...document.querySelectorAll("body *")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1
    && !element.closest(".scroll > *, details:not([open]) .panel");
}).map(element => element.outerHTML.slice(0, 120))"""
#: A browser with one voice: it says what it is given and reports the end a moment later.
VOICE = """() => {
  const spoken = [];
  let running = null;
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const synthesis = {
    spoken,
    getVoices: () => [{lang: "zh-CN", name: "test"}],
    addEventListener: () => {},
    cancel: () => { clearTimeout(running); },
    speak: words => {
      spoken.push([words.text, words.rate]);
      running = setTimeout(() => words.onend(), 60);
    },
  };
  Object.defineProperty(window, "speechSynthesis", {value: synthesis});
}"""


@pytest.fixture(scope="module")
def site() -> SampleSite:
    """The sample site; tests may switch a bar on."""
    return SampleSite()


@pytest.fixture(scope="module")
def address(site):
    with serve(site) as base:
        yield base


@pytest.fixture
def open_page(chromium, address, site):
    """Return a function that opens a page in a fresh browser context."""
    contexts = []

    def opened(name, *, width=1280, look="", script=True, voice=False):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script
        )
        contexts.append(context)
        if look:
            context.add_cookies([{"name": "jiyue_modes", "value": look, "url": address}])
        if voice:
            context.add_init_script(f"({VOICE})()")
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"{address}/{name}/")
        return page

    yield opened
    site.emergency = ()
    for context in contexts:
        context.close()


def until(page, condition, seconds=20):
    """Wait for a condition; Playwright's own way evaluates a string, which the policy refuses."""
    for _turn in range(seconds * 20):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


def violations(page):
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("code", THEMES)
@pytest.mark.parametrize(
    ("width", "look"), [(1280, "zoom3"), (375, "zoom1.plain"), (1280, "contrast.plain.pointer")]
)
def test_axe_finds_nothing_with_the_panel_open(open_page, address, code, width, look):
    page = open_page(f"{code}/home", width=width, look=look)
    for name in ("home", "article"):
        page.goto(f"{address}/{code}/{name}/")
        page.locator(".access summary").click()
        assert page.get_by_role("button", name="简约界面").is_visible()
        assert violations(page) == [], name
        assert page.evaluate(BEYOND_THE_EDGE) == [], name
    assert page.faults == []


@pytest.mark.parametrize("code", THEMES)
@pytest.mark.parametrize("look", ["zoom3", "text.contrast.zoom2.plain.pointer"])
def test_the_smallest_screen_needs_no_side_scroll(open_page, address, code, look):
    page = open_page(f"{code}/home", width=320, look=look)
    for name in PAGES:
        page.goto(f"{address}/{code}/{name}/")
        assert page.evaluate(BEYOND_THE_EDGE) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name


@pytest.mark.parametrize("look", ["zoom2", "plain", "pointer"])
def test_both_ways_of_switching_look_the_same(open_page, look):
    with_script = open_page("home", look=look)
    without = open_page("home", look=look, script=False)
    hide = "document.querySelectorAll('.read-row, .reader').forEach(e => e.remove())"
    with_script.evaluate(hide)
    without.evaluate(hide)
    assert with_script.evaluate(MEASURE) == without.evaluate(MEASURE)


@pytest.mark.parametrize("script", [True, False])
def test_sizes_go_up_and_down_by_keyboard(open_page, script):
    page = open_page("section", script=script)
    size = "getComputedStyle(document.documentElement).fontSize"
    for name, wanted in (
        ("大一点", "24px"),
        ("大一点", "28px"),
        ("大一点", "32px"),
        ("大一点", "32px"),
        ("小一点", "28px"),
        ("恢复默认", "16px"),
    ):
        page.locator(".access summary").focus()
        if page.locator(".access").get_attribute("open") is None:
            page.keyboard.press("Enter")
        button = page.get_by_role("button", name=name)
        button.focus()
        if script:
            page.keyboard.press("Enter")
        else:
            with page.expect_navigation():
                page.keyboard.press("Enter")
        assert page.evaluate(size) == wanted, name


def test_escape_closes_the_panel_and_gives_the_focus_back(open_page):
    page = open_page("section")
    page.locator(".access summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".access").get_attribute("open") is None
    assert page.evaluate("document.activeElement.textContent") == "无障碍"


def test_the_pointer_is_a_file_that_is_there(open_page, address):
    page = open_page("home", look="pointer")
    cursors = page.evaluate(
        "['body', 'main a'].map(one => getComputedStyle(document.querySelector(one)).cursor)"
    )
    for cursor in cursors:
        url = cursor.split('"')[1]
        assert page.request.get(url).ok, url


# --- reading aloud --------------------------------------------------------------


def test_no_voice_no_button(open_page):
    page = open_page("article")  # this browser has no voice
    page.locator(".access summary").click()
    assert not page.get_by_text("朗读正文").is_visible()
    without = open_page("article", script=False)
    without.locator(".access summary").click()
    assert not without.get_by_text("朗读正文").is_visible()


def test_reading_aloud_by_keyboard(open_page):
    page = open_page("article", voice=True)
    page.locator(".access summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="朗读正文").focus()
    page.keyboard.press("Enter")
    until(page, "speechSynthesis.spoken.length >= 3")
    assert page.locator(".being-read").count() == 1
    title = page.evaluate("document.querySelector('main h1').innerText.replace(/\\s+/g, '')")
    spoken = page.evaluate(
        "speechSynthesis.spoken.map(one => one[0]).join('').replace(/\\s+/g, '')"
    )
    assert spoken.startswith(title[:10])
    assert violations(page) == []

    # The focus stands on the pause button: it stops, and goes on with the same sentence.
    page.keyboard.press("Enter")
    count = page.evaluate("speechSynthesis.spoken.length")
    page.wait_for_timeout(200)
    assert page.evaluate("speechSynthesis.spoken.length") == count
    page.keyboard.press("Enter")
    again = page.evaluate("speechSynthesis.spoken.slice(-2).map(one => one[0])")
    assert again[0] == again[1]
    page.get_by_label("语速").select_option("1.4")
    assert page.evaluate("speechSynthesis.spoken.at(-1)[1]") == 1.4

    page.keyboard.press("Escape")
    assert not page.locator(".reader").is_visible()
    assert page.locator(".being-read").count() == 0
    count = page.evaluate("speechSynthesis.spoken.length")
    page.wait_for_timeout(200)
    assert page.evaluate("speechSynthesis.spoken.length") == count
    assert page.faults == []


def test_the_whole_text_is_read_once(open_page):
    page = open_page("article", voice=True)
    page.evaluate("document.querySelector('.read').click()")
    until(page, "document.querySelector('.reader').hidden")
    spoken = page.evaluate("speechSynthesis.spoken.map(one => one[0])")
    assert max(map(len, spoken)) <= 120
    text = "".join("".join(spoken).split())
    for paragraph in page.locator("main .doc p").all_inner_texts():
        assert text.count("".join(paragraph.split())) == 1


# --- the emergency bar ----------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("code", THEMES)
def test_the_bar_shows_its_words_with_and_without_script(open_page, site, script, code):
    page = open_page(f"{code}/section", width=375, script=script)
    assert not page.locator(".alarm").is_visible()
    site.emergency = (HEADLINE,)
    page.reload()
    link = page.get_by_role("link", name=f"紧急通知：{HEADLINE}")
    assert link.is_visible()
    assert link.get_attribute("href") == "/emergency/"
    assert page.locator(".alarm").bounding_box()["y"] == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    if script:
        assert page.locator(".alarm-text").inner_text() == HEADLINE
        assert page.locator(".alarm [role=alert], .alarm[role=alert]").count() == 1
        assert violations(page) == []
    site.emergency = ()
    page.reload()
    assert not page.locator(".alarm").is_visible()


def test_a_page_that_comes_to_the_front_asks_anew(open_page, site):
    page = open_page("section")
    site.emergency = (HEADLINE, "第二条")
    page.evaluate(
        """() => {
          const then = Date.now() + 6000;
          Date.now = () => then;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    until(page, "document.querySelector('.alarm-text').textContent.includes('另有 1 条')")
    assert page.locator(".alarm").is_visible()
    assert page.faults == []


@pytest.mark.parametrize("look", ["contrast", "text"])
def test_the_bar_reads_well_in_every_mode(open_page, site, look):
    site.emergency = (HEADLINE,)
    page = open_page("emergency", look=look)
    assert violations(page) == []


def test_scripts_stay_small():
    theme = next(iter(THEMES.values()))
    sizes = [
        len(gzip.compress(Path(finders.find(path)).read_bytes()))
        for path in (theme.script, theme.reader_script)
    ]
    assert sum(sizes) < 30_000
