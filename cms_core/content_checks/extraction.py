"""Content of any object by its model fields: plain text, links and pictures. No query.

For the capability module ``checked_content.py`` of an app: what its model has beyond fields (labels,
times), it adds itself.
"""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from sites.registry.checked_content import (
    CheckedContent,
    CheckedLink,
    CheckedPicture,
    Place,
    TextSegment,
)

#: Tags inside a line; every other tag ends it, so that no word joins two paragraphs or cells.
_INLINE = frozenset(
    "a abbr b bdi bdo code del em font i ins kbd mark q s small span strike strong sub sup u".split()  # noqa: SIM905  (one line of words)
)
#: Names under which a block or a row keeps the description of the picture beside it.
_DESCRIPTIONS = ("alternative_text", "alt_text", "description")
_DECORATIVE = ("decorative", "is_decorative")
#: Fields that Wagtail keeps beside the text: addresses, states, copies of the title.
_NOT_TEXT = frozenset(
    {
        "path",
        "slug",
        "url_path",
        "draft_title",
        "alias_of",
        "content_type",
        "locale",
        "expire_at",
        "translation_key",
    }
)
_NOT_TEXT_FIELDS = (models.URLField, models.EmailField, models.SlugField, models.FileField)

Item = TextSegment | CheckedLink | CheckedPicture


class _Markup(HTMLParser):
    """Plain text, links and pictures of rich text as Wagtail stores it, or of kept markup."""

    def __init__(self, place: Place) -> None:
        super().__init__(convert_charrefs=True)
        self.place = place
        self.parts: list[str] = []
        self.found: list[Item] = []
        self.link: tuple[dict[str, str], int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self.parts.append("\n")
        if tag == "a":
            self.link = (values, len(self.parts))
        elif tag in ("img", "embed") and values.get("embedtype", "image") == "image":
            if values.get("role") != "presentation":
                self.found.append(
                    CheckedPicture(self.place, _number(values.get("id", "")), values.get("alt", ""))
                )

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.parts.append("\n")
        if tag == "a" and self.link is not None:
            values, start = self.link
            self.link = None
            text = "".join(self.parts[start:]).strip()
            kind, key = values.get("linktype", ""), _number(values.get("id", ""))
            if kind == "page" and key:
                self.found.append(CheckedLink(self.place, text, page_id=key))
            elif kind == "document" and key:
                self.found.append(CheckedLink(self.place, text, document_id=key))
            elif values.get("href"):
                self.found.append(CheckedLink(self.place, text, url=values["href"]))

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def markup_items(html: str, place: Place) -> Iterator[Item]:
    """What stands in markup."""
    parser = _Markup(place)
    parser.feed(html)
    parser.close()
    yield TextSegment(place, "".join(parser.parts))
    yield from parser.found


def content_by_fields(obj: Any, *, leave_out: Iterable[str] = ()) -> CheckedContent:
    """The content of ``obj`` from its own fields, stream blocks and child rows, in their order.

    ``leave_out``: names of fields that hold no text for readers.
    """
    items = list(_object_items(obj, frozenset(leave_out) | _NOT_TEXT))
    return CheckedContent(
        segments=tuple(i for i in items if isinstance(i, TextSegment) and i.text.strip()),
        links=tuple(i for i in items if isinstance(i, CheckedLink)),
        pictures=tuple(i for i in items if isinstance(i, CheckedPicture)),
    )


def _object_items(obj: Any, leave_out: frozenset[str]) -> Iterator[Item]:
    for field in obj._meta.concrete_fields:
        # The key to the base row of a page type would be a link to the page itself.
        is_parent_link = getattr(field.remote_field, "parent_link", False)
        if field.name not in leave_out and field.editable and not is_parent_link:
            yield from _field_items(obj, field, Place(field.name, _label(field.verbose_name)))
    for relation in get_all_child_relations(type(obj)):
        child = relation.related_model
        if child._meta.app_label == "wagtailcore":
            continue  # editors' comments
        name = relation.get_accessor_name()
        place = Place(name, _label(child._meta.verbose_name))
        for row in getattr(obj, name).all():
            for field in child._meta.concrete_fields:
                if field.editable and field.name != relation.field.name:
                    yield from _field_items(row, field, place)


def _label(name: Any) -> str:
    return str(name)[:120]


def _field_items(obj: Any, field: Any, place: Place) -> Iterator[Item]:
    value = getattr(obj, field.attname)
    if value in (None, ""):
        return
    if isinstance(field, StreamField):
        yield from _stream_items(field.stream_block, value.get_prep_value(), place)
    elif isinstance(field, RichTextField):
        yield from markup_items(str(value), place)
    elif isinstance(field, models.ForeignKey):
        yield from _related_items(obj, field, value, place)
    elif isinstance(field, models.URLField):
        yield CheckedLink(place, url=str(value))
    elif isinstance(field, models.CharField | models.TextField):
        if not isinstance(field, _NOT_TEXT_FIELDS) and not field.choices:
            yield TextSegment(place, str(value))


def _related_items(obj: Any, field: Any, key: Any, place: Place) -> Iterator[Item]:
    target = field.related_model
    if issubclass(target, get_image_model()):
        yield CheckedPicture(place, key, _description(vars(obj)))
    elif issubclass(target, get_document_model()):
        yield CheckedLink(place, str(getattr(obj, "title", "") or ""), document_id=key)
    elif hasattr(target, "url_path"):
        yield CheckedLink(place, page_id=key)


def _description(values: Any) -> str:
    if any(values.get(name) is True for name in _DECORATIVE):
        return "-"
    found = (values.get(name) for name in _DESCRIPTIONS)
    return next((str(text) for text in found if text), "")


def _stream_items(block: Any, value: Any, place: Place) -> Iterator[Item]:
    for child in value or ():
        kind = block.child_blocks.get(child["type"])
        if kind is not None:
            inner = Place(place.field, _label(kind.label), child.get("id") or place.block_id)
            yield from _block_items(kind, child["value"], inner)


def _block_items(block: Any, value: Any, place: Place) -> Iterator[Item]:
    if value in (None, ""):
        return
    if isinstance(block, blocks.BaseStreamBlock):
        yield from _stream_items(block, value, place)
    elif isinstance(block, blocks.ListBlock):
        for child in value:
            is_item = isinstance(child, dict) and child.get("type") == "item"
            inner = place
            if is_item and child.get("id"):
                inner = Place(place.field, place.label, child["id"])
            yield from _block_items(block.child_block, child["value"] if is_item else child, inner)
    elif isinstance(block, blocks.BaseStructBlock):
        yield from _struct_items(block, value, place)
    elif isinstance(block, ImageChooserBlock):
        yield CheckedPicture(place, _key(value))
    elif isinstance(block, DocumentChooserBlock):
        yield CheckedLink(place, document_id=_key(value))
    elif isinstance(block, blocks.PageChooserBlock):
        yield CheckedLink(place, page_id=_key(value))
    elif isinstance(block, blocks.URLBlock):
        yield CheckedLink(place, url=str(value))
    elif isinstance(block, TableBlock):
        cells = [value.get("table_caption"), *(c for row in value.get("data") or () for c in row)]
        # Cells side by side are not one line: their digits are not one number.
        yield TextSegment(place, "\n".join(str(cell) for cell in cells if cell))
    elif isinstance(block, blocks.RichTextBlock | blocks.RawHTMLBlock) or hasattr(block, "to_safe"):
        yield from markup_items(str(value), place)
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.BlockQuoteBlock):
        yield TextSegment(place, str(value))


def _struct_items(block: Any, value: dict[str, Any], place: Place) -> Iterator[Item]:
    for name, child in block.child_blocks.items():
        inner = Place(place.field, place.label, place.block_id)
        given = value.get(name)
        if isinstance(child, ImageChooserBlock):
            if given:
                yield CheckedPicture(inner, _key(given), _description(value))
        else:
            yield from _block_items(child, given, inner)


def _key(value: Any) -> int | None:
    return value if isinstance(value, int) else _number(str(value))
