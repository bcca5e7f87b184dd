"""Cleaning of markup that is printed on public pages."""

import html
import re

import nh3

from sites.typed_text.rules import seen_text

#: Structure that a policy text needs; no class, style, script, frame, form or handler.
ALLOWED_TAGS = {
    "a", "b", "blockquote", "br", "caption", "col", "colgroup", "dd", "div", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "scope", "id", "headers"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type"},
}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}

#: Parts of a text that are seen without a word.
_SEEN_WITHOUT_WORDS = re.compile(r"<(?:hr|img|embed|iframe)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def is_blank(markup: str) -> bool:
    """Whether a reader would see nothing: no word, no picture, no line."""
    words = html.unescape(_TAG.sub("", markup))
    return not words.strip() and not _SEEN_WITHOUT_WORDS.search(markup)


#: What is left of a picture whose source was refused: it shows nothing.
_WITHOUT_SOURCE = re.compile(r'<img(?:\s+(?!src=)[a-z]+="[^"]*")*\s*>')
#: A picture written into the markup itself. It never stays: no size, no check, no description, no cache.
_EMBEDDED = re.compile(r"<img\b[^>]{0,2000}?\bsrc\s*=\s*[\"']?\s*data:", re.IGNORECASE)


def embedded_pictures(markup: str) -> int:
    """How many pictures stand in ``markup`` as text, and go when it is cleaned."""
    return len(_EMBEDDED.findall(markup))


def clean_markup(markup: str) -> str:
    """``markup`` with everything outside the allow-list removed; the text of removed tags stays.

    Scripts and styles go with their content. Idempotent.
    """
    cleaned = nh3.clean(
        markup,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    cleaned = _WITHOUT_SOURCE.sub("", cleaned)
    # After it: "&#x202e;" is a sign only once it is read.
    return seen_text(cleaned)
