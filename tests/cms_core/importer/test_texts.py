"""Entities decoded once, garbled text found, test entries and personal data recognised."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_core.importer.texts import (
    decode_text,
    drop_collector_fields,
    find_mojibake,
    find_personal_data,
    looks_like_test,
    plain_words,
)


@pytest.mark.parametrize(
    ("raw", "text", "over_encoded"),
    [
        ("互学互比", "互学互比", 0),
        ("&ldquo;互学&rdquo;&#8212;&hellip;", "“互学”—…", 0),
        ("一&nbsp;&nbsp; 二　三", "一 二 三", 0),
        # encoded again by the old system on every save: the layers are no text
        ("一&amp;nbsp;二", "一 二", 1),
        ("&amp;amp;ldquo;一&amp;amp;amp;rdquo;", "“一”", 2),
        ("&amp;#8220;一&amp;#x201d;", "“一”", 2),
        # typed by an author who writes about markup: decoded once, and it stays text
        ("标签&amp;lt;b&amp;gt;的写法", "标签&lt;b&gt;的写法", 0),
        ("写作&amp;amp;lt;", "写作&amp;lt;", 0),
        ("&amp;#60;script&amp;#x3e;", "&#60;script&#x3e;", 0),
        ("A &amp; B &lt; C", "A & B < C", 0),
        ("AT&T 与 R&D", "AT&T 与 R&D", 0),
        # cut off inside an entity, at any length
        ("建筑市场监管系统&amp;amp;rd", "建筑市场监管系统", 0),
        ("参加市“两会&", "参加市“两会", 0),
        ("研发，&amp;nbs", "研发，", 0),
        ("甲公司&amp;乙公司", "甲公司&乙公司", 0),
        ("研究与开发（R&amp;d", "研究与开发（R&d", 0),
        ("<font color='red'>标题</font><br/>二", "标题 二", 0),
        ("3 < 5 且 7 > 6", "3 < 5 且 7 > 6", 0),
        ("", "", 0),
    ],
)
def test_entities_are_decoded_exactly_once(raw, text, over_encoded):
    decoded = decode_text(raw)

    assert (decoded.text, decoded.over_encoded) == (text, over_encoded)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z", "Cf"]), max_size=60))
def test_what_was_encoded_once_comes_back(text):
    """Whatever an author typed, one encoding and our one decoding give it back."""
    decoded = decode_text(html.escape(text))

    if decoded.over_encoded == 0:
        assert decoded.text == text


def test_an_entity_that_the_column_cut_off_is_dropped():
    assert decode_text("字" * 100 + "&am").text == "字" * 100
    assert decode_text("字" * 100 + "&amp;nbs").text == "字" * 100


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd 浔阳区",
        "工作职责牋牋一、浔",
        "犝　静?(通州)地址",
        "? 昨天上午，农业部",
        "? ? 迎着新年第一缕晨曦",
        "会议由???主持",
        "锟斤拷",
        "市政府工作报告书".encode().decode("gb18030"),
        "《" + "市政府工作报告".encode().decode("gb18030", "ignore") + "》",
        "中国".encode().decode("cp1252"),
        "控制\x01字符",
        "私用\ue000区",
    ],
)
def test_garbled_text_is_found(text):
    assert find_mojibake(text)


@pytest.mark.parametrize("text", ["城市建设管理局", "人力资源和社会保障局"])
def test_text_that_is_paired_one_byte_too_early_is_found(text):
    """Half a blank before the text: each character is made of halves of two."""
    shifted = (b"\xa0" + text.encode("gbk") + b"\xbb").decode("gbk")

    assert find_mojibake(f"{shifted} 7434")
    assert find_mojibake(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "王祖焕副市长调研我市住房和城乡建设工作",
        "关于组织申报2011年度江苏省“扬子杯”优质工程的通知",
        "您办理过居住证吗？需要哪些材料?",
        "情狀與現狀：繁體字也是文字",
        "Café naïve — 100 ㎡，25 ℃，±0.00",
        "犬、牛、狗、狼、猫、玉、王、珍、珠",
        "（一）总则；《办法》第十二条①②③",
        "办理Ａ类业务（ｂ）",
        "琵琶、箜篌、唢呐、笙箫与锣鼓钹铙",
        "蒲公英、薏苡仁、黄芪、茯苓、枸杞、当归、川芎",
        "醴陵、汨罗、攸县、邵阳、澧县、沅陵、溆浦",
        "",
    ],
)
def test_good_text_is_left_alone(text):
    assert find_mojibake(text) == ""


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("454545454", "454545454"),
        ("ddd", "fff"),
        ("test", ""),
        ("测试文章", "测试内容"),
        ("测试1", "一"),
        ("老王自己发得测试删除", "随便打几个字"),
        ("内容推送", "推送测试，看能否收到"),
        ("234242343424", "一、受理时间：上午九点至十一点半。" * 20),
        ("关于调整领导小组成员的通知", "3432423"),
    ],
)
def test_test_entries_are_recognised(title, text):
    assert looks_like_test(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("2023", "二〇二三年政府信息公开工作年度报告"),
        ("测试电磁环境的通知", "现将有关事项通知如下"),
        ("WTO", "世界贸易组织" * 20),
        ("12345", "政务服务便民热线"),
        ("监督电话", "07367788990"),
        ("平台千万级数据在线测试公告", "自即日起开放在线测试，欢迎各单位参加并提出意见。" * 4),
        ("通知", "二〇一四"),
    ],
)
def test_odd_titles_with_real_text_are_no_tests(title, text):
    assert not looks_like_test(title, text)


def test_personal_data_is_named_by_kind():
    assert find_personal_data("公民身份号码11010519491231002X，电话13800138000") == (
        "identity_number",
        "mobile_number",
    )
    assert find_personal_data("编号110105194912310021，传真0730-4268516") == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("１１０１０５１９４９１２３１００２X", ("identity_number",)),
        ("110105 19491231 002x", ("identity_number",)),
        ("身份证号码：110105194912310021", ("identity_number",)),  # called one, with a slip in it
        ("身份证 110105491231002", ("identity_number",)),  # of the first generation
        ("流水 110105491231002", ()),
        ("卡号6217000010000000029", ("bank_card_number",)),
        ("6217 0000 1000 0000 029和138-0013-8000", ("bank_card_number", "mobile_number")),
        ("6217000010000000021", ()),
        ("统一社会信用代码 11430700006401515K，电话12345", ()),
        ("2015-06-09 23:34:19 2015-06-09 23:34:20", ()),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", ()),
        ("", ()),
    ],
)
def test_numbers_of_people_are_told_from_others(text, kinds):
    assert find_personal_data(text) == kinds
    assert find_personal_data(f"前文{text}。" * 3) == kinds


def test_fields_of_collecting_tools_are_dropped():
    assert drop_collector_fields("[db:作者]") == ""
    assert drop_collector_fields("张三 [标签:来源]") == "张三"
    assert drop_collector_fields("[2015]12号") == "[2015]12号"


def test_plain_words_ignore_markup_and_scripts():
    assert plain_words("<p>一&nbsp;<b>二</b></p><script>var x='<p>'</script>三") == "一 二 三"
