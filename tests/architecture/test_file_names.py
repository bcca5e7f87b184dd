"""Names say the purpose, and a module stays one thing."""

import pytest

from tests.architecture.tree import ROOMS, ROOT, place, python_files, repository_files

NAMES_WITHOUT_PURPOSE = {"common", "helper", "helpers", "misc", "tools", "util", "utils"}
MOST_LINES_OF_A_MODULE = 500
MOST_LINES_OF_A_TEST_FILE = 700
#: What the root of the repository may hold; a room counts only once it exists.
ROOT_ENTRIES = {
    *ROOMS,
    "tests",
    "bench",
    "deploy",
    "docs",
    "locale",
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "manage.py",
    "publiccode.yaml",
    "pyproject.toml",
    "requirements-dev.in",
    "requirements-dev.txt",
    "requirements.in",
    "requirements.txt",
}


def test_no_drawers():
    drawers = [
        place(path)
        for path in repository_files()
        if NAMES_WITHOUT_PURPOSE & {path.stem, *path.relative_to(ROOT).parent.parts}
        and path.suffix in {".py", ".js", ".css", ".html", ".sh"}
    ]

    assert drawers == []


@pytest.mark.parametrize(
    ("product_only", "most_lines"),
    [(True, MOST_LINES_OF_A_MODULE), (False, MOST_LINES_OF_A_TEST_FILE)],
    ids=["modules", "test files"],
)
def test_files_stay_readable(product_only, most_lines):
    too_long = {
        place(path): lines
        for path in python_files(product_only=product_only)
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > most_lines
    }

    assert too_long == {}


def test_root_holds_only_what_a_repository_needs():
    entries = {path.relative_to(ROOT).parts[0] for path in repository_files()}

    assert entries - ROOT_ENTRIES == set()


def test_test_files_mirror_the_rooms():
    """tests/<top>/<app>/ stands for the room <top>.<app>; a folder for no room is a forgotten one."""
    strays = [
        place(folder)
        for top in ROOMS
        for folder in (ROOT / "tests" / top).glob("*")
        if folder.is_dir()
        and folder.name != "__pycache__"
        and any(folder.glob("**/*.py"))
        and not (ROOT / top / folder.name).is_dir()
    ]

    assert strays == []
