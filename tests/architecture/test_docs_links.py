"""Documents point to what exists: files, headings, make targets and management commands."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.architecture.tree import ROOMS, ROOT, place, repository_files

LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HTML_SOURCE = re.compile(r"<(?:img|a|source)\b[^>]*\b(?:src|href|srcset)=\"([^\"]+)\"")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
MAKE_TARGET = re.compile(r"(?:^|`|\$ )make (?:[A-Z_]+=\S+ )*([a-z][a-z-]*)", re.MULTILINE)
MANAGEMENT_COMMAND = re.compile(r"manage\.py ([a-z][a-z_]+)")
DJANGO_AND_WAGTAIL_COMMANDS = {
    "check",
    "collectstatic",
    "compilemessages",
    "createsuperuser",
    "dbshell",
    "makemessages",
    "makemigrations",
    "migrate",
    "publish_scheduled",
    "runserver",
    "shell",
    "test",
    "update_index",
}


def documents() -> list[Path]:
    """The Markdown files of the repository."""
    return [path for path in repository_files() if path.suffix == ".md"]


def anchors(markdown: str) -> set[str]:
    """The fragment names a reader's browser knows in the rendered document."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", markdown)):
        plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        # As the usual renderers do: lower case, punctuation away, spaces to hyphens.
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        name, number = slug, 0
        while name in found:
            number += 1
            name = f"{slug}-{number}"
        found.add(name)
    return found | set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", markdown))


def broken_links(document: Path, markdown: str) -> Iterator[str]:
    """Targets inside the repository that ``markdown``, the text of ``document``, points to in vain."""
    prose = FENCE.sub("", markdown)
    for target in LINK.findall(prose) + HTML_SOURCE.findall(prose):
        if re.match(r"[a-z][a-z+.-]*:", target):
            continue
        path_part, _, fragment = unquote(target).partition("#")
        aim = (document.parent / path_part).resolve() if path_part else document
        if aim == document:
            if fragment and fragment not in anchors(markdown):
                yield target
        elif not aim.is_relative_to(ROOT) or not aim.exists():
            yield target
        elif fragment and aim.suffix == ".md":
            if fragment not in anchors(aim.read_text(encoding="utf-8")):
                yield target


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def management_commands() -> set[str]:
    ours = {
        path.stem
        for room in ROOMS
        for path in (ROOT / room).glob("**/management/commands/*.py")
        if not path.stem.startswith("_")
    }
    return ours | DJANGO_AND_WAGTAIL_COMMANDS


def test_links_lead_somewhere():
    broken = [
        f"{place(document)}: {target}"
        for document in documents()
        for target in broken_links(document, document.read_text(encoding="utf-8"))
    ]

    assert broken == []


def test_documented_commands_exist():
    unknown = [
        f"{place(document)}: {kind} {name}"
        for document in documents()
        for kind, pattern, known in (
            ("make", MAKE_TARGET, make_targets()),
            ("manage.py", MANAGEMENT_COMMAND, management_commands()),
        )
        for name in pattern.findall(document.read_text(encoding="utf-8"))
        if name not in known
    ]

    assert unknown == []


@pytest.mark.parametrize(
    "markdown",
    [
        "[gone](docs/no-such-file.md)",
        "![gone](no.webp)",
        "[gone](#no-heading)",
        '<img src="no.webp">',
    ],
)
def test_broken_links_are_seen(markdown):
    assert list(broken_links(ROOT / "README.md", markdown))


@pytest.mark.parametrize(
    "markdown",
    [
        "[licence](LICENSE)",
        "[out](https://example.org/)",
        "# 打开 一个 站点\n[down](#打开-一个-站点)",
        "```\n[not a link](nowhere)\n```",
    ],
)
def test_good_links_pass(markdown):
    assert not list(broken_links(ROOT / "README.md", markdown))
