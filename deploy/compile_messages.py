#!/usr/bin/env python3
"""Compile every translation catalogue (.po) that is newer than its compiled form (.mo).

Django's own ``compilemessages`` calls gettext's msgfmt, which a plain Python installation lacks;
Babel does the same in Python. Entries marked fuzzy are left out, as msgfmt does.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cms_core", "disclosure", "interaction", "locale", "search", "sites", "themes")


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside ``source`` where it is missing or older; say whether it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    with source.open("rb") as catalogue_file:
        catalogue = read_po(catalogue_file, domain=source.stem, abort_invalid=True)
    with target.open("wb") as compiled_file:
        write_mo(compiled_file, catalogue)
    return True


def main() -> int:
    """Compile all catalogues; 1 where one of them cannot be read."""
    for room in ROOMS:
        for source in sorted((ROOT / room).glob("**/LC_MESSAGES/*.po")):
            try:
                if compile_catalogue(source):
                    print(f"Compiled {source.relative_to(ROOT)}")
            except PoFileError as error:
                print(f"{source.relative_to(ROOT)}: {error}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
