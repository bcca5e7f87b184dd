"""Every page in every look, pairwise over widths and modes: accessible, and nothing past the edge."""

from itertools import combinations, product

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.themes.pages import PAGES
from tests.themes.server import SampleSite, serve
from themes.enums import PageTemplate
from themes.manifest import THEMES

WIDTHS = (1280, 375, 320)
PAPER = 658
"""Pixels: A4 less the margins of the print style. Paper has one width, whatever the window's is."""
MODES = ("", "text", "contrast", "plain", "print")
FACTORS = (tuple(PAGES), tuple(THEMES), WIDTHS, MODES)

PAIRWISE = [
    (page, tuple(THEMES)[(row + step) % 3], WIDTHS[(row + 2 * step) % 3], mode)
    for (row, page), (step, mode) in product(enumerate(PAGES), enumerate(MODES))
]
"""Each pair of values of any two factors at least once: every page meets every mode, and the steps
of 1 and 2 through looks and widths are two orthogonal squares. The fourth and fifth mode meet a page
in the look and the width of the first and second, so that no page is opened for them alone."""

COMBINED = [
    (page, look, 320, mode)
    for mode in ("text.contrast", "mourning")
    for look in THEMES
    for page in ("home", "article")
]
"""Modes laid over each other, and the one that readers do not choose."""

BEYOND_THE_EDGE = """() => [...document.querySelectorAll("body *")].filter(element => {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  if (!box.width || element.closest(".vh, .skip, .scroll > *, details:not([open]) .panel, .heads"))
    return false;
  const clipped = style.overflowX !== "visible" && !element.matches(".scroll, input, video")
    && element.scrollWidth > element.clientWidth + 1;
  return box.right > innerWidth + 1 || box.left < -1 || clipped;
}).map(element => element.outerHTML.slice(0, 120))"""
"""Elements past either edge, and those whose content is cut off, which no scroll width tells."""

HIDDEN = """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, table)")].filter(
  element => !element.getClientRects().length && !element.closest(".extra, details")
    && !(matchMedia("print").matches && element.closest("nav, aside, .hero"))
).map(element => element.outerHTML.slice(0, 120))"""
"""What a style rule of one part took away from another: no text of a page may vanish on a phone, and
on paper only what leads elsewhere."""

SHOW = """mode => {
  const root = document.documentElement;
  for (const name of ["text", "contrast", "plain"]) root.removeAttribute(`data-${name}`);
  if (mode === "plain") root.setAttribute("data-plain", "on");
}"""
"""Another mode on a page that is open, as the script of the page does it."""


RUN_AXE = 'axe.run({resultTypes: ["violations"]}).then(found => found.violations)'


def test_every_pair_is_there():
    for one, other in combinations(range(len(FACTORS)), 2):
        met = {(case[one], case[other]) for case in PAIRWISE}
        assert met == set(product(FACTORS[one], FACTORS[other]))


def test_every_template_has_a_sample_page():
    assert {template for template, _, _ in PAGES.values()} == set(PageTemplate)


@pytest.fixture(scope="module")
def look_at(chromium):
    """Return a function that yields a page of the samples in a look, a width and a mode."""
    site = SampleSite()
    contexts = {}
    with serve(site) as address:

        def opened(name, look, width, mode):
            site.mourning = mode == "mourning"
            shown_later = mode if mode in {"plain", "print"} else None
            mode = {"plain": "", "print": "text"}.get(mode, mode)
            if mode not in contexts:
                context = chromium.new_context(reduced_motion="reduce")
                if mode and mode != "mourning":
                    context.add_cookies([{"name": "jiyue_modes", "value": mode, "url": address}])
                contexts[mode] = context.new_page()
            page = contexts[mode]
            on_paper = shown_later == "print"
            page.emulate_media(media="print" if on_paper else "screen")
            page.set_viewport_size({"width": PAPER if on_paper else width, "height": 800})
            there = f"{address}/{look}/{name}/"
            if not shown_later or page.url != there:
                page.goto(there)
                page.evaluate(AXE_SCRIPT)
            if shown_later:
                page.evaluate(SHOW, shown_later)
            return page

        yield opened
        for page in contexts.values():
            page.context.close()


def faults(look_at, cases):
    """Return what axe and the ruler find in each case that has a fault."""
    found = {}
    for case in cases:
        page = look_at(*case)
        past = page.evaluate(BEYOND_THE_EDGE)
        hidden = page.evaluate(HIDDEN)
        scrolls = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        axe = [
            (violation["id"], violation["nodes"][0]["html"][:200])
            for violation in page.evaluate(RUN_AXE)
        ]
        if past or hidden or scrolls or axe:
            found[case] = {"past": past, "hidden": hidden, "scrolls": scrolls, "axe": axe}
    return found


@pytest.mark.chromium
@pytest.mark.parametrize("modes", [("", "plain"), ("text", "print"), ("contrast",)], ids="-".join)
def test_pairwise(look_at, modes):
    cases = sorted(
        (case for case in PAIRWISE if case[3] in modes),
        key=lambda case: (case[0], MODES.index(case[3])),
    )
    assert faults(look_at, cases) == {}


@pytest.mark.chromium
def test_modes_combined(look_at):
    assert faults(look_at, COMBINED) == {}


@pytest.mark.chromium
@pytest.mark.slow
@pytest.mark.parametrize("mode", [*MODES, "text.contrast", "mourning"])
@pytest.mark.parametrize("look", THEMES)
def test_every_combination(look_at, look, mode):
    assert faults(look_at, list(product(PAGES, [look], WIDTHS, [mode]))) == {}


@pytest.mark.chromium
def test_the_ruler_does_find_something(look_at):
    page = look_at("article", "department", 320, "")
    page.evaluate("document.querySelector('h1').style.cssText = 'width: 400px'")
    assert any(found.startswith("<h1") for found in page.evaluate(BEYOND_THE_EDGE))
