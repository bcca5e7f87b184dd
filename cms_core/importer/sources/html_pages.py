"""A folder of web pages as a source: the copy that a crawl made, or the files of a static site.

Two readings, so that memory stays flat: the first notes of each page what it is and where it belongs,
the second yields the articles. Sections are the folders of the old addresses, named by what the pages
say (``ColumnName``), else by the words of the links that lead there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.utils.translation import gettext as _

from cms_core.importer.crawling.crawl import MANIFEST, read_manifest
from cms_core.importer.enums import Outcome, RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError

from .html_encoding import PageText, read_text
from .html_page import DEFAULTS, PageSelectors, ReadPage, links, old_path, read_page
from .records import LegacyArticle, LegacySection, LegacySite, SetAside

SHAPE = "html"
#: What files of pages are called; templates of old servers among them are set aside with the reason.
PAGE_ENDINGS = frozenset({".html", ".htm", ".shtml", ".xhtml", ".asp", ".aspx", ".jsp", ".php"})
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"})
#: Beyond a large county portal; a folder with more is a whole disk given by mistake.
MOST_FILES = 200_000
#: A page of text is far below.
MOST_BYTES = 5 * 1024 * 1024
#: The host that stands for a folder whose old address is not known.
_NO_HOST = "http://old.invalid"
_INDEX = re.compile(r"^(?:index|default|main|home)(?:_\d+)?\.\w+$", re.I)
#: Folders that systems make for a year, month or day: no sections.
_DATED = re.compile(r"^(?:\d{4,8}|\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}|t\d{8}_\d+)$")


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the first reading keeps of a page. ``section``: its folder, "/" for the top."""

    file: str
    url: str
    content_type: str
    section: str
    is_article: bool
    reason: str


class HtmlPagesSource:
    """The pages in a folder, as one site.

    Raises `SourceError` for a folder without pages, with too many, or with a broken manifest.
    """

    shape = SHAPE

    def __init__(self, folder: Path, selectors: PageSelectors = DEFAULTS) -> None:
        self.path = folder
        self._selectors = selectors
        self._notes: list[_Noted] = []
        self._columns: dict[str, Counter[str]] = {}
        self._linked: dict[str, Counter[str]] = {}
        self._headed: dict[str, str] = {}
        self._site_names: Counter[str] = Counter()
        self._read_first()

    def close(self) -> None:
        """Nothing is held open."""

    # -- the first reading -------------------------------------------------

    def _read_first(self) -> None:
        for file, url, content_type in self._files():
            self._note(file, url, content_type)
        if not self._notes:
            raise SourceError(
                _(
                    "The folder %(folder)s holds no web pages (%(endings)s). Name the folder that the old "
                    "site was copied into; archives are unpacked first."
                )
                % {"folder": self.path, "endings": ", ".join(sorted(PAGE_ENDINGS))}
            )

    def _files(self) -> Iterator[tuple[str, str, str]]:
        """Name below the folder, address and header of each page, in the same order every time."""
        if (self.path / MANIFEST).exists():
            for entry in read_manifest(self.path):
                if entry.file:
                    yield self._inside(entry.file), entry.url, entry.content_type
            return
        number = 0
        for path in sorted(self.path.rglob("*")):
            if path.is_symlink() or not path.is_file():
                # A link may lead out of the folder.
                continue
            if path.suffix.lower() in _ARCHIVES:
                raise SourceError(
                    _(
                        "%(path)s is an archive. Unpack it beside the pages or take it away; archives are "
                        "not opened here."
                    )
                    % {"path": path}
                )
            if path.suffix.lower() not in PAGE_ENDINGS:
                continue
            number += 1
            if number > MOST_FILES:
                raise SourceError(
                    _("The folder %(folder)s holds more than %(number)d pages. Name a smaller one.")
                    % {"folder": self.path, "number": MOST_FILES}
                )
            name = path.relative_to(self.path).as_posix()
            yield name, f"{_NO_HOST}/{quote(name)}", ""

    def _inside(self, name: str) -> str:
        """A name of the manifest; it comes from a file that anybody may have written."""
        if not (self.path / name).resolve().is_relative_to(self.path.resolve()):
            raise SourceError(
                _("%(manifest)s names %(file)s, which is not in the folder. Crawl the site again.")
                % {"manifest": MANIFEST, "file": name}
            )
        return name

    def _note(self, file: str, url: str, content_type: str) -> None:
        found = self._open(file, content_type)
        if found is None:
            self._notes.append(_Noted(file, url, content_type, "/", False, _("larger than 5 MB")))
            return
        page = read_page(found.text, url, self._selectors)
        section = section_of(url)
        if page.section_name and urlsplit(url).query:
            # One script prints all articles: only their labels tell sections apart.
            section += f"#{page.section_name}"
        is_index = _is_index(url) and not page.is_labelled
        is_article = page.body_html is not None and not is_index
        self._notes.append(
            _Noted(file, url, content_type, section, is_article, "" if is_article else _why(page))
        )
        self._site_names.update(filter(None, [page.site_name]))
        if page.section_name:
            self._columns.setdefault(section, Counter())[page.section_name] += 1
        if is_index and page.headings:
            self._headed.setdefault(section, page.headings[0])
        if not page.is_template:
            for address, words in links(found.text, url):
                if _is_index(address):
                    self._linked.setdefault(section_of(address), Counter())[words] += 1

    def _open(self, file: str, content_type: str) -> PageText | None:
        path = self.path / file
        try:
            if path.stat().st_size > MOST_BYTES:
                return None
            body = path.read_bytes()
        except OSError as error:
            raise SourceError(
                _("The page %(path)s cannot be opened: %(reason)s.")
                % {"path": path, "reason": error.strerror or error}
            ) from error
        return read_text(body, content_type)

    # -- what a source offers ---------------------------------------------

    def sites(self) -> list[LegacySite]:
        """The one site: named by its pages, else by the title of its home page, else by the folder."""
        name = self._site_names.most_common(1)[0][0] if self._site_names else ""
        host = urlsplit(self._notes[0].url).hostname or ""
        code = self.path.name if self._notes[0].url.startswith(_NO_HOST) else host
        articles = sum(note.is_article for note in self._notes)
        return [
            LegacySite(code, name or self._headed.get("/", code), len(self._folders()), articles)
        ]

    def _folders(self) -> list[str]:
        """Folders that hold articles, and those above them, parents first."""
        found = set()
        for note in self._notes:
            section = note.section
            while note.is_article and section != "/":
                found.add(section)
                section = parent_of(section)
        if any(note.is_article and note.section == "/" for note in self._notes):
            found.add("/")
        return sorted(found)

    def sections(self, site_code: str) -> list[LegacySection]:
        """The folders of the old addresses that hold articles."""
        self._require(site_code)
        folders = self._folders()
        direct = Counter(note.section for note in self._notes if note.is_article)
        indexes: dict[str, list[str]] = {}
        for note in self._notes:
            if not note.is_article and _is_index(note.url):
                indexes.setdefault(note.section, []).append(old_path(note.url))
        return [
            LegacySection(
                source_key=folder,
                parent_key="" if parent_of(folder) == "/" else parent_of(folder),
                name=self._name_of(folder),
                order=number,
                kind=SectionKind.LIST if direct[folder] else SectionKind.INDEX,
                description="",
                keywords="",
                link="",
                old_urls=_section_urls(folder, indexes.get(folder, [])),
                line=number + 1,
            )
            for number, folder in enumerate(folders)
        ]

    def _name_of(self, folder: str) -> str:
        if "#" in folder:
            return folder.partition("#")[2]
        for named in (self._columns, self._linked):
            if folder in named:
                return named[folder].most_common(1)[0][0]
        if folder == "/":
            return _("Other articles")
        return self._headed.get(folder) or unquote(folder.rstrip("/").rpartition("/")[2])

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """The pages that hold a text, in the order of the first reading."""
        self._require(site_code)
        for number, note in enumerate(self._notes, start=1):
            if note.is_article:
                yield self._article(note, number)

    def _article(self, note: _Noted, number: int) -> LegacyArticle:
        found = self._reopen(note)
        page = read_page(found.text, note.url, self._selectors)
        repairs = [found.repair] if found.repair else []
        if page.published_at is None:
            repairs.append(_("no time of publishing was found"))
        return LegacyArticle(
            source_key=old_path(note.url)[:200],
            section_key=note.section,
            title=page.title,
            summary=page.summary,
            source_name=page.source_name,
            author=page.author,
            keywords=page.keywords,
            published_at=page.published_at,
            created_at=page.published_at,
            updated_at=None,
            body_html=page.body_html,
            old_urls=(old_path(note.url),),
            attachments=(),
            verified=True,
            repairs=tuple(repairs),
            line=number,
        )

    def _reopen(self, note: _Noted) -> PageText:
        path = self.path / note.file
        try:
            return read_text(path.read_bytes(), note.content_type)
        except OSError as error:
            raise SourceError(
                _("The page %(path)s cannot be opened: %(reason)s.")
                % {"path": path, "reason": error.strerror or error}
            ) from error

    def set_aside(self, site_code: str) -> Iterator[SetAside]:
        """Pages that become none: home and lists, which the site makes itself, and templates."""
        self._require(site_code)
        for note in self._notes:
            if not note.is_article:
                outcome = Outcome.SKIPPED
                kind = RecordKind.ARTICLE
                yield SetAside(kind, old_path(note.url)[:200], "", note.reason, outcome)

    def _require(self, site_code: str) -> None:
        code = self.sites()[0].code
        if site_code != code:
            raise SourceError(
                _("The folder has no site “%(code)s”. It has: %(codes)s.")
                % {"code": site_code, "codes": code}
            )


def section_of(url: str) -> str:
    """The folder of an address that is a section: without the folders of years, months and days."""
    parts = [part for part in urlsplit(url).path.split("/")[:-1] if part]
    while parts and _DATED.match(parts[-1]):
        parts.pop()
    return "/" + "".join(f"{unquote(part)}/" for part in parts)


def parent_of(section: str) -> str:
    """The folder above; "/" above the topmost. A section told by its label stands in its folder."""
    folder, mark, _label = section.partition("#")
    return folder if mark else section.rstrip("/").rpartition("/")[0] + "/"


def _section_urls(folder: str, indexes: list[str]) -> tuple[str, ...]:
    """Addresses that showed a section; the home page of the old site is that of the new one."""
    if folder == "/" or "#" in folder:
        return ()
    return tuple(dict.fromkeys([folder, *indexes]))


def _is_index(url: str) -> bool:
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2]
    return not parts.query and (not name or _INDEX.match(name) is not None)


def _why(page: ReadPage) -> str:
    if page.is_template:
        return _("it is a template of the old server, no page")
    return _("it lists other pages; the site makes its own lists")
