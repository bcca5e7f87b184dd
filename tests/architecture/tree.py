"""The files of the repository, as the tests of this folder read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Top-level packages of the product, in the order of ARCHITECTURE; not all of them exist yet.
ROOMS = ("sites", "cms_core", "disclosure", "interaction", "search", "themes")
#: What a checkout without git may hold besides the repository's own files.
_MADE_BY_TOOLS = {".git", ".hypothesis", ".venv", "var", "__pycache__"}


@lru_cache
def repository_files() -> tuple[Path, ...]:
    """Every file that git knows or would add, sorted; without git, every file but tools' products."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\0")
        found = {ROOT / name for name in listed if name}
    else:
        found = {
            path
            for path in ROOT.rglob("*")
            if not any(
                part in _MADE_BY_TOOLS or (part.startswith(".") and part.endswith("_cache"))
                for part in path.relative_to(ROOT).parts
            )
            and path.suffix not in {".mo", ".pyc"}
        }
    return tuple(sorted(path for path in found if path.is_file()))


def text_of(path: Path) -> str | None:
    """The file's text, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def python_files(*, product_only: bool) -> Iterator[Path]:
    """Python files; with ``product_only`` those of the rooms alone, without tests and benches."""
    for path in repository_files():
        if path.suffix == ".py" and (not product_only or _top(path) in ROOMS):
            yield path


def syntax_trees() -> Iterator[tuple[Path, ast.Module]]:
    """Each Python file of the product with its syntax tree."""
    for path in python_files(product_only=True):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, line: int | None = None) -> str:
    """``path`` as a reader of a failure wants it: from the root, with the line."""
    relative = path.relative_to(ROOT).as_posix()
    return relative if line is None else f"{relative}:{line}"


def _top(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]
