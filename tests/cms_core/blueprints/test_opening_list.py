"""Reading lists: encodings, headings, TOML, and what is wrong with the line, the column and a way out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.blueprints.opening_list import OpeningList, read_list

CHINESE = (
    "站点代码,网站名称,模板,域名,前缀,所属门户,网站标识码,负责人称谓\n"
    "czj,示例市财政局,部门,www.example.gov.cn,/bm/czj/,cd,4307000012,局长\n"
)
ENGLISH = (
    "code,name,blueprint,host,prefix,portal,identification_code,var:head\n"
    "czj,示例市财政局,department,www.example.gov.cn,bm/czj,cd,4307000012,局长\n"
)
TOML = """
# two sites
[[sites]]
code = "czj"
name = "示例市财政局"
blueprint = "department"
host = "www.example.gov.cn"
prefix = "/bm/czj"
portal = "cd"
identification_code = 4307000012
variables = { head = "局长" }
"""


def texts(found: OpeningList) -> list[str]:
    return [str(finding) for finding in found.findings]


@pytest.mark.parametrize(
    "content",
    [
        CHINESE.encode(),
        CHINESE.encode("utf-8-sig"),
        CHINESE.encode("gbk"),
        CHINESE.encode("utf-16"),
        CHINESE.replace(",", "\t").encode(),
        CHINESE.replace(",", ";").replace("\n", "\r\n").encode(),
        ENGLISH.encode(),
        TOML.encode(),
    ],
    ids=["utf-8", "mark", "gbk", "utf-16", "tabs", "semicolons", "english", "toml"],
)
def test_the_same_site_in_every_form(content):
    found = read_list(content)

    assert texts(found) == []
    (site,) = found.sites
    assert (site["code"], site["name"], site["blueprint"]) == ("czj", "示例市财政局", "department")
    assert (site["host"], site["prefix"], site["portal"]) == ("www.example.gov.cn", "/bm/czj", "cd")
    assert site["identification_code"] == "4307000012"
    assert site.variables == {"head": "局长", "unit_name": "示例市财政局", "unit": "czj"}
    assert site.line in (2, 3)


def test_variables_in_one_column():
    found = read_list(
        "code,name,blueprint,host,变量\na1,名,部门,a.cn,负责人=主任；place=示例\n".encode()
    )

    assert found.sites[0].variables["head"] == "主任"
    assert found.sites[0].variables["place"] == "示例"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["names no site"]),
        (b"\xff\xfe\x00", ["no text in UTF-8"]),
        (b"PK\x03\x04\x00\x00", ["no text"]),
        (b"code,name,blueprint,host\n", ["names no site"]),
        (b"code,name,blueprint\na,b,c\n", ["Line 1, column host", "missing"]),
        ("code,name,blueprint,host,色彩\n".encode(), ["Line 1, column 色彩", "Known are code"]),
        (b"code,name,blueprint,host,code\n", ["column code", "twice"]),
        (b'code,name,blueprint,host\na1,"b,department,a.cn\n', ["Line 2", "quotation mark"]),
        (b"code,name,blueprint,host\na1,b,department,a.cn,x\n", ["Line 2", "5 cells"]),
        (b"code,name,blueprint,host\na1,,department,a.cn\n", ["Line 2, column name", "given"]),
        (
            b"code,name,blueprint,host\na1,b,department,a.cn\na1,c,department,b.cn\n",
            ["Line 3, column code", "line 2 too"],
        ),
        (
            b"code,name,blueprint,host,prefix\na1,b,department,a.cn,/x\na2,c,department,A.cn,x/\n",
            ["Line 3, column host", "a.cn/x/", "line 2 too"],
        ),
        (
            b"code,name,blueprint,host,variables\na1,b,department,a.cn,head\n",
            ["Line 2, column variables", "NAME=VALUE"],
        ),
        (b"[[sites]]\ncode = 1\n[[sites]\n", ["TOML cannot be read", "line 3"]),
        (b"other = 1\n[[sites]]\n", ["[[sites]] and nothing else", "other"]),
        (b'[[sites]]\ncode = ["a"]\n', ["Line 1, column code", "write a text"]),
        (b"x" * 4_000_001, ["larger than 4 MB"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(content, words):
    found = read_list(content)

    told = " | ".join(texts(found))
    for word in words:
        assert word in told, told


def test_lists_have_an_end():
    lines = "".join(f"s{n},n,department,h{n}.cn\n" for n in range(5_001))

    found = read_list(f"code,name,blueprint,host\n{lines}".encode())

    assert "5,000" in texts(found)[0]
    assert found.sites == ()


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=120).map(str.encode)))
def test_any_bytes_are_answered_in_words(content):
    for begin in (b"", b"code,name,blueprint,host\n", b"[[sites]]\n"):
        found = read_list(begin + content)
        assert found.sites or found.findings
