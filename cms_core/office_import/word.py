"""Reads a Word file (docx) as an article: structure stays, looks go.

The file has passed ``cms_core.media.checking`` before: no macros, no bomb, no declarations, nothing
fetched from elsewhere. ``mammoth`` gives markup by the styles' meaning; it is cleaned by ``nh3`` and
taken apart into blocks here.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers.expat import ExpatError

import mammoth
import nh3
from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cms_core.media.checking import check_upload
from cms_core.media.exceptions import FileRefused
from cms_core.pages.table_block import grid_of_markup

from .limits import LARGEST_PICTURE, LARGEST_TEXT, LONGEST_GUESSED_TITLE, MOST_PICTURES
from .plan import ImportRefused, OfficeText, Passage, Picture, Piece, Table

_STYLES = "\n".join(
    f"p[style-name='{name}'] => {target}"
    for name, target in (
        ("Title", "h1:fresh"),
        ("标题", "h1:fresh"),
        ("Subtitle", "p:fresh"),
        ("副标题", "p:fresh"),
        *((f"标题 {level}", f"h{level}:fresh") for level in range(1, 7)),
        ("List Paragraph", "p:fresh"),
        ("Quote", "p:fresh"),
    )
)
_TAGS = {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "strong", "em", "b", "i", "a", "ul", "ol", "li", "table",
    "thead", "tbody", "tr", "td", "th", "img", "sup", "sub",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
#: What mammoth and expat answer to files that look like docx and are none.
_DAMAGED = (
    KeyError, ValueError, AttributeError, TypeError, OSError, IndexError, RecursionError,
    zipfile.BadZipFile, ExpatError,
)  # fmt: skip
_PICTURE = "office-picture"
_RENAMED = {"strong": "b", "em": "i"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SENTENCE_END = re.compile(r"[。；;！？!?，,、：:]\Z")


def read_word(stream: IO[bytes], name: str) -> OfficeText:
    """The article in a checked docx.

    :raises ImportRefused: too long, damaged, or without any text.
    """
    dropped = _unread_parts(stream)
    pictures: list[Picture] = []

    @mammoth.images.img_element
    def keep(image: Any) -> dict[str, str]:
        pictures.append(_picture(image, len(pictures) + 1))
        return {"src": f"{_PICTURE}:{len(pictures) - 1}"}

    stream.seek(0)
    try:
        result = mammoth.convert_to_html(stream, convert_image=keep, style_map=_STYLES)
    except _DAMAGED as error:
        raise ImportRefused(
            _("“%(name)s” cannot be read as a Word document. Open it in Word or WPS, save it as docx "
              "and upload that.") % {"name": name}
        ) from error  # fmt: skip
    markup = nh3.clean(
        result.value,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", _PICTURE},
        link_rel=None,
    )
    pieces = list(_Reader(pictures).read(markup))
    title, pieces = _title(pieces, name)
    if not pieces:
        raise ImportRefused(
            _("“%(name)s” holds no text. If it is a scanned picture, publish it as an attachment.")
            % {"name": name}
        )
    dropped += [picture.refusal for picture in pictures if picture.refusal]
    return OfficeText(title, tuple(pieces), tuple(dropped))


def _unread_parts(stream: IO[bytes]) -> list[str]:
    """What a docx holds that no article does; from names and marks of its parts."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        for info in archive.infolist():
            if info.filename.endswith(".xml") and info.file_size > LARGEST_TEXT:
                raise ImportRefused(
                    _(
                        "The text of this file is too long for one page (more than about 200 pages). "
                        "Split it, or publish it as an attachment."
                    )
                )
        text = archive.read("word/document.xml") if "word/document.xml" in names else b""
    found = [
        (any(re.match(r"word/(?:header|footer)\d*\.xml", name) for name in names),
         _("Headers and footers of the pages")),
        ("word/comments.xml" in names, _("Comments of the margin")),
        (b"<w:del " in text or b"<w:moveFrom " in text, _("Deleted text of tracked changes")),
        (b"<m:oMath" in text, _("Formulas: put them in as pictures")),
        (b"<w:txbxContent" in text or b"<wps:txbx" in text,
         _("Frames of text boxes (their words may stand elsewhere)")),
        (any(name.startswith("word/charts/") for name in names), _("Charts: put them in as pictures")),
        (any("/embeddings/" in name for name in names), _("Embedded objects")),
        (True, _("Fonts, colours, sizes, indents and page breaks: the site's look takes their place")),
    ]  # fmt: skip
    return [words for there, words in found if there]


def _picture(image: Any, number: int) -> Picture:
    name = _("picture %(number)s") % {"number": number}
    alt = " ".join((image.alt_text or "").split())[:200]
    if number > MOST_PICTURES:
        return Picture(name, b"", alt, _("Pictures after the %(most)sth") % {"most": MOST_PICTURES})
    try:
        with image.open() as source:
            body = source.read(LARGEST_PICTURE + 1)
    except (OSError, KeyError, ValueError):
        # One that lies on another computer or is named and not there.
        return Picture(name, b"", alt, _("%(name)s: it is not in the file") % {"name": name})
    extension = (image.content_type or "").partition("/")[2].partition(";")[0].lower()
    given = f"{name}.{ {'jpeg': 'jpg', 'pjpeg': 'jpg', 'x-png': 'png'}.get(extension, extension) }"
    given = given.replace(" ", "")
    try:
        checked = check_upload(io.BytesIO(body), pictures_only=True, name=given)
    except FileRefused as refusal:
        return Picture(name, b"", alt, refusal.words)
    return Picture(str(checked.name), checked.read(), alt)


def _title(pieces: list[Piece], name: str) -> tuple[str, list[Piece]]:
    """The title, and the pieces without it: the first heading or short line, else the file's name."""
    first = pieces[0] if pieces else None
    if isinstance(first, Passage):
        tree = LexborHTMLParser(first.markup)
        node = tree.body.child if tree.body is not None else None
        if node is not None and node.tag in ("h2", "p"):
            words = " ".join(node.text().split())
            is_title = node.tag == "h2" or not _SENTENCE_END.search(words)
            if words and len(words) <= LONGEST_GUESSED_TITLE and is_title:
                node.decompose()
                rest = (tree.body.inner_html or "") if tree.body is not None else ""
                return words, [*([Passage(rest)] if rest.strip() else []), *pieces[1:]]
    return name.rpartition(".")[0][:LONGEST_GUESSED_TITLE] or name, pieces


class _Reader:
    """Takes cleaned markup apart into passages, tables and pictures."""

    def __init__(self, pictures: list[Picture]) -> None:
        self.pictures = pictures
        self.found: list[Picture] = []

    def read(self, markup: str) -> Iterator[Piece]:
        tree = LexborHTMLParser(markup)
        if tree.body is None:
            return
        shift = _heading_shift(tree)
        text = ""
        for node in tree.body.iter(include_text=True):
            if node.tag == "table":
                if text:
                    yield Passage(text)
                text = ""
                yield from self._table(node)
            else:
                text += self._block(node, shift)
            if self.found:
                if text:
                    yield Passage(text)
                text = ""
                yield from self.found
                self.found = []
        if text:
            yield Passage(text)

    def _table(self, node: LexborNode) -> Iterator[Piece]:
        markup = self._inside(node, self._cell)
        rows = node.css("tr")
        if len(rows) == 1 and len(rows[0].css("td, th")) == 1:
            # A frame around text, not a table.
            yield Passage(f"<p>{self._inline(rows[0])}</p>")
        else:
            markup = f"<table>{markup}</table>"
            yield Table(grid_of_markup(markup), markup)
        yield from self.found
        self.found = []

    def _cell(self, node: LexborNode) -> str:
        """The parts of a table, with what an article's table may hold."""
        tag = node.tag or ""
        if tag in ("thead", "tbody", "tr", "td", "th", "p", "ul", "ol", "li", "table"):
            inner = self._inside(node, self._cell)
            spans = "".join(
                f' {name}="{value}"'
                for name in ("colspan", "rowspan")
                if (value := node.attributes.get(name)) and value.isdecimal()
            )
            return f"<{tag}{spans}>{inner}</{tag}>"
        if tag in _HEADINGS:
            return f"<p>{self._inline(node)}</p>"
        return self._inline_of(node)

    def _block(self, node: LexborNode, shift: int) -> str:
        tag = node.tag or ""
        if tag in _HEADINGS:
            words = self._inline(node, is_plain=True)
            level = f"h{min(4, max(2, int(tag[1]) + shift))}"
            return f"<{level}>{words}</{level}>" if words.strip() else ""
        if tag in ("ul", "ol"):
            return self._list(node)
        words = self._inline(node) if tag == "p" else self._inline_of(node)
        return f"<p>{words}</p>" if words.strip() else ""

    def _list(self, node: LexborNode) -> str:
        items = ""
        for item in node.iter():
            if item.tag != "li":
                continue
            words, inner = "", ""
            for child in item.iter(include_text=True):
                if child.tag in ("ul", "ol"):
                    inner += self._list(child)
                elif child.tag == "p":
                    words += ("<br/>" if words else "") + self._inline(child)
                else:
                    words += self._inline_of(child)
            if words.strip() or inner:
                items += f"<li>{words.strip()}{inner}</li>"
        return f"<{node.tag}>{items}</{node.tag}>" if items else ""

    def _inside(self, node: LexborNode, each: Callable[[LexborNode], str]) -> str:
        return "".join(each(child) for child in node.iter(include_text=True))

    def _inline(self, node: LexborNode, *, is_plain: bool = False) -> str:
        return self._inside(node, lambda child: self._inline_of(child, is_plain=is_plain)).strip()

    def _inline_of(self, node: LexborNode, *, is_plain: bool = False) -> str:
        tag = node.tag or ""
        if tag == "-text":
            return str(node.html or "")
        if tag == "br":
            return "<br/>"
        if tag == "img":
            number = (node.attributes.get("src") or "").partition(":")[2]
            if number.isdecimal() and int(number) < len(self.pictures):
                picture = self.pictures[int(number)]
                if not picture.refusal:
                    self.found.append(picture)
            return ""
        inner = self._inline(node, is_plain=is_plain) if tag in ("sup", "sub") else self._inside(
            node, lambda child: self._inline_of(child, is_plain=is_plain)
        )  # fmt: skip
        if tag in ("sup", "sub"):
            return inner.translate(_RAISED if tag == "sup" else _LOWERED)
        if tag == "a":
            href = node.attributes.get("href") or ""
            if inner.strip() == "↑":
                return ""  # the way back from a footnote
            if inner.strip() and re.match(r"https?://|mailto:|tel:", href, re.I):
                return f'<a href="{_quoted(href)}">{inner}</a>'
            return inner
        if tag in ("strong", "b", "em", "i") and inner.strip() and not is_plain:
            name = _RENAMED.get(tag, tag)
            return f"<{name}>{inner}</{name}>"
        return inner


def _heading_shift(tree: LexborHTMLParser) -> int:
    """How far headings move so that the highest is h2: the page's title is the h1.

    A first heading that is the only one of its level is the title itself and does not count.
    """
    headings = [node.tag or "" for node in tree.css(", ".join(_HEADINGS))]
    first = tree.body.child if tree.body is not None else None
    if first is not None and first.tag in _HEADINGS and headings.count(first.tag) == 1:
        headings = headings[1:]
    return 2 - min((int(tag[1]) for tag in headings), default=2)


def _quoted(address: str) -> str:
    return address.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
