"""Reads for feeds, sitemap and robots: plain values, a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sites.tenancy.enums import AddressKind, TenantStatus
from sites.tenancy.models import Address
from sites.tenancy.selectors import PublicAddress, root_url_of

from .feeds import FEED_ENTRIES
from .list_selectors import newest_below
from .models import BasePage
from .selectors import HOME_PATH_LENGTH, filled_sections, private_paths
from .sitemaps import ADDRESSES_A_FILE


@dataclass(frozen=True, slots=True)
class FeedRow:
    """What a feed says of an article."""

    title: str
    url_path: str
    summary: str
    source_name: str
    published_at: datetime
    uuid: UUID


@dataclass(frozen=True, slots=True)
class SitemapRow:
    """A public page, and when it was last published."""

    url_path: str
    changed_at: datetime | None


def newest_for_feed(page: BasePage) -> list[FeedRow]:
    """The newest public pages that the lists at and below ``page`` name, each once. Four queries."""
    pages = BasePage.objects.filter(pk__in=newest_below(page, FEED_ENTRIES), live=True)
    rows: Any = pages.order_by("-published_at", "-pk").values_list(
        "title", "url_path", "summary", "source_name", "published_at", "translation_key"
    )
    return [FeedRow(*row) for row in rows]


def _in_sitemap(home: BasePage) -> "QuerySet[Any]":
    """Public pages of the site: no link, nothing private, no section without an article."""
    first, last = BasePage._get_children_path_interval(home.path)
    pages = (
        BasePage.objects.filter(Q(pk=home.pk) | Q(path__range=(first, last)), live=True)
        .filter(linkpage__isnull=True)
        .filter(
            Q(sectionpage__isnull=True)
            | Q(sectionpage__external_url="")
            & (
                Q(path__in=filled_sections(home.path[:HOME_PATH_LENGTH]))
                | Q(sectionpage__is_listed_when_empty=True)
            )
        )
    )
    for hidden in private_paths():
        pages = pages.exclude(path__startswith=hidden)
    return pages


def sitemap_file_count(home: BasePage) -> int:
    """How many files the site's addresses take. One query."""
    return -(-_in_sitemap(home).count() // ADDRESSES_A_FILE)


def sitemap_rows(home: BasePage, file: int) -> list[SitemapRow]:
    """The addresses of one file (from 1), oldest page first, so that full files stay as they are."""
    start = (file - 1) * ADDRESSES_A_FILE
    rows = _in_sitemap(home).order_by("pk").values_list("url_path", "last_published_at")
    return [SitemapRow(*row) for row in rows[start : start + ADDRESSES_A_FILE]]


def sites_of_host(host: str) -> list[PublicAddress]:
    """The open sites whose primary address is on ``host``. One query."""
    rows = (
        Address.objects.filter(
            host=host,
            kind=AddressKind.PRIMARY,
            tenant__status=TenantStatus.OPEN,
            tenant__is_practice=False,
        )
        .order_by("prefix", "pk")
        .values_list("tenant__site_id", "host", "prefix")
    )
    return [PublicAddress(site, name, root_url_of(name), prefix) for site, name, prefix in rows]
