"""Where a name may break, and what a telephone number dials."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themes.titles import name_phrases, phone_url


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
