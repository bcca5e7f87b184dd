"""Pages made in bulk leave the same rows as pages made one at a time."""

import json
from typing import Any

import pytest
from django.db import models
from wagtail.models import PageLogEntry, ReferenceIndex, Revision

from cms_core.pages.models import BasePage
from cms_core.pages.services import (
    bulk_create_articles,
    bulk_create_sections,
    create_article,
    create_section,
)
from cms_core.resources.models import PublishedResource
from sites.audit.models import DomainEvent, PendingSeal
from sites.outbox.models import OutboxEvent
from sites.tenancy.models import OwnPageLogEntry, OwnReference, OwnRevision
from tests.cms_core.pages.conftest import article_row, section_row

#: Columns that differ between any two rows: keys, places in the tree, times, random tokens and seals.
OF_EACH_ROW = {
    "basepage_ptr", "checksum", "content_path_hash", "created_at", "emitted_at", "first_published_at",
    "id", "last_published_at",
    "latest_revision", "latest_revision_created_at", "live_revision", "mac", "numchild", "object_id",
    "page", "path", "pk", "recorded_at", "revision", "source_uuid", "subject_id", "subject_uuid", "timestamp",
    "translation_key", "updated_at", "url", "url_path", "uuid", "at", "available_at",
}  # fmt: skip


def columns(row: models.Model) -> dict[str, Any]:
    """The columns of a row that must be the same in both ways."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in OF_EACH_ROW
    }


def content(revision: Revision) -> dict[str, Any]:
    """A revision's text without what differs between any two pages."""
    stored = {name: value for name, value in revision.content.items() if name not in OF_EACH_ROW}
    for name, value in stored.items():
        if name in {"body", "blocks"}:
            blocks = json.loads(value)
            stored[name] = [{k: v for k, v in block.items() if k != "id"} for block in blocks]
    return stored


def place(reference: ReferenceIndex, page: BasePage) -> list[Any]:
    """Where a reference stands: the field, and whether its block is one of the stored page."""
    field, _dot, block_id = reference.content_path.partition(".")
    stored = {block.id for block in page.body} if field == "body" else set()
    return [field, block_id in stored]


def rows_of(page: BasePage) -> dict[str, list[Any]]:
    """Everything that was written for ``page``, table by table."""
    page = BasePage.objects.get(pk=page.pk).specific
    revisions = list(Revision.objects.for_instance(page).order_by("pk"))
    logs = list(PageLogEntry.objects.filter(page_id=page.pk).order_by("pk"))
    references = list(ReferenceIndex.get_references_for_object(page).order_by("pk"))
    resources = list(PublishedResource.objects.filter(source_uuid=page.translation_key))
    subjects = [str(resource.pk) for resource in resources]
    written = columns(page)
    if "body" in written:
        written["body"] = [(block.block_type, str(block.value)) for block in page.body]
    return {
        "page": [written],
        "is the newest revision noted": [
            page.latest_revision_id == revisions[-1].pk,
            page.live_revision_id == (revisions[-1].pk if page.live else None),
            page.latest_revision_created_at == revisions[-1].created_at,
        ],
        "times": [page.first_published_at is not None, page.last_published_at is not None],
        "revisions": [columns(row) | {"content": content(row)} for row in revisions],
        "log": [columns(row) | {"has revision": row.revision_id is not None} for row in logs],
        "references": [columns(row) | {"content_path": place(row, page)} for row in references],
        "resources": [columns(row) | {"checksum": bool(row.checksum)} for row in resources],
        "outbox": [
            columns(row) | {"payload": sorted(row.payload)}
            for row in OutboxEvent.objects.filter(subject_uuid__in=[r.uuid for r in resources])
        ],
        "events": [
            columns(row) | {"data": sorted(row.data)}
            for row in DomainEvent.objects.filter(subject_id__in=subjects)
        ],
        "seals": [
            PendingSeal.objects.filter(event_id=row.pk, chain=row.chain).exists()
            for row in DomainEvent.objects.filter(subject_id__in=subjects)
        ],
        "owners": [
            OwnRevision.objects.filter(target__in=revisions).count() == len(revisions),
            OwnPageLogEntry.objects.filter(target__in=logs).count() == len(logs),
            OwnReference.objects.filter(target__in=references).count() == len(references),
        ],
    }


@pytest.mark.parametrize("live", [True, False], ids=["published", "draft"])
def test_articles(in_town, editor, live):
    town = in_town
    link = f'<p>见<a linktype="page" id="{town.articles[0].pk}">原文</a></p>'
    single_home = create_section(actor=editor, parent=town.home, row=section_row(0, slug="one"))
    bulk_home = create_section(actor=editor, parent=town.home, row=section_row(0, slug="two"))
    body = [("paragraph", link), ("html", "<table><tr><td>1</td></tr></table>")]

    single = create_article(
        actor=editor, parent=single_home, row=article_row(0, body=body, live=live)
    )
    made = bulk_create_articles(
        actor=editor, rows=[article_row(bulk_home.pk, body=body, live=live)]
    )

    assert rows_of(made["a"]) == rows_of(single)
    assert rows_of(single)["references"], "the text refers to a page, and the index does not know"


def test_many_articles_each_get_their_own_rows(in_town, editor):
    """In one call: two sections, published and draft in turn, texts that differ."""
    town = in_town
    homes = [
        create_section(actor=editor, parent=town.home, row=section_row(0, slug=slug))
        for slug in ("one", "two", "three")
    ]
    plan = [(f"n{n}", n % 2, n % 3 != 0) for n in range(6)]

    def row(parent_id, slug, live):
        body = [("paragraph", f"<p>{slug}</p>")]
        return article_row(parent_id, key=slug, slug=slug, title=slug, body=body, live=live)

    made = bulk_create_articles(
        actor=editor, rows=[row(homes[section].pk, slug, live) for slug, section, live in plan]
    )
    for slug, _section, live in plan:
        single = create_article(actor=editor, parent=homes[2], row=row(homes[2].pk, slug, live))
        assert rows_of(made[slug]) == rows_of(single)


def test_sections(in_town, editor):
    town = in_town
    above = [
        create_section(actor=editor, parent=town.home, row=section_row(0, slug=slug))
        for slug in ("one", "two")
    ]

    single = create_section(actor=editor, parent=above[0], row=section_row(0))
    made = bulk_create_sections(actor=editor, rows=[section_row(above[1].pk)])

    assert rows_of(made["s"]) == rows_of(single)


def test_places_in_the_tree(in_town, editor):
    town = in_town
    made = bulk_create_sections(
        actor=editor,
        rows=[
            section_row(town.home.pk, key="top", slug="top"),
            section_row(None, key="b", slug="b", parent_key="top"),
            section_row(None, key="c", slug="c", parent_key="b"),
        ],
    )
    bulk_create_articles(
        actor=editor,
        rows=[article_row(made["c"].pk, key=str(n), slug=f"n{n}") for n in range(5)],
    )

    assert BasePage.find_problems() == ([], [], [], [], [])
    section = BasePage.objects.get(pk=made["c"].pk)
    assert [page.slug for page in section.get_children()] == [f"n{n}" for n in range(5)]
    assert section.get_children()[0].url_path == "/town/top/b/c/n0/"


def test_a_doubled_slug_writes_nothing(in_town, editor):
    rows = [article_row(in_town.section.pk, key=key, slug="same") for key in "ab"]
    before = BasePage.objects.count()

    with pytest.raises(ValueError, match="same"):
        bulk_create_articles(actor=editor, rows=rows)

    assert BasePage.objects.count() == before


def test_an_unknown_parent_is_named(in_town, editor):
    with pytest.raises(ValueError, match="article lost"):
        bulk_create_articles(actor=editor, rows=[article_row(999_999, key="lost")])
    with pytest.raises(ValueError, match="lost"):
        bulk_create_sections(
            actor=editor, rows=[section_row(None, key="lost", parent_key="nowhere")]
        )
