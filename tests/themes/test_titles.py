"""Where titles and names may break, and what a telephone number dials."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themes.titles import name_phrases, phone_url, title_words


@pytest.mark.parametrize(
    "phrases",
    [
        "云澧市/人民政府",
        "云澧市/人力资源/和社会保障局",
        "云澧市/市场监督管理局",
        "桃溪县/柳林镇/人民政府",
        "云澧市/人民政府/门户网站",
        "云澧市/住房/和城乡建设局",
        "湘西土家族苗族自治州/教育局",
        "石门街道/办事处",
        "安乡县/教育局",
        "津市市/财政局",
        "云澧市/区划地名办",
        "云澧市/人社局/（示例）",
        "市场监督管理局",
        "桃花源管理区",
        "云澧市",
        "镇",
    ],
)
def test_a_name_breaks_after_places_and_before_joints(phrases):
    assert name_phrases(phrases.replace("/", "")) == tuple(phrases.split("/"))


@settings(max_examples=100)
@given(st.text(alphabet="云澧市县区乡镇街道自治州人民政府和（）局a 1", max_size=30))
def test_no_character_of_a_name_is_lost(name):
    phrases = name_phrases(name)
    assert "".join(phrases) == name.strip()
    assert all(phrases)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("0000-0000000（示例）", "tel:00000000000"),
        ("0736-7256000、7256001", "tel:07367256000"),
        ("（0736）725 6000 转 8", "tel:07367256000"),
        ("热线 12345", "tel:12345"),
        ("+86 736 7256000", "tel:+867367256000"),
        ("请到窗口", ""),
        ("", ""),
    ],
)
def test_a_telephone_number_is_dialled(text, url):
    assert phone_url(text) == url


@pytest.mark.parametrize(
    "words",
    [
        "老旧小区/改造/明年/计划/公开/征求意见",
        "云澧市/人民政府/办公室/关于/印发",
        "部署/供暖/供气/和困难群众/过冬/工作",
        "《云澧市/高龄/津贴/发放/办法》的/通知",
        "云澧市2026年/下半年/市直/事业单位/公开/招聘/工作人员/面试/公告",
    ],
)
def test_no_listed_word_is_broken(words):
    assert title_words(words.replace("/", "")) == tuple(words.split("/"))


@settings(max_examples=200)
@given(st.text(alphabet="关于印发通知公告的和《》（），。2026 年abc一网", max_size=40))
def test_words_lose_nothing_and_no_stop_starts_a_line(phrase):
    words = title_words(phrase)
    assert "".join(words) == phrase
    assert all(words)
    assert all(word[0] not in "，。》）" for word in words[1:])
