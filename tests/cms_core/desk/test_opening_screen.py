"""What staff see first: their own work, nobody else's, in a number of queries that does not grow."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches
from django.utils import timezone
from wagtail import hooks

from cms_core.desk.urls import opening_patterns
from cms_core.pages.models import ArticlePage, SectionPage
from cms_core.pages.rows import ArticleRow, SectionRow
from cms_core.pages.services import bulk_create_articles, bulk_create_sections, create_article
from cms_core.urls import tenant_admin
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts.people import house, member, signed_in


@pytest.fixture
def here(db):
    cache.clear()
    yield house("alpha")
    cache.clear()


def promised(here, days: int, age: int, *, count: int = 1, first: int = 0) -> None:
    """Sections that promise something every ``days`` days and last kept it ``age`` days ago."""
    with tenant_scope(here.tenant):
        made = bulk_create_sections(
            actor=None,
            rows=[
                SectionRow(
                    key=str(n),
                    title=f"promise {n}",
                    slug=f"promise-{n}",
                    parent_id=here.home.pk,
                    update_interval_days=days,
                    column_type="公告通知",
                )
                for n in range(first, first + count)
            ],
        )
        bulk_create_articles(
            actor=None,
            rows=[
                ArticleRow(
                    key=key,
                    parent_id=section.pk,
                    title=f"under {key}",
                    slug="newest",
                    source_name="x",
                    published_at=timezone.now() - timedelta(days=age),
                )
                for key, section in made.items()
            ],
        )
    cache.clear()


def draft(here, owner, title: str) -> ArticlePage:
    with tenant_scope(here.tenant, owner):
        return create_article(
            actor=owner,
            parent=here.section,
            row=ArticleRow(key=title, parent_id=0, title=title, slug=title, live=False),
        )


def screen(client, here, query: str = "") -> str:
    answer = client.get(f"/t/{here.tenant.code}/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_sections_behind_their_promise_come_with_days_and_keeper(here):
    promised(here, days=10, age=13)
    li = member(here.tenant, RoleCode.EDITOR, name="Li-Lei")

    html = screen(signed_in(li), here)

    assert "“promise 0”栏目" in html
    assert "超 3 天" in html
    assert "负责：Li-Lei" in html
    assert "<b>1</b> 件已超期" in html


def test_an_editor_of_a_section_sees_the_work_of_that_section_only(here):
    promised(here, days=10, age=13, count=2)
    with tenant_scope(here.tenant):
        own = SectionPage.objects.get(slug="promise-1")
    wang = member(here.tenant, RoleCode.EDITOR, name="Wang", sections=[own])

    html = screen(signed_in(wang), here)

    assert "promise 1" in html
    assert "promise 0" not in html


def test_drafts_are_ones_own_and_of_this_site(here):
    li = member(here.tenant, RoleCode.EDITOR, name="Li")
    han = member(here.tenant, RoleCode.EDITOR, name="Han")
    elsewhere = house("beta")
    stranger = member(elsewhere.tenant, RoleCode.EDITOR, name="Foreign")
    draft(here, li, "my-own-draft")
    draft(here, han, "draft-of-han")
    draft(elsewhere, stranger, "draft-of-a-stranger")

    html = screen(signed_in(li), here)

    assert "my-own-draft" in html
    assert "draft-of-han" not in html
    assert "draft-of-a-stranger" not in html


def test_what_is_planned_is_shown_with_its_time(here):
    li = member(here.tenant, RoleCode.EDITOR, name="Li")
    page = draft(here, li, "goes-live-tomorrow")
    with tenant_scope(here.tenant, li):
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision(user=li).publish(user=li)
        live = ArticlePage.objects.filter(live=True).first()
        live.expire_at = timezone.now() + timedelta(days=2)
        live.save()

    html = screen(signed_in(li), here)

    assert "goes-live-tomorrow" in html
    assert "上线：" in html
    assert "下线：" in html


def test_missing_labels_are_named(here):
    li = member(here.tenant, RoleCode.EDITOR, name="Li")

    html = screen(signed_in(li), here)

    assert "没有填“栏目类别”" in html


def test_somebody_without_pages_is_shown_no_sections(here):
    promised(here, days=10, age=13)
    handler = member(here.tenant, RoleCode.LETTER_HANDLER)

    html = screen(signed_in(handler), here)

    assert "promise 0" not in html
    assert "desk/write/" not in html


def test_the_list_to_write_in_holds_ones_own_sections(here):
    promised(here, days=10, age=1, count=2)
    with tenant_scope(here.tenant):
        own = SectionPage.objects.get(slug="promise-1")
    wang = member(here.tenant, RoleCode.EDITOR, name="Wang", sections=[own])

    html = signed_in(wang).get(f"/t/{here.tenant.code}/desk/write/").content.decode()

    assert f"pages/add/cms_core_pages/articlepage/{own.pk}/" in html
    assert "promise 0" not in html


def test_many_sections_are_found_by_words_of_their_path(here):
    promised(here, days=10, age=1, count=14)
    wang = signed_in(member(here.tenant, RoleCode.EDITOR, name="Wang"))
    address = f"/t/{here.tenant.code}/desk/write/"

    def listed(words: str) -> tuple[str, int]:
        html = wang.get(address, {"q": words}).content.decode()
        return html, html.count("pages/add/cms_core_pages/articlepage/")

    whole, every = listed("")
    assert 'name="q"' in whole
    assert "find_section.js" in whole
    assert every >= 15
    one, number = listed(" PROMISE  11 ")
    assert number == 1
    assert "promise 11" in one
    none, number = listed("<script>x")
    assert number == 0
    assert "&lt;script&gt;x" in none
    assert "显示全部" in none
    assert listed("长" * 5_000)[1] == 0


def test_who_only_reviews_is_not_sent_to_write(here):
    promised(here, days=10, age=13)
    client = signed_in(member(here.tenant, RoleCode.FIRST_REVIEWER))

    assert "desk/write/" not in screen(client, here)
    assert "articlepage" not in client.get(f"/t/{here.tenant.code}/desk/write/").content.decode()


@contextmanager
def wagtails_own_screen(monkeypatch):
    """Wagtail's opening screen at the address of ours."""
    own = [found for found in tenant_admin.urlpatterns if found not in opening_patterns]
    with monkeypatch.context() as patched:
        patched.setattr(tenant_admin, "urlpatterns", own)
        # With all of its panels: the room of review takes one out.
        every_hook = hooks.get_hooks
        patched.setattr(
            hooks,
            "get_hooks",
            lambda name: [] if name == "construct_homepage_panels" else every_hook(name),
        )
        clear_url_caches()
        yield
    clear_url_caches()


def queries(client, here) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        screen(client, here)
    return len(captured)


def test_the_number_of_queries_does_not_grow_and_is_not_above_wagtails_own(
    here, monkeypatch, record_testsuite_property
):
    li = member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name="Li")
    client = signed_in(li)
    promised(here, days=10, age=13)
    draft(here, li, "first")
    screen(client, here)
    few = queries(client, here)

    promised(here, days=10, age=13, count=40, first=1)
    for number in range(12):
        draft(here, li, f"draft-{number}")
        member(here.tenant, RoleCode.EDITOR, name=f"editor-{number}")
    many = queries(client, here)
    with wagtails_own_screen(monkeypatch):
        wagtails = queries(client, here)

    record_testsuite_property("opening screen", f"{many} queries; Wagtail's own {wagtails}")
    assert many == few
    assert many <= wagtails
