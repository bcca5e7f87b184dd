"""Lists by index stand in the order of a plain sort, and cost the same at any length."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Case, F, Q, Value, When
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from cms_core.pages import article_selectors, list_selectors, selectors
from cms_core.pages.address_selectors import newest_for_feed
from cms_core.pages.models import ArticlePage, ArticlePlacement, BasePage, SectionPage
from cms_core.pages.models.parent_path import ParentPath
from cms_core.pages.services import bulk_create_articles, create_section
from tests.cms_core.pages.conftest import article_row, section_row

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
OWN, ELSEWHERE = 9, 6
LENGTH = 3


@pytest.fixture
def sections(in_town: Any, editor: Any) -> tuple[SectionPage, SectionPage]:
    """A section with one below it; the articles of each."""
    top = create_section(actor=editor, parent=in_town.home, row=section_row(0, slug="top"))
    below = create_section(actor=editor, parent=top, row=section_row(0, slug="below"))
    rows = [article_row(top.pk, key=f"t{n}", slug=f"t{n}") for n in range(OWN)]
    rows += [article_row(below.pk, key=f"b{n}", slug=f"b{n}") for n in range(ELSEWHERE)]
    bulk_create_articles(actor=None, rows=rows)
    ArticlePage.objects.exclude(path__startswith=top.path).delete()
    return top, below


#: Few different moments, so that many are the same.
moments = st.integers(0, 4).map(lambda days: NOW - timedelta(days=days))
rows = st.fixed_dictionaries(
    {
        "published_at": moments,
        "is_pinned": st.booleans(),
        "pinned_until": st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
        "valid_until": st.sampled_from([None, date(2026, 5, 1), date(2026, 6, 1)]),
        "list_place": st.sampled_from([None, None, 1, 2]),
        "live": st.sampled_from([True, True, True, False]),
    }
)
plain_rows = st.builds(lambda at: {"published_at": at}, moments)
lists = st.lists(st.one_of(plain_rows, rows), min_size=OWN + ELSEWHERE, max_size=OWN + ELSEWHERE)


def simple_sort(pages: Any) -> list[int]:
    """The order of a list, as one statement over all its rows says it."""
    is_held = (
        Q(is_pinned=True)
        & (Q(pinned_until__isnull=True) | Q(pinned_until__gt=NOW))
        & (Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate(NOW)))
    )
    rank = Case(
        When(is_held, then=Value(0)),
        When(list_place__isnull=False, then=Value(1)),
        default=Value(2),
    )
    place = F("list_place").asc(nulls_last=True)
    return list(pages.order_by(rank, place, "-published_at", "-pk").values_list("pk", flat=True))


def standing_in(section: SectionPage) -> Any:
    inside = Q(path__startswith=section.path, depth=section.depth + 1)
    placed = ArticlePlacement.objects.filter(section=section).values("page")
    articles = ArticlePage.objects.filter(inside | Q(pk__in=placed), live=True)
    return BasePage.objects.filter(pk__in=articles.values("pk"))


@given(values=lists, placed=st.sets(st.integers(0, OWN + ELSEWHERE - 1)), private=st.booleans())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_list_is_in_the_order_of_a_plain_sort(
    sections: Any, monkeypatch: Any, time_machine: Any, values: Any, placed: Any, private: bool
) -> None:
    top, below = sections
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(list_selectors, "PAGE_SIZE", LENGTH)
    pages = list(ArticlePage.objects.order_by("pk"))
    nothing = {"is_pinned": False, "pinned_until": None, "valid_until": None, "list_place": None}
    for page, row in zip(pages, values, strict=True):
        ArticlePage.objects.filter(pk=page.pk).update(**nothing | {"live": True} | row)
    ArticlePlacement.objects.all().delete()
    ArticlePlacement.objects.bulk_create(
        ArticlePlacement(page=pages[n], section=top) for n in sorted(placed)
    )
    PageViewRestriction.objects.all().delete()
    hidden = BasePage.objects.none()
    if private:
        PageViewRestriction.objects.create(page=pages[-1], restriction_type="login")
        hidden = BasePage.objects.filter(pk=pages[-1].pk)
    selectors.forget_private_paths()

    for section in sections:
        wanted = simple_sort(standing_in(section).exclude(pk__in=hidden))
        shown: list[int] = []
        for number in range(1, max(1, -(-len(wanted) // LENGTH)) + 1):
            entries, total = list_selectors.articles_of(section, number)
            assert total == len(wanted)
            shown += [entry.pk for entry in entries]
        assert shown == wanted

    both = ArticlePage.objects.filter(live=True).exclude(pk__in=hidden)
    newest = list(both.order_by("-published_at", "-pk").values_list("pk", flat=True))
    inside = [pk for pk in newest if pk in simple_sort(standing_in(below))]
    assert list_selectors.newest_below(top, 4) == newest[:4]
    assert list_selectors.newest_below(below, 4) == inside[:4]
    assert [row.title for row in newest_for_feed(top)] == [
        ArticlePage.objects.get(pk=pk).title for pk in newest[:30]
    ]
    direct = both.filter(path__startswith=below.path)
    assert [page.pk for page in list_selectors.newest_directly_below(below, 2)] == simple_sort(
        direct
    )[:2]
    grouped = list_selectors.newest_by_section([below, top], each=4)
    within = simple_sort(standing_in(below).exclude(pk__in=hidden))
    assert [page.pk for page in grouped.get(below.pk, [])] == within[:4]
    own = simple_sort(standing_in(top).exclude(pk__in=hidden))
    assert [page.pk for page in grouped.get(top.pk, [])] == own[:4]


@pytest.mark.parametrize("scanned", [2, 40])
def test_neighbours_are_the_same_near_the_top_and_far_below(
    sections: Any, monkeypatch: Any, scanned: int
) -> None:
    monkeypatch.setattr(article_selectors, "_RELATED_SCAN", scanned)
    top, _below = sections
    pages = list(ArticlePage.objects.child_of(top).order_by("pk"))
    for number, page in enumerate(pages):  # two of each moment
        page.published_at = NOW - timedelta(days=number // 2)
        ArticlePage.objects.filter(pk=page.pk).update(published_at=page.published_at)
    order = sorted(pages, key=lambda page: (page.published_at, page.pk), reverse=True)

    for place, page in enumerate(order):
        found = article_selectors.surroundings(page)
        newer = order[place - 1].pk if place else None
        older = order[place + 1].pk if place + 1 < len(order) else None
        assert (found.newer and found.newer.pk, found.older and found.older.pk) == (newer, older)


def test_the_path_above_is_treebeards(sections: Any) -> None:
    _top, below = sections
    found = BasePage.objects.annotate(above=ParentPath("path")).get(pk=below.pk)

    assert found.above == below.path[: -BasePage.steplen]


@pytest.fixture
def long_section(sections: Any) -> SectionPage:
    top, _below = sections
    rows = [
        article_row(top.pk, key=f"l{n}", slug=f"l{n}", published_at=NOW - timedelta(hours=n))
        for n in range(300)
    ]
    bulk_create_articles(actor=None, rows=rows)
    return top


def test_a_list_reads_what_it_shows(long_section: SectionPage) -> None:
    """No statement sorts rows or reads one that is passed over, on whatever page of the list."""
    first = BasePage.objects.child_of(long_section).order_by("pk").first()
    ArticlePage.objects.filter(pk=first.pk).update(is_pinned=True)
    home = long_section.get_parent()
    home_path = selectors.HOME_PATH_LENGTH

    def asked() -> None:
        for number in (1, 2, 8, 15):
            list_selectors.articles_of(long_section, number)
        list_selectors.newest_below(long_section, 30)
        list_selectors.newest_below(home, 30)
        list_selectors.newest_by_section([long_section], each=7)
        article_selectors.surroundings(ArticlePage.objects.get(slug="l200"))
        selectors.page_by_path(home, "top/l200")
        assert len(home.path) == home_path

    asked()
    with CaptureQueriesContext(connection) as captured:
        asked()
    asked_sql = [query["sql"] for query in captured]
    assert sum("COUNT" in sql for sql in asked_sql) == 4
    assert len(asked_sql) <= 4 * 4 + 3 * 3 + 7 + 5
    if connection.vendor != "sqlite":
        return  # PostgreSQL chooses by the size of the tables
    for sql in asked_sql:
        plan = plan_of(sql)
        if "is_pinned" in sql and "UNION ALL" in sql:
            assert "page_placed_by_hand" in plan, (sql, plan)
        elif "SUBSTR" in sql and "COUNT" not in sql:
            assert "page_newest_in_section" in plan, (sql, plan)
            assert "TEMP B-TREE" not in plan, (sql, plan)
        elif '"url_path" = ' in sql:
            assert "page_url_path" in plan, (sql, plan)


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return " ".join(str(row[-1]) for row in cursor.fetchall())
