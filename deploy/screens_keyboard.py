"""A person without a mouse, for ``screens_journey.py``: Tab, Enter, Space, arrows and typing, nothing else.

Every stop of the focus is looked at: it is in the window, nothing lies over it, it wears a mark that the
same element does not wear unfocused. An action that leaves the screen standing must not drop the focus
to the body. What fails stops the run.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import Error, Page

#: A control that takes more stops than this to reach is out of reach for a person.
MOST_TABS = 60
#: A form that people fill in from its top to its end is longer than one way to one control.
MOST_TABS_OF_A_FORM = 120

#: What a person sees of the focus: nothing wrong, or words that say what.
_WATCH = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return 'nothing has the focus';
  // A whole text, reached by the link past the menus, is no control: it begins at the top of the window.
  if (e.matches('main[tabindex="-1"]')) return '';
  if (e.tagName === 'IFRAME') return '';
  const name = () => `${e.outerHTML.slice(0, 160)}`;
  const wide = document.documentElement.clientWidth, high = window.innerHeight;
  // Radio buttons and tick boxes of some pages are drawn by their label.
  const drawn = [e, ...(e.labels || [])].map((part) => part.getBoundingClientRect())
    .find((box) => box.width > 1 && box.height > 1);
  if (!drawn) return `has no size: ${name()}`;
  const left = Math.max(0, drawn.left), right = Math.min(wide, drawn.right);
  const top = Math.max(0, drawn.top), bottom = Math.min(high, drawn.bottom);
  if (right - left < 2 || bottom - top < 2) return `is outside the window: ${name()}`;
  // The parts of a date take the focus inside the field.
  if (!e.matches(':focus-visible, input[type^=date]:focus-within')) return `is not shown as focused: ${name()}`;
  const marks = (part) => {
    const style = getComputedStyle(part);
    const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
      && !/, 0\\)$/.test(style.outlineColor) ? style.outline : '';
    return [line, style.boxShadow === 'none' ? '' : style.boxShadow].join('').trim();
  };
  const around = [e, e.closest('[class*="editor" i]'), e.closest('label'), e.parentElement,
    ...(e.labels || [])];
  if (!around.some((part) => part && marks(part))) return `wears no mark of focus: ${name()}`;
  const places = [[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]];
  const covered = places.every(([x, y]) => {
    const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return !hit || !(hit === e || e.contains(hit) || hit.contains(e)
      || [...(e.labels || [])].some((label) => label.contains(hit))
      || (hit.closest('label') && hit.closest('label').contains(e)));
  });
  return covered ? `is covered: ${name()}` : '';
}
"""


@dataclass
class Keyboard:
    """One person's keyboard on one page. ``ways``: how many Tabs each way took, by what was reached."""

    page: Page
    ways: list[tuple[str, int]] = field(default_factory=list)

    def is_at(self, test: str) -> bool:
        return bool(self.page.evaluate(f"(e => Boolean(e && ({test})))(document.activeElement)"))

    def look(self) -> None:
        """Stop unless the focus can be seen."""
        trouble = self.page.evaluate(_WATCH)
        if trouble:
            # Pages scroll to the focus, and panels open, in their own time.
            self.page.wait_for_timeout(600)
            trouble = self.page.evaluate(_WATCH)
        if trouble:
            raise SystemExit(f"{self.page.url}: the focus {trouble}")

    def to(self, test: str, most: int = MOST_TABS, key: str = "Tab") -> int:
        """Press Tab until the focused element ``e`` passes ``test`` (JavaScript). :returns: how often."""
        for step in range(most + 1):
            if self.is_at(test):
                self.look()
                self.ways.append((test, step))
                return step
            self.page.keyboard.press(key)
            if not self.is_at("e !== document.body"):
                continue  # between the end of a page and its beginning
            self.look()
        raise SystemExit(f"{self.page.url}: {most} times {key} do not reach {test}")

    def skip(self) -> None:
        """Follow the first link of a page, past its menus."""
        # A script that still loads may take the focus that Tab has just set.
        self.page.wait_for_load_state("networkidle")
        self.page.keyboard.press("Tab")
        self.look()
        if not self.is_at("e.matches('a[href^=\"#\"]')"):
            raise SystemExit(f"{self.page.url}: the first stop is no link past the menus")
        self.press("Enter")

    def press(self, key: str, *, leaves: bool = False) -> None:
        """Press ``key``; the focus must not be lost. ``leaves``: it leads to another screen; wait for it."""
        before = self._mark()
        self.page.keyboard.press(key)
        if leaves:
            self._wait_until_gone(before)
        self.page.wait_for_timeout(300)
        if self._mark(only_read=True) == before:
            self.look()

    def type(self, words: str, *, instead: bool = False) -> None:
        """Type; ``instead``: in place of what stands there."""
        if instead:
            self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)
        self.look()

    def choose(self, test: str) -> None:
        """Among radio buttons, of which one has the focus: arrows until ``test``."""
        for _step in range(12):
            if self.is_at(f"e.checked && ({test})"):
                self.look()
                return
            self.page.keyboard.press("ArrowDown")
        raise SystemExit(f"{self.page.url}: the arrows do not reach {test}")

    def type_time(self, when: datetime) -> None:
        """Into a field of date and time, part by part, in the order of the browser's own language."""
        wanted = when.strftime("%Y-%m-%dT%H:%M")
        for parts in (("%Y", "%m", "%d", "%H", "%M"), ("%m", "%d", "%Y", "%I", "%M", "%p")):
            for _part in parts:
                self.page.keyboard.press("ArrowLeft")
            for part in parts:
                self.page.keyboard.type(when.strftime(part)[: 1 if part == "%p" else 4])
                if part == "%Y":  # years may be longer: the field does not go on by itself
                    self.page.keyboard.press("ArrowRight")
            if self.is_at(f"e.value === '{wanted}'"):
                self.look()
                return
        raise SystemExit(f"{self.page.url}: {wanted} cannot be typed")

    def go(self, test: str, most: int = MOST_TABS) -> None:
        """Tab to a link or button and follow it to another screen."""
        self.to(test, most)
        self.press("Enter", leaves=True)

    def _mark(self, *, only_read: bool = False) -> Any:
        """A number of this very document: another one has another or none."""
        try:
            return self.page.evaluate(
                "own => own ? (window.keyboardMark ?? null) : (window.keyboardMark ??= Math.random())",
                only_read,
            )
        except Error:
            return None  # on its way to another page

    def _wait_until_gone(self, before: Any) -> None:
        for _step in range(300):
            try:
                gone = self._mark(only_read=True) != before
                if gone and self.page.evaluate("document.readyState") == "complete":
                    return
            except Error:
                pass
            self.page.wait_for_timeout(100)
        said = self.page.locator(".messages").all_inner_texts()
        raise SystemExit(f"{self.page.url} stays after the key; it says: {said}")


def words(text: str, tag: str = "") -> str:
    """Test: an element (of ``tag``) with exactly these words; what only screen readers say counts not."""
    kind = f"e.tagName === '{tag}' && " if tag else ""
    return f"{kind}(e.innerText ?? '').trim() === '{text}'"


def words_of_label(text: str) -> str:
    """Test: an element that shows a picture and is called ``text``."""
    return f"e.getAttribute('aria-label') === '{text}'"


def holds(text: str, tag: str = "") -> str:
    """Test: an element (of ``tag``) whose words hold these."""
    kind = f"e.tagName === '{tag}' && " if tag else ""
    return f"{kind}(e.innerText ?? '').includes('{text}')"
