"""Turns the markup of an old article into the blocks of ours. Pure.

What goes in may be anything. What comes out is built here, sign by sign, from
a tree that `nh3` has cleaned first: nothing of the old markup is copied.

* Running text becomes ``paragraph`` blocks, restricted to what an editor may
  do by hand: p, h2-h4, b, i, a, ul, ol, li, br, hr.
* A table becomes an ``html`` block with its structure and without its looks (the plan makes an
  editable table of it where that loses nothing).
  A table of one cell was a page frame, not a table: its content is unwrapped.
* A picture or file that is not in the source becomes a
  ``missing_attachment`` block in its place.

Everything else that was in the markup is counted in `CleanBody.findings`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from .enums import AttachmentOrigin, AttachmentRole, FindingCode
from .runs import Run, RunWriter
from .texts import strip_surplus_encoding

DEEPEST_NESTING = 120
UPLOAD_SCHEME = "legacy-upload"
_UPLOAD_MARK = re.compile(r"<!--#\w+_attach#-->/?")

_TAGS = {
    "a", "article", "b", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "em", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "li", "main", "ol", "p",
    "pre", "section", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "file", "data", UPLOAD_SCHEME}
_CONTENT_DROPPED = {"script", "style", "noscript", "template", "title"}
# Made once: reading the lists costs half as much as cleaning an article.
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_CONTENT_DROPPED,
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel=None,
)
_BLOCKS = {
    "article", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "header", "main",
    "p", "pre", "section", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "li",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_FRAMES = {"iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "select", "textarea",
           "button", "video", "audio", "svg", "math", "base", "meta", "link"}  # fmt: skip
_TRACKERS = re.compile(
    r"//(?:[\w-]+\.)*(?:hm\.baidu|cnzz|51\.la|51yes|google-analytics|googletagmanager|umeng|growingio)\b",
    re.I,
)
_DECORATIONS = re.compile(
    r"/(?:ewebeditor/sysimage|ueditor/dialogs|fckeditor/editor|sysimage/icon\d*|filetypeimages)/",
    re.I,
)
_LOCAL = re.compile(r"\A(?:file:|/*[a-z]:[/\\]|\\\\)", re.I)
_FILE_NAME = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|wps|et|dps|pdf|ofd|zip|rar|7z|txt|rtf|csv|ceb|mp[34]|flv|wmv|avi)\Z",
    re.I,
)
_SPAN_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class FileReference:
    """A picture or file the markup points to; `address` as found, upload mark removed."""

    address: str
    name: str
    role: AttachmentRole
    origin: AttachmentOrigin


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body: `kind` is ``paragraph``, ``html`` or ``missing_attachment``.

    `markup` is set for the first two, `reference` for the third.
    """

    kind: str
    markup: str = ""
    reference: FileReference | None = None


@dataclass(frozen=True, slots=True)
class CleanBody:
    """The result for one body; `text` is its plain text with one line for each paragraph."""

    blocks: tuple[Block, ...]
    references: tuple[FileReference, ...]
    findings: dict[FindingCode, int]
    text: str


def clean_body(markup: str) -> CleanBody:
    """Cleans the joined pages of one article; see the module for what stays."""
    findings: Counter[FindingCode] = Counter()
    once, surplus = strip_surplus_encoding(markup)
    if surplus:
        findings[FindingCode.OVER_ENCODED] += surplus
    raw = LexborHTMLParser(once)
    depth = _inspect(raw, findings)
    if depth > DEEPEST_NESTING:
        findings[FindingCode.TOO_DEEP] += 1
        return _as_plain_text(raw, findings)
    safe = _CLEANER.clean(_UPLOAD_MARK.sub(f"{UPLOAD_SCHEME}:", once))
    tree = LexborHTMLParser(safe)
    builder = _Builder(findings, _heading_shift(tree) if "<h" in safe else 0)
    if tree.body is not None:
        builder.walk(tree.body, Run())
    return builder.finish()


def _inspect(tree: LexborHTMLParser, findings: Counter[FindingCode]) -> int:
    """Counts what cleaning is going to remove; returns the depth of the tree. Not recursive."""
    node = tree.root
    depth = deepest = 0
    while node is not None:
        tag = node.tag
        if tag in ("script", "noscript"):
            findings[FindingCode.SCRIPT] += 1
        elif tag in _FRAMES:
            findings[FindingCode.FRAME] += 1
        elif tag == "style":
            findings[FindingCode.STYLE] += 1
        if tag not in ("-text", "-comment", "!doctype"):
            for name, value in node.attributes.items():
                if name.startswith("on"):
                    findings[FindingCode.HANDLER] += 1
                elif name == "style":
                    findings[FindingCode.STYLE] += 1
                elif name in ("href", "src", "action") and re.sub(
                    r"[\x00-\x20]+", "", value or ""
                ).lower().startswith(("javascript:", "vbscript:")):
                    findings[FindingCode.BAD_ADDRESS] += 1
        child = node.child
        if child is not None and tag not in ("script", "style", "template"):
            node, depth = child, depth + 1
            deepest = max(deepest, depth)
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    return deepest


def _as_plain_text(tree: LexborHTMLParser, findings: Counter[FindingCode]) -> CleanBody:
    writer = RunWriter()
    if tree.root is None:
        return CleanBody((), (), dict(findings), "")
    for node in tree.root.traverse(include_text=True):
        if (
            node.tag == "-text"
            and node.parent is not None
            and node.parent.tag not in _CONTENT_DROPPED
        ):
            writer.text(node.text_content or "", Run())
        elif node.tag in _BLOCKS or node.tag == "br":
            writer.end_paragraph()
    writer.end_paragraph()
    text = "\n".join(writer.lines)
    markup = writer.take()
    return CleanBody((Block("paragraph", markup),) if markup else (), (), dict(findings), text)


def _heading_shift(tree: LexborHTMLParser) -> int:
    """How far headings move so that the highest one becomes h2 (the page title is the h1)."""
    levels = [level for level in range(1, 7) if tree.css_first(f"h{level}") is not None]
    return 2 - levels[0] if levels else 0


@dataclass
class _Builder:
    findings: Counter[FindingCode]
    heading_shift: int
    blocks: list[Block] = field(default_factory=list)
    references: list[FileReference] = field(default_factory=list)
    writer: RunWriter = field(default_factory=RunWriter)
    lines: list[str] = field(default_factory=list)
    # Files met inside a paragraph, list or table: their blocks follow it.
    waiting: list[FileReference] = field(default_factory=list)
    nested: int = 0
    listed: int = 0

    def finish(self) -> CleanBody:
        self._flush()
        return CleanBody(
            tuple(self.blocks), tuple(self.references), dict(self.findings), "\n".join(self.lines)
        )

    def _flush(self) -> None:
        """Closes the paragraph block and sets the waiting files after it."""
        self.writer.end_paragraph()
        self.lines.extend(self.writer.lines)
        markup = self.writer.take()
        if markup:
            self.blocks.append(Block("paragraph", markup))
        self.blocks.extend(
            Block("missing_attachment", reference=reference) for reference in self.waiting
        )
        self.waiting = []

    def _end(self, tag: str = "p") -> None:
        self.writer.end_paragraph(tag)
        if self.waiting and not self.nested:
            self._flush()

    def walk(self, parent: LexborNode, run: Run) -> None:
        for node in parent.iter(include_text=True):
            self._node(node, run)

    def _node(self, node: LexborNode, run: Run) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self.writer.text(node.text_content or "", run)
        elif tag == "br":
            self.writer.line_break()
        elif tag in ("b", "strong"):
            self.walk(node, run.with_bold())
        elif tag in ("em", "i"):
            self.walk(node, run.with_italic())
        elif tag in ("sub", "sup"):
            self.walk(node, run.with_shift(tag))
        elif tag == "a":
            self._link(node, run)
        elif tag == "img":
            self._picture(node)
        elif tag == "hr":
            if not self.nested:
                self._end()
                self.writer.rule()
        elif tag == "table":
            self._table(node, run)
        elif tag in ("ol", "ul"):
            self._list(node, run)
        elif tag in _HEADINGS and not self.nested:
            self._end()
            self.walk(node, run)
            self._end(f"h{min(4, max(2, int(tag[1]) + self.heading_shift))}")
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._end()
            self.walk(node, run)
            self._end()
        else:
            self.walk(node, run)

    # -- lists and tables --------------------------------------------------

    def _part(
        self, node: LexborNode, run: Run, *, paragraphs: bool = False
    ) -> tuple[str, list[str]]:
        """Content of one list item or cell: its markup and its lines of text."""
        outer, self.writer = self.writer, RunWriter()
        self.nested += 1
        if node.tag == "-text":
            self._node(node, run)
        else:
            self.walk(node, run)
        self.nested -= 1
        inner, self.writer = self.writer, outer
        markup = inner.take_inline(paragraphs=paragraphs)
        return markup, inner.lines

    def _list(self, node: LexborNode, run: Run) -> None:
        self._end()
        items, lines = "", []
        self.listed += 1
        for child in node.iter(include_text=True):
            markup, text = self._part(child, run)
            if markup:
                items += f"<li>{markup}</li>"
                lines.extend(text)
        self.listed -= 1
        if items:
            self.writer.raw(f"<{node.tag}>{items}</{node.tag}>", lines)
        self._end()

    def _table(self, node: LexborNode, run: Run) -> None:
        rows = list(_rows(node))
        # A list holds no table: its cells become lines of the item.
        if self.listed or all(len(cells) <= 1 for _row, cells in rows):
            self._end()
            self.walk(node, run)
            self._end()
            return
        self.writer.end_paragraph()
        if not self.nested:
            self._flush()
        markup, lines = "", []
        for caption in node.iter():
            if caption.tag == "caption":
                inner, text = self._part(caption, run)
                markup += f"<caption>{inner}</caption>" if inner else ""
                lines.extend(text)
        for _row, cells in rows:
            markup += "<tr>"
            for cell in cells:
                inner, text = self._part(cell, run, paragraphs=True)
                markup += f"<{cell.tag}{_spans(cell)}>{inner}</{cell.tag}>"
                lines.extend(text)
            markup += "</tr>"
        if not any(lines):
            pass
        elif self.nested:
            self.writer.raw(f"<table><tbody>{markup}</tbody></table>", lines)
        else:
            head, sign, rest = markup.partition("</caption>")
            body = f"{head}{sign}<tbody>{rest}</tbody>" if sign else f"<tbody>{markup}</tbody>"
            self.blocks.append(Block("html", f"<table>{body}</table>"))
            self.lines.extend(lines)
        if not self.nested:
            self._flush()

    # -- links and files ---------------------------------------------------

    def _link(self, node: LexborNode, run: Run) -> None:
        href = (node.attributes.get("href") or "").strip()
        name = _one_line(node.text()) or _file_name(href)
        is_file = bool(_FILE_NAME.search(_path(href)))
        if href.startswith(UPLOAD_SCHEME) or (
            is_file and not _is_absolute(href) and not _LOCAL.match(href)
        ):
            self.walk(node, run)
            self._missing(
                FileReference(_plain(href), name, AttachmentRole.FILE, AttachmentOrigin.UPLOAD)
            )
        elif _is_absolute(href):
            if is_file:
                reference = FileReference(
                    href, name, AttachmentRole.FILE, AttachmentOrigin.EXTERNAL
                )
                self.references.append(reference)
            self.walk(node, run.with_link(href))
        elif href.lower().startswith(("mailto:", "tel:")) or (
            href[:1] == "/" and not _LOCAL.match(href)
        ):
            self.walk(node, run.with_link(href))
        else:
            if href and not href.startswith("#"):
                self.findings[FindingCode.BAD_ADDRESS] += 1
            self.walk(node, run)

    def _picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        src = (attributes.get("src") or "").strip()
        name = _one_line(attributes.get("alt") or attributes.get("title") or "") or _file_name(src)
        if not src:
            return
        if _LOCAL.match(src):
            self.findings[FindingCode.LOCAL_IMAGE] += 1
            self.references.append(
                FileReference(src, name, AttachmentRole.IMAGE, AttachmentOrigin.LOCAL)
            )
        elif _TRACKERS.search(src) or _is_dot(attributes.get("width"), attributes.get("height")):
            self.findings[FindingCode.TRACKER] += 1
        elif _DECORATIONS.search(src):
            self.findings[FindingCode.DECORATION] += 1
        elif src[:5].lower() == "data:":
            kind = re.split("[,;]", src[5:40])[0]
            self._missing(
                FileReference(f"data:{kind}", kind, AttachmentRole.IMAGE, AttachmentOrigin.UPLOAD)
            )
        elif _is_absolute(src):
            self.findings[FindingCode.EXTERNAL_IMAGE] += 1
            self._missing(FileReference(src, name, AttachmentRole.IMAGE, AttachmentOrigin.EXTERNAL))
        else:
            self._missing(
                FileReference(_plain(src), name, AttachmentRole.IMAGE, AttachmentOrigin.UPLOAD)
            )

    def _missing(self, reference: FileReference) -> None:
        if reference.origin == AttachmentOrigin.UPLOAD:
            self.findings[FindingCode.MISSING_FILE] += 1
        self.references.append(reference)
        self.waiting.append(reference)
        if reference.role == AttachmentRole.IMAGE and not self.nested:
            # A picture stands between two paragraphs; a file follows the sentence that names it.
            self._flush()


def _rows(table: LexborNode) -> Iterator[tuple[LexborNode, list[LexborNode]]]:
    """The table's own rows with their cells, not those of tables inside it."""
    for child in table.iter():
        if child.tag == "tr":
            yield child, [cell for cell in child.iter() if cell.tag in ("td", "th")]
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _spans(cell: LexborNode) -> str:
    written = ""
    for name in ("colspan", "rowspan"):
        value = cell.attributes.get(name) or ""
        if value.isdecimal() and 1 < int(value[:6]) <= _SPAN_LIMIT:
            written += f' {name}="{int(value)}"'
    return written


def _is_absolute(address: str) -> bool:
    return bool(re.match(r"(?:https?:)?//[^/]", address, re.I)) and not _LOCAL.match(address)


def _path(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0]


def _plain(address: str) -> str:
    return address.removeprefix(f"{UPLOAD_SCHEME}:").lstrip("/")


def _file_name(address: str) -> str:
    return unquote(re.split(r"[/\\]", _path(address).removeprefix(f"{UPLOAD_SCHEME}:"))[-1])[:120]


def _one_line(text: str) -> str:
    return " ".join(text.replace("\u3000", " ").split())[:120]


def _is_dot(width: str | None, height: str | None) -> bool:
    """A picture of at most one pixel each way counts visitors and shows nothing."""
    return (width or "").strip() in ("0", "1") and (height or "").strip() in ("0", "1")
