"""Column trees, slugs and repeated articles."""

from datetime import UTC, datetime

import pytest

from cms_core.importer.enums import SectionKind
from cms_core.importer.rules import (
    DEEPEST_SECTION,
    HOLDING_KEY,
    Fingerprint,
    SectionCycle,
    SectionsTooDeep,
    article_slug,
    fingerprint,
    group_repeated,
    place_sections,
    section_slug,
)
from cms_core.importer.sources.records import LegacySection


def section(key, parent="", *, order=0, line=1, name="栏目"):
    return LegacySection(key, parent, f"{name}{key}", order, SectionKind.LIST, "", "", "", (), line)


def shape(sections):
    return [(place.section.source_key, place.parent_key) for place in place_sections(sections)]


def test_parents_come_first_and_siblings_keep_their_order():
    placed = shape(
        [
            section("3", "1"),
            section("1", order=2),
            section("2", order=-5),
            section("10", "1", order=-1),
        ]
    )

    assert placed == [("2", ""), ("1", ""), ("10", "1"), ("3", "1")]


def test_siblings_of_equal_order_stand_by_number():
    assert [key for key, _parent in shape([section("10"), section("9"), section("2")])] == [
        "2", "9", "10",
    ]  # fmt: skip


def test_orphans_go_below_the_holding_section_with_their_children():
    placed = place_sections([section("1"), section("2", "99"), section("3", "2")])

    assert [(p.section.source_key, p.parent_key, p.is_orphan) for p in placed] == [
        ("1", "", False),
        ("2", HOLDING_KEY, True),
        ("3", "2", False),
    ]


@pytest.mark.parametrize(
    ("sections", "rows"),
    [
        ([section("5", "5", line=7)], ["5 “栏目5” (line 7)"]),
        (
            [section("1"), section("2", "4", line=8), section("3", "2", line=9), section("4", "3", line=10),
             section("8", "4", line=11)],
            ["2 “栏目2” (line 8)", "3 “栏目3” (line 9)", "4 “栏目4” (line 10)"],
        ),
    ],
)  # fmt: skip
def test_a_cycle_names_its_rows_and_no_others(sections, rows):
    with pytest.raises(SectionCycle) as caught:
        place_sections(sections)

    assert all(row in str(caught.value) for row in rows)
    assert "8 “" not in str(caught.value)


def test_a_bottomless_tree_names_the_first_row_that_is_too_deep():
    sections = [section(str(n), str(n - 1) if n else "", line=n + 1) for n in range(10_000)]

    with pytest.raises(
        SectionsTooDeep, match=rf"{DEEPEST_SECTION} “栏目{DEEPEST_SECTION}” \(line 21\)"
    ):
        place_sections(sections)


def test_the_deepest_tree_that_fits_is_taken():
    sections = [section(str(n), str(n - 1) if n else "") for n in range(DEEPEST_SECTION)]

    assert [place.depth for place in place_sections(sections)][-1] == DEEPEST_SECTION


@pytest.mark.parametrize(
    ("name", "key", "taken", "slug"),
    [
        ("信息公开", "12", (), "xinxigongkai"),
        ("信息公开", "12", {"xinxigongkai"}, "xinxigongkai-12"),
        ("12345 热线", "3", (), "12345-rexian"),
        ("…", "7", (), "c-7"),
        ("", "a/b", (), "c-c14cddc033f6"),
    ],
)
def test_section_slugs(name, key, taken, slug):
    assert section_slug(name, key, taken) == slug


def test_article_slugs_depend_on_the_key_alone():
    assert article_slug("583") == "a-583"
    assert article_slug("X/1") != article_slug("x-1")
    assert len(article_slug("k" * 500)) < 50


def at(day):
    return datetime(2015, 6, day, tzinfo=UTC)


def test_blanks_and_punctuation_make_no_difference():
    assert fingerprint("一 二", "三，四。") == fingerprint("一二", "三四")
    assert fingerprint("一", "二三") != fingerprint("一二", "三")
    assert fingerprint("一", " ，") == ""


def test_the_earliest_owns_and_copies_in_its_section_are_merged():
    groups = group_repeated(
        [
            Fingerprint("12", "a", at(2), "x"),
            Fingerprint("9", "a", at(2), "x"),
            Fingerprint("30", "a", at(1), "x"),
            Fingerprint("31", "b", at(3), "x"),
            Fingerprint("5", "b", None, "x"),
            Fingerprint("6", "c", at(1), "y"),
            Fingerprint("7", "c", at(1), ""),
            Fingerprint("8", "c", at(1), ""),
        ]
    )

    assert [(group.owner, group.copies, dict(group.merged)) for group in groups] == [
        ("30", ("9", "12", "31", "5"), {"9": "30", "12": "30", "5": "31"})
    ]
