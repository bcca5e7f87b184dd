"""What is pasted into the editor of running text: lists of Word become lists, pictures are kept.

Word writes each item of a list as a paragraph with ``mso-list`` in its style and the sign before it as
text, so the editor would show plain lines. Pictures inside the pasted text (``data:``) are unknown to
running text; they go to the site's pictures, and whoever pasted is told where, or why not.
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from typing import Any

import lxml.html
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml.etree import ParserError
from lxml.html import HtmlElement

from cms_core.media.checking import check_upload
from cms_core.media.exceptions import FileRefused
from sites.audit.services import record_event

from .limits import LARGEST_PICTURE, MOST_PICTURES
from .plan import Picture
from .selectors import collection_for
from .services import stored_picture

#: Marks around what Word writes for programs without lists; what stands between them stays.
_CONDITIONS = re.compile(r"<!(?:--)?\[(?:if[^\]]*|endif)\](?:--)?>", re.IGNORECASE)
_ITEM = re.compile(r"mso-list:\s*(?P<list>l\d+)\s+level(?P<level>\d+)", re.IGNORECASE)
_SIGN = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
#: Signs that a numbered list of the web shows too. 一、 and （一） are part of an official text: they stay
#: words, since a list would print "1." in their place.
_NUMBER = re.compile(r"(?P<first>1|a|A|i|I)?[0-9a-zA-Z]*[.)、．]\Z")
_CHINESE = re.compile(r"[（(]|[〇零一二三四五六七八九十百①-⑳]")
_DATA = re.compile(
    r"data:image/(?P<kind>[a-z0-9.+-]+);base64,(?P<body>.+)\Z", re.IGNORECASE | re.DOTALL
)
#: Deepest level that is kept: the editor of running text knows four.
_DEEPEST = 4
_SUFFIXES = {"jpeg": "jpg", "pjpeg": "jpg", "x-png": "png"}


@dataclass(frozen=True, slots=True)
class Pasted:
    """``markup``: what the editor is given. ``words``: what the person is told; empty: nothing."""

    markup: str
    words: str


@transaction.atomic
def take_in(*, actor: Any, markup: str) -> Pasted:
    """Mend what was pasted; its pictures go where ``actor`` may put some."""
    try:
        body = lxml.html.document_fromstring(_CONDITIONS.sub("", markup) or "<p></p>").find("body")
    except (ParserError, ValueError):
        body = None
    if body is None:
        return Pasted(markup, "")
    unseen: Any = body.xpath(".//style | .//script | .//comment()")
    for element in unseen:
        element.drop_tree()
    words = _take_pictures(actor, body)
    make_lists(body)
    inner = (body.text or "") + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in body
    )
    return Pasted(inner, words)


def make_lists(body: HtmlElement) -> None:
    """Turn runs of Word's list paragraphs below ``body`` into real lists, each level in its place."""
    seen: set[HtmlElement] = set()
    for element in list(body.iter("p", "div", "h1", "h2", "h3")):
        if element in seen or _level(element) is None:
            continue
        run = [element]
        while (after := run[-1].getnext()) is not None and _level(after) is not None:
            if (run[-1].tail or "").strip():
                break
            run.append(after)
        seen.update(run)
        _replace(run)


def _level(element: HtmlElement) -> int | None:
    found = _ITEM.search(element.get("style") or "")
    return min(int(found["level"]), _DEEPEST) if found else None


def _sign_of(element: HtmlElement) -> tuple[str, list[HtmlElement]]:
    """The sign before an item, and the elements that hold it."""
    signs = [one for one in element.iter("span") if _SIGN.search(one.get("style") or "")]
    text = "".join(str(one.text_content()) for one in signs)
    return " ".join(text.split()), signs


def _replace(run: list[HtmlElement]) -> None:
    kinds: list[str] = []
    for place, item in enumerate(run):
        sign, _signs = _sign_of(item)
        kinds.append(_kind(sign, is_first=place == 0))
    if "" in kinds:
        for item in run:  # its numbers are words of the text, or go on from another list
            sign, signs = _sign_of(item)
            _drop(signs)
            item.text = (
                f"{sign}{' ' if sign.isascii() and sign else ''}{(item.text or '').lstrip()}"
            )
            item.attrib.pop("style", None)
        return
    levels = [_level(item) or 1 for item in run]
    parent = run[0].getparent()
    top = lxml.html.Element(kinds[0])
    parent.insert(parent.index(run[0]), top)
    stack: list[tuple[int, HtmlElement]] = [(levels[0], top)]
    for item, kind, level in zip(run, kinds, levels, strict=True):
        while len(stack) > 1 and stack[-1][0] > level:
            stack.pop()
        if level > stack[-1][0] and len(stack[-1][1]):
            below = lxml.html.Element(kind)
            stack[-1][1][-1].append(below)
            stack.append((level, below))
        _drop(_sign_of(item)[1])
        tail, item.tail = item.tail, None
        line = lxml.html.Element("li")
        line.text = (item.text or "").lstrip()
        line.extend(list(item))
        parent.remove(item)
        stack[-1][1].append(line)
        top.tail = tail


def _kind(sign: str, *, is_first: bool) -> str:
    """``ul``, ``ol``, or empty where the sign must stay a word."""
    if _CHINESE.match(sign):
        return ""
    number = _NUMBER.match(sign)
    if number is None:
        return "ul"
    begins = sign[:-1] in {"1", "a", "A", "i", "I"}
    return "ol" if begins or not is_first else ""


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        element.drop_tree()


def _take_pictures(actor: Any, body: HtmlElement) -> str:
    """Take every picture out of ``body``; what is said about them."""
    kept: list[str] = []
    refused: list[str] = []
    elsewhere = 0
    collection = collection_for(actor)
    for image in list(body.iter("img")):
        found = _DATA.match(image.get("src") or "")
        alternative = " ".join((image.get("alt") or "").split())[:200]
        image.drop_tree()
        if found is None:
            elsewhere += 1
        elif collection is None:
            refused.append(_("you may not add pictures: ask your site administrator"))
        elif len(kept) == MOST_PICTURES:
            refused.append(_("more than %(most)d at once") % {"most": MOST_PICTURES})
        else:
            picture = _checked(found["kind"], found["body"], alternative, len(kept) + 1)
            if picture.refusal:
                refused.append(picture.refusal)
                continue
            image_row = stored_picture(actor, collection, picture, _("Pasted"), len(kept) + 1)
            record_event(kind="picture_pasted", subject=image_row, actor=actor)
            kept.append(image_row.title)
    return _said(kept, refused, elsewhere)


def _checked(kind: str, body: str, alternative: str, number: int) -> Picture:
    name = f"pasted-{number}.{_SUFFIXES.get(kind.lower(), kind.lower())}"
    try:
        content = base64.b64decode("".join(body.split()), validate=True)
        if len(content) > LARGEST_PICTURE:
            raise ValueError(name)
        checked = check_upload(io.BytesIO(content), pictures_only=True, name=name)
    except (binascii.Error, ValueError):
        return Picture(name, b"", alternative, _("damaged or too large"))
    except FileRefused as refusal:
        return Picture(name, b"", alternative, refusal.words)
    return Picture(str(checked.name), checked.read(), alternative)


def _said(kept: list[str], refused: list[str], elsewhere: int) -> str:
    lines = []
    if kept:
        lines.append(
            ngettext(
                "%(count)d picture was taken to the site's pictures. Running text shows none: add a "
                "block “Picture” where it belongs and choose it; it is the newest.",
                "%(count)d pictures were taken to the site's pictures. Running text shows none: add "
                "blocks “Picture” where they belong and choose them; they are the newest.",
                len(kept),
            )
            % {"count": len(kept)}
        )
    if elsewhere:
        lines.append(
            ngettext(
                "%(count)d picture did not come along: it lies on your computer or another site. Save "
                "it as a file and add it with a block “Picture”, or import the Word file.",
                "%(count)d pictures did not come along: they lie on your computer or another site. "
                "Save them as files and add them with blocks “Picture”, or import the Word file.",
                elsewhere,
            )
            % {"count": elsewhere}
        )
    for reason in dict.fromkeys(refused):
        lines.append(
            ngettext(
                "%(count)d picture was not taken: %(reason)s.",
                "%(count)d pictures were not taken: %(reason)s.",
                refused.count(reason),
            )
            % {"count": refused.count(reason), "reason": reason.rstrip("。.")}
        )
    return " ".join(lines)
