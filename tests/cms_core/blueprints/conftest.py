"""A portal for the sites that are opened beside it."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from cms_core.blueprints.rules import parse_blueprint
from cms_core.blueprints.services import OpeningRequest, open_tenant
from sites.tenancy.models import Tenant

WORDS = {
    "place": "示例",
    "gov": "示例市人民政府",
    "level": "市",
    "head": "局长",
    "unit_name": "示例局",
    "unit": "sl",
}

#: Home and three sections.
SMALL = parse_blueprint(
    {
        "code": "small",
        "kind": "department",
        "name": "小站",
        "columns": [
            {"name": "动态", "slug": "dt", "kind": "section", "level": 1},
            {"name": "要闻", "slug": "yw", "kind": "article_list", "level": 2, "parent": "dt"},
            {"name": "{unit_name}概况", "slug": "gk", "kind": "single_page", "level": 1},
        ],
        "site_roles": {"codes": ["editor"]},
    }
)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Looks and filled sections are kept by the number of a site, and each test begins to count anew."""
    cache.clear()


@pytest.fixture
def portal(db: None) -> Tenant:
    return open_tenant(
        actor=None,
        request=OpeningRequest(
            code="portal",
            name="示例市门户",
            blueprint="city_portal",
            host="portal.localhost",
            variables=WORDS,
        ),
    )


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The messages as they stand in the source."""
    with translation.override("en"):
        yield
