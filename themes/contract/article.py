"""An article and the blocks it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from themes import rules
from themes.contract.frame import Link
from themes.contract.lists import Entry, Picture


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download; ``extension`` in capitals, ``size_text`` for readers (``86 KB``)."""

    title: str
    url: str
    extension: str = ""
    size_text: str = ""


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """Text of an article. ``html`` was cleaned before and is printed as it is.

    Raises ``TypeError`` for a plain ``str``: who marks it safe vouches for the cleaning.
    """

    html: SafeString
    kind: ClassVar[str] = "html"

    def __post_init__(self) -> None:
        if not isinstance(self.html, SafeString):
            raise TypeError("HtmlBlock takes cleaned HTML marked as SafeString")

    @property
    def typeset(self) -> SafeString:
        """The same HTML with tables that scroll on their own (``rules.typeset_html``)."""
        return SafeString(
            rules.typeset_html(
                self.html,
                table_words=pgettext("public", "Table; it can be moved left and right"),
                no_alternative=pgettext("public", "Picture without a description"),
            )
        )


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """An image between the paragraphs."""

    picture: Picture
    kind: ClassVar[str] = "image"


@dataclass(frozen=True, slots=True)
class AttachmentBlock:
    """A file offered between the paragraphs."""

    attachment: Attachment
    kind: ClassVar[str] = "attachment"


@dataclass(frozen=True, slots=True)
class TombstoneBlock:
    """A file the article speaks of and that is lost; the page says so instead of hiding it."""

    title: str
    reason: str = ""
    kind: ClassVar[str] = "tombstone"


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell; ``scope`` (``col``, ``row``) makes it the heading of its column or row."""

    lines: tuple[str, ...]
    scope: str = ""
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table. ``spoken_caption`` is never empty: who listens must know which table it is."""

    caption: str
    spoken_caption: str
    head: tuple[TableRow, ...]
    body: tuple[TableRow, ...]
    kind: ClassVar[str] = "table"


ArticleBlock = HtmlBlock | ImageBlock | AttachmentBlock | TombstoneBlock | TableBlock


@dataclass(frozen=True, slots=True)
class Article:
    """An article (稿件) as it is printed. ``editor`` is the responsible editor (责任编辑).

    ``valid_until`` is the last day on which it applies; ``is_expired`` whether that has passed.
    """

    title: str
    published_at: datetime | None = None
    subtitle: str = ""
    source_name: str = ""
    author_name: str = ""
    publisher_name: str = ""
    editor: str = ""
    valid_until: date | None = None
    is_expired: bool = False
    summary_points: tuple[str, ...] = ()
    blocks: tuple[ArticleBlock, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    previous: Link | None = None
    next: Link | None = None
    related: tuple[Entry, ...] = ()

    @property
    def title_phrases(self) -> tuple[str, ...]:
        """The title split where it may break."""
        return rules.title_phrases(self.title)


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """``article_page.html``."""

    article: Article
