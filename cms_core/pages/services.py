"""Writes of pages. Single functions go through Wagtail's actions; bulk ones make the same rows.

All run inside the tenant's scope (or an opening scope) and are one transaction each.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale

from .bulk import Family, insert_children, insert_families
from .models import ArticlePage, BasePage, HomePage, SectionPage
from .publication import publish_pages
from .rows import ArticleRow, SectionRow
from .withdrawal import saying
from .withdrawal_rules import TAKEN_OFF, WithdrawalNotice

P = TypeVar("P", bound=BasePage)


def default_locale_id() -> int:
    """The platform's one content language (a foreign-language edition is a tenant of its own)."""
    return Locale.get_default().pk


@transaction.atomic
def create_home(
    *, actor: Any, tenant_id: int, slug: str, title: str, introduction: str = ""
) -> HomePage:
    """A tenant's home page, child of the root. Runs in the tenant's opening scope."""
    root = BasePage.objects.select_for_update().get(depth=1)
    home = HomePage(
        title=title,
        slug=slug,
        introduction=introduction,
        tenant_id=tenant_id,
        locale_id=default_locale_id(),
    )
    insert_children(root, [home], actor=actor)
    return home


@transaction.atomic
def create_section(*, actor: Any, parent: BasePage, row: SectionRow) -> SectionPage:
    """One section, live at once: an empty one is not listed."""
    section = _section(row, default_locale_id())
    _add_draft(parent, section, actor)
    _publish(section, actor, log_edit=False)
    section.refresh_from_db()
    return section


@transaction.atomic
def create_article(*, actor: Any, parent: BasePage, row: ArticleRow) -> ArticlePage:
    """One article below ``parent``; published when ``row.live``."""
    article = _article(row, default_locale_id())
    _add_draft(parent, article, actor)
    if row.live:
        _publish(article, actor, log_edit=False)
    else:
        article.save_revision(user=actor)
    article.refresh_from_db()
    return article


@transaction.atomic
def create_page(*, actor: Any, parent: BasePage, page: P, live: bool = True) -> P:
    """A page of any type below ``parent``, from an unsaved row; published when ``live``.

    :raises ValidationError: it lacks what its type needs before the public may see it.
    """
    page.locale_id = default_locale_id()
    _add_draft(parent, page, actor)
    if live:
        _publish(page, actor, log_edit=False)
    else:
        # A draft may lack what its type needs before the public sees it: that is what is left to write.
        page.save_revision(user=actor, clean=False)
    page.refresh_from_db()
    return page


@transaction.atomic
def publish_page(*, actor: Any, page: BasePage, changes: dict[str, Any] | None = None) -> BasePage:
    """Publish the newest draft of ``page``, with ``changes`` (field name → value) made to it first."""
    draft = BasePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in (changes or {}).items():
        setattr(draft, name, value)
    _publish(draft, actor, log_edit=True)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def unpublish_page(*, actor: Any, page: BasePage, notice: WithdrawalNotice | None = None) -> None:
    """Take one page off the site, as ``withdraw_pages`` does; without a notice, with the plainest."""
    current = BasePage.objects.get(pk=page.pk).specific
    with saying(notice or WithdrawalNotice(TAKEN_OFF)):
        UnpublishPageAction(current, user=actor).execute(skip_permission_checks=True)


def _add_draft(parent: BasePage, page: BasePage, actor: Any) -> None:
    page.live = False
    page.has_unpublished_changes = True
    page.owner_id = getattr(actor, "pk", None)
    parent.add_child(instance=page)


def _publish(page: BasePage, actor: Any, *, log_edit: bool) -> None:
    revision = page.save_revision(user=actor, clean=True, log_action=log_edit)
    page.publish(revision, user=actor, skip_permission_checks=True)


def _section(row: SectionRow, locale_id: int) -> SectionPage:
    return SectionPage(
        title=row.title,
        slug=row.slug,
        section_kind=row.section_kind,
        column_type=row.column_type,
        description=row.description,
        keywords=row.keywords,
        update_interval_days=row.update_interval_days,
        external_url=row.external_url,
        is_notice=row.is_notice,
        is_listed_when_empty=row.is_listed_when_empty,
        show_in_menus=row.show_in_menus,
        locale_id=locale_id,
    )


def _article(row: ArticleRow, locale_id: int) -> ArticlePage:
    article = ArticlePage(
        title=row.title,
        slug=row.slug,
        summary=row.summary,
        source_name=row.source_name,
        author_name=row.author_name,
        editor_name=row.editor_name,
        keywords=row.keywords,
        published_at=row.published_at,
        locale_id=locale_id,
    )
    article.body = article_body(row.body)
    return article


def article_body(blocks: Sequence[tuple[str, Any]]) -> Any:
    """A StreamField value from ``(block type, plain value)`` pairs.

    :raises ValueError: an unknown block type.
    """
    field = ArticlePage._meta.get_field("body")
    known = field.stream_block.child_blocks
    unknown = {kind for kind, _value in blocks} - set(known)
    if unknown:
        raise ValueError(f"unknown block types: {', '.join(sorted(unknown))}")
    # Each block gets its id here: what refers to a block can name it before the row is read again.
    body = field.stream_block.to_python(
        [{"type": kind, "value": value, "id": str(uuid4())} for kind, value in blocks]
    )
    # A block that nobody looked at is stored as it came; looked at, it is cleaned like an editor's.
    for _block in body:
        pass
    return body


@transaction.atomic
def bulk_create_sections(*, actor: Any, rows: Sequence[SectionRow]) -> dict[str, SectionPage]:
    """Make many sections, parents before children, in a constant number of statements a level.

    :returns: key → page. :raises ValueError: a row whose parent is neither made here nor existing.
    """
    locale_id = default_locale_id()
    made: dict[str, SectionPage] = {}
    pending = list(rows)
    parents = {
        page.pk: page
        for page in BasePage.objects.filter(pk__in={r.parent_id for r in rows if r.parent_id})
    }
    while pending:
        ready = [
            r
            for r in pending
            if (r.parent_key in made) or (not r.parent_key and r.parent_id in parents)
        ]
        if not ready:
            missing = ", ".join(r.key for r in pending[:3])
            raise ValueError(f"sections without a parent: {missing}")
        groups: dict[int, tuple[BasePage, list[SectionRow]]] = {}
        for row in ready:
            parent = made[row.parent_key] if row.parent_key else parents[row.parent_id]  # type: ignore[index]
            groups.setdefault(parent.pk, (parent, []))[1].append(row)
        families = []
        for parent, children in groups.values():
            pages = [_section(row, locale_id) for row in children]
            families.append(Family(parent, pages))
            made.update({row.key: page for row, page in zip(children, pages, strict=True)})
        insert_families(families, actor=actor)
        taken = {row.key for row in ready}
        pending = [r for r in pending if r.key not in taken]
    return made


@transaction.atomic
def bulk_create_articles(*, actor: Any, rows: Sequence[ArticleRow]) -> dict[str, ArticlePage]:
    """Make many articles; live ones become published resources in the same transaction.

    :returns: key → page. :raises ValueError: an unknown parent.
    """
    parents = {
        page.pk: page for page in BasePage.objects.filter(pk__in={row.parent_id for row in rows})
    }
    groups: dict[int, list[ArticleRow]] = {}
    for row in rows:
        if row.parent_id not in parents:
            raise ValueError(f"article {row.key}: no page {row.parent_id} in this tenant")
        groups.setdefault(row.parent_id, []).append(row)
    now = timezone.now()
    locale_id = default_locale_id()
    made: dict[str, ArticlePage] = {}
    families = []
    for parent_id, children in groups.items():
        pages = []
        for row in children:
            page = _article(row, locale_id)
            page.live = row.live
            page.has_unpublished_changes = not row.live
            if row.live and page.published_at is None:
                page.published_at = now
            pages.append(page)
        families.append(Family(parents[parent_id], pages))
        made.update({row.key: page for row, page in zip(children, pages, strict=True)})
    insert_families(families, actor=actor)
    publish_pages(actor=actor, pages=[page for page in made.values() if page.live])
    return made
