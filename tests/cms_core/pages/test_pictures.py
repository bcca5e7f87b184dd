"""Pictures on public pages: forms, descriptions, laziness, and no query more for a second picture."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import Collection

from cms_core.media.models import MediaImage
from cms_core.pages.enums import SectionKind
from cms_core.pages.models import GalleryPage, GalleryPicture, LeaderPage
from cms_core.pages.services import create_article, create_page, create_section
from sites.tenancy.scope import tenant_scope
from tests.cms_core.media.samples import picture
from tests.cms_core.pages.conftest import article_row, section_row


@pytest.fixture
def images(town, editor, tmp_path, settings) -> list[MediaImage]:
    settings.MEDIA_ROOT = tmp_path
    with tenant_scope(town.tenant, editor):
        collection = Collection.objects.get(depth=2)
        return [
            MediaImage.objects.create(
                title=f"p{n}",
                description=f"图片{n}里的人",
                file=ContentFile(picture("JPEG", (1600 + n, 900)), name=f"p{n}.jpg"),
                collection=collection,
            )
            for n in range(4)
        ]


def article(town: Any, editor: Any, images: list[MediaImage], slug: str) -> Any:
    body = [("paragraph", "<p>文</p>")] + [
        (
            "image",
            {"image": image.pk, "alternative_text": "" if n else "写给这里的说明", "caption": ""},
        )
        for n, image in enumerate(images)
    ]
    with tenant_scope(town.tenant, editor):
        row = article_row(town.section.pk, body=body, slug=slug)
        return create_article(actor=editor, parent=town.section, row=row)


def test_every_browser_gets_the_form_it_knows(town, editor, images):
    page = article(town, editor, images[:3], "three")
    site = Client(headers={"host": "town.localhost"})

    html = LexborHTMLParser(site.get(f"/news/{page.slug}/").content.decode())

    shown = html.css("figure picture")
    assert len(shown) == 3
    assert [s.attributes["type"] for s in shown[0].css("source")] == ["image/avif", "image/webp"]
    pictures = [one.css_first("img").attributes for one in shown]
    assert [p["alt"] for p in pictures] == ["写给这里的说明", "图片1里的人", "图片2里的人"]
    assert (pictures[0]["width"], pictures[0]["height"]) == ("1360", "765")
    assert ["loading" in p for p in pictures] == [False, True, True]
    sizes = []
    for address, kind in [
        (shown[0].css("source")[0].attributes["srcset"], "image/avif"),
        (shown[0].css("source")[1].attributes["srcset"], "image/webp"),
        (pictures[0]["src"], "image/jpeg"),
    ]:
        answer = site.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"] == kind
        sizes.append(len(b"".join(answer.streaming_content)))
    assert sizes[0] < sizes[2]


def test_more_pictures_ask_no_more(town, editor, images):
    few = article(town, editor, images[:1], "few")
    many = article(town, editor, images, "many")
    site = Client(headers={"host": "town.localhost"})
    counts = []
    for page in (few, many):
        site.get(f"/news/{page.slug}/")  # makes the renditions
        with CaptureQueriesContext(
            connection,
        ) as asked:
            site.get(f"/news/{page.slug}/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def gallery(town: Any, editor: Any, images: list[MediaImage], slug: str) -> str:
    page = GalleryPage(title="图集", slug=slug, source_name="示例来源")
    page.pictures.set([GalleryPicture(image=image, description="示意图") for image in images])
    with tenant_scope(town.tenant, editor):
        create_page(actor=editor, parent=town.section, page=page)
    return f"/news/{slug}/"


def leaders(town: Any, editor: Any, images: list[MediaImage], slug: str) -> str:
    with tenant_scope(town.tenant, editor):
        row = section_row(0, slug=slug, section_kind=SectionKind.LEADERS)
        section = create_section(actor=editor, parent=town.home, row=row)
        for place, image in enumerate(images):
            leader = LeaderPage(
                title=f"人{place}",
                slug=f"p{place}",
                post="职务",
                portrait=image,
                division_of_work="<p>分工</p>",
                source_name="示例来源",
            )
            create_page(actor=editor, parent=section, page=leader)
    return f"/{slug}/"


@pytest.mark.parametrize("kind", [gallery, leaders])
def test_galleries_and_portraits_ask_no_more_and_offer_every_form(town, editor, images, kind):
    site = Client(headers={"host": "town.localhost"})
    counts = []
    for slug, shown in (("few", images[:1]), ("many", images)):
        address = kind(town, editor, shown, slug)
        site.get(address)  # makes the renditions
        with CaptureQueriesContext(connection) as asked:
            page = LexborHTMLParser(site.get(address).content.decode())
        counts.append(len(asked))
        pictures = page.css("main picture")
        assert len(pictures) == len(shown)
        for one in pictures:
            types = [source.attributes["type"] for source in one.css("source")]
            image = one.css_first("img").attributes
            assert types == ["image/avif", "image/webp"]
            assert int(image["width"] or 0) > 0
            assert int(image["height"] or 0) > 0
        assert all("loading" in one.css_first("img").attributes for one in pictures[1:])

    assert counts[0] == counts[1]


def test_a_lost_file_breaks_no_page(town, editor, images):
    page = article(town, editor, images[:1], "lost")
    Path(images[0].file.path).unlink()

    answer = Client(headers={"host": "town.localhost"}).get(f"/news/{page.slug}/")

    assert answer.status_code == 200
    assert 'alt="写给这里的说明"' in answer.content.decode()
