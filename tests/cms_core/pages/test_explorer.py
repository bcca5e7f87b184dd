"""The explorer shows what Wagtail's shows, and asks the same number of questions for any number of rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms_core.pages.models import BasePage, SectionPage
from cms_core.pages.page_policy import PathPolicy, topmost
from cms_core.pages.services import bulk_create_articles, create_section
from cms_core.workflow.policy_services import set_site_policy
from cms_core.workflow.services import submit_for_review
from sites.accounts.enums import RoleCode
from sites.accounts.models import User
from sites.tenancy.scope import opening_scope, tenant_scope
from tests.cms_core.pages.conftest import article_row, section_row
from tests.sites.accounts.people import house, member, signed_in
from tests.tenants import TenantFixture

pytestmark = pytest.mark.django_db
NEWEST = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def office() -> TenantFixture:
    """Two sections; sixty articles in the first, so that it has a second page."""
    office = house("office")
    with tenant_scope(office.tenant):
        create_section(actor=None, parent=office.home, row=section_row(office.home.pk))
        write(office, range(60))
    return office


def write(office: TenantFixture, numbers: Any) -> None:
    rows = [
        article_row(
            office.section.pk,
            key=str(n),
            slug=f"e{n}",
            title=f"第{n}号公告" if n % 2 else f"第{n}号校园通知",
            published_at=NEWEST - timedelta(days=n),
            live=n % 3 != 0,
        )
        for n in numbers
    ]
    bulk_create_articles(actor=None, rows=rows)


def people(office: TenantFixture) -> dict[str, User]:
    with tenant_scope(office.tenant):
        other = SectionPage.objects.get(slug="notices")
    return {
        "administrator": member(office.tenant, RoleCode.SITE_ADMINISTRATOR),
        "editor of all": member(office.tenant, RoleCode.EDITOR),
        "editor of a section": member(
            office.tenant, RoleCode.EDITOR, name="one", sections=[office.section]
        ),
        "editor of two": member(
            office.tenant, RoleCode.EDITOR, name="two", sections=[office.section, other]
        ),
        "reviewer": member(office.tenant, RoleCode.FIRST_REVIEWER),
        "letters": member(office.tenant, RoleCode.LETTER_HANDLER),
    }


def test_the_policy_reaches_what_wagtails_reaches(office: TenantFixture) -> None:
    ours, theirs = PathPolicy(BasePage), PagePermissionPolicy(BasePage)
    for user in people(office).values():
        with tenant_scope(office.tenant, user):
            for actions in ({"add"}, {"change"}, {"publish", "lock"}, {"bulk_delete"}):
                assert keys(ours.instances_user_has_any_permission_for(user, actions)) == keys(
                    theirs.instances_user_has_any_permission_for(user, actions)
                )
        with tenant_scope(office.tenant, user):
            root = ours.explorable_root_instance(user)
        with tenant_scope(office.tenant, user):  # rights and root are kept for one scope
            assert root == theirs.explorable_root_instance(user)
            if root is not None:
                assert keys(ours.explorable_instances(user)) == keys(
                    theirs.explorable_instances(user)
                )
            else:
                assert keys(ours.explorable_instances(user)) == []


def keys(pages: Any) -> list[int]:
    return sorted(pages.values_list("pk", flat=True))


def test_paths_below_others_are_left_out() -> None:
    assert topmost(["00010002", "0001", "00010002", "0003"]) == ("0001", "0003")


def shown(browser: Client, office: TenantFixture, page: BasePage, query: str = "") -> Any:
    answer = browser.get(f"/t/{office.tenant.code}/pages/{page.pk}/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.context


@pytest.mark.parametrize("who", ["administrator", "editor of a section", "editor of two"])
def test_the_same_rows_in_the_same_order(office: TenantFixture, who: str) -> None:
    browser = signed_in(people(office)[who])
    with tenant_scope(office.tenant):
        below = list(BasePage.objects.child_of(office.section).order_by("pk"))
        other = SectionPage.objects.get(slug="notices")
    by_title = sorted(below, key=lambda page: page.title)
    first = shown(browser, office, office.section, "?ordering=title")
    assert [page.title for page in first["object_list"]] == [page.title for page in by_title[:50]]
    second = shown(browser, office, office.section, "?ordering=title&p=2")
    assert [page.title for page in second["object_list"]] == [page.title for page in by_title[50:]]
    assert second["paginator"].count == len(below) == 62

    newest = shown(browser, office, office.section)
    times = [page.latest_revision_created_at for page in newest["object_list"]]
    assert times == sorted(times, reverse=True)

    found = shown(browser, office, office.section, "?q=校园")
    titles = {page.title for page in found["object_list"]}
    assert titles == {page.title for page in below if "校园" in page.title}
    assert found["paginator"].count == 30
    reached = {"editor of a section": 61}.get(who, 62 + 2)
    whole = shown(browser, office, office.section, "?q=o&search_all=1")  # "o" of the tenant's code
    assert whole["paginator"].count <= reached
    late = shown(browser, office, office.section, "?latest_revision_created_at_from=2100-01-01")
    assert list(late["object_list"]) == []
    owned = shown(browser, office, office.section, "?has_child_pages=true")
    assert list(owned["object_list"]) == []
    if who != "editor of a section":
        assert list(shown(browser, office, other)["object_list"]) == []


def test_rows_of_another_site_never_appear(office: TenantFixture) -> None:
    elsewhere = house("elsewhere")
    browser = signed_in(people(office)["administrator"])

    assert browser.get(f"/t/office/pages/{elsewhere.section.pk}/").status_code == 404
    everything = shown(browser, office, office.home, "?q=elsewhere&search_all=1")
    assert list(everything["object_list"]) == []


def test_what_rows_say_of_reviews_costs_no_question_a_row(office: TenantFixture) -> None:
    editor = people(office)["editor of all"]
    member(office.tenant, RoleCode.FINAL_REVIEWER)
    with opening_scope(office.tenant):
        set_site_policy(actor=None, stages=["first", "final"], is_on=True)
    browser = signed_in(editor)

    def submit(numbers: Any) -> None:
        with tenant_scope(office.tenant, editor):
            for page in BasePage.objects.filter(slug__in=[f"e{n}" for n in numbers]).specific():
                submit_for_review(actor=editor, obj=page)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(f"/t/office/{path}")
        assert answer.status_code == 200
        return len(captured)

    paths = [
        f"pages/{office.section.pk}/",
        f"pages/{office.section.pk}/?ordering=title",
        f"choose-page/{office.section.pk}/",
    ]
    submit([0])
    for path in paths:
        asked(path)
    few = [asked(path) for path in paths]
    submit([12, 15, 18])

    assert [asked(path) for path in paths] == few
    states = [
        page.current_workflow_state
        for page in shown(browser, office, office.section, "?ordering=title")["object_list"]
    ]
    assert sum(state is not None for state in states) == 4


def test_the_newest_are_read_in_the_order_of_an_index(office: TenantFixture) -> None:
    """The first rows of a section, however many it has: no sorting, no count."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the tables")
    browser = signed_in(people(office)["administrator"])
    path = f"/t/office/pages/{office.section.pk}/"
    browser.get(path)

    with CaptureQueriesContext(connection) as captured:
        browser.get(path)

    listed = [query["sql"] for query in captured if "LIMIT 50" in query["sql"]]
    assert len(listed) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {listed[0]}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "page_newest_in_explorer" in plan
    assert "TEMP B-TREE" not in plan
    pages = [
        q["sql"] for q in captured if q["sql"].startswith("SELECT COUNT") and "basepage" in q["sql"]
    ]
    assert pages == []
