"""Writing plain values as TOML: what a blueprint is made of, and no more. Pure."""

import json
from collections.abc import Mapping
from typing import Any


def toml_text(declared: Mapping[str, Any]) -> str:
    """Values first, then tables, then lists of tables, each in the order given.

    :raises TypeError: something else than texts, numbers, truth values, lists and tables.
    """
    return "\n".join(_table(declared, ())).strip() + "\n"


def _table(values: Mapping[str, Any], place: tuple[str, ...]) -> list[str]:
    lines = [
        f"{_key(name)} = {_value(value)}"
        for name, value in values.items()
        if not isinstance(value, Mapping) and not _is_tables(value)
    ]
    for name, value in values.items():
        path = (*place, name)
        heading = ".".join(_key(part) for part in path)
        if isinstance(value, Mapping):
            lines += ["", f"[{heading}]", *_table(value, path)]
        elif _is_tables(value):
            for row in value:
                lines += ["", f"[[{heading}]]", *_table(row, path)]
    return lines


def _is_tables(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)
    )


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else _text(name)


def _text(text: str) -> str:
    # A JSON string is a basic TOML string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(part) for part in value)}]"
    raise TypeError(f"a blueprint holds no {type(value).__name__}")
