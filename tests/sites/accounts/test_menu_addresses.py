"""Where the addresses of menus and searches lead, whichever site a process served first."""

import pytest
from django.urls import set_script_prefix
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea


@pytest.mark.parametrize("kind", [MenuItem, SearchArea])
@pytest.mark.parametrize(
    ("made", "read_in", "expected"),
    [
        ("/t/alpha/look/", "/t/beta/", "/t/beta/look/"),
        ("/t/alpha/look/?q=/t/alpha/", "/t/alpha/", "/t/alpha/look/?q=/t/alpha/"),
        ("/?all=1", "/t/beta/", "/?all=1"),
        ("#", "/t/beta/", "#"),
        ("https://alpha.localhost/t/alpha/", "/t/beta/", "https://alpha.localhost/t/alpha/"),
        # Outside any site nothing is known that would be better.
        ("/t/alpha/look/", "/", "/t/alpha/look/"),
        ("/t/alpha/look/", "/bm/jyj/", "/t/alpha/look/"),
    ],
)
def test_an_address_is_read_as_that_of_the_open_site(kind, made, read_in, expected):
    entry = kind("label", made)

    set_script_prefix(read_in)

    assert entry.url == expected
