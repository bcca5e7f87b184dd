"""The file in which a copy of an old site notes what it read: one JSON object a line, only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import SourceError


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line in order; one that a killed run left unfinished is cut off.

    :raises SourceError: a finished line cannot be read.
    """
    if not path.exists():
        return
    whole = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                # So that the next line begins on its own.
                os.truncate(path, whole)
                return
            whole += len(line)
            try:
                found = json.loads(line)
            except ValueError as error:
                raise damaged(path, number) from error
            if not isinstance(found, dict):
                raise damaged(path, number)
            yield number, found


def damaged(path: Path, number: int) -> SourceError:
    return SourceError(
        _("Line %(line)d of %(path)s is damaged. Delete the line, then give the command again.")
        % {"line": number, "path": path}
    )


def another_site(folder: Path, url: str) -> SourceError:
    return SourceError(
        _("The folder %(folder)s holds the site %(url)s. Name another folder.")
        % {"folder": folder, "url": url}
    )


def no_address(url: str) -> SourceError:
    return SourceError(
        _("%(url)s is no address of the web. It begins with http:// or https://.") % {"url": url}
    )


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Says in words that the folder cannot be written to.

    :raises SourceError: the disk is full, or the folder may not be written.
    """
    try:
        yield
    except OSError as error:
        raise SourceError(
            _(
                "The folder %(folder)s cannot take the pages (%(reason)s). Make room or name another; "
                "what was read so far is kept, and the same command goes on from there."
            )
            % {"folder": folder, "reason": error.strerror or error}
        ) from error
