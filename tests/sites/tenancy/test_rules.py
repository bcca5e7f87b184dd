"""Pure rules of addresses and codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.tenancy import rules
from sites.tenancy.rules import AddressRow


@pytest.mark.parametrize(
    ("given_host", "expected"),
    [
        ("WWW.Example.GOV.cn:8443", "www.example.gov.cn"),
        ("example.gov.cn.", "example.gov.cn"),
        (" localhost ", "localhost"),
        ("[::1]:8000", "[::1]"),
    ],
)
def test_hosts_are_compared_in_one_form(given_host: str, expected: str) -> None:
    assert rules.normalize_host(given_host) == expected


@pytest.mark.parametrize("host", ["www.changde.gov.cn", "localhost", "a-b.c", "1.2.3.4"])
def test_hosts(host: str) -> None:
    assert rules.is_host(host)


@pytest.mark.parametrize(
    "host",
    ["", "-a.cn", "a..cn", "a_b.cn", "中文.政务", "a/b", "x" * 64 + ".cn", "a." * 130 + "cn"],
)
def test_what_is_no_host(host: str) -> None:
    assert not rules.is_host(host)


@pytest.mark.parametrize("prefix", ["", "/dept", "/bm/czj", "/xzjd/mao-li/x1"])
def test_prefixes(prefix: str) -> None:
    assert rules.is_prefix(prefix)


@pytest.mark.parametrize(
    "prefix", ["/", "dept", "/Dept", "/a/", "/a//b", "/a/b/c/d", "/../x", "/a b", "/" + "x" * 70]
)
def test_what_is_no_prefix(prefix: str) -> None:
    assert not rules.is_prefix(prefix)


@pytest.mark.parametrize(
    ("prefix", "reserved"), [("/admin", True), ("/static/x", True), ("/adminx", False), ("", False)]
)
def test_reserved_prefixes(prefix: str, reserved: bool) -> None:
    assert rules.is_reserved_prefix(prefix) is reserved


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("4307000001", True),
        ("bm07000001", True),
        ("430700001", False),
        ("BM07000001", False),
        ("43070000012", False),
    ],
)
def test_identification_codes(code: str, valid: bool) -> None:
    assert rules.is_identification_code(code) is valid


def test_an_identification_code_starts_with_its_division() -> None:
    assert rules.code_matches_division("4307000001", "430700")
    assert rules.code_matches_division("4307000001", "430700004")
    assert not rules.code_matches_division("4307020001", "430700")
    assert rules.code_matches_division("bm07000001", "430700")


ROWS = [
    AddressRow(1, "h", "", "primary"),
    AddressRow(2, "h", "/bm", "primary"),
    AddressRow(3, "h", "/bm/czj", "primary"),
]


@pytest.mark.parametrize(
    ("path", "tenant", "rest"),
    [
        ("/", 1, "/"),
        ("", 1, "/"),
        ("/bm", 2, "/"),
        ("/bm/", 2, "/"),
        ("/bmx/", 1, "/bmx/"),
        ("/bm/czj", 3, "/"),
        ("/bm/czj/news/", 3, "/news/"),
        ("/bm/czjx/", 2, "/czjx/"),
    ],
)
def test_the_longest_prefix_wins(path: str, tenant: int, rest: str) -> None:
    for rows in (ROWS, ROWS[::-1]):
        match = rules.match_address(rows, path)
        assert match is not None
        assert (match.row.tenant_id, match.path) == (tenant, rest)


def test_a_host_without_a_portal_answers_its_channels_only() -> None:
    assert rules.match_address(ROWS[1:], "/elsewhere/") is None
    assert rules.match_address([], "/") is None


@given(st.dictionaries(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 12)), max_size=13))
def test_a_cycle_is_found_exactly_when_there_is_one(parents: dict[int, int | None]) -> None:
    def loops(start: int) -> bool:
        node: int | None = start
        for _step in range(len(parents) + 1):
            node = parents.get(node) if node is not None else None
            if node is None:
                return False
        return True

    cycle = rules.find_cycle(parents)
    assert (cycle is not None) == any(loops(start) for start in parents)
    if cycle is not None:
        for child, parent in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert parents[child] == parent
