"""The page model that every type builds on: its tenant, its address, its public face."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import AbstractPage, DefaultBasePageMixin, PageManager, PageViewRestriction
from wagtail.models.pages import AbstractPageMeta
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms_core.pages.forms import LimitedCopyForm
from cms_core.workflow.reviewed import ReviewedPage
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.models import OwnRevision
from sites.tenancy.references import refuse_foreign_owner
from sites.tenancy.rules import ASIDE_SIGN
from sites.tenancy.scope import current_scope, require_scope
from sites.tenancy.selectors import public_address
from sites.tenancy.visibility import own
from sites.typed_text.fields import clean_row

from .parent_path import ParentPath

#: Slug of a tenant's recycle bin, before the tenant's id.
BIN_SLUG = f"{ASIDE_SIGN}bin-"
#: Second and further pages of a list: /section/index_2.html
LIST_PAGE = re.compile(r"(?:^|/)index_(?P<number>[1-9][0-9]{0,4})\.html/?$")


def _route(request: Any, path: str) -> RouteResult | None:
    from cms_core.pages.selectors import page_by_path

    site = getattr(request, "_wagtail_site", None)
    if site is None:
        return None
    listed = LIST_PAGE.search(path)
    page = page_by_path(site.root_page, path[: listed.start()] if listed else path)
    if page is None:
        raise Http404
    if listed is None:
        return RouteResult(page)
    if not page.has_list_pages or listed["number"] == "1":
        raise Http404
    return RouteResult(page, kwargs={"page_number": int(listed["number"])})


_bin_is_seen: ContextVar[bool] = ContextVar("jiyue_bin_is_seen", default=False)


@contextmanager
def seeing_the_bin() -> Iterator[None]:
    """Inside the block, ``objects`` of pages finds what is in the recycle bin too. For its services."""
    token = _bin_is_seen.set(True)
    try:
        yield
    finally:
        _bin_is_seen.reset(token)


class ListedPages(PageQuerySet):
    """Wagtail's queryset of pages, with a question of its listings asked so that 50,000 pages answer."""

    def annotate_approved_schedule(self) -> "ListedPages":
        """As Wagtail's. Asked of the owners' table: asked of the revisions, SQLite walks through all of
        the tenant's revisions once for each page (46 s for 50,000 pages, 0.1 s this way).
        """
        base_type = ContentType.objects.get_for_model(BasePage)
        planned = OwnRevision.objects.filter(
            target__base_content_type_id=base_type.pk,
            target__approved_go_live_at__isnull=False,
            target__object_id=Cast(OuterRef("pk"), output_field=models.CharField()),
        )
        annotated: ListedPages = self.annotate(_approved_schedule=Exists(planned))
        return annotated


class PagesOutOfBin(PageManager.from_queryset(ListedPages)):  # type: ignore[misc]
    """Finds no page in the recycle bin: Wagtail's search, choosers and reports ask no rights."""

    def get_queryset(self) -> Any:
        pages = super().get_queryset()
        if _bin_is_seen.get():
            return pages
        return pages.exclude(url_path__startswith=f"/{BIN_SLUG}")


class DeletedIntoBin(MP_Node):
    """Stands between Wagtail's page and treebeard's: a deletion ends in the tenant's recycle bin.

    Wagtail's action calls the method below its own page class, so a ``delete`` of ``BasePage`` would
    be passed by; this one is reached by every screen, bulk action and interface.
    """

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Move the page into the bin; for good only what stands there, and homes."""
        from cms_core.pages import recycle_bin

        page: Any = self
        if recycle_bin.takes(page):
            recycle_bin.recycle_pages(actor=require_scope().user_id, pages=[page])
            return 0, {}
        return super().delete(*args, **kwargs)


class BasePage(ReviewedPage, AbstractPage, DeletedIntoBin, DefaultBasePageMixin):
    """The platform's page model. Only the root of the tree belongs to no tenant."""

    tenant_id: int | None
    #: Whether ``index_<number>.html`` below the page are further pages of its list.
    has_list_pages = False
    #: Whether lists of a section name pages of this type.
    is_listed = False
    #: Whether a home page that names its newest pages by itself names it.
    is_news = False

    tenant = models.ForeignKey(
        "sites_tenancy.Tenant",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="pages",
    )

    #: Wagtail's view of copying asks the page for its form.
    copy_form_class = LimitedCopyForm
    #: Whether the row, as it was read, is public; ``None`` where it was not read.
    _row_is_live: bool | None = None
    # What lists sort by and print stands on the shared row: a list is read from one table, whatever
    # types of pages it names. Home pages and sections leave these empty.
    summary = models.TextField(_("summary"), blank=True, max_length=500)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    published_at = models.DateTimeField(
        _("publish time"),
        null=True,
        blank=True,
        help_text=_("Shown on the page. Set when the page is first published, unless given."),
    )
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("Last day on which this applies. Afterwards the page stays and says so."),
    )
    is_pinned = models.BooleanField(_("pinned to the top"), default=False)
    pinned_until = models.DateTimeField(
        _("pinned until"),
        null=True,
        blank=True,
        help_text=_("Empty: until you take the pin away."),
    )
    list_place = models.PositiveSmallIntegerField(
        _("place in its lists"),
        null=True,
        blank=True,
        help_text=_("1 stands first, after what is pinned. Empty: by publish time."),
    )

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel(
                    "seo_title",
                    heading=_("title in search engines"),
                    help_text=_(
                        "What the browser's tab and search engines show above the name of the site. Empty:"
                        " the title."
                    ),
                ),
                FieldPanel(
                    "search_description",
                    heading=_("description in search engines"),
                    help_text=_(
                        "Two or three sentences below the title in search results. Empty: what the page"
                        " says of itself."
                    ),
                ),
            ],
            heading=_("Address and search engines"),
        )
    ]

    objects = PagesOutOfBin()
    # Every search asks for it: see PagesOutOfBin.
    search_fields = [*AbstractPage.search_fields, index.FilterField("url_path")]

    tenant_visibility = own(also=Q(depth=1))
    # Every page has its tenant: no use of one worth an index row for each page.
    tenant.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]

    class Meta(AbstractPageMeta):
        indexes = [
            # The public side finds a page by its whole path (treebeard's path index does not help). With
            # the tenant, or SQLite takes another index that begins with it and walks through the site.
            models.Index(fields=["url_path", "tenant"], name="page_url_path"),
            # The explorer lists a section newest first: read in this order, the first fifty are enough.
            models.Index(
                fields=["depth", "latest_revision_created_at", "tenant", "path"],
                name="page_newest_in_explorer",
            ),
            # One type of one tenant (its sections): few rows among many articles.
            models.Index(fields=["tenant", "content_type", "path"], name="page_types_of_tenant"),
            # Newest first: in one section (its list, its feed, newer and older), in one site (home page,
            # feed). What these ask of a row stands in the index, so that pages passed over cost no row.
            models.Index(
                F("tenant"),
                ParentPath("path"),
                F("published_at").desc(),
                F("id").desc(),
                F("live"),
                F("content_type"),
                F("depth"),
                F("path"),
                condition=Q(live=True),
                name="page_newest_in_section",
            ),
            models.Index(
                fields=["tenant", "-published_at", "-id", "path", "live", "content_type", "depth"],
                name="page_newest",
            ),
            # What editors put at the top of lists by hand: few rows.
            models.Index(
                fields=["tenant", "content_type", "path"],
                condition=Q(live=True) & (Q(is_pinned=True) | Q(list_place__isnull=False)),
                name="page_placed_by_hand",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(depth=1) | Q(tenant__isnull=False), name="page_belongs_to_a_tenant"
            ),
        ]

    @transaction.atomic
    def save(
        self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any
    ) -> Any:
        """Save the row and its public face in one transaction.

        A save of some fields only (Wagtail's note of the newest draft) leaves the public face alone.
        """
        from cms_core.pages import publication, withdrawal

        refuse_foreign_owner(self)
        self._settle_publish_time()
        was_live = self._was_live()
        if clean and self.live:
            self.check_ready()
        result = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        if kwargs.get("update_fields") is None:
            publication.synchronize(self)
            withdrawal.follow_save(self, was_live=was_live)
            self._row_is_live = self.live
        return result

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Any:
        """As Django's; the row's own state is kept beside what a form makes of it."""
        row = super().from_db(db, field_names, values, **kwargs)
        row._row_is_live = row.__dict__.get("live")
        return row

    def get_latest_revision(self) -> Any:
        """As Wagtail's. Screens ask for the public revision too, mostly the same one: it is read once."""
        found = super().get_latest_revision()
        if found is not None and found.pk == self.live_revision_id:
            self.live_revision = found
        return found

    def with_content_json(self, content: Any) -> Any:
        """As Wagtail's: a draft made of this row knows whether the row is public."""
        draft = super().with_content_json(content)
        draft._row_is_live = self._row_is_live
        return draft

    def _was_live(self) -> bool:
        if self._state.adding:
            return False
        if self._row_is_live is None:
            found = BasePage.objects.filter(pk=self.pk).values_list("live", flat=True).first()
            return bool(found)
        return self._row_is_live

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; the tenant, which the guard fills at the insert, is known to the constraint."""
        scope = current_scope()
        if self.tenant_id is None and self.depth != 1 and scope is not None and scope.tenant_id:
            self.tenant_id = scope.tenant_id
        # No form sets these: somebody who left the site still owns what they wrote, and what they
        # planned still happens.
        if not args:
            kwargs["exclude"] = {*(kwargs.get("exclude") or ()), "owner", "locked_by"}
        clean_row(self)
        super().full_clean(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; two editors' forms that arrive in the same instant are saved one after the other.

        :raises NewerVersion: this form came second.
        """
        from cms_core.pages.edit_conflicts import saved_in_turn

        with saved_in_turn(self):
            return super().save_revision(*args, **kwargs)

    def _settle_publish_time(self) -> None:
        """Types that show a publish time set it here, before they go live."""

    def check_ready(self) -> None:
        """What must be there before the public sees the page; a draft may lack it.

        :raises ValidationError: by field where there is one.
        """

    def _update_descendant_url_paths(self, old_url_path: str, new_url_path: str) -> None:
        """Wagtail's hook of a moved or renamed page; inside the same transaction."""
        from cms_core.pages import publication

        super()._update_descendant_url_paths(old_url_path, new_url_path)
        publication.refresh_below(self)

    def move(self, target: "BasePage", pos: str | None = None, user: Any = None) -> Any:
        """Move inside the tenant. :raises CrossTenantWrite: ``target`` is outside it."""
        self._refuse_other_tenant(target)
        return super().move(target, pos=pos, user=user)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy inside the tenant. :raises CrossTenantWrite: the target is outside it."""
        if kwargs.get("to") is not None:
            self._refuse_other_tenant(kwargs["to"])
        return super().copy(*args, **kwargs)

    def _refuse_other_tenant(self, target: "BasePage") -> None:
        if target.tenant_id != self.tenant_id:
            raise CrossTenantWrite(
                f"page {self.pk} cannot go below page {target.pk} of another tenant"
            )

    @staticmethod
    def route_for_request(request: Any, path: str) -> RouteResult | None:
        """Find the page by its whole path in one query; Wagtail walks down one level at a time.

        A list page of a section ends in ``index_<number>.html``: a file can have that address.
        """
        if not hasattr(request, "_wagtail_route_for_request"):
            request._wagtail_route_for_request = _route(request, path)
        found: RouteResult | None = request._wagtail_route_for_request
        return found

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page in the tenant's theme."""
        from cms_core.pages.views import render_page

        return render_page(
            self,
            tenant=getattr(request, "tenant", None),
            page_number=kwargs.get("page_number", 1),
        )

    def get_view_restrictions(self) -> Any:
        """Wagtail's restrictions on this page and those above; it asks in two queries on every page.

        Where the tenant has none at all, which one cached question tells, the answer is known.
        """
        from cms_core.pages.selectors import private_paths

        if not private_paths():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """A draft, drawn as the page that it will be."""
        from cms_core.pages.views import render_page

        return render_page(self)

    @property
    def is_recycled(self) -> bool:
        """Whether the page is, or lies in, the recycle bin."""
        return self.url_path.startswith(f"/{BIN_SLUG}")

    def get_url_parts(self, request: Any = None) -> tuple[int | None, str, str] | None:
        """Wagtail's ``(site_id, root_url, path)``, built from the address table and nothing else.

        ``None`` for the root, for what is in the recycle bin, and for a page whose tenant has no
        address.
        """
        if self.tenant_id is None or self.is_recycled:
            return None
        address = public_address(self.tenant_id)
        if address is None:
            return None
        # url_path is /<home slug>/<rest>/ because every home is a child of the root.
        _root, _home, rest = self.url_path.split("/", 2)
        return (address.site_id, address.root_url, f"{address.prefix}/{rest}")

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """Relative on the tenant's own host, absolute elsewhere (the administration's host)."""
        parts = self.get_url_parts(request)
        if parts is None:
            return None
        site_id, root_url, path = parts
        if current_site is None and request is not None:
            current_site = getattr(request, "_wagtail_site", None)
        if current_site is not None and current_site.pk == site_id:
            return path
        return root_url + path

    url = property(get_url)
