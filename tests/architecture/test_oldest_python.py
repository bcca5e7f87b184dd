"""What the oldest supported Python (Debian 12 has 3.11.2) does wrong is not used."""

import ast
import re

from tests.architecture.tree import place, syntax_trees

#: A possessive repeat of a group. Before 3.11.5 it keeps what a failed branch had read
#: (python/cpython#106052); that of one character or one class is right.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9,]+\})\+")


def test_the_search_finds_one():
    assert POSSESSIVE_GROUP.search(r"(?:a|b\s)*+")
    assert not POSSESSIVE_GROUP.search(r"(?:a++|b)*")


def test_no_possessive_repeat_of_a_group():
    found = [
        place(path, node.lineno)
        for path, tree in syntax_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and POSSESSIVE_GROUP.search(node.value)
    ]

    assert found == []
