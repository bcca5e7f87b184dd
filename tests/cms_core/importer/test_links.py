"""Links in merged texts: found, judged, rewritten. No database."""

import pytest

from cms_core.importer.links import (
    DEAD,
    LEAVE,
    Fate,
    FoundLink,
    Verdict,
    links_in,
    path_here,
    rewritten,
)

HOSTS = {"www.town.gov.cn"}


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/s.php/gov1/item-view-id-10.shtml", "/s.php/gov1/item-view-id-10.shtml"),
        ("/show.asp?id=7", "/show.asp?id=7"),
        ("http://www.town.gov.cn/a.html", "/a.html"),
        ("//www.town.gov.cn", "/"),
        ("http://WWW.Town.gov.cn/a.html", "/a.html"),
        ("http://www.other.gov.cn/a.html", None),
        ("mailto:a@town.gov.cn", None),
        ("tel:12345", None),
        ("ftp://www.town.gov.cn/a", None),
        ("item.html", None),
        ("/media/x.jpg", None),
        ("http://[broken", None),
    ],
)
def test_which_addresses_must_answer_here(address, path):
    assert path_here(address, HOSTS) == path


def test_links_are_found_in_texts_tables_and_markup():
    blocks = [
        {"type": "paragraph", "value": '<p>见<a href="/a?x=1&amp;y=2"><b>甲</b></a></p>'},
        {"type": "table", "value": {"cells": [['<a href="/b">乙</a>', ""]]}},
        {"type": "html", "value": '<table><tr><td><a href="/c">丙</a></td></tr></table>'},
        {"type": "paragraph", "value": '<p><a linktype="page" id="4">丁</a></p>'},
    ]
    assert list(links_in(blocks)) == [
        FoundLink("/a?x=1&y=2", "甲"), FoundLink("/b", "乙"), FoundLink("/c", "丙"),
    ]  # fmt: skip


def test_running_text_is_rewritten_and_the_rest_stays_sign_by_sign():
    verdicts = {
        "/a": Verdict(Fate.PAGE, 7),
        "/b": Verdict(Fate.ADDRESS, address='https://x.gov.cn/?q="1"'),
        "/c": DEAD,
        "/d": LEAVE,
    }
    text = '<p>一<a href="/a">甲<b>乙</b></a><a href="/b">丙</a><a href="/c">丁</a><a href="/d">戊</a></p>'
    blocks = [
        {"type": "paragraph", "value": text, "id": "1"},
        {"type": "html", "value": '<a href="/a">甲</a>', "id": "2"},
    ]
    body, changed = rewritten(blocks, verdicts.__getitem__)

    assert changed == 2
    assert body == [
        {
            "type": "paragraph",
            "value": '<p>一<a linktype="page" id="7">甲<b>乙</b></a>'
            '<a href="https://x.gov.cn/?q=&quot;1&quot;">丙</a><a href="/c">丁</a><a href="/d">戊</a></p>',
            "id": "1",
        },
        {"type": "html", "value": '<a href="/a">甲</a>', "id": "2"},
    ]
