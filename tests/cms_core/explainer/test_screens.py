"""The screens of the explanations over HTTP, and the ways to them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection

from cms_core.pages.models import BasePage
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.platform_services import start_break_glass
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.workflow.conftest import Office, make_office
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    cache.clear()
    yield make_office("alpha")
    cache.clear()


def text(client, address: str, status: int = 200) -> str:
    answer = client.get(f"/t/alpha/{address}")
    assert answer.status_code == status, address
    return answer.content.decode()


def test_page_menus_lead_to_the_explanation(office: Office) -> None:
    page = office.house.articles[0]
    client = people.signed_in(office.editor)
    address = f"/t/alpha/explain/page/{page.pk}/"

    assert address in text(client, f"pages/{page.pk}/edit/")
    assert address in text(client, f"pages/{office.section.pk}/")
    assert "/t/alpha/explain/" in text(client, "")

    shown = text(client, f"explain/page/{page.pk}/")
    assert "谁能在这里做什么" in shown
    assert "final_reviewer" in shown


def test_a_refused_page_leads_to_the_explanation(office: Office) -> None:
    page = office.house.articles[0]
    handler = people.signed_in(people.member(office.tenant, RoleCode.LETTER_HANDLER))

    answer = handler.get(f"/t/alpha/pages/{page.pk}/edit/", follow=True)

    assert f"/t/alpha/explain/page/{page.pk}/" in answer.content.decode()
    shown = text(handler, f"explain/page/{page.pk}/")
    assert "需要其中之一" in shown
    # A script is refused with a page of its own.
    refused = handler.get(
        f"/t/alpha/pages/{page.pk}/edit/", headers={"X-Requested-With": "XMLHttpRequest"}
    )
    assert refused.status_code == 403
    assert f"/t/alpha/explain/page/{page.pk}/" in refused.content.decode()
    # What names no page has no link.
    elsewhere = handler.get("/t/alpha/withdrawals/", follow=True).content.decode()
    assert "explain/page" not in elsewhere


def test_a_draft_is_not_named_to_who_does_not_work_on_it(office: Office) -> None:
    page = office.draft("secret-name")
    handler = people.signed_in(people.member(office.tenant, RoleCode.LETTER_HANDLER))

    assert page.title not in text(handler, f"explain/page/{page.pk}/")
    assert page.title in text(people.signed_in(office.first), f"explain/page/{page.pk}/")


def test_who_manages_people_asks_for_others_and_nobody_else_does(office: Office) -> None:
    page = office.house.articles[0]
    administrator = people.signed_in(office.administrator)
    query = f"explain/page/{page.pk}/?person={office.first.pk}"

    assert f'<option value="{office.first.pk}" selected>' in text(administrator, query)
    assert "selected" not in text(people.signed_in(office.editor), query)
    assert "first_reviewer" in text(administrator, f"explain/person/{office.first.pk}/")
    refused = people.signed_in(office.editor).get(f"/t/alpha/explain/person/{office.first.pk}/")
    assert refused.status_code == 302


def test_things_of_another_site_have_no_explanation(office: Office) -> None:
    other = make_office("beta")
    client = people.signed_in(office.administrator)
    page, stranger = other.house.articles[0], other.editor

    text(client, f"explain/page/{page.pk}/", status=404)
    text(client, f"explain/page/{office.section.pk}/?person={stranger.pk}", status=404)
    text(client, f"explain/person/{stranger.pk}/", status=404)
    text(client, f"explain/file/{999_999}/", status=404)
    assert "beta" not in text(client, f"explain/page/{office.section.pk}/")
    # Addresses that are no keys.
    text(client, "explain/page/0/", status=404)
    text(client, f"explain/page/{office.section.pk}/?person=%00x", status=404)


def test_a_file_tells_who_may_change_it(office: Office) -> None:
    with tenant_scope(office.tenant, office.editor):
        folder = Collection.objects.get(pk=office.house.collection.pk)
        file = get_document_model().objects.create(
            title="a file", file="a.pdf", collection=folder, uploaded_by_user=office.editor
        )
    assert f"/t/alpha/explain/file/{file.pk}/" in text(
        people.signed_in(office.editor), f"documents/edit/{file.pk}/"
    )
    first = text(people.signed_in(office.first), f"explain/file/{file.pk}/")

    assert first.count("✓") == 1  # uses it
    assert first.count("✗") == 2  # changes and deletes it not


def test_an_operator_by_break_glass_is_told_so(office: Office) -> None:
    operator = people.platform_person(PlatformRoleCode.OPERATOR)
    with system_scope("test"):
        start_break_glass(actor=operator, tenant=office.tenant, reason="a reason", minutes=30)
    client = people.signed_in(operator)

    assert "临时提权" in text(client, f"explain/page/{office.section.pk}/")
    assert "operator" not in text(
        people.signed_in(office.editor), f"explain/page/{office.section.pk}/"
    )


def test_what_is_public_is_taken_off_also_where_reviews_stand_before_publishing(
    office: Office,
) -> None:
    office.policy()
    page = office.house.articles[0]
    editor = people.signed_in(office.editor)

    answer = editor.post(f"/t/alpha/pages/{page.pk}/unpublish/", {"reason": "outdated"})

    assert answer.status_code == 302
    with office.as_(None):
        assert BasePage.objects.get(pk=page.pk).live is False


def test_a_locked_page_is_not_moved(office: Office) -> None:
    page = office.house.articles[0]
    with office.as_(office.editor):
        BasePage.objects.filter(pk=page.pk).update(
            locked=True, locked_by=office.final, locked_at=timezone.now()
        )
    editor = people.signed_in(office.editor)

    editor.post(f"/t/alpha/pages/{page.pk}/move/{office.house.home.pk}/confirm/")

    with office.as_(None):
        assert BasePage.objects.get(pk=page.pk).depth == page.depth


def test_the_screens_cost_the_same_with_more_people_and_sections(office: Office) -> None:
    client = people.signed_in(office.administrator)
    addresses = [f"explain/page/{office.section.pk}/", "explain/"]

    def queries() -> list[int]:
        found = []
        for address in addresses:
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                text(client, address)
            found.append(len(captured))
        return found

    queries()
    few = queries()
    from cms_core.pages.rows import SectionRow
    from cms_core.pages.services import bulk_create_sections

    with tenant_scope(office.tenant, office.administrator):
        bulk_create_sections(
            actor=None,
            rows=[
                SectionRow(key=str(n), title=f"s{n}", slug=f"s{n}", parent_id=office.house.home.pk)
                for n in range(8)
            ],
        )
    for number in range(4):
        people.member(office.tenant, RoleCode.FIRST_REVIEWER, name=f"more-{number}")

    assert queries() == few
