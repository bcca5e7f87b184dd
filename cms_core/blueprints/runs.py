"""Lists that operators bring: kept, begun, worked off by the worker, taken over where one died."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.audit.services import record_platform_event
from sites.outbox.platform_runs import PlatformRuns, RunTakenOver
from sites.tenancy.scope import system_scope

from .enums import OpeningStatus
from .list_services import LineResult, OpeningInterrupted, Outcome, open_list
from .models import OpeningRun
from .opening_list import OpeningList, read_list

_RUNS = PlatformRuns(OpeningRun, (OpeningStatus.RUNNING,))
#: Findings that a refusal repeats.
_MOST_FINDINGS = 20


def keep_list(*, actor: Any, name: str, content: bytes) -> OpeningRun:
    """Keep a list that was read whole.

    :raises ValidationError: it was not; what is wrong, with line and column.
    """
    found = read_list(content, name)
    if found.findings:
        texts = [str(finding) for finding in found.findings]
        more = len(texts) - _MOST_FINDINGS
        if more > 0:
            texts = [*texts[:_MOST_FINDINGS], _("… and %(count)d more.") % {"count": more}]
        raise ValidationError(texts)
    with system_scope("a list of sites that an operator brings"), transaction.atomic():
        run = OpeningRun.objects.create(
            name=name[:120], content=content, total=len(found.sites), created_by=actor
        )
        record_platform_event(
            kind="opening_list_brought", subject=run, actor=actor, data={"sites": run.total}
        )
    return run


def list_of(run: OpeningRun) -> OpeningList:
    """What the run's file holds."""
    return read_list(bytes(run.content), run.name)


def begin(*, actor: Any, run: OpeningRun) -> None:
    """Let the worker open the list, or go on with it.

    :raises ValidationError: it runs or is finished.
    """
    from .tasks import run_opening

    with system_scope("a list of sites is begun by an operator"), transaction.atomic():
        begun = OpeningRun.objects.filter(
            pk=run.pk, status__in=[OpeningStatus.CHECKED, OpeningStatus.INTERRUPTED]
        ).update(status=OpeningStatus.RUNNING, token=None, touched_at=timezone.now(), failure="")
        if not begun:
            raise ValidationError(_("This list runs already or is finished."))
        record_platform_event(
            kind="opening_list_begun", subject=run, actor=actor, data={"sites": run.total}
        )
        # What is not heard now is found by the sweep.
        transaction.on_commit(lambda: run_opening.delay(run_id=run.pk), robust=True)


def forgotten_runs() -> list[int]:
    """Runs that nobody took, or whose worker died."""
    return _RUNS.forgotten()


def work_off(run_id: int) -> None:
    """Open the sites of a begun run; nothing where another worker has it."""
    token = _RUNS.take(run_id)
    if token is None:
        return
    with system_scope("a list of sites is worked off"):
        run = OpeningRun.objects.select_related("created_by").get(pk=run_id)
    results = {result["line"]: result for result in run.results}

    def note(some: Sequence[LineResult]) -> None:
        for result in some:
            before = results.get(result.line)
            # Opened by this run before it was cut off.
            if not (
                before and before["outcome"] == Outcome.OPENED and result.outcome is Outcome.STANDS
            ):
                results[result.line] = _stored(result)
        _RUNS.update(run_id, token, results=_in_order(results), touched_at=timezone.now())

    try:
        open_list(actor=run.created_by, sites=list_of(run).sites, report=note)
    except RunTakenOver:
        return
    except OpeningInterrupted as error:
        _RUNS.update(run_id, token, status=OpeningStatus.INTERRUPTED, failure=str(error)[:600])
    except Exception:
        text = _("The work stopped by an error of the platform; its log tells which. Go on later.")
        _RUNS.update(run_id, token, status=OpeningStatus.INTERRUPTED, failure=text)
        raise
    else:
        _RUNS.update(run_id, token, status=OpeningStatus.DONE, finished_at=timezone.now())


def _stored(result: LineResult) -> dict[str, Any]:
    return {**asdict(result), "outcome": result.outcome.value, "texts": list(result.texts)}


def _in_order(results: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [results[line] for line in sorted(results)]
