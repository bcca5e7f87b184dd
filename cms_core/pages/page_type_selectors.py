"""Reads of leaders, bodies, galleries and single pages: a constant number of queries each."""

from typing import Any

from django.db.models import F

from cms_core.media.models import MediaImage
from cms_core.media.public_pictures import read_renditions

from .models import (
    ArticlePage,
    BasePage,
    GalleryPage,
    GalleryPicture,
    LeaderPage,
    OrganizationPage,
    SinglePage,
)
from .selectors import children_of, pages_below

#: A portrait in a list and on the leader's own page: three by four, twice the printed width.
PORTRAIT_SIZE = "fill-300x400"


def _in_given_order(queryset: Any) -> Any:
    """By the editor's order, then as they stand in the tree."""
    return queryset.order_by(F("list_place").asc(nulls_last=True), "path", "pk")


def leaders_of(section: BasePage) -> list[LeaderPage]:
    """The leaders of a section with their portraits, in the editor's order. Two queries."""
    leaders = list(_in_given_order(children_of(LeaderPage, section)).select_related("portrait"))
    read_renditions((leader.portrait for leader in leaders), (PORTRAIT_SIZE,))
    return leaders


def colleagues_of(leader: LeaderPage) -> list[tuple[int, str, str]]:
    """Id, name and address of the leaders of the same section, this one too. One query."""
    leaders = pages_below(LeaderPage, leader.path[: -BasePage.steplen]).filter(depth=leader.depth)
    return list(_in_given_order(leaders).values_list("pk", "title", "url_path"))


def bodies_of(section: BasePage) -> list[OrganizationPage]:
    """The bodies of a section, in the editor's order. One query."""
    return list(_in_given_order(children_of(OrganizationPage, section)))


def pictures_of(gallery: GalleryPage) -> list[GalleryPicture]:
    """The pictures of a gallery; those of a draft as they stand in it. Three queries."""
    pictures = list(gallery.pictures.all())
    images = MediaImage.objects.in_bulk([picture.image_id for picture in pictures])
    for picture in pictures:
        picture.image = images[picture.image_id]
    read_renditions(images.values())
    return pictures


def single_text_of(section: BasePage) -> SinglePage | ArticlePage | None:
    """The one page of a section that holds one page. One query or two."""
    first, last = BasePage._get_children_path_interval(section.path)
    for model in (SinglePage, ArticlePage):
        found = list(
            model.objects.filter(path__range=(first, last), depth=section.depth + 1, live=True)[:1]
        )
        if found:
            page: SinglePage | ArticlePage = found[0]
            return page
    return None
