"""The repository speaks of the product alone, and of no particular machine."""

import configparser
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.architecture.tree import ROOT, place, repository_files, text_of

#: Folders of somebody's machine; a path below one of them works nowhere else.
MACHINE_PATHS = re.compile(
    r"(?<![\w./:-])/(?:home/(?!<)[a-z][\w-]*|Users/[A-Za-z]\w*|root|work|farm|mnt/[a-z])/[\w.-]+"
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|\bfor now\b|\bcoming soon\b|暂未实现")
MOST_BYTES_OF_A_PICTURE = 300_000
MOST_BYTES_OF_A_FILE = 1_000_000
PICTURES = {".gif", ".jpeg", ".jpg", ".png", ".webp"}
#: This file names what it looks for.
THIS_FILE = Path(__file__).resolve()


def lines_matching(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """Numbers, from 1, of the lines of ``text`` in which ``pattern`` is found."""
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.search(line):
            yield number


def registry_hosts() -> set[str]:
    """Hosts of package registries this machine is set up for; they belong to it, not to the product."""
    named = [
        os.environ.get(name, "")
        for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL")
    ]
    for path in (
        Path("/etc/pip.conf"),
        Path.home() / ".config/pip/pip.conf",
        Path.home() / ".pip/pip.conf",
    ):
        configuration = configparser.RawConfigParser()
        configuration.read(path)
        named += [value for section in configuration.values() for value in section.values()]
    for path in Path("/etc/apt").glob("sources.list*/**/*.sources"):
        named += re.findall(r"^URIs:\s*(\S+)", path.read_text(), re.MULTILINE)
    hosts = {host for value in " ".join(named).split() if (host := urlsplit(value).hostname)}
    return {host for host in hosts if "." in host and not host.startswith("127.")}


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        place(path, line)
        for path in repository_files()
        if path != THIS_FILE and (text := text_of(path)) is not None
        for line in lines_matching(pattern, text)
    ]


def test_no_machine_paths():
    assert _found(MACHINE_PATHS) == []


def test_no_unfinished_business():
    assert _found(UNFINISHED) == []


def test_no_registry_hosts():
    hosts = registry_hosts()
    if not hosts:
        pytest.skip("this machine names no registry of its own")

    assert _found(re.compile("|".join(map(re.escape, sorted(hosts))))) == []


def test_requirements_have_hashes_and_no_addresses():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(
            r"^[\w.-]+==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
        )

        assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 10
        assert "://" not in text
        assert "index-url" not in text


def test_development_requirements_agree_with_the_runtime():
    """Tests run on the versions that are shipped."""
    pins = [
        set(
            re.findall(
                r"^([A-Za-z0-9._-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        for name in ("requirements.txt", "requirements-dev.txt")
    ]

    assert pins[0] - pins[1] == set()


def test_files_stay_small():
    too_large = {
        place(path): path.stat().st_size
        for path in repository_files()
        if path.stat().st_size
        > (MOST_BYTES_OF_A_PICTURE if path.suffix.lower() in PICTURES else MOST_BYTES_OF_A_FILE)
    }

    assert too_large == {}


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATHS, "cd /home/zhang/jiyue"),
        (MACHINE_PATHS, "read '/root/.ssh/config'"),
        (UNFINISHED, "# TODO: later"),
        (UNFINISHED, "good enough for now"),
    ],
)
def test_what_is_looked_for_is_found(pattern, line):
    assert list(lines_matching(pattern, line)) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "GET /api/work/items/",
        "<img src=file:///C:/Users/a/1.png>",
        "https://example.org/root/path",
        "docs/work/x",
    ],
)
def test_addresses_are_no_machine_paths(line):
    assert not list(lines_matching(MACHINE_PATHS, line))
