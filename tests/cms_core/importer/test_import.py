"""An import into a tenant: what is made, that it is made once, and that editors keep their work."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from cms_core.importer.enums import AttachmentRole, Outcome, RecordKind, RunStatus
from cms_core.importer.exceptions import ImportFailed, ImportRunning, SourceError
from cms_core.importer.models import ImportedRecord, ImportRun, MissingAttachment
from cms_core.importer.services import STALE_AFTER
from cms_core.importer.writing import PageWriter
from cms_core.pages.models import ArticlePage, BasePage, SectionPage
from cms_core.pages.services import publish_page
from sites.tenancy.scope import tenant_scope
from tests.cms_core.importer.dumps import SiteDump, pages_of
from tests.tenants import make_tenant

pytestmark = pytest.mark.django_db


def article(key):
    return ArticlePage.objects.get(slug=f"a-{key}")


def outcomes(result, kind=RecordKind.ARTICLE):
    """Key → outcome of the listed rows of a kind."""
    return {entry.source_key: entry.outcome for entry in result.report.listed if entry.kind == kind}


def reasons(result, key, kind=RecordKind.ARTICLE):
    return " ".join(
        reason
        for entry in result.report.listed
        if (entry.kind, entry.source_key) == (kind, str(key))
        for reason in entry.reasons
    )


def everything():
    """A picture of all rows an import writes, for comparing."""
    pages = (SectionPage, ArticlePage)
    rows = (BasePage, ImportedRecord, MissingAttachment, Redirect)
    return {
        **{
            model.__name__: [p.serializable_data() for p in model.objects.order_by("pk")]
            for model in pages
        },
        **{model.__name__: list(model.objects.order_by("pk").values()) for model in rows},
    }


def test_sections_keep_their_tree(run_import, old_site, in_town):
    run_import(old_site)
    news = SectionPage.objects.child_of(in_town.home).get(title="新闻")

    assert [page.title for page in news.get_children().type(SectionPage)] == ["通知公告"]
    assert news.section_kind == "section"
    assert news.slug == "xinwen"
    assert BasePage.find_problems() == ([], [], [], [], [])


def test_an_article_arrives_whole(run_import, old_site):
    run_import(old_site)
    page = article(10)

    assert (page.title, page.summary) == ("好稿件", "好的“摘要”")
    assert page.get_parent().title == "通知公告"
    assert page.live
    assert page.published_at.isoformat() == "2015-06-09T23:34:19+00:00"
    assert [(block.block_type, str(block.value.source)) for block in page.body] == [
        ("paragraph", "<p>第一段</p><p>第二段</p>")
    ]


def test_all_pages_of_a_text_are_joined_and_tables_kept(run_import, old_site):
    run_import(old_site)

    assert [(block["type"], block["value"]) for block in article(11).body.raw_data] == [
        ("paragraph", "<p>一</p>"),
        ("html", "<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>"),
    ]


def test_every_row_has_one_outcome(run_import, old_site):
    result = run_import(old_site)

    assert result.report.counts_json()["columns"] == {
        "imported": 2, "repaired": 1, "skipped": 0, "lost": 0,
    }  # fmt: skip
    assert outcomes(result) == {
        "12": Outcome.REPAIRED,
        "13": Outcome.REPAIRED,
        "14": Outcome.REPAIRED,
        "15": Outcome.REPAIRED,
        "16": Outcome.REPAIRED,
        "17": Outcome.LOST,
        "18": Outcome.REPAIRED,
        "19": Outcome.REPAIRED,
        "20": Outcome.SKIPPED,
        "22": Outcome.REPAIRED,
    }
    assert sum(result.report.counts[RecordKind.ARTICLE].values()) == 13


@pytest.mark.parametrize(
    ("key", "word", "is_live"),
    [
        (12, "script", True),
        (13, "encoded more than once", True),
        (14, "garbled characters in the summary", True),
        (15, "garbled characters in the text", False),
        (16, "column 77", True),
        (17, "not in the source", False),
        (18, "no text", False),
        (19, "test entry", False),
        (22, "db:作者", False),
    ],
)
def test_what_is_mended_or_held_back_says_why(run_import, old_site, key, word, is_live):
    result = run_import(old_site)

    assert word in reasons(result, key)
    assert article(key).live is is_live


def test_dirty_rows_are_clean_on_the_page(run_import, old_site):
    run_import(old_site)

    assert article(12).body.raw_data[0]["value"] == "<p>字</p>"
    assert article(13).body.raw_data[0]["value"] == "<p>一“二”</p>"
    assert article(13).summary == "三 四"
    assert article(14).summary == ""
    assert article(17).body.raw_data[0]["value"] == "<p>只有摘要</p>"
    assert article(22).author_name == ""


def test_what_lost_its_place_is_held_for_sorting(run_import, old_site, in_town):
    run_import(old_site)
    holding = article(16).get_parent().specific

    assert holding.get_parent().pk == in_town.home.pk
    assert [page.title for page in holding.get_children().type(SectionPage)] == ["失散栏目"]
    assert not holding.show_in_menus


def test_nothing_is_held_when_nothing_is_lost(run_import, in_town):
    dump = SiteDump()
    dump.section(1, "新闻")
    dump.article(10, 1, "稿件", "<p>字</p>")
    run_import(dump)

    titles = SectionPage.objects.child_of(in_town.home).values_list("title", flat=True)
    assert set(titles) == {"town section", "新闻"}


def test_a_missing_picture_leaves_its_place(run_import, old_site):
    result = run_import(old_site)
    page = article(21)
    block, cover = MissingAttachment.objects.filter(page=page).order_by("-block_id")

    assert [part["type"] for part in page.body.raw_data] == [
        "paragraph", "missing_attachment", "paragraph",
    ]  # fmt: skip
    assert block.block_id == page.body.raw_data[1]["id"]
    assert (block.reference, block.role) == ("a/b.jpg", AttachmentRole.IMAGE)
    assert (cover.reference, cover.role, cover.block_id) == (
        "a/cover.jpg", AttachmentRole.COVER, "",
    )  # fmt: skip
    assert result.report.counts[RecordKind.ATTACHMENT] == {Outcome.LOST: 2}


def test_repeats_in_a_column_are_merged(run_import, old_site):
    result = run_import(old_site)

    assert not ArticlePage.objects.filter(slug="a-20").exists()
    assert result.report.repeated == [
        {"title": "好稿件", "owner": "10", "copies": ["20"], "merged": ["20"]}
    ]
    moved = Redirect.objects.get(old_path="/s.php/gov1/item-view-id-20.shtml")
    assert moved.redirect_page.pk == article(10).pk


def test_old_addresses_lead_to_the_pages(run_import, old_site, in_town):
    run_import(old_site)

    for path, page in (
        ("/s.php/gov1/item-view-id-10.shtml", article(10)),
        ("/s.php/gov1/item-view-id-11-page-2.html", article(11)),
        ("/s.php/gov1/item-list-category-2", SectionPage.objects.get(title="通知公告")),
    ):
        redirect = Redirect.objects.get(old_path=path, site=in_town.tenant.site)
        assert redirect.redirect_page.pk == page.pk
        assert redirect.is_permanent


def test_an_address_that_is_taken_is_left_alone(run_import, old_site, in_town):
    path = "/s.php/gov1/item-view-id-10.html"
    Redirect.objects.create(
        old_path=path, site=in_town.tenant.site, redirect_page=in_town.articles[0]
    )
    result = run_import(old_site)

    assert Redirect.objects.get(old_path=path).redirect_page.pk == in_town.articles[0].pk
    assert "leads elsewhere" in reasons(result, path, RecordKind.REDIRECT)


def test_slugs_of_the_tenant_are_respected(run_import, in_town):
    dump = SiteDump()
    dump.section(1, "news")
    dump.section(2, "news")
    run_import(dump)

    slugs = SectionPage.objects.child_of(in_town.home).values_list("slug", flat=True)
    assert set(slugs) == {"news", "news-1", "news-2"}


# -- again ------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_foresees_the_same(run_import, old_site):
    before = everything()
    foreseen = run_import(old_site, dry_run=True)

    assert everything() == before
    assert not ImportRun.objects.exists()
    made = run_import(old_site)
    assert foreseen.report.counts_json() == made.report.counts_json()
    assert [e.as_json() for e in foreseen.report.listed if e.kind != RecordKind.REDIRECT] == [
        e.as_json() for e in made.report.listed if e.kind != RecordKind.REDIRECT
    ]


def test_twice_changes_nothing(run_import, old_site):
    first = run_import(old_site)
    before = everything()
    second = run_import(old_site)

    assert first.report.written
    assert not second.report.written
    assert everything() == before
    counts = second.report.counts_json()
    assert {kind: row["skipped"] for kind, row in counts.items()} == {
        kind: sum(row.values()) for kind, row in first.report.counts_json().items()
    }


def test_a_change_in_the_source_reaches_an_untouched_page(run_import, old_site):
    run_import(old_site)
    change(old_site, 11, title="新标题")
    old_site.rows = [row for row in old_site.rows if row[1].get("iid") != 21]
    old_site.page(21, 1, "<p>图没了</p>")
    result = run_import(old_site)

    assert result.report.written == {"articles_updated": 2, "missing_attachments": 1}
    assert article(11).title == "新标题"
    assert article(11).live
    assert [part["value"] for part in article(21).body.raw_data] == ["<p>图没了</p>"]
    assert MissingAttachment.objects.get(page=article(21)).role == AttachmentRole.COVER
    assert not run_import(old_site).report.written


def test_a_renamed_column_is_renamed_here(run_import, old_site):
    run_import(old_site)
    table, row = old_site.rows[1]
    old_site.rows[1] = (table, {**row, "name": "公示公告"})
    result = run_import(old_site)

    assert result.report.written == {"columns_updated": 1}
    assert article(10).get_parent().title == "公示公告"


def test_a_draft_that_changes_in_the_source_stays_a_draft(run_import, old_site):
    run_import(old_site)
    change(old_site, 17, summary="新的摘要")
    run_import(old_site)

    assert article(17).body.raw_data[0]["value"] == "<p>新的摘要</p>"
    assert not article(17).live
    assert not run_import(old_site).report.written


@pytest.mark.parametrize("is_draft", [False, True], ids=["published", "draft only"])
def test_an_editors_change_is_never_overwritten(run_import, old_site, is_draft):
    run_import(old_site)
    page = article(11)
    if is_draft:
        page.summary = "编辑的草稿"
        page.save_revision()
    else:
        publish_page(actor=None, page=page, changes={"summary": "编辑的摘要"})
    change(old_site, 11, title="来源的新标题")
    before = everything()
    result = run_import(old_site)

    assert everything() == before
    entry = next(entry for entry in result.report.listed if entry.source_key == "11")
    assert entry.outcome == Outcome.SKIPPED
    assert "title" in entry.difference
    assert "changed here" in reasons(result, 11)


def test_an_editors_change_of_an_unchanged_row_is_no_conflict(run_import, old_site):
    run_import(old_site)
    publish_page(actor=None, page=article(11), changes={"title": "编辑的标题"})
    result = run_import(old_site)

    assert "unchanged" in reasons(result, 11)
    assert article(11).title == "编辑的标题"


def test_a_deleted_page_does_not_come_back(run_import, old_site):
    run_import(old_site)
    article(11).delete()
    assert "unchanged" in reasons(run_import(old_site), 11)

    change(old_site, 11, title="来源的新标题")
    result = run_import(old_site)
    assert "deleted here" in reasons(result, 11)
    assert not ArticlePage.objects.filter(slug="a-11").exists()


def test_new_rows_find_their_old_column(run_import, old_site):
    run_import(old_site)
    old_site.section(4, "子栏目", 2)
    old_site.article(30, 4, "新稿件", "<p>新</p>")
    result = run_import(old_site)

    assert result.report.written["articles_created"] == 1
    assert [page.title for page in article(30).get_ancestors()][-3:] == [
        "新闻",
        "通知公告",
        "子栏目",
    ]


def test_a_repeat_that_became_its_own_article_is_made(run_import, old_site):
    run_import(old_site)
    change(old_site, 20, title="另一篇")
    run_import(old_site)

    assert article(20).title == "另一篇"
    assert not run_import(old_site).report.written


def test_a_killed_run_is_continued(run_import, old_site, monkeypatch):
    real = PageWriter.write_articles
    calls = []

    def dying(self, *batch):
        calls.append(len(batch[0]))
        if len(calls) == 3:
            real(self, *batch)
            raise KeyboardInterrupt
        real(self, *batch)

    monkeypatch.setattr(PageWriter, "write_articles", dying)
    with pytest.raises(KeyboardInterrupt):
        run_import(old_site, batch_size=3)
    assert ImportRun.objects.get().status == RunStatus.FAILED
    half = ArticlePage.objects.filter(slug__startswith="a-").count()
    assert half == 6

    monkeypatch.undo()
    run_import(old_site, batch_size=3)
    continued = ArticlePage.objects.filter(slug__startswith="a-").count()
    assert continued == 12
    assert ImportedRecord.objects.filter(kind=RecordKind.ARTICLE).count() == 13
    assert not run_import(old_site).report.written


def test_batches_of_any_size_give_the_same(run_import, old_site):
    one = run_import(old_site, batch_size=1)

    assert one.report.counts_json()["articles"]["lost"] == 1
    assert not run_import(old_site, batch_size=100).report.written


# -- refusals ---------------------------------------------------------------


def cyclic(dump):
    dump.section(50, "甲", 51)
    dump.section(51, "乙", 50)


def truncated(path):
    path.write_bytes(path.read_bytes()[:-30])


def recoded(path):
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))


def unbalanced(path):
    path.write_text(
        path.read_text(encoding="utf-8").replace("'好稿件'", "'好稿件", 1), encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("spoil", "word"),
    [(truncated, "truncated"), (recoded, "GBK"), (unbalanced, "line")],
)
def test_a_broken_source_leaves_the_database_as_it_was(run_import, old_site, tmp_path, spoil, word):
    before = everything()
    path = old_site.write(tmp_path)
    spoil(path)

    with pytest.raises(SourceError, match=word):
        run_import(path)
    assert everything() == before
    assert not ImportRun.objects.exists()


def test_a_cycle_leaves_the_database_as_it_was(run_import, old_site):
    cyclic(old_site)
    before = everything()

    with pytest.raises(SourceError, match=r"50 “甲” \(line \d+\), 51 “乙”"):
        run_import(old_site)
    assert everything() == before
    assert not ImportRun.objects.exists()


def test_several_sites_must_be_told_apart(run_import, old_site):
    other = SiteDump("gov2")
    other.section(60, "别站")
    old_site.rows += other.rows

    with pytest.raises(SourceError, match=r"gov1 \(3 columns.*gov2 \(1 columns"):
        run_import(old_site)
    with pytest.raises(SourceError, match="no site “gov3”"):
        run_import(old_site, site_code="gov3")
    run_import(old_site, site_code="gov2")
    assert SectionPage.objects.filter(title="别站").exists()
    assert not SectionPage.objects.filter(title="新闻").exists()


def test_two_imports_at_once_are_refused(run_import, old_site):
    now = timezone.now()
    running = ImportRun.objects.create(source_name="other:x", started_at=now, touched_at=now)
    with pytest.raises(ImportRunning, match="other:x"):
        run_import(old_site)
    assert not ArticlePage.objects.filter(slug="a-10").exists()

    ImportRun.objects.filter(pk=running.pk).update(
        touched_at=now - STALE_AFTER - timedelta(seconds=1)
    )
    run_import(old_site)
    running.refresh_from_db()
    assert running.status == RunStatus.FAILED


def test_a_tenant_without_a_home_is_refused(run_import, old_site, in_town, monkeypatch):
    monkeypatch.setattr("cms_core.importer.merge.HomePage.objects", ArticlePage.objects.none())

    with pytest.raises(ImportFailed, match="no home page"):
        run_import(old_site)


def test_accounts_belong_to_their_tenant(run_import, old_site, in_town):
    run_import(old_site)
    with tenant_scope(make_tenant("village").tenant):
        for model in (ImportRun, ImportedRecord, MissingAttachment):
            assert not model.objects.exists()
    assert ImportRun.objects.get().status == RunStatus.DONE


def change(dump, key, **values):
    """Changes a row of an article in both tables it stands in."""
    dump.rows = [
        (table, {**row, **values} if row["id"] == key and "title" in row else row)
        for table, row in dump.rows
    ]


def test_the_sample_is_what_the_tests_think(old_site):
    assert pages_of(None) == []
    assert len([row for table, row in old_site.rows if table == "p8_sites_item"]) == 13
