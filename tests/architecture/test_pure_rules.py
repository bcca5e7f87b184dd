"""``rules.py`` is arithmetic: values in, values out; no database, settings or clock."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import place, syntax_trees

IMPURE_IMPORTS = (
    "django.conf",
    "django.core.cache",
    "django.db",
    "django.utils.timezone",
    "os",
    "random",
    "time",
)
CLOCK_READINGS = {"now", "today", "utcnow", "localtime"}


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of what makes a rules module depend on more than its arguments."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                imported = [alias.name for alias in aliases]
            case ast.ImportFrom(module=str(module), names=aliases):
                imported = [module, *(f"{module}.{alias.name}" for alias in aliases)]
                if module.rsplit(".", 1)[-1] in {"models", "selectors", "services"}:
                    yield node.lineno, module
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCK_READINGS:
                yield node.lineno, f"{name}()"
                continue
            case _:
                continue
        for name in imported:
            if any(name == impure or name.startswith(f"{impure}.") for impure in IMPURE_IMPORTS):
                yield node.lineno, name
                break


def test_rules_are_pure():
    found = [
        f"{place(path, line)} {name}"
        for path, tree in syntax_trees()
        if path.name == "rules.py"
        for line, name in impurities(tree)
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.conf import settings",
        "from django.db.models import Q",
        "from django.utils import timezone",
        "from sites.tenancy.models import Tenant",
        "import os",
        "deadline = date.today()",
    ],
)
def test_impurities_are_seen(source):
    assert list(impurities(ast.parse(source)))


def test_plain_arithmetic_passes():
    source = "import re\nfrom datetime import date\nfrom sites.tenancy.enums import TenantKind\n"

    assert not list(impurities(ast.parse(source)))
