"""Reading a list of sites to open: CSV or TOML, bytes in, rows and findings out. Pure but for wording."""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.typed_text.enums import TextKind
from sites.typed_text.rules import seen_text

#: Bytes of a list. Three thousand sites with every column filled are about one megabyte.
MOST_BYTES = 4_000_000
#: Sites of one list: the largest platforms of a province hold some three thousand.
MOST_SITES = 5_000
#: Letters of one cell that a message repeats.
_SHOWN = 40
_REQUIRED = ("code", "name", "blueprint", "host")
_TABLE = re.compile(r"^\s*\[\[\s*(?:sites|站点)\s*\]\]", re.MULTILINE)
_PAIR = re.compile(r"[;；\n]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a list, where, and the way out. ``line``: 0 for the file as a whole."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        if not self.line:
            return self.text
        if not self.column:
            return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text}
        return _("Line %(line)d, column %(column)s: %(text)s") % {
            "line": self.line,
            "column": column_word(self.column),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class ListedSite:
    """One site of a list as it stands there. ``values``: column → text; ``variables`` of the blueprint."""

    line: int
    values: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass(frozen=True, slots=True)
class OpeningList:
    """What a file holds: its sites, and what of it could not be read."""

    sites: tuple[ListedSite, ...]
    findings: tuple[Finding, ...]


@cache
def _names() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Heading → column, heading → variable, wording → blueprint."""
    path = Path(__file__).resolve().parent / "data" / "list_columns.toml"
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    columns, variables, blueprints = (
        {_folded(word): name for name, words in declared[part].items() for word in (name, *words)}
        for part in ("columns", "variables", "blueprints")
    )
    return columns, variables, blueprints


@cache
def _chinese() -> dict[str, str]:
    """Column → its first Chinese name; ``var:NAME`` for variables."""
    path = Path(__file__).resolve().parent / "data" / "list_columns.toml"
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = {**declared["columns"]}
    columns |= {f"var:{name}": words for name, words in declared["variables"].items()}
    return {
        name: next(word for word in words if not word.isascii()) for name, words in columns.items()
    }


def column_word(column: str) -> str:
    """What a reader calls a column: its Chinese name where the reader reads Chinese."""
    if (get_language() or "").startswith("zh"):
        return _chinese().get(column, column)
    return column


def _folded(heading: str) -> str:
    return re.sub(r"[\s*＊]+", "", heading).casefold()


def read_list(content: bytes, file_name: str = "") -> OpeningList:
    """Read a list; a name that ends in ``.toml`` says that it is one, otherwise its text does."""
    if len(content) > MOST_BYTES:
        return _unreadable(_("The list is larger than 4 MB. Divide it."))
    text = _decoded(content)
    if text is None:
        return _unreadable(
            _("The list is no text in UTF-8 or GB 18030. Save it as “CSV UTF-8” and try again.")
        )
    is_toml = file_name.casefold().endswith(".toml") or _TABLE.search(text) is not None
    found = _read_toml(text) if is_toml else _read_csv(text)
    if len(found.sites) > MOST_SITES:
        return _unreadable(_("The list names more than 5,000 sites. Divide it."))
    if not found.sites and not found.findings:
        return _unreadable(_("The list names no site."))
    return OpeningList(found.sites, (*found.findings, *_doubled(found.sites)))


def _unreadable(text: str) -> OpeningList:
    return OpeningList((), (Finding(0, "", text),))


def _decoded(content: bytes) -> str | None:
    """Text in UTF-8 with or without its mark, in UTF-16 with it (as some spreadsheets save), or GB 18030."""
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _read_csv(text: str) -> OpeningList:
    if "\x00" in text:
        return _unreadable(_("The list is no text. Save the sheet as “CSV UTF-8” and try again."))
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [(reader.line_num, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error as error:
        return _unreadable(
            _("Line %(line)d: the CSV is damaged (%(what)s). Look for a quotation mark left open.")
            % {"line": reader.line_num, "what": error}
        )
    if not lines:
        return _unreadable(_("The list names no site."))
    (heading_line, headings), *rows = lines
    columns, findings = _headings(heading_line, headings)
    if findings:
        return OpeningList((), tuple(findings))
    sites = []
    for line, cells in rows:
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            findings.append(
                Finding(
                    line,
                    "",
                    _(
                        "it has %(count)d cells and the heading %(columns)d. Put a text that holds "
                        "“%(sign)s” in quotation marks."
                    )
                    % {"count": len(cells), "columns": len(columns), "sign": delimiter},
                )
            )
            continue
        # A quotation mark before a cell is how spreadsheets keep a text from being a formula.
        pairs = zip(columns, cells, strict=False)
        values = {name: cell.strip().removeprefix("'").strip() for name, cell in pairs if name}
        site, wrong = _site(line, values)
        findings += wrong
        if site is not None:
            sites.append(site)
    return OpeningList(tuple(sites), tuple(findings))


def _headings(line: int, headings: Sequence[str]) -> tuple[list[str], list[Finding]]:
    """Our name of each column (``var:head`` for a variable), and what cannot be a heading."""
    columns, variables, _blueprints = _names()
    found: list[str] = []
    findings = []
    for heading in headings:
        folded = _folded(heading)
        name = columns.get(folded, "")
        if not name and folded:
            bare = folded.removeprefix("var:").removeprefix("变量:").removeprefix("变量：")
            variable = variables.get(bare, bare if bare != folded else "")
            name = f"var:{variable}" if variable else ""
        if folded and not name:
            findings.append(
                Finding(
                    line,
                    heading.strip()[:_SHOWN],
                    _(
                        "no such column. Known are %(columns)s; a variable of a blueprint is var:NAME."
                    )
                    % {"columns": ", ".join(dict.fromkeys(columns.values()))},
                )
            )
        elif name and name in found:
            findings.append(Finding(line, heading.strip(), _("the column stands twice.")))
        found.append(name)
    findings += [
        Finding(line, name, _("the column is missing in the heading."))
        for name in _REQUIRED
        if name not in found
    ]
    return found, findings


def _read_toml(text: str) -> OpeningList:
    try:
        declared = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _unreadable(_("The TOML cannot be read: %(what)s") % {"what": error})
    rows = declared.get("sites", declared.get("站点", []))
    unknown = sorted(set(declared) - {"sites", "站点"})
    if unknown or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return _unreadable(
            _("A TOML list holds tables [[sites]] and nothing else; found: %(what)s")
            % {"what": ", ".join(unknown) or "sites"}
        )
    lines = [text.count("\n", 0, place.start()) + 1 for place in _TABLE.finditer(text)]
    lines += [0] * (len(rows) - len(lines))
    sites, findings = [], []
    for line, row in zip(lines, rows, strict=False):
        values, wrong = _toml_values(line, row)
        if not wrong:
            site, wrong = _site(line, values)
            if site is not None:
                sites.append(site)
        findings += wrong
    return OpeningList(tuple(sites), tuple(findings))


def _toml_values(line: int, row: Mapping[str, Any]) -> tuple[dict[str, str], list[Finding]]:
    columns, _variables, _blueprints = _names()
    values: dict[str, str] = {}
    findings = []
    for key, value in row.items():
        name = columns.get(_folded(key), "")
        if name == "variables" and isinstance(value, dict):
            values.update({f"var:{word}": str(text) for word, text in value.items()})
        elif not name:
            known = ", ".join(dict.fromkeys(columns.values()))
            findings.append(
                Finding(
                    line,
                    key[:_SHOWN],
                    _(
                        "no such column. Known are %(columns)s; a variable of a blueprint is var:NAME."
                    )
                    % {"columns": known},
                )
            )
        elif isinstance(value, str | int | date) and not isinstance(value, bool):
            values[name] = str(value).strip()
        else:
            findings.append(Finding(line, name, _("write a text, a number or a date.")))
    return values, findings


def _site(line: int, values: Mapping[str, str]) -> tuple[ListedSite | None, list[Finding]]:
    """One row; variables in columns of their own and in the column ``variables`` are gathered."""
    _columns, variable_names, blueprints = _names()
    variables: dict[str, str] = {}
    findings = []
    for pair in _PAIR.split(values.get("variables", "")):
        name, sign, value = (part.strip() for part in pair.partition("="))
        if pair.strip() and not (name and sign):
            findings.append(
                Finding(line, "variables", _("write NAME=VALUE; several with “;” between them."))
            )
        elif name:
            variables[variable_names.get(_folded(name), name)] = value
    kept: dict[str, str] = {}
    for name, value in values.items():
        text = seen_text(value, TextKind.LINE)
        if name.startswith("var:"):
            if text:
                variables[name.removeprefix("var:")] = text
        elif name != "variables":
            kept[name] = text
    kept["blueprint"] = blueprints.get(
        _folded(kept.get("blueprint", "")), kept.get("blueprint", "")
    )
    kept["prefix"] = _prefix(kept.get("prefix", ""))
    for name in _REQUIRED:
        if not kept.get(name):
            findings.append(Finding(line, name, _("this must be given.")))
    if findings:
        return None, findings
    # The two that a site says of itself anyway.
    variables.setdefault("unit_name", kept["name"])
    variables.setdefault("unit", kept["code"])
    return ListedSite(line, kept, variables), []


def _prefix(text: str) -> str:
    """``bm/czj/`` and ``/bm/czj`` are the same channel."""
    bare = text.strip().strip("/")
    return f"/{bare}" if bare else ""


def _doubled(sites: Iterable[ListedSite]) -> list[Finding]:
    """Codes, addresses and identification codes that two rows of the list want."""
    findings = []
    seen: dict[tuple[str, str], int] = {}
    for site in sites:
        address = f"{site['host'].casefold()}{site['prefix']}/"
        for column, value in (
            ("code", site["code"]),
            ("host", address),
            ("identification_code", site["identification_code"]),
        ):
            if not value:
                continue
            first = seen.setdefault((column, value), site.line)
            if first != site.line:
                findings.append(
                    Finding(
                        site.line,
                        column,
                        _(
                            "%(value)s stands on line %(first)d too. Change or remove one of the two."
                        )
                        % {"value": value[:_SHOWN], "first": first},
                    )
                )
    return findings
