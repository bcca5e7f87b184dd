"""Pure rules of the public page: titles, national labels, footer marks, page numbers.

Values in, values out. Sources: the guide for the development of government
websites (国办发〔2017〕47号) for labels and footer marks; the visual reference for
titles that break by sense.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from themes.enums import LabelLevel

SITE_LABELS = ("SiteName", "SiteDomain", "SiteIDCode")
SECTION_LABELS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE_LABELS = (
    "ArticleTitle",
    "PubDate",
    "ContentSource",
    "Keywords",
    "Author",
    "Description",
    "Url",
)
LABEL_ORDER = SITE_LABELS + SECTION_LABELS + ARTICLE_LABELS
"""The national page labels (网页标签) in the order in which a page prints them."""

_ALLOWED_LABELS: Mapping[LabelLevel, tuple[str, ...]] = {
    LabelLevel.SITE: SITE_LABELS,
    LabelLevel.SECTION: SITE_LABELS + SECTION_LABELS,
    LabelLevel.ARTICLE: LABEL_ORDER,
}
_REQUIRED_LABELS: Mapping[LabelLevel, tuple[str, ...]] = {
    LabelLevel.SITE: SITE_LABELS,
    LabelLevel.SECTION: (*SITE_LABELS, "ColumnName", "ColumnType"),
    LabelLevel.ARTICLE: (
        *SITE_LABELS,
        "ColumnName",
        "ColumnType",
        "ArticleTitle",
        "PubDate",
        "ContentSource",
    ),
}


def ordered_labels(values: Mapping[str, str], level: LabelLevel) -> tuple[tuple[str, str], ...]:
    """Return the ``(name, content)`` pairs a page of ``level`` prints, in national order.

    A label without content is left out: a blank one would count as filled in the
    national check and tell the editor nothing. Labels of a deeper level are left out.
    """
    return tuple(
        (name, values[name].strip())
        for name in _ALLOWED_LABELS[level]
        if values.get(name, "").strip()
    )


def missing_labels(labels: Iterable[tuple[str, str]], level: LabelLevel) -> tuple[str, ...]:
    """Return the names of the required labels a page of ``level`` lacks, in order.

    Shown to the editor, who alone can fill them; the public page stays silent.
    """
    present = {name for name, content in labels if content.strip()}
    return tuple(name for name in _REQUIRED_LABELS[level] if name not in present)


# --- titles that break by sense -------------------------------------------------

_BREAK_AFTER = "，：；。！？"
_OPENERS = "《〈（(“‘「『【〔["
_CLOSERS = "》〉）)”’」』】〕]"
_LEAD_WORDS = (
    "关于",
    "印发",
    "公开征求",
    "公开招聘",
    "公开选拔",
    "公开遴选",
    "征求意见",
    "做好",
    "进一步",
    "加强",
    "加快",
    "推进",
    "促进",
    "规范",
    "举行",
    "召开",
    "开展",
    "部署",
    "调整",
    "贯彻",
    "落实",
)
"""Words with which a new sense begins in the titles of notices and documents."""

_FALSE_LEADS = ("公开展", "不规范", "再部署")
"""Longer words in which a lead word is only a part and must not be cut off."""

LONG_PHRASE = 20
"""Characters above which a phrase without punctuation is parted again: a desk title line
holds 26, a phone line 14."""

SHORTEST_PHRASE = 4
"""A shorter phrase, such as 关于 before 《, would stand alone on a line."""


def title_phrases(title: str) -> tuple[str, ...]:
    """Split a title where a reader would pause, for titles that break by sense.

    Cuts after ，：； and the full stops, and before 《, outside brackets and quotation
    marks; then cuts phrases that are still long before a word that begins a new sense.
    ``"".join(title_phrases(t)) == t.strip()`` always holds; an empty title gives ``()``.
    """
    text = title.strip()
    if not text:
        return ()
    phrases = _merge_short(_cut(text, _pauses(text)))
    return tuple(part for phrase in phrases for part in _part_long(phrase))


def _pauses(text: str) -> list[int]:
    """Return the offsets at which punctuation lets a title break."""
    offsets: list[int] = []
    depth = 0
    for index, char in enumerate(text):
        if char in _OPENERS:
            if char == "《" and depth == 0:
                offsets.append(index)
            depth += 1
        elif char in _CLOSERS:
            depth = max(0, depth - 1)
        elif char in _BREAK_AFTER and depth == 0:
            offsets.append(index + 1)
    return offsets


def _cut(text: str, offsets: Iterable[int]) -> list[str]:
    """Cut ``text`` at ``offsets`` and return the pieces that are not empty."""
    edges = [0, *sorted(set(offsets)), len(text)]
    pieces = (text[start:end] for start, end in itertools.pairwise(edges))
    return [piece for piece in pieces if piece]


def _merge_short(phrases: list[str]) -> list[str]:
    """Join phrases too short to stand on a line to the next one, the last to the one before.

    A run of closing punctuation may never start a line, so it always joins backward.
    """
    merged: list[str] = []
    for phrase in phrases:
        starts_with_stop = phrase[0] in _BREAK_AFTER + _CLOSERS
        if merged and (len(merged[-1]) < SHORTEST_PHRASE or starts_with_stop):
            merged[-1] += phrase
        else:
            merged.append(phrase)
    if len(merged) > 1 and len(merged[-1]) < SHORTEST_PHRASE:
        merged[-2:] = [merged[-2] + merged[-1]]
    return merged


def _part_long(phrase: str) -> list[str]:
    """Part a long phrase before the lead word nearest to its middle, as often as needed."""
    if len(phrase) <= LONG_PHRASE:
        return [phrase]
    middle = len(phrase) / 2
    offsets = [
        offset
        for offset in _lead_offsets(phrase)
        if SHORTEST_PHRASE <= offset <= len(phrase) - SHORTEST_PHRASE
    ]
    if not offsets:
        return [phrase]
    cut = min(offsets, key=lambda offset: (abs(offset - middle), offset))
    return [*_part_long(phrase[:cut]), *_part_long(phrase[cut:])]


def _lead_offsets(phrase: str) -> list[int]:
    """Return where lead words begin, apart from those inside a longer word."""
    hidden = {
        match.start() + step
        for word in _FALSE_LEADS
        for match in re.finditer(word, phrase)
        for step in range(1, len(word))
    }
    return sorted(
        match.start()
        for word in _LEAD_WORDS
        for match in re.finditer(word, phrase)
        if match.start() not in hidden
    )


def type_character(title: str) -> str:
    """Return the one Han character that stands for a title on a type block, or ``""``.

    The type block (活字) is the only icon of the look and always stands beside the words.
    """
    match = re.search(r"[\u4e00-\u9fff]", title)
    return match.group() if match else ""


def document_title(page_title: str, site_name: str) -> str:
    """Return the text of ``<title>``: the page before the site, the site alone on its home."""
    page, site = page_title.strip(), site_name.strip()
    if not page or page == site:
        return site or page
    return f"{page} - {site}" if site else page


# --- footer marks ---------------------------------------------------------------

_ERROR_REPORT = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html"
_CONAC = "https://bszs.conac.cn/sitename"
_POLICE = "https://www.beian.gov.cn/portal/registerSystemInfo"


def error_report_url(identification_code: str, page_url: str) -> str:
    """Return the address of the national mark "report an error" (找错) for one page, or ``""``.

    Without an identification code the national platform cannot route the report, so
    there is no address.
    """
    if not identification_code:
        return ""
    code, url = quote(identification_code, safe=""), quote(page_url, safe="")
    return f"{_ERROR_REPORT}?site_code={code}&url={url}"


def conac_url(conac_id: str) -> str:
    """Return the address that proves the mark of party and government bodies (党政机关标识).

    ``""`` unless ``conac_id`` is 32 hexadecimal digits, as issued.
    """
    if not re.fullmatch(r"[0-9A-Fa-f]{32}", conac_id):
        return ""
    return f"{_CONAC}?method=show&id={conac_id}"


def police_record_url(record: str) -> str:
    """Return the address of a public-security record (公安备案), or ``""``.

    ``record`` is the printed text, for instance ``×公网安备 43990002000001号``; its
    14 digits are the record code.
    """
    match = re.search(r"(?<!\d)\d{14}(?!\d)", record)
    return f"{_POLICE}?recordcode={match.group()}" if match else ""


# --- lists and files ------------------------------------------------------------


def page_numbers(page: int, page_count: int, around: int = 2) -> tuple[int | None, ...]:
    """Return the page numbers to link, with ``None`` for each gap.

    First and last are always there, and ``around`` pages on both sides of the current.
    A gap of one page is filled, since a number is not longer than a gap sign.
    Raises ``ValueError`` when ``page`` is not within ``1..page_count``.
    """
    if not 1 <= page <= page_count:
        raise ValueError(f"page {page} is not within 1..{page_count}")
    wanted = {1, page_count}
    wanted.update(range(max(1, page - around), min(page_count, page + around) + 1))
    numbers: list[int | None] = []
    previous = 0
    for number in sorted(wanted):
        if number - previous == 2:
            numbers.append(number - 1)
        elif number - previous > 2:
            numbers.append(None)
        numbers.append(number)
        previous = number
    return tuple(numbers)


def count_text(count: int | None) -> str:
    """Return a count with its thousands parted (``1,206``), or ``""`` when it is unknown."""
    return "" if count is None else f"{count:,}"


def size_text(size: int) -> str:
    """Return a file size for readers: ``86 KB``, ``1.2 MB``; ``""`` for an unknown size (< 1).

    Thousands are 1024, as in the file managers readers compare with.
    """
    if size < 1:
        return ""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    if size < 1024**3:
        return f"{size / 1024**2:.1f} MB"
    return f"{size / 1024**3:.1f} GB"


def file_extension(name: str) -> str:
    """Return the upper-case extension of a file name (``PDF``), or ``""``."""
    match = re.search(r"\.([A-Za-z0-9]{1,5})$", name)
    return match.group(1).upper() if match else ""


# --- cleaned article HTML -------------------------------------------------------

_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>])[^>]*>", re.IGNORECASE)
_LEADING_BLANKS = re.compile(r"(<p(?:\s[^>]*)?>)(?:[\s\u3000\u00a0]|&nbsp;|&emsp;)+", re.IGNORECASE)
_IMAGE_TAG = re.compile(r"<img(?=[\s/>])[^>]*>", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\salt\s*=", re.IGNORECASE)


def typeset_html(html: str, *, table_words: str, no_alternative: str) -> str:
    """Return cleaned article HTML prepared for the page.

    Each outermost table is put into a box that scrolls on its own, so that a wide table
    neither breaks a phone page nor loses its table meaning; blanks typed at the start of
    a paragraph go, since the style sheet indents; an image without a text alternative says
    that it has none. Adds no other markup and trusts that ``html`` was cleaned: it is no
    sanitiser. ``table_words`` name the box, ``no_alternative`` is what a reader who cannot see hears
    of an image whose editor described nothing; both in the language of the page.
    """

    def described(image: re.Match[str]) -> str:
        """The image tag with a text alternative; one that is there stays, also an empty one."""
        tag = image.group()
        if _ALTERNATIVE.search(tag):
            return tag
        return f'{tag[:4]} alt="{escape(no_alternative)}"{tag[4:]}'

    scroller = f'<div class="scroll" role="group" aria-label="{escape(table_words)}" tabindex="0">'
    return _wrap_tables(
        _IMAGE_TAG.sub(described, _LEADING_BLANKS.sub(r"\1", html)), scroller=scroller
    )


def _wrap_tables(html: str, *, scroller: str) -> str:
    """Put a scrolling box around every outermost table; unbalanced tables stay as they are."""
    pieces: list[str] = []
    depth = 0
    position = 0
    for match in _TABLE_TAG.finditer(html):
        closing = bool(match.group(1))
        if closing and depth == 0:
            return html
        if not closing and depth == 0:
            pieces += [html[position : match.start()], scroller]
            position = match.start()
        depth += -1 if closing else 1
        if depth == 0:
            pieces += [html[position : match.end()], "</div>"]
            position = match.end()
    if depth:
        return html
    return "".join([*pieces, html[position:]])
