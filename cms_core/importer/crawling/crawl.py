"""Copying the pages of an old site into a folder, politely; the folder is imported afterwards.

One request at a time with a pause after each; ``robots.txt`` is kept to. What was read stands in the
folder with one line each in ``crawl.jsonl``: a crawl that was killed goes on where it stopped, and an
import can be tried as often as one likes without asking the old server again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from django.utils import timezone
from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser

from cms_core.importer.exceptions import SourceError

from .enums import CrawlOutcome
from .fetcher import USER_AGENT, Fetched, FetchError, GuardedFetcher
from .manifest import another_site, damaged, no_address, read_lines, writing_to
from .rules import belongs, canonical, is_file

MANIFEST = "crawl.jsonl"
PAGES = "pages"
#: Pages of one site: the largest county portals of the open site list hold some ten thousand.
MOST_PAGES = 50_000
#: Bytes of all pages together: what one server's temporary folder takes without a thought.
MOST_BYTES = 4 * 1024**3
#: Addresses that differ in their query alone: a calendar or a sorted list goes on without end.
MOST_OF_ONE_PATH = 2_000
#: Seconds between two requests. Old servers are weak and still serve citizens.
PAUSE_SECONDS = 0.5
#: A ``Crawl-delay`` above this would take days; the operator asks the owner instead.
LONGEST_PAUSE = 30.0
#: How often an overloaded server (429, 503) is asked again, and for how long it is waited at most.
RETRIES = 3
LONGEST_WAIT = 60.0
_REDIRECTS = {301, 302, 303, 307, 308}
_OVERLOADED = {429, 503}


@dataclass(frozen=True, slots=True)
class CrawledAddress:
    """One line of the manifest. ``file``: below the folder, "" where nothing was kept."""

    url: str
    outcome: str
    status: int = 0
    content_type: str = ""
    file: str = ""
    sha256: str = ""
    leads_to: str = ""
    reason: str = ""
    read_at: str = ""


@dataclass
class Crawl:
    """A copy of the site that begins at ``start`` in ``folder``."""

    start: str
    folder: Path
    fetcher: GuardedFetcher
    most_pages: int = MOST_PAGES
    most_bytes: int = MOST_BYTES
    pause: float = PAUSE_SECONDS
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[int, int], None] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _paths: Counter[str] = field(default_factory=Counter)
    _waiting: deque[str] = field(default_factory=deque)
    _robots: RobotFileParser | None = None
    _bytes: int = 0

    def run(self) -> Counter[str]:
        """Reads until nothing is left or a limit is reached; how many addresses ended how.

        :raises SourceError: the start cannot be read, the folder belongs to another site or cannot be
            written to, or a limit was reached; what was read stays, and the same command goes on.
        """
        start = canonical(self.start)
        if not start:
            raise no_address(self.start)
        self.start = start
        with writing_to(self.folder):
            (self.folder / PAGES).mkdir(parents=True, exist_ok=True)
            self._take_up()
            self._read_robots()
            with (self.folder / MANIFEST).open("a", encoding="utf-8") as manifest:
                self._work(manifest)
        return self.counts

    # -- going on ----------------------------------------------------------

    def _take_up(self) -> None:
        """Knows again what an earlier, perhaps killed run read, and the links in it."""
        entries = list(read_manifest(self.folder))
        if entries and not belongs(entries[0].url, self.start):
            raise another_site(self.folder, entries[0].url)
        for entry in entries:
            self._know(entry.url)
            self.counts[entry.outcome] += 1
        self._line_up(self.start)
        for entry in entries:
            if entry.leads_to:
                self._line_up(entry.leads_to)
            if entry.file:
                body = (self.folder / entry.file).read_bytes()
                self._bytes += len(body)
                self._line_up_links(entry.url, body)

    def _know(self, url: str) -> None:
        self._seen.add(url)
        self._paths[urlsplit(url).path] += 1

    def _line_up(self, url: str) -> None:
        if url in self._seen or not belongs(url, self.start) or is_file(url):
            return
        if self._paths[urlsplit(url).path] >= MOST_OF_ONE_PATH:
            self.counts[CrawlOutcome.ENDLESS] += 1
            return
        self._know(url)
        self._waiting.append(url)

    def _line_up_links(self, url: str, body: bytes) -> None:
        for link in links_of(url, body):
            self._line_up(link)

    # -- working -----------------------------------------------------------

    def _read_robots(self) -> None:
        parts = urlsplit(self.start)
        address = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        robots = RobotFileParser(address)
        try:
            answer = self._ask(address)
        except FetchError as error:
            raise SourceError(str(error)) from error
        if answer.status >= 500 or answer.status in _OVERLOADED:
            raise SourceError(
                _(
                    "%(url)s answers with an error (%(status)d). Ask again when the old site is well."
                )
                % {"url": address, "status": answer.status}
            )
        # RFC 9309: a file that is not there forbids nothing.
        text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
        robots.parse(text.splitlines())
        self._robots = robots
        delay = robots.crawl_delay(USER_AGENT)
        if delay is not None:
            self.pause = max(self.pause, min(float(delay), LONGEST_PAUSE))

    def _work(self, manifest: TextIO) -> None:
        while self._waiting:
            if self.counts[CrawlOutcome.KEPT] >= self.most_pages:
                raise SourceError(
                    _(
                        "%(number)d pages were read, the limit. Raise it with --most-pages to go on from "
                        "there, or begin at one folder of the old site."
                    )
                    % {"number": self.most_pages}
                )
            if self._bytes >= self.most_bytes:
                raise SourceError(
                    _("%(size)d MB were read, the limit. Begin at one folder of the old site.")
                    % {"size": self.most_bytes // 1024**2}
                )
            entry = self._read(self._waiting.popleft())
            self.counts[entry.outcome] += 1
            line = json.dumps({k: v for k, v in asdict(entry).items() if v}, ensure_ascii=False)
            manifest.write(line + "\n")
            manifest.flush()
            if self.progress is not None:
                done = len(self._seen) - len(self._waiting)
                self.progress(done, len(self._seen))

    def _read(self, url: str) -> CrawledAddress:
        if self._robots is not None and not self._robots.can_fetch(USER_AGENT, url):
            return _entry(url, CrawlOutcome.FORBIDDEN, reason="robots.txt")
        try:
            answer = self._ask(url)
        except FetchError as error:
            if error.is_refused:
                raise SourceError(str(error)) from error
            return _entry(url, CrawlOutcome.FAILED, reason=str(error))
        if answer.status in _OVERLOADED:
            raise SourceError(
                _(
                    "The old site is overloaded (%(status)d at %(url)s). Wait, then give the same command: "
                    "it goes on from there."
                )
                % {"status": answer.status, "url": url}
            )
        if answer.status in _REDIRECTS:
            return self._redirected(url, answer)
        if answer.status != 200:
            return _entry(url, CrawlOutcome.FAILED, answer, reason=f"HTTP {answer.status}")
        if not _is_page(answer):
            return _entry(url, CrawlOutcome.NO_PAGE, answer)
        return self._keep(url, answer)

    def _redirected(self, url: str, answer: Fetched) -> CrawledAddress:
        target = canonical(answer.location, url) if answer.location else ""
        if target and belongs(target, self.start):
            self._line_up(target)
        return _entry(url, CrawlOutcome.REDIRECT, answer, leads_to=target)

    def _keep(self, url: str, answer: Fetched) -> CrawledAddress:
        digest = hashlib.sha256(answer.body).hexdigest()
        name = f"{PAGES}/{hashlib.sha256(url.encode()).hexdigest()[:32]}.html"
        # Whole or not at all: the line in the manifest follows the file.
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(answer.body)
        unfinished.replace(self.folder / name)
        self._bytes += len(answer.body)
        self._line_up_links(url, answer.body)
        return _entry(url, CrawlOutcome.KEPT, answer, file=name, sha256=digest)

    def _ask(self, url: str) -> Fetched:
        """The answer after the pause; an overloaded server is given time and asked again."""
        for attempt in range(RETRIES):
            answer = self.fetcher.get(url)
            self.sleep(self.pause)
            if answer.status not in _OVERLOADED or attempt == RETRIES - 1:
                break
            self.sleep(_wait_of(answer, self.pause * 2 ** (attempt + 2)))
        return answer


def read_manifest(folder: Path) -> Iterator[CrawledAddress]:
    """What was read into ``folder``, in order; a line that a killed run left unfinished is dropped.

    :raises SourceError: a line that is not the last cannot be read.
    """
    path = folder / MANIFEST
    for number, found in read_lines(path):
        try:
            yield CrawledAddress(**found)
        except TypeError as error:
            raise damaged(path, number) from error


def links_of(url: str, body: bytes) -> list[str]:
    """Addresses of the links and frames of a page in order, each once."""
    tree = LexborHTMLParser(body)
    base = url
    found: dict[str, None] = {}
    for node in tree.css("base[href], a[href], area[href], frame[src], iframe[src]"):
        address = node.attributes.get("href") or node.attributes.get("src") or ""
        if node.tag == "base":
            base = canonical(address, url) or url
        elif link := canonical(address, base):
            found[link] = None
    return list(found)


def _is_page(answer: Fetched) -> bool:
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml"}:
        return True
    return not kind and answer.body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def _entry(
    url: str, outcome: CrawlOutcome, answer: Fetched | None = None, **more: str
) -> CrawledAddress:
    return CrawledAddress(
        url=url,
        outcome=outcome.value,
        status=answer.status if answer else 0,
        content_type=answer.content_type if answer else "",
        read_at=timezone.now().isoformat(timespec="seconds"),
        **more,
    )


def _wait_of(answer: Fetched, otherwise: float) -> float:
    """Seconds that a server asks to be left alone; dates and nonsense count as ``otherwise``."""
    asked = answer.retry_after.strip()
    return min(float(asked) if asked.isdigit() else otherwise, LONGEST_WAIT)
