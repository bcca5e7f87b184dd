"""Reads one page of an old web site: its title, section, time, source and text.

Official sites label their pages (国务院办公厅 2017 standard: ``ArticleTitle``, ``PubDate``,
``ContentSource``, ``ColumnName`` …); where a page has no labels, its markup is read: known containers
of Chinese site systems first, then the place that holds most of the text outside links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cms_core.importer.crawling.rules import canonical, origin

LEGACY_ZONE = ZoneInfo("Asia/Shanghai")
#: Containers of the text in widespread systems: TRS, UCAP and what their templates are copied into.
_BODIES = (
    "#UCAP-CONTENT, .TRS_Editor, .TRS_UEDITOR, #zoom, #Zoom, #articleContent, #article_content, "
    ".article-content, .article_content, .conTxt, .pages_content, .news_content, article"
)
#: Never part of the text.
_SURROUNDINGS = (
    "script, style, noscript, template, header, footer, nav, form, select, iframe, object"
)
#: A text shorter than this, in signs outside links, is a notice beside a list and no article.
LEAST_TEXT = 60
#: Share of the text outside links that must be in a child for the search to go down into it.
_MOST_OF_IT = 0.7
_SPACE = re.compile(r"\s+")
#: A time of publishing beside the text, as the systems print it.
_TIME = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:\s*(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}))?)?"
)
_TIME_LABEL = re.compile(r"(?:发布|发文|录入|更新|公开|信息)?(?:时间|日期)\s*[:：]?\s*(?=\d{4})")
_SOURCE = re.compile(r"(?:信息|文章|稿件)?来\s*源\s*[:：]\s*([^\s|【\[<,，;；]{2,60})")
_AUTHOR = re.compile(r"(?:作\s*者|编\s*辑|责任编辑)\s*[:：]\s*([^\s|【\[<,，;；]{2,30})")
#: Between the title of a page and the name of its site.
_TITLE_PARTS = re.compile(r"\s*(?:[_|｜]|\s[-–—]+\s|--+|——)\s*")
#: Code that ran on the old server and stands in its files: a template, not a page.
_SERVER_CODE = re.compile(r"<%|<\?php|<\?=", re.I)


@dataclass(frozen=True, slots=True)
class PageSelectors:
    """CSS selectors of a mapping; "" leaves the reading to the defaults."""

    title: str = ""
    body: str = ""
    time: str = ""
    source: str = ""
    section: str = ""


#: Nothing is mapped.
DEFAULTS = PageSelectors()


@dataclass(frozen=True, slots=True)
class ReadPage:
    """``body_html``: None on a page that holds no article; its addresses are absolute.

    ``headings``: parts of the page's title, for a page that names a section or the site.
    """

    title: str
    body_html: str | None
    published_at: datetime | None
    source_name: str
    author: str
    keywords: str
    summary: str
    section_name: str
    site_name: str
    headings: tuple[str, ...]
    is_labelled: bool
    is_template: bool


def read_page(text: str, url: str, selectors: PageSelectors = DEFAULTS) -> ReadPage:
    """What a page of the address ``url`` says."""
    is_template = _SERVER_CODE.search(text) is not None
    tree = LexborHTMLParser(text)
    labels = _labels(tree)
    headings = _headings(tree)
    is_labelled = bool(labels.get("articletitle") or labels.get("pubdate"))
    for node in tree.css(_SURROUNDINGS):
        node.decompose()
    body = None if is_template else _body(tree, selectors, is_labelled=is_labelled)
    beside = _line(tree.body.text(separator=" ")) if tree.body is not None else ""
    if body is not None:
        _make_absolute(body, url)
    return ReadPage(
        title=_first(tree, selectors.title)
        or labels.get("articletitle", "")
        or _only(tree, "h1")
        or (headings[0] if headings else ""),
        body_html=body.html if body is not None else None,
        published_at=_time(_first(tree, selectors.time), labels.get("pubdate", ""), beside),
        source_name=_first(tree, selectors.source)
        or labels.get("contentsource", "")
        or _found(_SOURCE, beside),
        author=labels.get("author", "") or _found(_AUTHOR, beside),
        keywords=labels.get("keywords", ""),
        summary=labels.get("description", ""),
        section_name=_first(tree, selectors.section) or labels.get("columnname", ""),
        site_name=labels.get("sitename", ""),
        headings=headings,
        is_labelled=is_labelled,
        is_template=is_template,
    )


def links(text: str, url: str) -> Iterator[tuple[str, str]]:
    """Address and words of each link of a page that leads within its site."""
    for node in LexborHTMLParser(text).css("a[href]"):
        address = canonical(node.attributes.get("href") or "", url)
        words = _line(node.text(separator=" ")) or _line(node.attributes.get("title") or "")
        if address and words and origin(address) == origin(url):
            yield address, words


def old_path(url: str) -> str:
    """Path and query of an address as a visitor's browser sends them, unquoted for reading."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    return f"{path}?{parts.query}" if parts.query else path


# -- labels and headings ---------------------------------------------------


def _labels(tree: LexborHTMLParser) -> dict[str, str]:
    """The page's ``meta`` entries by name in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta[name][content]"):
        name = (node.attributes.get("name") or "").strip().lower()
        found.setdefault(name, _line(node.attributes.get("content") or ""))
    return found


def _headings(tree: LexborHTMLParser) -> tuple[str, ...]:
    node = tree.css_first("title")
    title = _line(node.text()) if node is not None else ""
    return tuple(part for part in _TITLE_PARTS.split(title) if part)


def _first(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector) if selector else None
    return _line(node.text(separator=" ")) if node is not None else ""


def _only(tree: LexborHTMLParser, selector: str) -> str:
    """The words of the one element; a page with several of them means something else by it."""
    nodes = [node for node in tree.css(selector) if _line(node.text())]
    return _line(nodes[0].text(separator=" ")) if len(nodes) == 1 else ""


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1].strip() if match else ""


def _line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _time(*texts: str) -> datetime | None:
    """The first time that holds; in a whole page only behind the words for it."""
    chosen, labelled, page = texts
    label = _TIME_LABEL.search(page)
    for text in (chosen, labelled, page[label.end() : label.end() + 30] if label else ""):
        match = _TIME.search(text)
        if match is None:
            continue
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=LEGACY_ZONE)
        except ValueError:
            continue
    return None


# -- the text --------------------------------------------------------------


def _body(
    tree: LexborHTMLParser, selectors: PageSelectors, *, is_labelled: bool
) -> LexborNode | None:
    if selectors.body:
        return tree.css_first(selectors.body)
    for node in tree.css(_BODIES):
        if _signs(node) >= LEAST_TEXT or node.css_first("img") is not None:
            return node
    if tree.body is None:
        return None
    found = _densest(tree.body)
    prose, linked = _prose(found), _signs(found)
    if prose >= LEAST_TEXT and prose * 2 >= linked:
        return found
    # Its labels say that it is an article, however short.
    return found if is_labelled and prose else None


def _densest(node: LexborNode) -> LexborNode:
    """The innermost element that holds most of the text outside links."""
    whole = _prose(node)
    while whole:
        best = max(_elements(node), key=_prose, default=None)
        # A paragraph is part of a text; tables for layout are gone through.
        if best is None or best.tag in {"p", "span", "font", "b", "strong"}:
            return node
        if _prose(best) < whole * _MOST_OF_IT:
            return node
        node = best
    return node


def _elements(node: LexborNode) -> Sequence[LexborNode]:
    return [child for child in node.iter() if child.tag and not child.tag.startswith("-")]


def _signs(node: LexborNode) -> int:
    return len(_SPACE.sub("", node.text()))


def _prose(node: LexborNode) -> int:
    """Signs outside links."""
    return _signs(node) - sum(_signs(link) for link in node.css("a[href]"))


def _make_absolute(body: LexborNode, url: str) -> None:
    """Relative addresses mean something else once the text stands on another page.

    An address of the old site is written from its root, so that the import knows it as its own.
    """
    for node in body.css("[href], [src]"):
        for name in ("href", "src"):
            written = node.attributes.get(name)
            if not written or written.startswith(("#", "data:")):
                continue
            address = canonical(written, url)
            if address:
                node.attrs[name] = (  # type: ignore[index]
                    old_path(address) if origin(address) == origin(url) else address
                )
