"""Nothing walks around the tenancy guard: no cursors, raw statements or unexplained scopes."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import ROOT, place, syntax_trees

GUARD = ROOT / "sites" / "tenancy"
#: Calls through which a statement, or a part of it, reaches the database past the guarded compiler.
UNGUARDED = {"cursor", "chunked_cursor", "executescript", "RawSQL"}
UNGUARDED_OF_MANAGERS = {"raw", "extra"}
MANAGERS = {"objects", "_base_manager", "_default_manager"}
SHORTEST_REASON = 10


def unguarded_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of every use of an unguarded way into the database."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _called_name(node)
        if name in UNGUARDED or (name in UNGUARDED_OF_MANAGERS and _is_query(node)):
            yield node.lineno, name


def unexplained_scopes(tree: ast.AST) -> Iterator[int]:
    """Line of every ``system_scope`` whose reason is not a sentence written at the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called_name(node) == "system_scope":
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            reason = given[0] if given else None
            if isinstance(reason, ast.JoinedStr):
                continue
            if not (
                isinstance(reason, ast.Constant)
                and isinstance(reason.value, str)
                and len(reason.value) >= SHORTEST_REASON
            ):
                yield node.lineno


def _is_query(call: ast.Call) -> bool:
    """Whether the call is one on a manager, directly or at the end of a chain that starts there."""
    receiver: ast.AST = call.func
    while isinstance(receiver, ast.Attribute | ast.Call):
        if isinstance(receiver, ast.Attribute) and receiver.attr in MANAGERS:
            return True
        receiver = receiver.func if isinstance(receiver, ast.Call) else receiver.value
    return False


def _called_name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def test_no_statement_passes_the_guard():
    found = [
        f"{place(path, line)} {name}"
        for path, tree in syntax_trees()
        if GUARD not in path.parents
        for line, name in unguarded_calls(tree)
    ]

    assert found == []


def test_every_system_scope_says_why():
    found = [
        place(path, line) for path, tree in syntax_trees() for line in unexplained_scopes(tree)
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "connection.cursor()",
        "Article.objects.raw('select 1')",
        "Article.objects.filter(pk=1).extra(where=['1=1'])",
        "RawSQL('select 1', [])",
    ],
)
def test_unguarded_calls_are_seen(source):
    assert list(unguarded_calls(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["system_scope()", "system_scope('')", "scope.system_scope(why)", "system_scope('short')"],
)
def test_unexplained_scopes_are_seen(source):
    assert list(unexplained_scopes(ast.parse(source)))


def test_an_explained_scope_passes():
    explained = "with system_scope('the sweep visits every tenant'): pass"

    assert not list(unexplained_scopes(ast.parse(explained)))
