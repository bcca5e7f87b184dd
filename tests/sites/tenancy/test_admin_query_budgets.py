"""Screens of the administration ask at most what they asked when they were measured against stock Wagtail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms_core.pages.models import ArticlePage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import bulk_create_articles
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts.people import house, member, signed_in
from tests.tenants import TenantFixture

SECTION, ARTICLE = "pages/{section}/", "pages/{article}/"
#: Screen → (most queries, queries of stock Wagtail). Stock Wagtail's are those that
#: ``bench/bench_admin_list.py`` counts, which prints both sides; ADR 0058 says which are ours alone and why.
BUDGETS = {
    "": (20, 24),
    SECTION: (29, 31),
    f"{SECTION}?ordering=title": (29, 31),
    f"{SECTION}?p=2": (29, 31),
    f"{SECTION}?latest_revision_created_at_from=2100-01-01": (24, 24),
    f"{SECTION}?q=nothing-like-it": (24, 24),
    "choose-page/{section}/": (46, 93),
    f"{ARTICLE}edit/": (35, 36),
    f"{ARTICLE}history/": (19, 20),
}


@pytest.fixture
def office(db: None) -> TenantFixture:
    """A section with more than a screen of articles, as the measured one has them."""
    made = house("office")
    newest = datetime(2024, 5, 1, tzinfo=UTC)
    rows = [
        ArticleRow(
            key=str(n),
            parent_id=made.section.pk,
            title=f"第{n}号公告",
            slug=f"n{n}",
            body=[("paragraph", "<p>示例。</p>")],
            source_name="示例",
            published_at=newest - timedelta(days=n),
        )
        for n in range(60)
    ]
    with tenant_scope(made.tenant):
        bulk_create_articles(actor=None, rows=rows)
    cache.clear()
    return made


def test_screens_stay_within_their_budgets(
    office: TenantFixture, record_testsuite_property: Any
) -> None:
    client: Client = signed_in(member(office.tenant, RoleCode.SITE_ADMINISTRATOR))
    with tenant_scope(office.tenant):
        article = ArticlePage.objects.get(slug="n30")
    places = {"section": office.section.pk, "article": article.pk}
    asked = {}
    for screen in BUDGETS:
        address = f"/t/office/{screen.format(**places)}"
        client.get(address)  # content types and caches are filled once a process
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, address
        asked[screen] = len(captured)
        record_testsuite_property(screen or "opening screen", f"{len(captured)} queries")

    over = {
        screen: asked[screen] for screen, (most, _stock) in BUDGETS.items() if asked[screen] > most
    }
    assert over == {}, asked
