"""The opening screen of a site's administration, and the list from which writing starts."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms_core.pages.bulk_selectors import changes_with_counts
from cms_core.pages.edit_locks import unseen_of
from cms_core.pages.models import BasePage
from cms_core.pages.writing import may_write, sections_to_write_in
from sites.registry.desk_lines import desk_lines
from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH

from . import review_work, selectors
from .enums import Light, TaskKind
from .limits import home_limits
from .rules import (
    SectionState,
    Task,
    counts,
    days_left,
    in_order,
    is_found,
    is_shown,
    places_of,
)
from .wording import listed

#: Lines of "do these first" before "all".
FIRST_LINES = 10
#: As many sections as a person sees at once; above that they can be filtered.
PLACES_IN_SIGHT = 12
#: Letters of a filter that are read; no section has a longer name.
MOST_LETTERS_TO_FIND = 60


def opening_screen(request: HttpRequest) -> HttpResponseBase:
    """What one has to do, one's drafts, what is planned, and how one's site stands."""
    user: Any = request.user
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    today = timezone.localdate()
    reach = selectors.reach_of(user)
    sections = selectors.sections_in(reach)
    states = selectors.promises(sections, selectors.keepers())
    unsourced = selectors.without_source(reach)
    tasks = in_order(
        [
            *_returned(user),
            *_reviews(user),
            *_findings(user),
            *(_promise(state) for state in states if is_shown(state, today)),
            *_labels(sections, unsourced),
        ]
    )
    figures = selectors.month_figures(user)
    titles = {section.path: section.title for section in sections}
    shown = tasks if "all" in request.GET else tasks[:FIRST_LINES]
    context = {
        "page_title": _("My desk"),
        "roles": user.get_full_name(),
        "tenant": tenant,
        "counts": _count_tiles(tasks, today),
        "tasks": [(task, TaskKind(task.kind).label, *_deadline(task, today)) for task in shown],
        "task_total": len(tasks),
        "broken_locks": unseen_of(user)[: selectors.LINES] if figures.lost_a_lock else [],
        "bulk_changes": changes_with_counts(user, limit=selectors.LINES)
        if figures.changed_many
        else [],
        "drafts": [
            (draft, titles.get(_parent(draft.path), ""), _draft_light(draft))
            for draft in selectors.own_drafts(user)
        ],
        "plans": selectors.planned(reach),
        "leftovers": [
            (offered.heading, lines) for offered in desk_lines if (lines := offered.of(user))
        ],
        "health": _health(states, sections, unsourced, today) if reach else [],
        "figures": figures,
        "may_write": may_write(user),
    }
    return TemplateResponse(request, "cms_core_desk/opening.html", context)


def _draft_light(draft: selectors.Draft) -> Light:
    if draft.is_returned:
        return Light.LATE
    return Light.WAIT if draft.is_live or draft.is_in_review else Light.OFF


def _parent(path: str) -> str:
    return path[: -BasePage.steplen]


def _edit(page_id: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def _returned(user: Any) -> list[Task]:
    return [
        Task(
            TaskKind.RETURNED,
            item.title,
            item.url,
            _("%(who)s returned it: %(why)s") % {"who": item.who or "-", "why": item.remark or "-"},
            since=item.since,
            key=item.key,
        )
        for item in review_work.returned_to(user)
    ]


def _reviews(user: Any) -> list[Task]:
    return [
        Task(
            TaskKind.REVIEW,
            item.title,
            item.url,
            _("submitted by %(who)s") % {"who": item.who} if item.who else "",
            since=item.since,
            key=item.key,
        )
        for item in review_work.waiting_for(user)
    ]


def _findings(user: Any) -> list[Task]:
    return [
        Task(
            TaskKind.FINDINGS,
            found.title,
            _edit(found.page_id),
            ngettext(
                "%(number)d finding of the checks",
                "%(number)d findings of the checks",
                found.number,
            )
            % {"number": found.number},
            since=found.since,
            key=found.page_id,
        )
        for found in review_work.findings_for(user)
    ]


def _promise(state: SectionState) -> Task:
    names = list(state.keepers[:2])
    more = len(state.keepers) - len(names)
    who = listed(names)
    if more > 0:
        who = _("%(names)s and %(more)d others") % {"names": who, "more": more}
    detail = _("promises something new every %(days)d days, newest %(date)s; kept by %(who)s") % {
        "days": state.interval_days,
        "date": state.newest_on.isoformat(),
        "who": who or _("nobody yet"),
    }
    address = reverse("wagtailadmin_explore", args=[state.pk])
    return Task(
        TaskKind.PROMISE,
        _("Section “%(title)s”") % {"title": state.title},
        address,
        detail,
        due_on=state.due_on,
        key=state.pk,
    )


def _labels(sections: Any, unsourced: Any) -> list[Task]:
    return [
        Task(
            TaskKind.LABEL,
            _("Section “%(title)s”") % {"title": section.title},
            _edit(section.pk),
            _("“kind of section (page label)” is empty"),
            key=section.pk,
        )
        for section in sections
        if not section.column_type
    ] + [
        Task(TaskKind.LABEL, item.title, _edit(item.pk), _("names no source"), key=item.pk)
        for item in unsourced
    ]


def _count_tiles(tasks: list[Task], today: date) -> list[dict[str, Any]]:
    found = counts(tasks, today, review_kind=TaskKind.REVIEW, returned_kind=TaskKind.RETURNED)
    late = [task for task in tasks if task.due_on is not None and task.due_on < today]
    waits = [task for task in tasks if task.kind == TaskKind.REVIEW]
    due = [task for task in tasks if task.due_on == today]
    return [
        {
            "number": found.late,
            "word": ngettext("is late", "are late", found.late),
            "small": listed([late[0].title, _deadline(late[0], today)[1]])
            if late
            else _("nothing is late"),
            "kind": "l" if found.late else "",
        },
        {
            "number": found.due_today,
            "word": ngettext("is due today", "are due today", found.due_today),
            "small": due[0].title if due else _("nothing ends today"),
            "kind": "o" if found.due_today else "",
        },
        {
            "number": found.to_review,
            "word": ngettext("waits for my review", "wait for my review", found.to_review),
            "small": _("the earliest %(since)s") % {"since": _deadline(waits[0], today)[1]}
            if waits
            else _("nobody waits for you"),
            "kind": "",
        },
        {
            "number": found.returned,
            "word": ngettext("was returned to me", "were returned to me", found.returned),
            "small": _("each with its reason") if found.returned else _("nothing came back"),
            "kind": "",
        },
    ]


def _deadline(task: Task, today: date) -> tuple[str, str]:
    """A light and words: how late, how much time is left, or how long it has waited."""
    if task.due_on is not None:
        left = days_left(task.due_on, today)
        if left < 0:
            return Light.LATE, ngettext("%(days)d day late", "%(days)d days late", -left) % {
                "days": -left
            }
        if left == 0:
            return Light.WAIT, _("today")
        return Light.WAIT, ngettext("%(days)d day left", "%(days)d days left", left) % {
            "days": left
        }
    if task.since is not None:
        return "", _waited(task.since)
    return "", ""


def _waited(since: datetime) -> str:
    hours = int((timezone.now() - since).total_seconds() // 3600)
    if hours < 1:
        return _("came just now")
    if hours < 48:
        return ngettext("waited %(hours)d hour", "waited %(hours)d hours", hours) % {"hours": hours}
    days = hours // 24
    return ngettext("waited %(days)d day", "waited %(days)d days", days) % {"days": days}


def _health(
    states: list[SectionState], sections: Any, unsourced: Any, today: date
) -> list[dict[str, str]]:
    """How the sections that one keeps stand, in words."""
    lines = [_home_health(today)]
    late = [state for state in states if state.due_on < today]
    if late:
        lines.append(
            {
                "light": Light.LATE,
                "title": ngettext(
                    "%(number)d section behind its promise",
                    "%(number)d sections behind their promise",
                    len(late),
                )
                % {"number": len(late)},
                "text": listed([state.title for state in late[:3]]),
            }
        )
    elif states:
        lines.append(
            {
                "light": Light.OK,
                "title": _("Promised intervals"),
                "text": ngettext(
                    "%(number)d section with a promise keeps it",
                    "%(number)d sections with a promise keep it",
                    len(states),
                )
                % {"number": len(states)},
            }
        )
    bare = sum(1 for section in sections if not section.column_type) + len(unsourced)
    lines.append(
        {
            "light": Light.WAIT if bare else Light.OK,
            "title": _("Page labels"),
            "text": ngettext(
                "%(number)d label is missing, see the list",
                "%(number)d labels are missing, see the list",
                bare,
            )
            % {"number": bare}
            if bare
            else _("none is missing"),
        }
    )
    return lines


def _home_health(today: date) -> dict[str, str]:
    newest = max(selectors.newest_times().values(), default=None)
    limits = home_limits()
    wanted = ngettext(
        "something new within %(days)d day is required",
        "something new within %(days)d days is required",
        limits.most_days_without_update,
    ) % {"days": limits.most_days_without_update}
    if newest is None:
        return {
            "light": Light.LATE,
            "title": _("Updates of the site"),
            "text": _("nothing is published yet; %(wanted)s") % {"wanted": wanted},
        }
    age = (today - timezone.localdate(newest)).days
    light = Light.OK
    if age > limits.most_days_without_update:
        light = Light.LATE
    elif age > limits.warn_after_days:
        light = Light.WAIT
    at = timezone.localtime(newest).strftime("%Y-%m-%d %H:%M")
    return {
        "light": light,
        "title": _("Updates of the site"),
        "text": _("newest %(at)s; %(wanted)s") % {"at": at, "wanted": wanted},
    }


def write(request: HttpRequest) -> HttpResponseBase:
    """Where a new article belongs: the sections in which one may write, all or those with some words."""
    places = places_of(
        (section.pk, section.title, section.depth - HOME_DEPTH - 1)
        for section in sections_to_write_in(request.user)
    )
    words = request.GET.get("q", "").strip()[:MOST_LETTERS_TO_FIND]
    found = [place for place in places if is_found(place.path, words)]
    context = {
        "page_title": _("Write"),
        "places": found,
        "words": words,
        "most_letters": MOST_LETTERS_TO_FIND,
        "has_many": len(places) > PLACES_IN_SIGHT,
        "has_any": bool(places),
    }
    return TemplateResponse(request, "cms_core_desk/write.html", context)
