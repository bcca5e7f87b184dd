"""Mapping files (TOML): which table and column of an unknown system means what. Pure but for reading the file.

A mapping is checked whole before the run: every mistake is named with its
line, what stands there, and the names that come near it.
"""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import SourceError

#: Part → keys that name a column of its table (True: the mapping must have it).
COLUMN_KEYS: Mapping[str, Mapping[str, bool]] = {
    "sites": {"key": True, "name": False},
    "columns": {
        "key": True, "name": True, "parent": False, "order": False, "site": False,
        "description": False, "keywords": False, "link": False,
    },
    "articles": {
        "key": True, "title": True, "column": True, "body": False, "summary": False, "source": False,
        "author": False, "keywords": False, "published": False, "created": False, "updated": False,
        "status": False, "site": False, "cover": False,
    },
    "bodies": {"article": True, "text": True, "order": False},
    "attachments": {"article": True, "path": True, "name": False},
}  # fmt: skip
#: Part → keys that hold values of the mapping's own, with their type.
VALUE_KEYS: Mapping[str, Mapping[str, type]] = {
    "source": {
        "name": str, "kind": str, "encoding": str, "delimiter": str, "time_zone": str,
        "time_format": str, "body_format": str,
    },
    "sites": {"table": str},
    "columns": {"table": str, "top": list, "old_urls": list},
    "articles": {"table": str, "live": list, "skipped": list, "old_urls": list},
    "bodies": {"table": str},
    "attachments": {"table": str},
}  # fmt: skip
KINDS = ("mysql", "csv", "excel")
BODY_FORMATS = ("auto", "html", "text")
_NAME = re.compile(r"[a-z0-9-]{1,40}\Z")
_DEFAULT_TOP = ("", "0")


class MappingError(SourceError):
    """A mapping that does not fit; the message names every mistake with its line."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mapping: its table, columns by meaning, and values of its own."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def cell(self, row: Mapping[str, str], key: str) -> str:
        """What the row holds in the column that means `key`; "" when the mapping names none."""
        name = self.columns.get(key)
        return row.get(name, "").strip() if name else ""


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """A mapping whose keys are in order; `check_tables` compares it with a source."""

    path: Path
    text: str
    source: Mapping[str, str]
    parts: Mapping[str, Part]

    @property
    def name(self) -> str:
        """What accounts of this system are kept under."""
        return self.source.get("name") or "mapped"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the old system."""
        return ZoneInfo(self.source.get("time_zone") or "Asia/Shanghai")

    @property
    def top(self) -> tuple[str, ...]:
        """Values of the parent column that mean: no parent."""
        return tuple(map(str, self.parts["columns"].values.get("top", _DEFAULT_TOP)))

    def check_tables(self, tables: Mapping[str, Collection[str]]) -> None:
        """Raises `MappingError` for tables and columns that the source does not have."""
        mistakes = list(_table_mistakes(self, tables))
        if mistakes:
            raise _error(self.path, self.text, mistakes)


@dataclass(frozen=True, slots=True)
class _Mistake:
    """Where (part, key) and what."""

    part: str
    key: str
    what: str


def read_mapping(path: Path) -> SourceMapping:
    """Reads a mapping file and checks all that can be checked without the source.

    Raises `MappingError`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        declared = tomllib.loads(text)
    except OSError as error:
        raise MappingError(
            _("The mapping %(path)s cannot be opened: %(reason)s.")
            % {"path": path, "reason": error.strerror or error}
        ) from error
    except UnicodeDecodeError as error:
        raise MappingError(
            _("The mapping %(path)s is not UTF-8. Save it in UTF-8.") % {"path": path}
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise MappingError(
            _("The mapping %(path)s is no valid TOML: %(why)s. Texts stand in quotes.")
            % {"path": path, "why": error}
        ) from error
    mistakes = list(_mistakes(declared))
    if mistakes:
        raise _error(path, text, mistakes)
    parts = {
        name: Part(
            declared[name].get("table", ""),
            {key: declared[name][key] for key in keys if key in declared[name]},
            {key: declared[name][key] for key in VALUE_KEYS[name] if key in declared[name]},
        )
        for name, keys in COLUMN_KEYS.items()
        if name in declared
    }
    return SourceMapping(path, text, declared.get("source", {}), parts)


def _mistakes(declared: Mapping[str, Any]) -> Iterator[_Mistake]:
    known = list(VALUE_KEYS)
    for name, part in declared.items():
        if name not in VALUE_KEYS:
            yield _Mistake(name, "", _with_hint(_("there is no part “%(name)s”."), name, known))
        elif not isinstance(part, dict):
            yield _Mistake("", name, _("“%(name)s” must be a part: [%(name)s]") % {"name": name})
        else:
            yield from _part_mistakes(name, part)
    if "articles" not in declared and "columns" not in declared:
        yield _Mistake("", "", _("it needs a part [articles] or [columns]"))
    articles = declared.get("articles")
    if isinstance(articles, dict) and "body" in articles and "bodies" in declared:
        what = _("texts stand either in a column (body) or in a table of their own ([bodies])")
        yield _Mistake("articles", "body", what)


def _part_mistakes(name: str, part: Mapping[str, Any]) -> Iterator[_Mistake]:
    columns, values = COLUMN_KEYS.get(name, {}), VALUE_KEYS[name]
    for key, value in part.items():
        if key not in columns and key not in values:
            yield _Mistake(
                name,
                key,
                _with_hint(_("there is no key “%(name)s” in this part."), key, [*columns, *values]),
            )
            continue
        wanted = values.get(key, str)
        if not isinstance(value, wanted) or value == "":
            what = (
                _('“%(key)s” must be a list: ["…"]')
                if wanted is list
                else _("“%(key)s” must be a text in quotes")
            )
            yield _Mistake(name, key, what % {"key": key})
    needed = [key for key, is_needed in columns.items() if is_needed]
    if name != "source":
        needed.append("table")
    for key in needed:
        if key not in part:
            yield _Mistake(name, "", _("“%(key)s” is missing") % {"key": key})
    if name == "source":
        yield from _source_mistakes(part)


def _source_mistakes(part: Mapping[str, Any]) -> Iterator[_Mistake]:
    for key, allowed in (("kind", KINDS), ("body_format", BODY_FORMATS)):
        if key in part and part[key] not in allowed:
            yield _Mistake(
                "source",
                key,
                _with_hint(_("“%(name)s” cannot stand here."), str(part[key]), allowed),
            )
    if "name" in part and not _NAME.match(str(part["name"])):
        what = _("a name has small letters, digits and hyphens, at most 40")
        yield _Mistake("source", "name", what)
    if "delimiter" in part and len(str(part["delimiter"])) != 1:
        yield _Mistake("source", "delimiter", _("a delimiter is one sign"))
    for key, check in (("encoding", "".encode), ("time_zone", ZoneInfo)):
        if key in part:
            try:
                check(str(part[key]))
            except (LookupError, ValueError, ZoneInfoNotFoundError):
                what = _("“%(value)s” is not known") % {"value": part[key]}
                yield _Mistake("source", key, what)


def _table_mistakes(
    mapping: SourceMapping, tables: Mapping[str, Collection[str]]
) -> Iterator[_Mistake]:
    for name, part in mapping.parts.items():
        if part.table not in tables:
            yield _Mistake(
                name,
                "table",
                _with_hint(_("the source has no table “%(name)s”."), part.table, list(tables)),
            )
            continue
        columns = list(tables[part.table])
        for key, column in part.columns.items():
            if column not in columns:
                yield _Mistake(name, key, _unknown_column(part.table, column, columns))
        for pattern in part.values.get("old_urls", ()):
            for wanted in _places(str(pattern)):
                if wanted not in columns:
                    yield _Mistake(name, "old_urls", _unknown_column(part.table, wanted, columns))


def _places(pattern: str) -> list[str]:
    """Columns that an address pattern such as /show-{id}.html takes."""
    try:
        return [
            name for _text, name, _spec, _conversion in string.Formatter().parse(pattern) if name
        ]
    except ValueError:
        return [pattern]


def _with_hint(message: str, name: str, known: Collection[str]) -> str:
    return f"{message % {'name': name}} {_hint(name, known)}"


def _unknown_column(table: str, name: str, known: Collection[str]) -> str:
    message = _("table “%(table)s” has no column “%(name)s”.") % {"table": table, "name": name}
    return f"{message} {_hint(name, known)}"


def _hint(name: str, known: Collection[str]) -> str:
    """The names that come near; all of them when none does."""
    lower = {entry.lower(): entry for entry in known}
    near = [lower[found] for found in difflib.get_close_matches(name.lower(), lower, 3, 0.6)]
    if near:
        return _("Did you mean %(near)s?") % {"near": _either(near)}
    listed = sorted(known)[:30]
    return _("There are: %(listed)s.") % {"listed": ", ".join(listed) or _("none")}


def _either(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _error(path: Path, text: str, mistakes: list[_Mistake]) -> MappingError:
    lines = [
        _("line %(line)d: %(what)s") % {"line": _line_of(text, mistake), "what": mistake.what}
        for mistake in mistakes
    ]
    return MappingError(
        _("The mapping %(path)s does not fit: %(mistakes)s")
        % {"path": path, "mistakes": "; ".join(lines)}
    )


def _line_of(text: str, mistake: _Mistake) -> int:
    """The line of the key in its part, else that of the part's head, else the first."""
    head, part = 1, ""
    for number, line in enumerate(text.splitlines(), start=1):
        opened = re.match(r"\s*\[+\s*([^\]\s]+)\s*\]", line)
        if opened:
            part = opened[1].strip("\"'")
            if part == mistake.part:
                head = number
        elif part == mistake.part and mistake.key:
            if re.match(rf"""\s*["']?{re.escape(mistake.key)}["']?\s*=""", line):
                return number
    return head
