"""Which old system wrote a dump: told by the names of its tables."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import DumpError, SourceError

from .mysql_dump import MysqlDump

_STATEMENT = re.compile(
    rb"^[ \t]*(?:CREATE[ \t]+(?:TEMPORARY[ \t]+)?TABLE[ \t]+(?:IF[ \t]+NOT[ \t]+EXISTS[ \t]+)?"
    rb"|(?:INSERT|REPLACE)[ \t]+(?:IGNORE[ \t]+)?INTO[ \t]+)"
    rb"(?:[`\"]?\w+[`\"]?\.)?[`\"]?([\w$]+)",
    re.I | re.M,
)
_BLOCK = 4 * 1024 * 1024
#: Longer than any statement head: what one block cuts in two, the next finds whole.
_OVERLAP = 400

GOV8 = "gov8"
JSPXCMS = "jspxcms"
XDD = "xdd"

#: Shape → what its dumps must hold, each the end of a table's name, in small letters.
_SIGNS: dict[str, tuple[str, ...]] = {
    JSPXCMS: ("cms_node", "cms_info", "cms_info_detail"),
    XDD: ("xdd_info_group",),
}
_GOV8_SIGNS = ("sites_category", "cms_category")


def tables_in(path: Path) -> list[str]:
    """Names of the tables a dump defines or fills, in order, whatever its encoding.

    Raises `DumpError` for a file that cannot be opened.
    """
    found: dict[str, None] = {}
    try:
        with path.open("rb") as stream:
            rest = b"\n"
            while block := stream.read(_BLOCK):
                text = rest + block
                for match in _STATEMENT.finditer(text):
                    found[match[1].decode("ascii", "replace")] = None
                rest = text[-_OVERLAP:]
    except OSError as error:
        raise DumpError(
            _("The dump %(path)s cannot be opened: %(reason)s.")
            % {"path": path, "reason": error.strerror or error}
        ) from error
    return list(found)


def shape_of(tables: Collection[str]) -> str:
    """The known shape that these tables belong to, "" for none."""
    names = {table.lower() for table in tables}
    for shape, signs in _SIGNS.items():
        if names.issuperset(signs):
            return shape
    return GOV8 if any(name.endswith(_GOV8_SIGNS) for name in names) else ""


def refuse_unknown(path: Path, tables: Collection[str]) -> SourceError:
    """The error for a dump of no known shape; a dump that cannot be read at all says so first.

    Raises `DumpError` for the latter.
    """
    dump = MysqlDump(path)
    for _row in dump.rows(()):
        pass
    found = sorted({*tables, *dump.columns})
    return SourceError(
        _(
            "%(path)s is of no shape known here. Known are gov8 (tables …sites_category or …cms_category), "
            "Jspxcms (cms_node, cms_info, cms_info_detail) and the county portal (XDD_INFO_GROUP). For another "
            "system write a mapping file that names its tables and columns, and give it with --mapping. "
            "Tables found: %(tables)s."
        )
        % {"path": path, "tables": _listed(found)}
    )


def _listed(names: list[str], longest: int = 12) -> str:
    if not names:
        return _("none")
    more = len(names) - longest
    listed = ", ".join(names[:longest])
    return (
        _("%(names)s and %(more)d more") % {"names": listed, "more": more} if more > 0 else listed
    )
