"""Writes running text as the rich text an editor could have made. Pure.

Text arrives in runs (text with bold, italic, link), line breaks and paragraph
ends, in the order of the old page; out comes clean markup. Old editors marked
a new paragraph by two line breaks or by a break and two ideographic spaces:
both become a paragraph, and the spaces go, since the theme indents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby

from sites.typed_text.rules import seen_text

_CJK = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_SOURCE_LINE_END = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n][ \t\r\n]*(?=[{_CJK}])")
_ANY_BLANK = re.compile(r"\s")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a]+")
_INDENT = re.compile("[ \t\r\n]*(?:\u3000|[ \t\r\n]*\u00a0[ \t\r\n]*\u00a0)")
_IDEOGRAPHIC_RUN = re.compile("(?:\u3000| )*\u3000(?:\u3000| )*")
_EDGE = " \u3000"
_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


@dataclass(frozen=True, slots=True)
class Run:
    """How a stretch of text looks; `shift` is ``sup``, ``sub`` or ""."""

    bold: bool = False
    italic: bool = False
    href: str = ""
    shift: str = ""

    def with_bold(self) -> Run:
        return replace(self, bold=True)

    def with_italic(self) -> Run:
        return replace(self, italic=True)

    def with_link(self, href: str) -> Run:
        return replace(self, href=href)

    def with_shift(self, shift: str) -> Run:
        return replace(self, shift=shift)


Piece = tuple[str, Run]


@dataclass
class RunWriter:
    """Collects runs into parts; a part is a tag (``p``, ``h2``…, ``hr``, ``raw``) and its markup."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _open: list[list[Piece]] = field(default_factory=lambda: [[]])

    def text(self, text: str, run: Run) -> None:
        """Adds text as it stands in the source."""
        if run.shift:
            text = text.translate(_RAISED if run.shift == "sup" else _LOWERED)
        self._open[-1].append((seen_text(text), run))

    def line_break(self) -> None:
        """Ends the line, not the paragraph."""
        self._open.append([])

    def end_paragraph(self, tag: str = "p") -> None:
        """Closes what was collected as one or more parts of this tag; nothing when it is blank."""
        lines, self._open = self._open, [[]]
        group: list[list[Piece]] = []
        for raw in lines:
            pieces = _tidy(raw)
            indented = bool(_INDENT.match("".join(text for text, _run in raw)))
            if (not pieces or indented) and group and tag == "p":
                self._close(group, tag)
                group = []
            if pieces:
                group.append(pieces)
        if group:
            self._close(group, tag)

    def _close(self, group: list[list[Piece]], tag: str) -> None:
        markup = [_markup(pieces, plain=tag != "p") for pieces in group]
        self.parts.append((tag, ("<br/>" if tag == "p" else " ").join(markup)))
        self.lines.extend("".join(text for text, _run in pieces) for pieces in group)

    def rule(self) -> None:
        """Adds a horizontal rule; two in a row are one."""
        self.end_paragraph()
        if self.parts and self.parts[-1][0] != "hr":
            self.parts.append(("hr", ""))

    def raw(self, markup: str, lines: list[str]) -> None:
        """Adds markup that was built by this module or by `cleaning` (lists, tables in cells)."""
        self.end_paragraph()
        self.parts.append(("raw", markup))
        self.lines.extend(lines)

    def take(self) -> str:
        """All parts as rich text; the writer is empty afterwards. Call `end_paragraph` first."""
        while self.parts and self.parts[-1][0] == "hr":
            self.parts.pop()
        written = "".join(_part(tag, markup) for tag, markup in self.parts)
        self.parts, self.lines = [], []
        return written

    def take_inline(self, *, paragraphs: bool = False) -> str:
        """All parts for a list item or, with `paragraphs`, a table cell, where one paragraph stands bare."""
        self.end_paragraph()
        texts = [part for part in self.parts if part[0] != "hr"]
        only = len([tag for tag, _markup_ in texts if tag != "raw"]) <= 1
        written = ""
        for position, (tag, markup) in enumerate(texts):
            if tag == "raw" or only:
                written += markup
            elif paragraphs:
                written += f"<p>{markup}</p>"
            else:
                written += (
                    "<br/>" if position and texts[position - 1][0] != "raw" else ""
                ) + markup
        self.parts = []
        return written


def _part(tag: str, markup: str) -> str:
    if tag == "hr":
        return "<hr/>"
    return markup if tag == "raw" else f"<{tag}>{markup}</{tag}>"


def _tidy(raw: list[Piece]) -> list[Piece]:
    """Blanks as a browser shows them, without those at both ends; [] for a blank line."""
    tidy: list[Piece] = []
    for text, run in raw:
        if not tidy:
            text = text.lstrip()
        if _ANY_BLANK.search(text):
            text = _SOURCE_LINE_END.sub("", text)
            # U+3000 is a blank for the regular expression, but one that shows.
            text = "\u3000".join(_SPACES.sub(" ", part) for part in text.split("\u3000"))
            text = _IDEOGRAPHIC_RUN.sub(lambda match: match.group().replace(" ", "")[:2], text)
        before = tidy[-1][0][-1] if tidy else "\u3000"
        if before in _EDGE:
            text = text.lstrip(" ") if tidy else text.lstrip(_EDGE)
        if text:
            tidy.append((text, run))
    while tidy:
        text = tidy[-1][0].rstrip(_EDGE)
        if text:
            tidy[-1] = (text, tidy[-1][1])
            return tidy
        tidy.pop()
    return []


def _markup(pieces: list[Piece], *, plain: bool) -> str:
    """Escaped text with its b, i and a; `plain` (headings) keeps only links."""
    written = []
    for href, linked in groupby(pieces, key=lambda piece: piece[1].href):
        inner = ""
        for (bold, italic), alike in groupby(
            linked, key=lambda piece: (piece[1].bold, piece[1].italic)
        ):
            text = escape("".join(text for text, _run in alike), quote=False)
            if text.strip() and not plain:
                text = f"<i>{text}</i>" if italic else text
                text = f"<b>{text}</b>" if bold else text
            inner += text
        written.append(
            f'<a href="{escape(href)}">{inner}</a>' if href and inner.strip(_EDGE) else inner
        )
    return "".join(written)
