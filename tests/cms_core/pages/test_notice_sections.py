"""Sections of notices: set by the blueprint or the editor, first on a notice board."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from cms_core.blueprints.rules import section_rows
from cms_core.blueprints.selectors import blueprint
from cms_core.pages.models import SectionPage
from cms_core.pages.services import bulk_create_articles, create_section, publish_page
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.pages.conftest import article_row, section_row


@pytest.mark.parametrize("code", ["city_portal", "county_portal", "department", "township_channel"])
def test_blueprints_name_the_section_of_notices(code):
    plan = blueprint(code)
    rows = section_rows(
        plan, 1, dict.fromkeys(["place", "level", "unit_name", "unit", "head"], "x")
    )

    assert [row.slug for row in rows if row.is_notice] == ["tzgg"]


@pytest.fixture
def notices(town, editor):
    """A township with its articles in one section and, later in the menu, notices in another."""
    with system_scope("test: a township"):
        Tenant.objects.filter(pk=town.tenant.pk).update(kind="township")
    with tenant_scope(town.tenant, editor):
        section = create_section(
            actor=editor, parent=town.home, row=section_row(0, title="告示", is_notice=True)
        )
        rows = [article_row(section.pk, key="n", slug="n", title="停水告示")]
        bulk_create_articles(actor=editor, rows=rows)
    return section


def board(town):
    page = LexborHTMLParser(Client(SERVER_NAME=town.host).get("/").content.decode())
    return page.css_first("#board").text(), page.css_first(".pins").text()


def test_the_board_of_a_township_shows_the_notices_first(town, editor, notices):
    assert board(town)[0] == "告示"
    assert "停水告示" in board(town)[1]

    with tenant_scope(town.tenant, editor):
        publish_page(actor=editor, page=notices, changes={"is_notice": False})

    assert board(town)[0] == "town section"


def test_editors_choose_it_on_the_section(in_town):
    form = SectionPage.get_edit_handler().get_form_class()

    assert "is_notice" in form.base_fields
