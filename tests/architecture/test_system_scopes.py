"""Crossing tenants is explicit and reviewed: every use of a system scope stands in the list."""

import ast
import tomllib
from collections import Counter
from pathlib import Path

from tests.architecture.tree import ROOT

LIST = ROOT / "docs" / "system-scopes.toml"
ROOMS = ("sites", "cms_core", "themes")


def used() -> Counter[tuple[str, str]]:
    """(file, reason) of every ``system_scope(...)`` in the product's code."""
    found: Counter[tuple[str, str]] = Counter()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = (
                    node.func.id
                    if isinstance(node.func, ast.Name)
                    else getattr(node.func, "attr", "")
                )
                if name == "system_scope":
                    found[str(path.relative_to(ROOT)), _reason(node, path)] += 1
    return found


def _reason(call: ast.Call, path: Path) -> str:
    assert call.args, f"{path}:{call.lineno}: a system scope without its reason"
    reason = call.args[0]
    if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
        return reason.value
    if isinstance(reason, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "{}" for part in reason.values
        )
    raise AssertionError(
        f"{path}:{call.lineno}: write the reason of a system scope as a plain text"
    )


def allowed() -> Counter[tuple[str, str]]:
    listed: Counter[tuple[str, str]] = Counter()
    for file, reasons in tomllib.loads(LIST.read_text(encoding="utf-8")).items():
        for reason in reasons:
            listed[file, reason] += 1
    return listed


def test_every_system_scope_stands_in_the_reviewed_list() -> None:
    missing = used() - allowed()
    assert not missing, f"review these and add them to {LIST.name}: {sorted(missing)}"


def test_the_list_holds_nothing_that_is_gone() -> None:
    gone = allowed() - used()
    assert not gone, f"take these out of {LIST.name}: {sorted(gone)}"
