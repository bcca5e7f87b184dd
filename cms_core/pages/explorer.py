"""Wagtail's explorer, asked so that a section of 50,000 articles opens like one of fifty.

Nothing that is shown differs. What differs is how it is asked: no list of all keys that a person
reaches stands in a condition where the opened page answers for all below it; the children of a page
are counted by the number that the tree keeps; and what a row says of its state is asked for the rows
of one screen, not for every row before they are sorted.

The same holds for the choosing of a page, whose rows Wagtail asks one by one.
"""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.listing import (
    EditedByFilter,
    ExplorableIndexView,
    GenericPageFilterSet,
)
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import PageLogEntry
from wagtail.query import PageQuerySet

from .listing_cells import ExplorerTitleColumn
from .models import BasePage
from .page_policy import PathPolicy

_WAGTAILS = GenericPageFilterSet.base_filters


def _owners(_request: Any) -> Any:
    """People who own a page here, each asked for one page: there are few people and many pages."""
    own = BasePage.objects.filter(owner_id=OuterRef("pk"), depth__gt=1).order_by()
    return get_user_model().objects.filter(Exists(own))


def _editors(_request: Any) -> Any:
    """People who edited a page here."""
    edits = PageLogEntry.objects.filter(action="wagtail.edit", user_id=OuterRef("pk")).order_by()
    return get_user_model().objects.filter(Exists(edits))


class ExplorerFilters(GenericPageFilterSet):
    """Wagtail's filters. The people to choose from are found without a walk through all pages."""

    owner = MultipleUserFilter(
        label=_WAGTAILS["owner"].label, queryset=_owners, widget=forms.CheckboxSelectMultiple
    )
    edited_by = EditedByFilter(
        label=_WAGTAILS["edited_by"].label, queryset=_editors, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = BasePage
        fields: tuple[str, ...] = ()


def _title_column(column: PageTitleColumn) -> ExplorerTitleColumn:
    return ExplorerTitleColumn(
        column.name,
        label=column.label,
        classname=column.classname,
        sort_key=column.sort_key,
        width=column.width,
        ascending_title_text=column.ascending_title_text,
        descending_title_text=column.descending_title_text,
    )


class KnownCount(WagtailPaginator):
    """A paginator that was told how many rows there are."""

    known: int | None = None

    @cached_property
    def count(self) -> int:
        return self.known if self.known is not None else int(super().count)


class SectionExplorer(ExplorableIndexView):
    """The list below one page."""

    paginator_class = KnownCount
    columns: Any

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Wagtail drops the column of the parent later, after it was asked for.
        self.columns = [
            _title_column(column) if type(column) is PageTitleColumn else column
            for column in self.columns
            if column.name != "parent"
        ]

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
    def _top(self) -> BasePage:
        """The page below which is listed: the opened one, or the first that the person sees."""
        if self.is_searching_whole_tree:
            top: BasePage = self.permission_policy.explorable_root_instance(self.request.user)
            return top
        opened: BasePage = self.parent_page
        return opened

    @cached_property
    def _reaches_all(self) -> bool:
        policy: PathPolicy = self.permission_policy
        return policy.explores_all_below(self.request.user, self._top)

    def get_base_queryset(self) -> Any:
        """Rows to choose from, undescribed (see ``paginate_queryset``) where no condition is lost."""
        if not self._reaches_all:
            return super().get_base_queryset()
        first, last = BasePage._get_children_path_interval(self._top.path)
        if self.is_searching_whole_tree:
            first = self._top.path
        pages = self.model._default_manager.filter(path__range=(first, last))
        if not (self.is_searching or self.is_filtering):
            pages = pages.filter(depth=self._top.depth + 1)
        return pages

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        paginator = super().get_paginator(*args, **kwargs)
        if self._is_plain:
            paginator.known = self.parent_page.numchild
        return paginator

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """As Django's, but the rows of the screen are found first and described afterwards."""
        paginator, page, rows, has_more = super().paginate_queryset(queryset, page_size)
        if self._reaches_all:
            if isinstance(rows, PageQuerySet):
                keys = list(rows.values_list("pk", flat=True))
            else:
                keys = [found.pk for found in rows]
            described = {
                row.pk: row
                for row in self.annotate_queryset(
                    self.model._default_manager.filter(pk__in=keys).order_by()
                )
            }
            rows = page.object_list = [described[key] for key in keys if key in described]
        return paginator, page, rows, has_more


class NewPage(CreateView):
    """A page that is published at once becomes public by its revision, after the checks have read it.

    Wagtail saves the row as public first; a check that refuses would leave it so.
    """

    def publish_action(self) -> Any:
        self.page.live = False
        return super().publish_action()


class PlatformPages(PageViewSet):
    """Wagtail's screens of pages with our explorer."""

    model = BasePage
    add_view_class = NewPage
    index_view_class = SectionExplorer
    filterset_class = ExplorerFilters
