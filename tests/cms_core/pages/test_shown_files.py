"""Files and pictures answer the public while a public page shows them, and not a moment longer."""

import io

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import PageViewRestriction, ReferenceIndex

from cms_core.appearance.models import LookVersion
from cms_core.media.models import MediaFile, MediaImage
from cms_core.pages.isolation_checks import body_with
from cms_core.pages.models import ArticleAttachment, ArticlePage, BasePage
from cms_core.pages.recycle_bin import recycle_pages, restore_page
from cms_core.pages.services import create_article, publish_page
from cms_core.pages.withdrawal import withdraw_pages
from cms_core.pages.withdrawal_rules import WithdrawalNotice
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row

OUTDATED = WithdrawalNotice("outdated")


@pytest.fixture
def shown(town, editor, settings, tmp_path):
    """An article with a file and a picture, the file and a rendition of the picture."""
    settings.MEDIA_ROOT = tmp_path
    with tenant_scope(town.tenant, editor):
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), (10, 90, 20)).save(picture, "PNG")
        image = MediaImage.objects.create(
            title="图",
            file=ContentFile(picture.getvalue(), name="p.png"),
            collection=town.collection,
        )
        file = MediaFile.objects.create(
            title="表", file=ContentFile(b"text", name="form.txt"), collection=town.collection
        )
        article = create_article(actor=editor, parent=town.section, row=article_row(0))
        publish_page(
            actor=editor,
            page=article,
            changes={"body": body_with(image=image.pk, document=file.pk, page=town.section.pk)},
        )
        return article, file, image.get_rendition("width-20")


def states(town, shown):
    """Status of file and picture for a visitor."""
    cache.clear()
    site = Client(headers={"host": town.host})
    _article, file, rendition = shown
    return [site.get(path).status_code for path in (file.url, f"/media/{rendition.file.name}")]


def test_they_follow_the_page(town, editor, shown):
    article = shown[0]
    assert states(town, shown) == [200, 200]
    with tenant_scope(town.tenant, editor):
        withdraw_pages(actor=editor, pages=[article], notice=OUTDATED)
    assert states(town, shown) == [404, 404]
    with tenant_scope(town.tenant, editor):
        publish_page(actor=editor, page=article)
    assert states(town, shown) == [200, 200]
    with tenant_scope(town.tenant, editor):
        (entry,) = recycle_pages(actor=editor, pages=[BasePage.objects.get(pk=article.pk)])
    assert states(town, shown) == [404, 404]
    with tenant_scope(town.tenant, editor):
        restore_page(actor=editor, entry=entry)
    assert states(town, shown) == [200, 200]


def test_the_interface_names_what_is_shown_and_lists_nothing(town, editor, shown):
    article, file, rendition = shown
    site = Client(headers={"host": town.host})
    ways = [f"/api/v2/documents/{file.pk}/", f"/api/v2/images/{rendition.image_id}/"]

    assert [site.get(way).json()["title"] for way in ways] == ["表", "图"]
    for kind in ("documents", "images"):
        for query in ("", "?fields=*", f"find/?id={file.pk}"):
            assert site.get(f"/api/v2/{kind}/{query}").status_code == 404

    with tenant_scope(town.tenant, editor):
        withdraw_pages(actor=editor, pages=[article], notice=OUTDATED)
    cache.clear()
    assert [site.get(way).status_code for way in ways] == [404, 404]
    assert "表" not in site.get(ways[0]).content.decode()


def test_another_public_page_keeps_them_open(town, editor, shown):
    article, file, _rendition = shown
    with tenant_scope(town.tenant, editor):
        page = ArticlePage.objects.get(pk=town.articles[0].pk)
        page.attachments.add(ArticleAttachment(file=file))
        page.save_revision(user=editor).publish()
        withdraw_pages(actor=editor, pages=[article], notice=OUTDATED)

    assert states(town, shown) == [200, 404]


def test_an_index_that_lies_opens_nothing(town, editor, shown):
    """The index says that a public page shows the file; its text does not."""
    article, _file, _rendition = shown
    with tenant_scope(town.tenant, editor):
        withdraw_pages(actor=editor, pages=[article], notice=OUTDATED)
        ReferenceIndex.objects.filter(object_id=str(article.pk)).update(
            object_id=str(town.articles[0].pk)
        )

    assert states(town, shown) == [404, 404]


def test_a_link_in_kept_markup_keeps_a_file_open(town, editor, shown):
    article, file, _rendition = shown
    with tenant_scope(town.tenant, editor):
        withdraw_pages(actor=editor, pages=[article], notice=OUTDATED)
        create_article(
            actor=editor,
            parent=BasePage.objects.get(pk=town.section.pk),
            row=article_row(0, slug="kept", body=[("html", f'<a href="{file.url}">表</a>')]),
        )

    assert states(town, shown) == [200, 404]


def test_a_private_page_does_not_open_them(town, editor, shown):
    with tenant_scope(town.tenant, editor):
        PageViewRestriction.objects.create(page=shown[0], restriction_type="login")

    assert states(town, shown) == [404, 404]


def test_a_logo_of_a_draft_look_opens_nothing(town, editor, shown):
    article, _file, rendition = shown
    with tenant_scope(town.tenant, editor):
        withdraw_pages(actor=editor, pages=[article], notice=OUTDATED)
        look = LookVersion.objects.create(number=1, theme="portal", logo_id=rendition.image_id)
        ReferenceIndex.create_or_update_for_object(look)
        assert ReferenceIndex.objects.filter(object_id=str(look.pk), to_object_id=str(look.logo_id))

    assert states(town, shown) == [404, 404]


def test_a_file_that_no_page_shows_is_not_public(town, editor, shown):
    with tenant_scope(town.tenant, editor):
        file = MediaFile.objects.create(
            title="未用", file=ContentFile(b"text", name="x.txt"), collection=town.collection
        )

    assert Client(headers={"host": town.host}).get(file.url).status_code == 404
