"""Signs that nobody sees leave what people type; those that a writing needs stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.typed_text.enums import TextKind
from sites.typed_text.rules import harmless, is_plain_address, seen_text

NEVER = "\x00\x07\x1b\x7f\x80\u200b\u2060\ufeff\u202a\u202e\u2066\u2069\ud800\ufffe\U000e0041"
#: Hypothesis makes no half of a pair unless told; JSON of a browser can name one.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(NEVER + "\t\r\n\x0b\x85\u2028\u200c\u200d\u200e\u200f\u061cسय𞤀👩预a"),
    ),
    max_size=40,
)


@pytest.mark.parametrize("sign", NEVER)
@pytest.mark.parametrize("kind", [TextKind.LINE, TextKind.TEXT])
def test_what_no_text_needs_goes(sign, kind):
    assert seen_text(f"预{sign}算", kind) == "预算"
    assert seen_text(f"预{sign}算", TextKind.PASSWORD) == f"预{sign}算"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian, with a joiner that parts two shapes
        "क्\u200dष",  # Hindi
        "ᠨᠢᠭᠡ\u180e"[:-1] + "\u200d",  # Mongolian
        "👩\u200d👩\u200d👧 家庭",
        "ئۇيغۇر (2026\u200e) تىلى\u200f.",
        "第一段。\n\n第二段。\tA",
        "e\u0301 soft\u00adhyphen",
    ],
)
def test_what_a_writing_needs_stays(text):
    assert seen_text(text, TextKind.TEXT) == text


def test_joiners_and_marks_between_other_signs_go():
    assert seen_text("敏\u200d感\u200c词 a\u200eb", TextKind.TEXT) == "敏感词 ab"


def test_breaks_by_kind():
    assert seen_text("标题\x0b第二\r\n行\u2028三", TextKind.LINE) == "标题 第二 行 三"
    assert seen_text("标题\x0b第二\r\n行\u2028三", TextKind.TEXT) == "标题\n第二\r\n行\n三"


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT, kind=st.sampled_from([TextKind.LINE, TextKind.TEXT]))
def test_whatever_comes_in_can_be_stored_and_is_left_alone_the_second_time(text, kind):
    seen = seen_text(text, kind)

    assert seen_text(seen, kind) == seen
    assert harmless(seen) == seen
    assert not set(seen) & set(NEVER)
    seen.encode("utf-8")
    if kind is TextKind.LINE:
        assert len(seen.splitlines()) <= 1
    # Whoever reads sees the same letters as before.
    kept = [sign for sign in text if sign.isalnum() and sign not in NEVER]
    assert [sign for sign in seen if sign.isalnum()] == kept


@settings(max_examples=200, deadline=None)
@given(text=ANY_TEXT)
def test_before_the_kind_is_known_only_what_nothing_takes_goes(text):
    left = harmless(text)

    left.encode("utf-8")
    assert "\x00" not in left
    assert [sign for sign in left if sign in "\t\r\n\u200d\u200f"] == [
        sign for sign in text if sign in "\t\r\n\u200d\u200f"
    ]


def test_addresses():
    assert is_plain_address("/新闻/通知_1/index_2.html")
    assert not is_plain_address("/news/\x00/")
    assert not is_plain_address("/news/\n")
