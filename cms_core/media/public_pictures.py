"""Pictures as public pages show them: small modern forms first, one that every browser knows last."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images.models import SourceImageIOError

from themes import contract

from .models import ImageRendition

log = logging.getLogger(__name__)

#: Reading column at double density.
READING_SIZE = "max-1360x1360"
#: Content type → what is added to the size; the first that a browser knows is taken.
_FORMS = (("image/avif", "|format-avif"), ("image/webp", "|format-webp"))


def _specs(size: str) -> list[str]:
    return [size, *(f"{size}{suffix}" for _type, suffix in _FORMS)]


def read_renditions(images: Iterable[Any], sizes: Iterable[str] = (READING_SIZE,)) -> None:
    """Read the renditions of all ``images`` in one query, for :func:`public_picture` to find."""
    distinct = list({id(image): image for image in images if image is not None}.values())
    if not distinct:
        return
    specs = [spec for size in sizes for spec in _specs(size)]
    wanted = ImageRendition.objects.filter(filter_spec__in=specs).order_by("pk")
    prefetch_related_objects(
        distinct, Prefetch("renditions", queryset=wanted, to_attr="prefetched_renditions")
    )


def public_picture(
    image: Any, alt: str = "", caption: str = "", size: str = READING_SIZE, *, is_lazy: bool = True
) -> contract.Picture:
    """``image`` in one size and all forms. Forms that are missing are made now.

    ``alt`` falls back to what was said about the picture at its upload. Where the file is lost the
    page stands, with the description in the picture's place.
    """
    alt = alt or image.description
    try:
        found = image.get_renditions(*_specs(size))
    except (SourceImageIOError, OSError):
        log.warning("picture %s has no file", image.pk)
        return contract.Picture(
            image.file.url, alt, image.width, image.height, caption, is_lazy=is_lazy
        )
    shown = found[size]
    return contract.Picture(
        url=shown.url,
        alt=alt,
        width=shown.width,
        height=shown.height,
        caption=caption,
        sources=tuple(
            contract.PictureSource(kind, found[f"{size}{suffix}"].url) for kind, suffix in _FORMS
        ),
        is_lazy=is_lazy,
    )
