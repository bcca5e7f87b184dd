"""What each page type looks like as a published resource (信息资源)."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags

from cms_core.resources.enums import ResourceKind
from sites.registry.resources import ResourceDescription

from .models import (
    ArticlePage,
    ContentPage,
    GalleryPage,
    LeaderPage,
    OrganizationPage,
    SinglePage,
    TopicalEventPage,
    VideoPage,
)
from .presentation import joined, plain_text


def _text_of_topic(page: Any) -> str:
    return joined(*(strip_tags(b.value.source) for b in page.blocks if b.block_type == "text"))


def _text_of_leader(page: Any) -> str:
    return joined(page.post, strip_tags(page.division_of_work), strip_tags(page.resume))


def _text_of_body(page: Any) -> str:
    reach = (page.head_name, page.office_address, page.phone, page.office_hours)
    units = (f"{unit.name} {unit.duties}" for unit in page.units.all())
    return joined(strip_tags(page.duties), *reach, *units)


def _text_of_gallery(page: Any) -> str:
    return joined(*(f"{p.description} {p.caption}" for p in page.pictures.all()))


def _text_of_video(page: Any) -> str:
    return strip_tags(page.transcript)


#: Page types with a public face, each with its kind and what gives its text. A link has none: what it
#: leads to is not ours.
_FACES: dict[type[ContentPage], tuple[ResourceKind, Callable[[Any], str]]] = {
    ArticlePage: (ResourceKind.ARTICLE, plain_text),
    SinglePage: (ResourceKind.SINGLE_PAGE, plain_text),
    TopicalEventPage: (ResourceKind.TOPICAL_EVENT, _text_of_topic),
    LeaderPage: (ResourceKind.LEADER, _text_of_leader),
    OrganizationPage: (ResourceKind.ORGANIZATION, _text_of_body),
    GalleryPage: (ResourceKind.GALLERY, _text_of_gallery),
    VideoPage: (ResourceKind.VIDEO, _text_of_video),
}
FACED_PAGES: tuple[type[ContentPage], ...] = tuple(_FACES)


def kind_of(page: ContentPage) -> ResourceKind:
    """The kind of the page's resource."""
    return _FACES[type(page)][0]


def describe(page: ContentPage) -> ResourceDescription:
    """The public face of one live page."""
    kind, text_of = _FACES[type(page)]
    _root, _home, rest = page.url_path.split("/", 2)
    published_at = page.published_at or page.first_published_at
    organization: Any = getattr(page, "organization_id", None)
    return ResourceDescription(
        kind=kind,
        source_uuid=page.translation_key,
        title=page.title,
        url=rest,
        published_at=published_at or timezone.now(),
        summary=page.summary or (page.post if isinstance(page, LeaderPage) else ""),
        body_text=text_of(page),
        source_name=page.source_name,
        issuing_body_id=organization,
    )
