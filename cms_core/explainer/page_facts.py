"""A page with all that decides who may do what with it, read once. Nothing here decides."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Revision

from cms_core.pages import lifecycle_rights
from cms_core.pages.models import BasePage, RecycledPage, Tombstone, seeing_the_bin
from cms_core.workflow import selectors as review
from cms_core.workflow.obstacles import why_not_submit
from sites.tenancy.rules import HOME_DEPTH


@dataclass(frozen=True, slots=True)
class PageFacts:
    """``place``: title of the section it stands in (of itself, for a section). ``entry``: its deletion."""

    page: BasePage
    place: str
    state: review.ReviewState
    submitting: str
    takes_pages: bool
    has_live_below: bool
    entry: RecycledPage | None = None
    stone: Tombstone | None = None

    @property
    def is_home(self) -> bool:
        return bool(self.page.depth <= HOME_DEPTH)

    @property
    def is_recycled(self) -> bool:
        return bool(self.page.is_recycled)


def facts_of(page_id: int) -> PageFacts | None:
    """The facts of a page of the open site, deleted ones too; ``None`` where there is none.

    The number of queries depends on nothing but where the page stands in its review.
    """
    with seeing_the_bin():
        found = lifecycle_rights.with_state(list(BasePage.objects.filter(pk=page_id, depth__gt=1)))
        if not found:
            return None
        page = found[0]
        parents = list(page.get_ancestors().filter(depth__gt=1).values_list("depth", "title"))
        has_live_below = page.get_descendants(inclusive=True).filter(live=True).exists()
    review.look_at(page)
    state = review.review_state(page)
    entry = _entry_of(page) if page.is_recycled else None
    stone = None
    if not page.live:
        stone = (
            Tombstone.objects.in_force()
            .filter(page_id=page.pk)
            .select_related("withdrawn_by")
            .order_by("-withdrawn_at", "-pk")
            .first()
        )
    specific = page.specific_class
    return PageFacts(
        page=page,
        place=_place(page, parents),
        state=state,
        submitting=why_not_submit(page, state) if review.stages_for(page) or state.run else "",
        takes_pages=specific is not None and bool(specific.creatable_subpage_models()),
        has_live_below=has_live_below,
        entry=entry,
        stone=stone,
    )


def _place(page: BasePage, parents: list[Any]) -> str:
    if page.numchild or page.depth <= HOME_DEPTH + 1 or not parents:
        return str(page.title)
    return str(parents[-1][1])


def _entry_of(page: BasePage) -> RecycledPage | None:
    """The deletion that took the page: its own, or that of a page above it."""
    step = page.steplen
    paths = [page.path[:end] for end in range(step, len(page.path) + 1, step)]
    return (
        RecycledPage.objects.filter(page__path__in=paths)
        .select_related("deleted_by", "former_parent", "page")
        .order_by("-page__path", "pk")
        .first()
    )


def planned(page: BasePage) -> Revision | None:
    """The revision that goes live by itself."""
    found: Revision | None = page.__dict__.get("scheduled_revision")
    return found
