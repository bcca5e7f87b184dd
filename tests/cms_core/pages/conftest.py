"""A tenant with a section, and rows to make pages from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache

from cms_core.pages.rows import ArticleRow, SectionRow
from sites.tenancy.scope import system_scope, tenant_scope
from tests.tenants import TenantFixture, make_tenant


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Menus are cached for a while: each test begins without them."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def town(db: None) -> TenantFixture:
    return make_tenant("town")


@pytest.fixture
def editor(db: None) -> Any:
    with system_scope("an editor of the tests"):
        return get_user_model().objects.create(username="page-editor", display_name="Editor")


@pytest.fixture
def in_town(town: TenantFixture, editor: Any) -> Iterator[TenantFixture]:
    """The town's scope, held open for the test, as its editor."""
    with tenant_scope(town.tenant, editor):
        yield town


def article_row(parent_id: int, **values: Any) -> ArticleRow:
    """A live article with every field filled."""
    given: dict[str, Any] = {
        "key": "a",
        "title": "关于开展示例工作的通知",
        "slug": "notice",
        "body": [("paragraph", "<p>第一段。</p>"), ("html", "<table><tr><td>1</td></tr></table>")],
        "summary": "摘要",
        "source_name": "示例办公室",
        "author_name": "张示例",
        "editor_name": "李示例",
        "keywords": "示例;通知",
        "published_at": datetime(2024, 3, 1, 1, 30, tzinfo=UTC),
    }
    return ArticleRow(parent_id=parent_id, **given | values)


def section_row(parent_id: int, **values: Any) -> SectionRow:
    """A section with every field filled."""
    given: dict[str, Any] = {
        "key": "s",
        "title": "通知公告",
        "slug": "notices",
        "section_kind": "document_list",
        "column_type": "公告通知",
        "description": "这里公布通知",
        "keywords": "通知;公告",
        "update_interval_days": 14,
    }
    return SectionRow(parent_id=parent_id, **given | values)
