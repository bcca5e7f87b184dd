"""Opening the sites of a list: chunk by chunk, each site whole or not at all, as often as it takes.

A chunk is one transaction under the lock of the tree's root, in which its lines are checked: two runs
at once take turns, and the later one finds what the earlier one opened. When the database refuses
a chunk, its sites are opened one by one, so that one bad line costs no other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from cms_core.pages.models import BasePage
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import root_url_of

from .bulk import open_in_bulk
from .list_checks import CheckedList, check_list, order_list
from .opening_list import Finding, ListedSite, column_word
from .rules import BlueprintError
from .selectors import blueprints
from .services import open_tenant

#: Sites of one transaction, and pages of all of them together: a larger one would hold SQLite's only
#: write lock, and editors wait for it. (About a third of a second on two cores.)
CHUNK_SITES = 100
CHUNK_PAGES = 700


class OpeningInterrupted(RuntimeError):
    """The database failed in the middle of a list; the message names the line and the way out."""


class Outcome(StrEnum):
    """What became of a line."""

    OPENED = "opened"
    STANDS = "stands"
    DIFFERS = "differs"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineResult:
    """One line of a list afterwards. ``texts``: what differs or is wrong."""

    line: int
    code: str
    name: str
    outcome: Outcome
    url: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListResult:
    """All lines of a list afterwards, and what concerns the list as a whole."""

    lines: tuple[LineResult, ...] = ()
    findings: tuple[Finding, ...] = ()

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome == outcome for line in self.lines)


@dataclass
class _Run:
    actor: Any
    report: Callable[[Sequence[LineResult]], None]
    results: dict[int, LineResult] = field(default_factory=dict)

    def note(self, results: Sequence[LineResult]) -> None:
        self.results.update({result.line: result for result in results})
        if results:
            self.report(results)


def preview_list(sites: Sequence[ListedSite]) -> ListResult:
    """What opening would do; writes nothing. ``opened`` means: would be opened."""
    with system_scope("checking a list of sites to open"):
        checked = check_list(sites)
    return ListResult(tuple(_sorted(_told(sites, checked, checked.to_open))), ())


def open_list(
    *,
    actor: Any,
    sites: Sequence[ListedSite],
    report: Callable[[Sequence[LineResult]], None] = lambda results: None,
) -> ListResult:
    """Open every site of a list that can be opened; ``report`` hears of each chunk after its commit.

    Resumable: what stands is left as it is, so a run that was killed goes on where it stopped.
    """
    run = _Run(actor, report)
    with system_scope("checking a list of sites to open"):
        order = order_list(sites)
        standing = check_list(order.standing)
    run.note(_told(order.standing, standing, ()))
    run.note(_told(order.lost, CheckedList(findings=order.findings), ()))
    for wave in order.waves:
        for chunk in _chunks(wave):
            _open_chunk(run, chunk)
    return ListResult(tuple(_sorted(run.results.values())), ())


def _chunks(wave: Sequence[ListedSite]) -> Iterator[list[ListedSite]]:
    """Sites of one transaction each."""
    plans = blueprints()
    chunk: list[ListedSite] = []
    pages = 0
    for site in wave:
        plan = plans.get(site["blueprint"])
        size = 1 + (len(plan.sections) if plan is not None else 0)
        if chunk and (len(chunk) >= CHUNK_SITES or pages + size > CHUNK_PAGES):
            yield chunk
            chunk, pages = [], 0
        chunk.append(site)
        pages += size
    if chunk:
        yield chunk


def _open_chunk(run: _Run, sites: Sequence[ListedSite]) -> None:
    try:
        results = _opened_together(run.actor, sites)
    except (DatabaseError, ValidationError, ValueError):
        # One of them is refused by the database, and it does not say which.
        for site in sites:
            run.note([_opened_alone(run.actor, site)])
    else:
        run.note(results)


def _opened_together(actor: Any, sites: Sequence[ListedSite]) -> list[LineResult]:
    with system_scope("opening the sites of a list"), transaction.atomic():
        _take_turns()
        checked = check_list(sites)
        wanted = [line for wave in checked.waves for line in wave]
        open_in_bulk(actor=actor, requests=[checked.to_open[line] for line in wanted])
        return _told(sites, checked, wanted)


def _opened_alone(actor: Any, site: ListedSite) -> LineResult:
    try:
        with system_scope("opening one site of a list"), transaction.atomic():
            _take_turns()
            checked = check_list([site])
            for request in checked.to_open.values():
                open_tenant(actor=actor, request=request)
            return _told([site], checked, checked.to_open)[0]
    except ValidationError as error:
        return _refused(site, error.messages)
    except BlueprintError as error:
        return _refused(site, [str(error)])
    except (IntegrityError, DataError, ValueError) as error:
        return _refused(
            site,
            [
                _("the database refused this site (%(what)s). Nothing of it was made.")
                % {"what": str(error).splitlines()[0][:200]}
            ],
        )
    except (DatabaseError, OSError) as error:
        raise OpeningInterrupted(
            _(
                "Line %(line)d (%(code)s): the database failed (%(what)s). Nothing of this site was made; "
                "the lines before it stand. Mend the database or make room on the disk, then run the same "
                "list again: it goes on from here."
            )
            % {"line": site.line, "code": site["code"], "what": str(error).splitlines()[0][:200]}
        ) from error


def _take_turns() -> None:
    """Two runs at once would compute the same places in the tree and open the same line twice."""
    BasePage.objects.select_for_update().filter(depth=1).values_list("pk", flat=True).first()


def _told(sites: Sequence[ListedSite], checked: CheckedList, opened: Any) -> list[LineResult]:
    """The result of each line: ``opened`` are those of ``to_open`` that now stand."""
    wrong: dict[int, list[str]] = {}
    for finding in checked.findings:
        text = f"{column_word(finding.column)}: {finding.text}" if finding.column else finding.text
        wrong.setdefault(finding.line, []).append(text)
    told = []
    for site in sites:
        line = site.line
        if line in opened:
            told.append(_result(site, Outcome.OPENED))
        elif line in checked.standing:
            told.append(_result(site, Outcome.STANDS))
        elif line in checked.differing:
            told.append(
                replace(_result(site, Outcome.DIFFERS), texts=tuple(checked.differing[line]))
            )
        else:
            lost = _("the site that it needs is not opened.")
            told.append(_refused(site, wrong.get(line, [lost])))
    return told


def _result(site: ListedSite, outcome: Outcome) -> LineResult:
    url = f"{root_url_of(site['host'])}{site['prefix']}/"
    return LineResult(site.line, site["code"], site["name"], outcome, url)


def _refused(site: ListedSite, texts: Sequence[str]) -> LineResult:
    return LineResult(site.line, site["code"], site["name"], Outcome.REFUSED, "", tuple(texts))


def _sorted(results: Any) -> list[LineResult]:
    return sorted(results, key=lambda result: result.line)
