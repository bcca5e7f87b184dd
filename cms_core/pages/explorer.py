"""Wagtail's explorer, asked so that a section of 50,000 articles opens like one of fifty.

Nothing that is shown differs. What differs is how it is asked: no list of all keys that a person
reaches stands in a condition where the opened page answers for all below it; the children of a page
are counted by the number that the tree keeps; and what a row says of its state is asked for the rows
of one screen, not for every row before they are sorted.
"""

from typing import Any

from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.query import PageQuerySet

from .models import BasePage
from .page_policy import PathPolicy


class KnownCount(WagtailPaginator):
    """A paginator that was told how many rows there are."""

    known: int | None = None

    @cached_property
    def count(self) -> int:
        return self.known if self.known is not None else int(super().count)


class SectionExplorer(ExplorableIndexView):
    """The list below one page."""

    paginator_class = KnownCount

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Wagtail drops the column of the parent later, after it was asked for.
        self.columns = [column for column in self.columns if column.name != "parent"]

    @property
    def _is_plain(self) -> bool:
        """Whether the list is all children of the opened page, and no hook changes it."""
        return (
            not self.is_searching
            and not self.is_filtering
            and self._reaches_all
            and not hooks.get_hooks("construct_explorer_page_queryset")
        )

    @cached_property
    def _reaches_all(self) -> bool:
        policy: PathPolicy = self.permission_policy
        return policy.explores_all_below(self.request.user, self.parent_page)

    def get_base_queryset(self) -> Any:
        if self.is_searching_whole_tree or not self._reaches_all:
            return super().get_base_queryset()
        first, last = BasePage._get_children_path_interval(self.parent_page.path)
        pages = self.model._default_manager.filter(path__range=(first, last))
        if not (self.is_searching or self.is_filtering):
            pages = pages.filter(depth=self.parent_page.depth + 1)
        return self.annotate_queryset(pages)

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        paginator = super().get_paginator(*args, **kwargs)
        if self._is_plain:
            paginator.known = self.parent_page.numchild
        return paginator

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """As Django's, but the rows of the screen are found first and described afterwards."""
        paginator, page, rows, has_more = super().paginate_queryset(queryset, page_size)
        if isinstance(rows, PageQuerySet):
            keys = list(rows.prefetch_related(None).values_list("pk", flat=True))
            described = {
                row.pk: row
                for row in self.annotate_queryset(
                    self.model._default_manager.filter(pk__in=keys).order_by()
                )
            }
            rows = page.object_list = [described[key] for key in keys if key in described]
        return paginator, page, rows, has_more


class PlatformPages(PageViewSet):
    """Wagtail's screens of pages with our explorer."""

    model = BasePage
    index_view_class = SectionExplorer
