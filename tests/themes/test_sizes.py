"""What a page weighs as it is transferred, without editors' pictures: fixed, so a budget can hold it."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.themes.pages import PAGES, render_sample
from themes.enums import PageTemplate
from themes.manifest import THEMES

HOME_BYTES = 150_000
INNER_BYTES = 60_000
SCRIPT_BYTES = 30_000


def packed(data: bytes) -> int:
    """Return the size of ``data`` as the server sends it."""
    return len(gzip.compress(data, 6))


def static(path: str) -> int:
    """Return the packed size of one static file."""
    found = finders.find(path)
    assert found, path
    return packed(Path(found).read_bytes())


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_its_budget(record_property, look, name):
    theme = THEMES[look]
    scripts = static(theme.script) + static(theme.reader_script)
    total = (
        packed(render_sample(name, theme).encode())
        + static(theme.stylesheet)
        + scripts
        + static(theme.icon)
    )
    record_property("bytes", total)
    assert scripts <= SCRIPT_BYTES
    assert total <= (HOME_BYTES if PAGES[name][0] is PageTemplate.HOME else INNER_BYTES)
