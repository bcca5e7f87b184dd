"""Whoever arranges a home page starts from what it shows."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms_core.pages.models import HomePage, SectionPage
from cms_core.pages.services import bulk_create_articles, create_section
from cms_core.workflow.gate import released_by_the_platform
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row, section_row
from tests.sites.accounts.people import house, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Any:
    office = house("office")
    with tenant_scope(office.tenant), released_by_the_platform("a section of the tests"):
        second = create_section(actor=None, parent=office.home, row=section_row(office.home.pk))
        SectionPage.objects.update(show_in_menus=True)
        bulk_create_articles(actor=None, rows=[article_row(second.pk, key="a", slug="a")])
    return office


def form(*blocks: tuple[str, Any], action: str = "action-publish") -> dict[str, Any]:
    given = {"title": "首页", "slug": "office", "introduction": "", "comments": inline_formset([])}
    sent: dict[str, Any] = nested_form_data(given | {"blocks": streamfield(list(blocks))})
    return sent | {action: "1"}


def test_the_form_opens_with_what_is_shown_and_keeps_it(office: Any) -> None:
    browser: Client = signed_in(member(office.tenant, RoleCode.SITE_ADMINISTRATOR))
    edit = f"/t/office/pages/{office.home.pk}/edit/"
    shown = browser.get(edit).context["form"]["blocks"].value()
    sections = [block.value["section"] for block in shown if block.block_type == "section"]
    assert len(sections) == 2
    as_they_are = [("section", {"section": page.pk, "count": 7}) for page in sections]

    browser.post(edit, form(*as_they_are))
    with tenant_scope(office.tenant):
        assert not HomePage.objects.get().blocks  # it goes on by itself

    browser.post(edit, form(*as_they_are, ("section", {"section": sections[0].pk, "count": 3})))
    with tenant_scope(office.tenant):
        assert [b.value["count"] for b in HomePage.objects.get().blocks] == [7, 7, 3]
    again = browser.get(edit).context["form"]["blocks"].value()
    assert [block.value["count"] for block in again] == [7, 7, 3]
