"""The title cell written for speed says what Wagtail's own templates say, tag for tag."""

import re
from typing import Any

import pytest
from django.contrib.auth.context_processors import PermWrapper
from django.test import RequestFactory
from django.utils import translation
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.widgets.button import Button

from cms_core.pages.listing_cells import ExplorerTitleColumn, button_html
from cms_core.pages.models import ArticlePage, BasePage
from cms_core.pages.services import bulk_create_articles
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.sites.accounts.people import house, member
from tests.tenants import TenantFixture

pytestmark = pytest.mark.django_db
#: A title and a section whose signs must not become markup.
WICKED = "<b>\"&'{}%s 通知"


@pytest.fixture
def office() -> TenantFixture:
    office = house("office")
    with tenant_scope(office.tenant):
        rows = [article_row(office.section.pk, key="1", slug="one", title=WICKED)]
        rows.append(article_row(office.section.pk, key="2", slug="two", live=False))
        bulk_create_articles(actor=None, rows=rows)
    return office


def tags(html: str) -> str:
    """Without the white space between and at the edges of tags, which no browser shows here."""
    html = re.sub(r"\s+", " ", html)
    return re.sub(r" ?([<>]) ?", r"\1", html).strip()


def cell(column: Any, page: Any, user: Any, **more: Any) -> str:
    request = RequestFactory().get("/pages/")
    request.user = user
    context = {
        "request": request,
        "row": None,
        "table": None,
        "perms": PermWrapper(user),
        "show_locale_labels": False,
        "actions_next_url": "/pages/?p=2&q=校园",
        **more,
    }
    return tags(column.render_cell_html(page, context))


@pytest.mark.urls("cms_core.urls.tenant_admin")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "role", [RoleCode.SITE_ADMINISTRATOR, RoleCode.EDITOR, RoleCode.FIRST_REVIEWER]
)
def test_the_markup_is_wagtails(office: TenantFixture, role: RoleCode, language: str) -> None:
    user = member(office.tenant, role)
    with tenant_scope(office.tenant), translation.override(language):
        pages = list(BasePage.objects.filter(depth__gt=2).order_by("path"))
        locked = ArticlePage.objects.get(slug="two")
        locked.locked = True
        for page in [*pages, locked]:
            page.annotated_parent_page = pages[0] if page.depth > pages[0].depth else None
            ours = cell(ExplorerTitleColumn("title", classname="title"), page, user)
            assert ours == cell(PageTitleColumn("title", classname="title"), page, user)
    assert "<b>" not in ours


def test_a_button_of_another_kind_renders_itself() -> None:
    class Marked(Button):
        def render_html(self, parent_context: Any = None) -> str:
            return "<mark>&</mark>"

    assert button_html(Marked("x"), {}) == "&lt;mark&gt;&amp;&lt;/mark&gt;"
    plain = Button("<x>", url='/a"b', icon_name="cog", attrs={"title": "<y>"})
    assert tags(button_html(plain, {})) == tags(plain.render_html({}))
