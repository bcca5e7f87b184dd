"""Copying the pages of another Wagtail site over its public API into a folder, for the import.

One line a page in ``wagtail.jsonl``, as the API answers it (``/api/v2/pages/ID/``), and one for each
picture and file that the pages name. A killed copy goes on where it stopped.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import SourceError

from .crawl import MOST_PAGES, PAUSE_SECONDS
from .fetcher import FetchError, GuardedFetcher
from .manifest import another_site, damaged, no_address, read_lines, writing_to
from .rules import canonical, origin

COPY = "wagtail.jsonl"
#: What a list gives at most unless its owner raised it (WAGTAILAPI_LIMIT_MAX).
_STEP = 20
PAGES, IMAGES, DOCUMENTS = "pages", "images", "documents"
#: In Wagtail's stored text: ``<embed embedtype="image" id="7"/>``, ``<a linktype="document" id="3">``.
_EMBEDDED = re.compile(
    r"<(?:embed|a)\b[^>]*\b(?:embedtype|linktype)=\"(image|document)\"[^>]*>", re.I
)
_NUMBER = re.compile(r"\bid=\"(\d+)\"")
_KINDS = {"image": IMAGES, "document": DOCUMENTS}


@dataclass
class WagtailCopy:
    """A copy of the site whose API begins at ``start`` (``https://host/api/v2/``) in ``folder``."""

    start: str
    folder: Path
    fetcher: GuardedFetcher
    most_pages: int = MOST_PAGES
    pause: float = PAUSE_SECONDS
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[int, int], None] | None = None
    _known: set[tuple[str, int]] = field(default_factory=set)

    def run(self) -> int:
        """Reads until nothing is left; how many pages the folder holds now.

        :raises SourceError: the address is no such API, a page cannot be read, or the folder cannot be
            written to. What was read stays, and the same command goes on.
        """
        start = canonical(self.start)
        if not start:
            raise no_address(self.start)
        self.start = start if start.endswith("/") else f"{start}/"
        with writing_to(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for kind, entry in read_copy(self.folder):
                if origin(entry.get("asked", self.start)) != origin(self.start):
                    raise another_site(self.folder, entry["asked"])
                self._known.add((kind, int(entry["id"])))
            with (self.folder / COPY).open("a", encoding="utf-8") as copy:
                self._work(copy)
        return sum(kind == PAGES for kind, _number in self._known)

    def _work(self, copy: TextIO) -> None:
        place, total = 0, 1
        while place < total:
            listed = self._ask(f"{PAGES}/?limit={_STEP}&offset={place}&order=id")
            total = int(listed["meta"]["total_count"])
            if total > self.most_pages:
                raise SourceError(
                    _("The site has %(total)d pages, more than %(number)d. Raise --most-pages.")
                    % {"total": total, "number": self.most_pages}
                )
            if not listed["items"]:
                break
            for item in listed["items"]:
                self._take(copy, PAGES, int(item["id"]))
            place += len(listed["items"])
            if self.progress is not None:
                self.progress(min(place, total), total)

    def _take(self, copy: TextIO, kind: str, number: int) -> None:
        if (kind, number) in self._known:
            return
        found = self._ask(f"{kind}/{number}/", may_be_gone=kind != PAGES)
        if found:
            # A page follows what it names: a page that is known needs nothing more.
            if kind == PAGES:
                for other, named in files_in(found):
                    self._take(copy, other, named)
            line = {"kind": kind, "asked": self.start, **found}
            copy.write(json.dumps(line, ensure_ascii=False) + "\n")
            copy.flush()
        self._known.add((kind, number))

    def _ask(self, rest: str, *, may_be_gone: bool = False) -> dict[str, Any]:
        url = self.start + rest
        try:
            answer = self.fetcher.get(url)
        except FetchError as error:
            raise SourceError(str(error)) from error
        self.sleep(self.pause)
        if may_be_gone and answer.status == 404:
            # Not every site offers its pictures and files; the import lists them as missing.
            return {}
        if answer.status != 200:
            raise SourceError(
                _(
                    "%(url)s answers with status %(status)d. Give the address of Wagtail's API, as in "
                    "https://host/api/v2/; if it is right, wait and give the same command again."
                )
                % {"url": url, "status": answer.status}
            )
        try:
            found = json.loads(answer.body)
            if not isinstance(found["meta"], dict) or ("items" not in found and "id" not in found):
                raise KeyError("id")
        except (ValueError, TypeError, KeyError) as error:
            raise SourceError(
                _(
                    "%(url)s does not answer as Wagtail's API does. Give its address, as in https://host/api/v2/."
                )
                % {"url": url}
            ) from error
        return dict(found)


def files_in(value: Any, block: str = "") -> Iterator[tuple[str, int]]:
    """Pictures and files named in the fields of a page, as kind and number.

    ``block``: type of the block a value stands in; a picture in a block is its bare number.
    """
    if isinstance(value, str):
        for found in _EMBEDDED.finditer(value):
            number = _NUMBER.search(found[0])
            if number:
                yield _KINDS[found[1].lower()], int(number[1])
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        kind = kind_of_block(block)
        if kind:
            yield kind, value
    elif isinstance(value, Mapping):
        inner = str(value.get("type", "")) if "value" in value else ""
        for name, part in value.items():
            if name != "meta":
                yield from files_in(part, inner if name == "value" and inner else str(name))
    elif isinstance(value, list):
        for part in value:
            yield from files_in(part, block)


def kind_of_block(name: str) -> str:
    """Whether a block or field of this name holds a picture or a file; "" for neither."""
    words = name.lower()
    if any(word in words for word in ("image", "picture", "photo")):
        return IMAGES
    return DOCUMENTS if any(word in words for word in ("document", "file", "attachment")) else ""


def read_copy(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind and answer of each line in order; a line that a killed run left unfinished is dropped.

    :raises SourceError: a line that is not the last cannot be read.
    """
    path = folder / COPY
    for number, found in read_lines(path):
        try:
            yield str(found.pop("kind")), {**found, "id": int(found["id"])}
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(path, number) from error


def path_of(url: str) -> str:
    """Path of a page's public address, "" where the API gives none."""
    return urlsplit(url).path if url else ""
