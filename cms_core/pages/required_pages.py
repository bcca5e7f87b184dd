"""The pages that every site has and nobody has to write: about, help, privacy, accessibility.

Their words are reviewed data (``data/required_pages.toml``, ``required_pages.en.toml`` for editions in
other languages); their facts are the tenant's own row. A change of either shows on every site at once.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

_FOLDER = Path(__file__).resolve().parent / "data"


class RequiredPageError(ValueError):
    """A page of the data file lacks something; the message names it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its paragraphs, with the site's facts as ``{names}``."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequiredPage:
    """One page. ``revised_on``: when its words last changed; ``source``: what asks for it."""

    slug: str
    title: str
    revised_on: date
    source: str
    parts: tuple[Part, ...]


def required_pages(language: str | None = "zh-hans") -> Mapping[str, RequiredPage]:
    """The pages by slug, in the order in which the footer names them: Chinese, else English."""
    is_chinese = (language or "").startswith("zh")
    return _pages_of("required_pages.toml" if is_chinese else "required_pages.en.toml")


@cache
def _pages_of(file_name: str) -> Mapping[str, RequiredPage]:
    return read_pages((_FOLDER / file_name).read_text(encoding="utf-8"))


def read_pages(text: str) -> Mapping[str, RequiredPage]:
    """Parse the data file. :raises RequiredPageError: a page lacks something or stands twice."""
    pages: dict[str, RequiredPage] = {}
    for row in tomllib.loads(text)["page"]:
        try:
            page = RequiredPage(
                slug=row["slug"],
                title=row["title"],
                revised_on=row["revised_on"],
                source=row["source"],
                parts=tuple(
                    Part(part["heading"], tuple(part["paragraphs"])) for part in row["part"]
                ),
            )
        except KeyError as missing:
            raise RequiredPageError(f"{row.get('slug', '?')}: no {missing}") from missing
        if page.slug in pages:
            raise RequiredPageError(f"{page.slug} stands twice")
        pages[page.slug] = page
    return pages


def fields_of(paragraph: str) -> frozenset[str]:
    """The facts that a paragraph speaks of."""
    return frozenset(
        name for _text, name, _spec, _how in string.Formatter().parse(paragraph) if name
    )


def filled_parts(page: RequiredPage, facts: Mapping[str, str]) -> tuple[Part, ...]:
    """The parts with the site's facts. A paragraph without its fact goes, and a part without any left.

    :raises KeyError: a paragraph speaks of something that is no fact of a site.
    """
    parts = []
    for part in page.parts:
        paragraphs = tuple(
            paragraph.format_map(facts)
            for paragraph in part.paragraphs
            if all(facts[name] for name in fields_of(paragraph))
        )
        if paragraphs:
            parts.append(Part(part.heading, paragraphs))
    return tuple(parts)


def parts_markup(parts: tuple[Part, ...]) -> SafeString:
    """The parts as headings and paragraphs; everything is escaped."""
    return format_html_join(
        "\n",
        "<h2>{}</h2>\n{}",
        (
            (
                part.heading,
                format_html_join("\n", "<p>{}</p>", ((text,) for text in part.paragraphs)),
            )
            for part in parts
        ),
    )


def revision_markup(page: RequiredPage) -> SafeString:
    """The last line: when the words were revised, and by whom they are kept."""
    return format_html(
        "<p>{}</p>",
        pgettext(
            "public", "This page is kept by the platform, last revised: %(day)s. Basis: %(source)s."
        )
        % {"day": f"{page.revised_on:%Y-%m-%d}", "source": page.source},
    )
