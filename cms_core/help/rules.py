"""Markdown of the documentation -> safe HTML: pure functions."""

import re
from collections.abc import Callable

import nh3
from markdown_it import MarkdownIt

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^(```|~~~)")
#: What the documentation is written with; everything else is left out.
_TAGS = frozenset(
    {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote"}
    | {"table", "thead", "tbody", "tr", "th", "td", "a", "br", "hr"}
)
# Raw HTML in a document is printed as text, and what is printed is cleaned once more.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


class NoSuchHeading(LookupError):
    """A how-to is a part of a document that no longer has this heading."""


def anchor_of(heading: str) -> str:
    """The name by which links reach a heading, as code hosts make it."""
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def part_of(markdown: str, anchor: str) -> str:
    """The part of a document below the heading ``anchor``, its heading raised to the first level.

    :raises NoSuchHeading: the document has no such heading.
    """
    lines: list[str] = []
    level = 0
    is_code = False
    for line in markdown.splitlines():
        is_code ^= bool(_FENCE.match(line))
        heading = None if is_code else _HEADING.match(line)
        if heading is not None:
            depth = len(heading[1])
            if level and depth <= level:
                break
            if not level and anchor_of(heading[2]) == anchor:
                level = depth
                lines.append(f"# {heading[2]}")
                continue
        if level:
            lines.append(line)
    if not level:
        raise NoSuchHeading(anchor)
    return "\n".join(lines) + "\n"


def title_and_text(markdown: str) -> tuple[str, str]:
    """The first heading, without markup, and what stands below it."""
    head, _, text = markdown.lstrip().partition("\n")
    found = _HEADING.match(head)
    if found is None:
        return "", markdown
    return re.sub(r"[*`]", "", found[2]), text


def headings_of(markdown: str) -> tuple[str, ...]:
    """The headings below the first, without markup."""
    return tuple(
        re.sub(r"[*`]", "", found[2])
        for line in markdown.splitlines()
        if (found := _HEADING.match(line)) is not None and len(found[1]) > 1
    )


def to_html(markdown: str, *, address: Callable[[str], str | None]) -> str:
    """``markdown`` as HTML.

    ``address``: where a link of the document leads inside the administration. ``None``: nowhere, for
    an office without the internet could not follow it; its words stay, as text.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        return address(value) if (tag, name) == ("a", "href") else value

    return nh3.clean(
        _MARKDOWN.render(markdown),
        tags=set(_TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=attribute,
        link_rel=None,
    )


def matches(words: str, *texts: str) -> bool:
    """Whether each of the ``words`` stands in one of the ``texts``, whatever its case."""
    joined = "\n".join(texts).casefold()
    return all(word in joined for word in words.casefold().split())
