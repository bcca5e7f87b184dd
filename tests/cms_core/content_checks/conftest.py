"""A house with an editor, and articles with something to find in them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cms_core.pages.models import ArticlePage
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts.people import house, member
from tests.tenants import TenantFixture


@pytest.fixture
def town(db: None) -> TenantFixture:
    return house("town")


@pytest.fixture
def editor(town: TenantFixture) -> Any:
    return member(town.tenant, RoleCode.EDITOR, name="编辑员")


@pytest.fixture
def in_town(town: TenantFixture, editor: Any) -> Iterator[TenantFixture]:
    """The town's scope, held open for the test, as its editor."""
    with tenant_scope(town.tenant, editor):
        yield town


@pytest.fixture
def draft(in_town: TenantFixture, editor: Any) -> Callable[..., Any]:
    """Saves a draft of the first article with the given fields and paragraphs; its revision."""

    def save(*paragraphs: str, blocks: Any = None, **fields: Any) -> Any:
        page = ArticlePage.objects.get(pk=in_town.articles[0].pk)
        page.source_name = "示例办公室"
        stream = ArticlePage._meta.get_field("body").stream_block
        rows = [
            {
                "type": "paragraph",
                "value": f"<p>{text}</p>",
                "id": f"0000000{n}-0000-4000-8000-000000000000",
            }
            for n, text in enumerate(paragraphs)
        ]
        page.body = stream.to_python([*rows, *(blocks or ())])
        for name, value in fields.items():
            setattr(page, name, value)
        return page.save_revision(user=editor)

    return save
