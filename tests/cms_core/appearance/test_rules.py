"""Contrast by the formula of WCAG, and the life of a notice by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.appearance.enums import NoticeKind, NoticeState
from cms_core.appearance.rules import (
    LEAST_CONTRAST,
    contrast,
    contrast_faults,
    contrast_table,
    look_css,
    notice_faults,
    notice_state,
)
from themes.manifest import THEMES
from themes.tokens import theme_colours

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#fff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),  # and the one that just passes
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("code", THEMES)
def test_the_looks_own_colours_pass_as_chosen_ones(code):
    own = theme_colours(THEMES[code])
    chosen = {name: own[f"--{name}"] for name in ("brand", "deep", "seal")}
    assert contrast_faults(chosen, own) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["brand", "deep", "seal"]),
    st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"),
    st.sampled_from(sorted(THEMES)),
)
def test_the_nearest_colour_passes_and_what_passes_stays(field, colour, code):
    own = theme_colours(THEMES[code])
    faults = contrast_faults({field: colour}, own)
    if not faults:
        assert all(row[3] >= LEAST_CONTRAST for row in contrast_table({field: colour}, own))
        return
    (fault,) = faults
    assert fault.field == field
    assert fault.ratio < LEAST_CONTRAST
    assert fault.nearest is not None
    assert contrast_faults({field: fault.nearest}, own) == ()


def test_colours_become_one_rule_that_every_mode_outweighs():
    assert look_css({}) == ""
    assert look_css({"--brand": "#123456", "--tint": "#ffffff"}) == (
        ":root{--brand:#123456;--tint:#ffffff}\n"
    )


def proposal(**values):
    given_values = {
        "kind": NoticeKind.EMERGENCY,
        "headline": "暴雨红色预警",
        "text": "请勿外出。",
        "reason": "市应急局通知",
        "starts_at": None,
        "ends_at": NOW + HOUR,
        "now": NOW,
    }
    return notice_faults(**given_values | values)


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({}, {}),
        ({"headline": " "}, {"headline": "missing"}),
        ({"text": ""}, {"text": "missing"}),
        ({"reason": ""}, {"reason": "missing"}),
        ({"ends_at": None}, {"ends_at": "missing"}),
        ({"ends_at": NOW}, {"ends_at": "before_begin"}),
        ({"starts_at": NOW + 2 * HOUR}, {"ends_at": "before_begin"}),
        ({"ends_at": NOW + timedelta(days=14, seconds=1)}, {"ends_at": "too_long"}),
        ({"kind": NoticeKind.MOURNING, "headline": "", "text": ""}, {}),
        ({"kind": NoticeKind.MOURNING, "ends_at": None}, {"ends_at": "missing"}),
    ],
)
def test_a_proposal_says_what_why_and_until_when(values, faults):
    assert proposal(**values) == faults


@pytest.mark.parametrize(
    ("confirmed", "lifted", "starts", "ends", "state"),
    [
        (None, None, None, NOW + HOUR, NoticeState.PROPOSED),
        (NOW, None, None, NOW + HOUR, NoticeState.IN_FORCE),
        (NOW, None, NOW + HOUR, NOW + 2 * HOUR, NoticeState.SCHEDULED),
        (NOW, None, None, NOW, NoticeState.OVER),
        (None, None, None, NOW, NoticeState.OVER),
        (NOW, NOW, None, NOW + HOUR, NoticeState.LIFTED),
    ],
)
def test_the_state_is_told_by_the_clock(confirmed, lifted, starts, ends, state):
    assert (
        notice_state(
            starts_at=starts, ends_at=ends, confirmed_at=confirmed, lifted_at=lifted, now=NOW
        )
        == state
    )
