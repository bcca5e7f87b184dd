"""Sample pages of the types besides articles, on the first site of each kind."""

import io
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image, ImageDraw

from cms_core.media.models import MediaImage
from cms_core.pages.enums import SectionKind
from cms_core.pages.models import (
    GalleryPage,
    GalleryPicture,
    LeaderPage,
    OrganizationPage,
    OrganizationUnit,
    SectionPage,
    SinglePage,
    TopicalEventPage,
)
from cms_core.pages.services import article_body, create_page
from sites.tenancy.models import Tenant

from . import rules

_DATA = Path(__file__).resolve().parent / "data" / "page_types.toml"
#: Sky, far, near: three drawn views, so that the sample needs no photograph of anybody.
_VIEWS = (
    ("#cfe0ea", "#5d7f94", "#8fb3a0"),
    ("#dfeadf", "#6f9468", "#a9c48f"),
    ("#f0cf9f", "#8a6a5a", "#54708a"),
)
_SIZE = (1200, 800)


def fill_page_types(site: rules.SampleSite, tenant: Tenant) -> int:
    """Make the sample pages as far as the site has sections for them; how many. In its scope."""
    with _DATA.open("rb") as file:
        declared = tomllib.load(file)
    words = {
        "place": site.variables.get("place", ""),
        "unit": site.variables.get("unit_name") or site.variables.get("gov", site.name),
    }
    made = 0
    leaders = _section(section_kind=SectionKind.LEADERS)
    if leaders is not None:
        made += _leaders(leaders, declared["leaders"], words, tenant)
    bodies = _section(section_kind=SectionKind.ORGANISATION)
    if bodies is not None:
        made += _body(bodies, declared["body"], words, tenant)
    topics = _section(slug="rdzt")
    if topics is not None:
        made += _topics(topics, declared, words, tenant)
    single = _section(section_kind=SectionKind.SINGLE_PAGE)
    if single is not None and single.numchild == 0:
        page = SinglePage(title=declared["single"]["title"], slug=declared["single"]["slug"])
        page.source_name = _source(tenant)
        page.body = article_body([("paragraph", _paragraphs(declared["single"]["text"], words))])
        create_page(actor=None, parent=single, page=page)
        made += 1
    return made


def _section(**wanted: Any) -> SectionPage | None:
    return SectionPage.objects.filter(live=True, **wanted).order_by("path", "pk").first()


def _source(tenant: Tenant) -> str:
    sponsor = tenant.sponsor_organization
    return sponsor.name if sponsor else tenant.name


def _paragraphs(texts: Sequence[str], words: Mapping[str, str]) -> str:
    return "".join(f"<p>{rules.fill(text, words)}</p>" for text in texts)


def _leaders(
    section: SectionPage, declared: Sequence[Any], words: Mapping[str, str], tenant: Tenant
) -> int:
    for number, row in enumerate(declared, start=1):
        page = LeaderPage(
            title=row["name"],
            slug=f"sample-leader-{number}",
            post=rules.fill(row["post"], words),
            list_place=row["order"],
            division_of_work=_paragraphs(row["division"], words),
            resume=_paragraphs(row["resume"], words),
            source_name=_source(tenant),
        )
        create_page(actor=None, parent=section, page=page)
    return len(declared)


def _body(
    section: SectionPage, row: Mapping[str, Any], words: Mapping[str, str], tenant: Tenant
) -> int:
    page = OrganizationPage(
        title=rules.fill(row["title"], words),
        slug="sample-office",
        organization=tenant.sponsor_organization,
        duties=_paragraphs(row["duties"], words),
        head_name=row["head"],
        office_address=row["address"],
        phone=row["phone"],
        office_hours=row["hours"],
        source_name=_source(tenant),
    )
    page.units.set(
        [
            OrganizationUnit(
                name=unit["name"],
                duties=unit["duties"],
                head_name=unit["head"],
                phone=unit["phone"],
                sort_order=place,
            )
            for place, unit in enumerate(row["units"])
        ]
    )
    create_page(actor=None, parent=section, page=page)
    return 1


def _topics(
    section: SectionPage, declared: Mapping[str, Any], words: Mapping[str, str], tenant: Tenant
) -> int:
    news = SectionPage.objects.filter(slug__in=["tzgg", "bsyw", "gzdt"], live=True).order_by("path")
    field = TopicalEventPage._meta.get_field("blocks").stream_block
    for row in declared["topics"]:
        ended = row.get("ended_days")
        blocks: list[dict[str, Any]] = [
            {"type": "text", "value": _paragraphs(row["text"], words)},
            *(
                {"type": "section", "value": {"section": listed.pk, "count": 5}}
                for listed in news[:2]
            ),
        ]
        page = TopicalEventPage(
            title=row["title"],
            slug=row["slug"],
            summary=row["summary"],
            source_name=_source(tenant),
            is_pinned=not ended,
            ended_on=timezone.localdate() - timedelta(days=ended) if ended else None,
            picture=None if ended else _drawn(0, row["title"]),
            picture_description="" if ended else declared["gallery"]["pictures"][0]["description"],
            blocks=field.to_python(blocks),
        )
        topic = create_page(actor=None, parent=section, page=page)
        if not ended:
            _gallery(topic, declared["gallery"], words)
    return len(declared["topics"]) + 1


def _gallery(topic: TopicalEventPage, row: Mapping[str, Any], words: Mapping[str, str]) -> None:
    page = GalleryPage(
        title=rules.fill(row["title"], words),
        slug="sample-gallery",
        summary=row["summary"],
        source_name=row["source"],
    )
    page.pictures.set(
        [
            GalleryPicture(
                image=_drawn(place, picture["caption"]),
                description=picture["description"],
                caption=picture["caption"],
                sort_order=place,
            )
            for place, picture in enumerate(row["pictures"])
        ]
    )
    create_page(actor=None, parent=topic, page=page)


def _drawn(view: int, title: str) -> MediaImage:
    """A drawn view: sky, three hills, water."""
    sky, hills, ground = _VIEWS[view % len(_VIEWS)]
    width, height = _SIZE
    image = Image.new("RGB", _SIZE, sky)
    draw = ImageDraw.Draw(image)
    for place in range(3):
        left = place * width // 3 - 120
        top = height // 4 + 60 * ((place + view) % 3)
        draw.polygon([(left, 560), (left + 320, top), (left + 640, 560)], fill=hills)
    draw.rectangle([(0, 560), (width, height)], fill=ground)
    draw.line([(0, 720), (width, 640)], fill="#f3eee3", width=46)
    stored = io.BytesIO()
    image.save(stored, "PNG")
    stored.seek(0)
    return MediaImage.objects.create(
        title=title[:200], file=ImageFile(stored, name=f"sample-view-{view}.png")
    )
