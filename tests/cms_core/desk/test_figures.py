"""Counts of what was published: right numbers, one site's own, files that compute nothing."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from cms_core.desk.enums import Grouping
from cms_core.desk.figures import Period, Wanted, figures, figures_of_sites
from cms_core.media.spreadsheets import FileKind, as_file, harmless
from cms_core.pages.models import ArticlePage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import bulk_create_articles, create_article
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.models import User
from sites.tenancy.models import Organization
from sites.tenancy.scope import nobody_scope, system_scope, tenant_scope
from tests.sites.accounts.people import browser, house, member, platform_person, signed_in

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
IN_JUNE = timezone.make_aware(timezone.datetime(2026, 6, 30, 23, 59))
IN_JULY = timezone.make_aware(timezone.datetime(2026, 7, 1, 0, 1))


def article(here, owner, slug: str, at) -> ArticlePage:
    with tenant_scope(here.tenant, owner):
        page = create_article(
            actor=owner,
            parent=here.section,
            row=ArticleRow(key=slug, parent_id=0, title=slug, slug=slug, published_at=at),
        )
        ArticlePage.objects.filter(pk=page.pk).update(first_published_at=at)
        PageLogEntry.objects.filter(page_id=page.pk).update(timestamp=at)
        return page


@pytest.fixture
def here(db):
    made = house("alpha")
    with tenant_scope(made.tenant):
        ArticlePage.objects.update(published_at=timezone.now() - timedelta(days=4000))
    return made


def numbers(rows) -> dict[str, tuple[int, int, int]]:
    return {row.name: (row.published, row.corrected, row.withdrawn) for row in rows}


def test_published_corrected_and_withdrawn_by_person_section_and_unit(here):
    li = member(here.tenant, RoleCode.EDITOR, name="li")
    han = member(here.tenant, RoleCode.EDITOR, name="han")
    with system_scope("test"):
        body = Organization.objects.create(code="b", name="示例局", kind="department")
        User.objects.filter(pk=han.pk).update(organization=body)
    article(here, li, "in-june", IN_JUNE)
    article(here, li, "in-july", IN_JULY)
    corrected = article(here, han, "corrected", IN_JUNE - timedelta(days=9))
    with tenant_scope(here.tenant):
        for days in (5, 3):
            PageLogEntry.objects.log_action(
                corrected, "wagtail.publish", timestamp=IN_JUNE - timedelta(days=days)
            )

        by_person = numbers(figures(Wanted(JUNE, Grouping.PERSON)))
        by_unit = numbers(figures(Wanted(JUNE, Grouping.UNIT)))
        by_section = numbers(figures(Wanted(JUNE, Grouping.SECTION)))
        only_li = numbers(figures(Wanted(JUNE, Grouping.SECTION, person_id=li.pk)))

    assert by_person == {"li": (1, 0, 0), "han": (1, 1, 0)}
    assert by_unit == {"": (1, 0, 0), "示例局": (1, 1, 0)}
    assert by_section == {"alpha section": (2, 1, 0)}
    assert only_li == {"alpha section": (1, 0, 0)}


def test_a_draft_with_a_publish_time_was_not_published(here):
    li = member(here.tenant, RoleCode.EDITOR, name="li")
    with tenant_scope(here.tenant, li):
        row = ArticleRow(
            key="d", parent_id=0, title="d", slug="d", published_at=IN_JUNE, live=False
        )
        page = create_article(actor=li, parent=here.section, row=row)
        assert page.published_at == IN_JUNE
        assert figures(Wanted(JUNE, Grouping.PERSON)) == []


def test_withdrawals_are_counted(here):
    from cms_core.pages.models import Tombstone

    li = member(here.tenant, RoleCode.EDITOR, name="li")
    page = article(here, li, "gone", IN_JUNE)
    with tenant_scope(here.tenant):
        Tombstone.objects.create(
            page=page,
            source_uuid=page.translation_key,
            url_path="news/gone/",
            title="gone",
            withdrawn_at=IN_JUNE,
            reason="error",
        )
        assert numbers(figures(Wanted(JUNE, Grouping.PERSON))) == {"li": (1, 0, 1)}


def test_a_site_counts_its_own_and_takes_no_foreign_keys(here):
    elsewhere = house("beta")
    stranger = member(elsewhere.tenant, RoleCode.EDITOR, name="stranger")
    article(elsewhere, stranger, "foreign", IN_JUNE)
    li = member(here.tenant, RoleCode.EDITOR, name="li")
    article(here, li, "own", IN_JUNE)
    client = signed_in(li)
    asked = f"first=2026-06-01&last=2026-06-30&person={stranger.pk}&section=00010002"

    page = client.get(f"/t/alpha/desk/figures/?{asked}").content.decode()
    plain = client.get("/t/alpha/desk/figures/?first=2026-06-01&last=2026-06-30").content.decode()

    assert "stranger" not in page
    assert "stranger" not in plain
    assert client.get("/t/beta/desk/figures/").status_code == 404


def test_many_rows_take_no_more_queries(here, record_testsuite_property):
    def count() -> int:
        with tenant_scope(here.tenant), CaptureQueriesContext(connection) as captured:
            figures(Wanted(JUNE, Grouping.SECTION, section_path=here.section.path))
        return len(captured)

    article(here, member(here.tenant, RoleCode.EDITOR, name="li"), "one", IN_JUNE)
    few = count()
    with tenant_scope(here.tenant):
        bulk_create_articles(
            actor=None,
            rows=[
                ArticleRow(
                    key=str(n),
                    parent_id=here.section.pk,
                    title=f"n{n}",
                    slug=f"n{n}",
                    published_at=IN_JUNE - timedelta(minutes=n),
                )
                for n in range(400)
            ],
        )
        assert numbers(figures(Wanted(JUNE, Grouping.SECTION)))["alpha section"][0] == 401

    assert count() == few
    record_testsuite_property("figures", f"{few} queries")


def test_nonsense_in_the_form_is_this_month(here):
    client = signed_in(member(here.tenant, RoleCode.EDITOR, name="li"))

    for query in (
        "first=2026-99-99&last=x&by=drop&section=%00&person=-1",
        "first=2026-06-30&last=2026-06-01",
        "file=exe",
        "first=0001-01-01&last=9999-12-31",
    ):
        assert client.get(f"/t/alpha/desk/figures/?{query}").status_code == 200


def test_exports_hold_the_numbers_and_no_formula(here):
    evil = member(here.tenant, RoleCode.EDITOR, name="li")
    with tenant_scope(here.tenant, evil):
        User.objects.filter(pk=evil.pk).update(display_name='=HYPERLINK("http://x","y")')
    article(here, evil, "own", IN_JUNE)
    client = signed_in(evil)
    asked = "first=2026-06-01&last=2026-06-30"

    as_csv = client.get(f"/t/alpha/desk/figures/?{asked}&file=csv").content.decode("utf-8-sig")
    as_xlsx = client.get(f"/t/alpha/desk/figures/?{asked}&file=xlsx").content

    lines = list(csv.reader(io.StringIO(as_csv)))
    assert lines[0] == ["人员", "发布", "更正", "撤回"]
    assert lines[1] == ['\'=HYPERLINK("http://x","y")', "1", "0", "0"]
    sheet = load_workbook(io.BytesIO(as_xlsx)).active
    assert [cell.value for cell in sheet[2]] == ['\'=HYPERLINK("http://x","y")', 1, 0, 0]
    assert sheet[2][0].data_type == "s"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\x00="])
def test_what_begins_like_a_formula_is_read_as_text(begin):
    assert str(harmless(f"{begin}1+1")).startswith("'")
    assert as_file(FileKind.XLSX, ["a"], [[f"{begin}1"]])


def test_the_office_counts_published_resources_of_all_sites(here):
    li = member(here.tenant, RoleCode.EDITOR, name="li")
    article(here, li, "public", IN_JUNE)
    with tenant_scope(here.tenant, li):
        create_article(
            actor=li,
            parent=here.section,
            row=ArticleRow(
                key="d", parent_id=0, title="d", slug="d", live=False, published_at=IN_JUNE
            ),
        )
    house("beta")

    with nobody_scope(None):
        found = {line.tenant.code: line.published for line in figures_of_sites(JUNE)}
    assert (found["alpha"], found["beta"]) == (1, 0)

    auditor = signed_in(platform_person(PlatformRoleCode.AUDITOR))
    page = auditor.get("/platform/figures/?first=2026-06-01&last=2026-06-30")
    assert "alpha name" in page.content.decode()
    assert auditor.get("/platform/figures/?file=csv").headers["Content-Type"].startswith("text/csv")
    assert signed_in(li).get("/platform/figures/").status_code == 403
    assert browser().get("/platform/figures/").status_code == 302
