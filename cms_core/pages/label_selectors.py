"""Reads of missing page labels: of one page for its editor, of the whole site for its administrator."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.selectors import primary_address
from themes.enums import LabelLevel

from .label_rules import LabelGap, gaps_of
from .models import BasePage, ContentPage, SectionPage
from .presentation import local_minute
from .selectors import page_types, pages_below

#: Depth of what stands directly below a home page: in no section.
_BELOW_HOME = HOME_DEPTH + 1


def gaps_of_page(page: BasePage, tenant: Tenant) -> tuple[LabelGap, ...]:
    """The labels that ``page``, as it stands in the editor, lacks. Two queries at most."""
    address = primary_address(tenant.pk)
    labels = {
        "SiteName": tenant.name,
        "SiteDomain": address.host if address else "",
        "SiteIDCode": tenant.site_identification_code,
    }
    if isinstance(page, SectionPage):
        labels |= {"ColumnName": page.title, "ColumnType": page.column_type}
        return gaps_of(labels, LabelLevel.SECTION, is_live=page.live)
    if not isinstance(page, ContentPage):
        return gaps_of(labels, LabelLevel.SITE, is_live=page.live)
    section = _section_above(page)
    labels |= {
        "ColumnName": section.title if section else "",
        "ColumnType": section.column_type if section else "",
        "ArticleTitle": page.title,
        "PubDate": local_minute(page.published_at) if page.published_at else "",
        "ContentSource": page.source_name,
    }
    return gaps_of(labels, LabelLevel.ARTICLE, is_live=page.live)


def _section_above(page: BasePage) -> SectionPage | None:
    step = BasePage.steplen
    above = [page.path[:length] for length in range(step, len(page.path), step)]
    return SectionPage.objects.filter(path__in=above).order_by("-path").first()


def pages_with_gap(home: BasePage, gap: LabelGap) -> "QuerySet[Any]":
    """The public pages of the site at which ``gap`` is mended, newest first."""
    if gap == LabelGap.COLUMN_TYPE:
        sections = pages_below(SectionPage, home.path)
        return sections.filter(column_type="", external_url="").order_by("path", "pk")
    texts = pages_below(BasePage, home.path).filter(
        content_type__in=page_types(lambda model: issubclass(model, ContentPage))
    )
    texts = texts.order_by("-published_at", "-pk")
    if gap == LabelGap.SECTION:
        return texts.filter(depth=_BELOW_HOME)
    if gap == LabelGap.PUBLISH_TIME:
        return texts.filter(published_at__isnull=True)
    if gap == LabelGap.SOURCE:
        return texts.filter(source_name="")
    return texts.none()


def gap_counts(home: BasePage, tenant: Tenant) -> Mapping[LabelGap, int]:
    """How many places are to be mended for each gap; the missing code of the site counts once."""
    counts = {gap: pages_with_gap(home, gap).count() for gap in LabelGap}
    counts[LabelGap.SITE_CODE] = 0 if tenant.site_identification_code else 1
    return counts
