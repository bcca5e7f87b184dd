"""Reads of what earlier imports left behind. All run inside the tenant's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from django.core.cache import cache
from wagtail.contrib.redirects.models import Redirect

from cms_core.pages.models import ArticlePage, BasePage, SectionPage
from sites.tenancy.models import Address, Tenant
from sites.tenancy.rules import ASIDE_SIGN
from sites.tenancy.scope import current_tenant_id, require_scope, system_scope

from .enums import OrderStatus, RecordKind
from .models import ImportedRecord, ImportRun, MergeOrder
from .plan import ArticleContent, KnownRecord, SectionContent, page_digest

#: Values in one condition; SQLite takes 32,766.
_AT_ONCE = 1000

#: Seconds for which the menu may miss that the first import of a site began.
_KNOWN_FOR = 60


def was_merged_into() -> bool:
    """Whether an import ever ran in the open site. Every screen's menu asks, so it is cached."""
    key = _merged_key()
    known = cache.get(key)
    if known is None:
        known = ImportRun.objects.exists()
        cache.set(key, known, _KNOWN_FOR)
    return bool(known)


def may_hold_merged_pages() -> bool:
    """Whether what is saved now can be a merged page. In other sites that costs no query."""
    # What is remembered is a site's own; for work of the platform on several the answer is always yes.
    return not require_scope().tenant_id or was_merged_into()


def forget_whether_merged() -> None:
    """For whoever begins an import in the open site."""
    cache.delete(_merged_key())


def _merged_key() -> str:
    return f"was_merged_into:{current_tenant_id()}"


@dataclass(frozen=True, slots=True)
class Account:
    """An `ImportedRecord` without its page."""

    source_digest: str
    applied_digest: str
    page_id: int | None


def accounts(
    source_name: str, kind: RecordKind, keys: Sequence[str] | None = None
) -> dict[str, Account]:
    """What is on record for one source and kind, by key; of some keys (a batch) or of all."""
    found = ImportedRecord.objects.filter(source_name=source_name, kind=kind).order_by()
    if keys is not None:
        found = found.filter(source_key__in=keys)
    rows = found.values_list("source_key", "source_digest", "applied_digest", "page_id")
    return {
        key: Account(source, applied, page_id)
        for key, source, applied, page_id in rows.iterator(chunk_size=2000)
    }


def known_records(
    found: dict[str, Account], digests: dict[str, str], kind: RecordKind
) -> dict[str, KnownRecord]:
    """Records of the rows in `digests` (key to digest of the row as it is now).

    Pages are read only for rows that changed in the source: for the others it
    does not matter what became of the page.
    """
    changed = {
        account.page_id
        for key, digest in digests.items()
        if (account := found.get(key)) is not None
        and account.source_digest != digest
        and account.page_id is not None
    }
    present = _present(changed, kind)
    known = {}
    for key in digests:
        account = found.get(key)
        if account is not None:
            digest, fields = present.get(account.page_id or 0, ("", {}))
            known[key] = KnownRecord(
                account.source_digest, account.applied_digest, account.page_id, digest, fields
            )
    return known


def _present(
    page_ids: Collection[int], kind: RecordKind
) -> dict[int, tuple[str, dict[str, object]]]:
    if not page_ids:
        return {}
    present = {}
    for page in pages_of(page_ids, kind).values():
        content = content_of(page)
        digest = page_digest(content, page.latest_revision_id)
        present[page.pk] = (digest, asdict(content))
    return present


def pages_of(page_ids: Collection[int], kind: RecordKind) -> dict[int, ArticlePage | SectionPage]:
    """The tenant's pages with these ids, of the type that belongs to the kind; not those in the bin."""
    model = SectionPage if kind == RecordKind.COLUMN else ArticlePage
    pages = model.objects.filter(pk__in=page_ids).exclude(url_path__startswith=f"/{ASIDE_SIGN}")
    return {page.pk: page for page in pages}


def pages_of_rows(
    source_name: str, rows: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """The pages that rows of a source (kind and key) became, as far as they are there."""
    found = (
        ImportedRecord.objects.filter(
            source_name=source_name,
            source_key__in={key for _kind, key in rows},
            page__isnull=False,
        )
        .exclude(page__url_path__startswith=f"/{ASIDE_SIGN}")
        .values_list("kind", "source_key", "page_id")
    )
    return {(kind, key): page_id for kind, key, page_id in found if page_id is not None}


def content_of(page: ArticlePage | SectionPage) -> ArticleContent | SectionContent:
    """The values of a page that an import sets, as the database keeps them."""
    if isinstance(page, SectionPage):
        return SectionContent(
            title=page.title,
            section_kind=page.section_kind,
            description=page.description,
            keywords=page.keywords,
            external_url=page.external_url,
        )
    return ArticleContent(
        title=page.title,
        summary=page.summary,
        source_name=page.source_name,
        author_name=page.author_name,
        keywords=page.keywords,
        published_at=page.published_at,
        live=page.live,
        body=tuple((block["type"], block["value"]) for block in page.body.raw_data),
    )


def slugs_below(page_ids: Iterable[int]) -> dict[int, set[str]]:
    """Slugs in use below each page."""
    parents = {page.path: page.pk for page in BasePage.objects.filter(pk__in=set(page_ids))}
    depths = {len(path) // BasePage.steplen + 1 for path in parents}
    used: dict[int, set[str]] = defaultdict(set)
    if parents:
        children = BasePage.objects.filter(depth__in=depths).values_list("path", "slug")
        for path, slug in children:
            parent = parents.get(path[: -BasePage.steplen])
            if parent is not None:
                used[parent].add(slug)
    return used


def old_paths(site_id: int, paths: Sequence[str]) -> dict[str, int | None]:
    """Those of ``paths`` that already lead somewhere on the site, with the page they lead to."""
    found: dict[str, int | None] = {}
    for start in range(0, len(paths), _AT_ONCE):
        rows = Redirect.objects.filter(
            site_id=site_id, old_path__in=paths[start : start + _AT_ONCE]
        ).values_list("old_path", "redirect_page_id")
        found.update(rows)
    return found


def old_targets(tenant: Tenant, paths: Sequence[str]) -> dict[str, tuple[int | None, bool]]:
    """Where old addresses of the tenant lead: the page, and whether it is public."""
    found: dict[str, tuple[int | None, bool]] = {}
    for start in range(0, len(paths), _AT_ONCE):
        rows = Redirect.objects.filter(
            site_id=tenant.site_id, old_path__in=paths[start : start + _AT_ONCE]
        ).values_list("old_path", "redirect_page_id", "redirect_page__live")
        found.update({path: (page_id, bool(live)) for path, page_id, live in rows})
    return found


def own_hosts(tenant: Tenant) -> set[tuple[str, str]]:
    """Hosts and prefixes on which the tenant answers."""
    return set(Address.objects.filter(tenant=tenant).values_list("host", "prefix"))


def merged_tenants() -> list[Tenant]:
    """Every tenant into which something was merged."""
    with system_scope("which tenants hold merged pages"):
        ids = set(ImportRun.objects.order_by().values_list("tenant_id", flat=True).distinct())
    return list(Tenant.objects.filter(pk__in=ids).order_by("code"))


#: States in which an order waits for an operator and for nobody else.
_WAITING = (
    OrderStatus.LOOKED,
    OrderStatus.REFUSED,
    OrderStatus.STOPPED,
    OrderStatus.INTERRUPTED,
)


def orders_that_wait() -> int:
    """How many orders to merge an operator has to decide on."""
    with system_scope("how many orders to merge wait for an operator"):
        return MergeOrder.objects.filter(status__in=_WAITING).count()
