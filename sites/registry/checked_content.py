"""What apps offer to the content checks: the texts, links and pictures of one object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .registry import Registry


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. ``field``: name of the model field. ``label``: what the editor calls it.

    ``block_id``: the block of a StreamField, as its editor addresses it; empty outside one.
    """

    field: str
    label: str
    block_id: str = ""


@dataclass(frozen=True, slots=True)
class TextSegment:
    """Plain text of one field or block. Lines keep their breaks, so that no word joins two of them."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link. Exactly one of ``page_id``, ``document_id`` and ``url`` says where it leads."""

    place: Place
    text: str = ""
    page_id: int | None = None
    document_id: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class CheckedPicture:
    """A picture. ``description``: for people who cannot see it; empty where none was given here.

    ``image_id``: its row, whose own description counts where ``description`` is empty.
    """

    place: Place
    image_id: int | None
    description: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class CheckedContent:
    """One object as the checks read it.

    ``missing_labels``: names of the required national labels that it lacks. ``moments``: times that
    say something about each other (``publish``, ``expire``, ``go_live``), where they are set.
    """

    segments: tuple[TextSegment, ...] = ()
    links: tuple[CheckedLink, ...] = ()
    pictures: tuple[CheckedPicture, ...] = ()
    missing_labels: tuple[str, ...] = ()
    moments: Mapping[str, datetime] = field(default_factory=dict)


#: Label of a model, or of one it inherits from, in lower case -> the content of one instance.
DescribeContent = Callable[[Any], CheckedContent]
checked_contents: Registry[DescribeContent] = Registry("checked contents", module="checked_content")


def content_of(obj: Any) -> CheckedContent:
    """The content of ``obj``, by its own model or the nearest that it inherits from.

    :raises UnknownCapability: no app described such objects.
    """
    for model in type(obj).__mro__:
        meta = getattr(model, "_meta", None)
        if meta is None or meta.abstract:
            continue
        describe = checked_contents.find(meta.label_lower)
        if describe is not None:
            return describe(obj)
    return checked_contents.get(type(obj)._meta.label_lower)(obj)
