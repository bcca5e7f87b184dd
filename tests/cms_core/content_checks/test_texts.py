"""Misspellings no list names, markup read as text, and texts made to be slow."""

import math
import sys
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.content_checks import spelling, wording
from cms_core.content_checks.checking import MOST_FINDINGS, check_content
from cms_core.content_checks.enums import CheckCode
from cms_core.content_checks.extraction import markup_items
from cms_core.content_checks.lists import LeaderEntry, Lists, TermList, program_terms
from cms_core.content_checks.spelling import spelling_problems
from cms_core.content_checks.text import folded
from cms_core.content_checks.word_statistics import key_of, statistics
from sites.registry.checked_content import (
    CheckedContent,
    CheckedLink,
    CheckedPicture,
    Place,
    TextSegment,
)

TODAY = date(2026, 11, 28)
PLACE = Place("body", "正文")
LEADERS = (
    LeaderEntry("王示例", ("市委书记",), 1, date(2020, 1, 1), None),
    LeaderEntry("李样本", ("市长",), 2, date(2020, 1, 1), None),
)
LISTS = Lists("test", TermList(program_terms()), LEADERS)


def problems(text: str) -> list[tuple[str, str]]:
    return [(p.word, p.suggestion) for p in spelling_problems(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("为人民服物的宗旨", ("服物", "服务")),
        ("各单位要高度重示这项工作", ("重示", "重视")),
        ("我们一起愉决地度过假期", ("愉决", "愉快")),
    ],
)
def test_words_of_one_wrong_character(text: str, expected: tuple[str, str]) -> None:
    assert expected in problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "各区、县（市）人民政府，市直各单位：",
        "经市人民政府同意，现将有关事项通知如下，请认真贯彻执行。",
        "国务院办公厅关于推进政务服务一体化建设的指导意见",
        "白马湖白马湖白马湖",
        "",
        "ABC 123",
    ],
)
def test_right_text_stays_silent(text: str) -> None:
    assert problems(text) == []


def test_a_term_that_a_text_keeps_using_is_its_own() -> None:
    sentence = "为人民服物的宗旨。"
    assert problems(sentence)
    assert problems(sentence * 3) == []


@settings(max_examples=60, deadline=None)
@given(st.text("一二人民政府的是在𠀀龥鿿 ，。a\u200b", max_size=40))
def test_any_text_is_read(text: str) -> None:
    for found in spelling_problems(text):
        assert text[found.start : found.end] == found.word
        assert len(found.word) == len(found.suggestion)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        ["部暑", "按排", "的式", "人民正府", "为人民服物", "选拔性", "提前昭", "各学校不"]
    ),
    st.floats(-10, 20),
)
def test_no_likelier_word_is_passed_over(written: str, least: float) -> None:
    """What cannot win is not looked up; trying every word of one other character finds no better one."""
    written, known = written[:4], statistics()
    values = [
        frequency - cost
        for place, char in enumerate(written)
        for cost, meant in spelling._candidates().get(char, ())
        for _number, right in meant
        if (
            frequency := known.log_frequency(key_of(written[:place] + right + written[place + 1 :]))
        )
        and frequency >= math.log(spelling.RAREST_SUGGESTED) + 1
    ]
    found = spelling._meant(written, least, known)
    best = max(values, default=-math.inf)
    if best <= least:
        assert found is None
    else:
        assert found is not None
        value, place, word = found
        assert value == best
        assert [a == b for a, b in zip(word, written, strict=True)].count(False) == 1
        assert word[place] != written[place]


@settings(max_examples=100, deadline=None)
@given(st.text("ＡＢａ１\u200b\u202e\u0130甲乙", max_size=30))
def test_folding_keeps_every_place(text: str) -> None:
    fold = folded(text)
    for at in range(len(fold.text)):
        start, end = fold.original(at, at + 1)
        assert end == start + 1
        assert folded(text[start:end]).text == fold.text[at]


def test_markup_is_read_as_lines_links_and_pictures() -> None:
    html = (
        '<p>甲<b>乙</b>&amp;</p><table><tr><td>丙</td><td>丁</td></tr></table><a href="/x/">去<i>那</i></a>'
        '<a linktype="page" id="7">页</a><embed embedtype="image" id="3" alt="图"/><img src="a" alt="">'
        "<script>var 戊</script><p>未闭合"
    )
    items = list(markup_items(html, PLACE))
    lines = [line for line in items[0].text.split("\n") if line]  # type: ignore[union-attr]
    assert lines[:4] == ["甲乙&", "丙", "丁", "去那页"]
    links = [item for item in items if isinstance(item, CheckedLink)]
    assert [(link.text, link.url, link.page_id) for link in links] == [
        ("去那", "/x/", None),
        ("页", "", 7),
    ]
    pictures = [item for item in items if isinstance(item, CheckedPicture)]
    assert [(p.image_id, p.description) for p in pictures] == [(3, "图"), (None, "")]


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "2024年2月30日至",
        "壹拾",
        "分别占1%、",
        "王示例、李样本、",
        "部暑",
        "一",
        "的",
        "\u200b1",
    ],
)
def test_time_grows_with_the_text_and_nothing_else(piece: str) -> None:
    def seconds(length: int, turn: int = 0) -> float:
        # Another text each turn: what a sentence was divided into is remembered.
        text = ("甲" * turn + piece * (length // len(piece) + 1))[:length]
        content = CheckedContent(segments=(TextSegment(PLACE, text),))
        start = time.process_time()
        outcome = check_content(content, LISTS, TODAY)
        assert len(outcome.findings) <= MOST_FINDINGS
        return time.process_time() - start

    seconds(1000)
    # The least of three: a collection of a whole test run's garbage may fall into one of them.
    short = min(seconds(1_000, turn) for turn in (1, 2, 3))
    long = min(seconds(8_000, turn) for turn in (1, 2, 3))
    # Eight times the text: quadratic work would be sixty-four times the time.
    assert long < 30 * short + 0.3


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["1 ", "壹拾", "2024年2月30日至", "王示例、", "部暑", "一", "\u200b1"]
)
def test_a_megabyte_is_read_to_its_end(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    content = CheckedContent(segments=(TextSegment(PLACE, text),))
    start = time.process_time()
    check_content(content, LISTS, TODAY)
    assert time.process_time() - start < 120


def test_every_problem_has_its_sentence() -> None:
    text = (
        "部暑，机密★，台湾总统，2月30日至。2024年1月2日（星期一）。2204年。25时70分。"
        "2024年3月1日至2024年2月1日。2024年3月1日至2月1日。壹万元（￥20000元）。分别占80%、70%。"
        "李样本、王示例。市长王示例。13800138000，为人民服物。\u202e"
    )
    outcome = check_content(
        CheckedContent(segments=(TextSegment(PLACE, text),), missing_labels=("ContentSource",)),
        LISTS,
        TODAY,
    )
    found = {located.found.problem for located in outcome.findings}
    assert len(found) >= 15
    assert found <= wording.problems()
    assert {located.found.check for located in outcome.findings} >= set(CheckCode) - {
        CheckCode.LINK,
        CheckCode.PICTURE,
    }


def test_the_data_is_not_loaded_at_import() -> None:
    import subprocess

    code = (
        "import os; os.environ['JIYUE_ENV']='test'; os.environ['DJANGO_SETTINGS_MODULE']='cms_core.settings'\n"
        "import django; django.setup()\n"
        "from cms_core.content_checks import word_statistics, lists, confusions, services\n"
        "assert word_statistics.statistics.cache_info().currsize == 0\n"
        "assert confusions.similar_sound.cache_info().currsize == 0\n"
        "assert lists.program_terms.cache_info().currsize == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
