# ruff: noqa: S608 - the patterns look for rows in a file and reach no database
"""One site of a real old site group, counted against the dump by other means.

The dump is no part of the repository: REAL_DATA_DIR names its folder (default: shared/data beside
the repository). Without it these tests skip.
"""

import os
import re
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from wagtail.contrib.redirects.models import Redirect

from cms_core.importer.enums import FindingCode, Outcome, RecordKind
from cms_core.importer.models import MissingAttachment
from cms_core.importer.sources import open_source
from cms_core.importer.texts import find_mojibake
from cms_core.pages.models import ArticlePage, SectionPage
from cms_core.pages.table_block import plain_table
from tests.architecture.tree import ROOT

SITE = "gov1"
FOLDER = Path(os.environ.get("REAL_DATA_DIR", ROOT.parent / "shared" / "data"))
DUMP = FOLDER / "legacy_site_group" / "gov8_sites.sql"

pytestmark = pytest.mark.skipif(
    not DUMP.is_file(), reason=f"no real dump at {DUMP}: set REAL_DATA_DIR"
)


def rows_of(table, column):
    """Ids of the site's rows by plain pattern matching: short columns precede the long texts."""
    text = DUMP.read_text(encoding="utf-8")
    value = r"'((?:[^'\\]|\\.)*)'"
    row = re.compile(
        rf"^REPLACE INTO `{table}` VALUES \({value}" + rf",{value}" * column, re.MULTILINE
    )
    return [match[1] for match in row.finditer(text) if match[column + 1] == SITE]


@pytest.fixture
def merged(run_import):
    return run_import(DUMP, site_code=SITE)


def test_every_site_of_the_dump_is_listed():
    with closing(open_source(DUMP)) as source:
        sites = {site.code: (site.sections, site.articles) for site in source.sites()}

    assert len(sites) == 45
    assert sites[SITE] == (85, 44)
    assert sum(articles for _sections, articles in sites.values()) == 1380
    assert sum(sections for sections, _articles in sites.values()) == 935


def test_the_portal_is_counted_whole():
    """Every row of the columns, and every article that stands in any of its tables."""
    main = DUMP.with_name("gov8_main.sql")
    text = main.read_text(encoding="utf-8")
    with closing(open_source(main)) as source:
        (site,) = source.sites()

    columns = set(re.findall(r"^REPLACE INTO `p8_cms_category` VALUES \('(\d+)'", text, re.M))
    articles = set(
        re.findall(
            r"^REPLACE INTO `p8_cms_item(?:_(?!attribute)\w+_)?` VALUES \('(\d+)'", text, re.M
        )
    )
    assert (site.sections, site.articles) == (len(columns), len(articles)) == (366, 271)


@pytest.mark.django_db
def test_the_report_agrees_with_an_independent_count(merged):
    columns = rows_of("p8_sites_category", 4)
    articles = rows_of("p8_sites_item", 6)
    counts = merged.report.counts_json()

    assert (len(columns), len(articles)) == (85, 44)
    assert counts["columns"] == {"imported": 85, "repaired": 0, "skipped": 0, "lost": 0}
    assert counts["articles"] == {"imported": 27, "repaired": 5, "skipped": 4, "lost": 8}
    assert {p.slug for p in ArticlePage.objects.filter(slug__startswith="a-")} == {
        f"a-{key}"
        for key in articles
        if key not in {e.source_key for e in merged.report.listed if e.outcome == Outcome.SKIPPED}
    }


@pytest.mark.django_db
def test_every_picture_is_accounted_for(merged):
    with closing(open_source(DUMP)) as source:
        pictures = sum((a.body_html or "").count("<img ") for a in source.articles(SITE))
    findings = merged.report.findings

    assert pictures == 54
    # One of the three missing files is a document.
    assert pictures == (
        findings[FindingCode.EXTERNAL_IMAGE]
        + findings[FindingCode.LOCAL_IMAGE]
        + findings[FindingCode.DECORATION]
        + findings[FindingCode.MISSING_FILE]
        - 1
    )


@pytest.mark.django_db
def test_nothing_dirty_reaches_the_pages(merged):
    for page in ArticlePage.objects.filter(slug__startswith="a-"):
        text = str(page.body.raw_data)
        assert not re.search(
            r"<script|<font|style=|onclick|p8_attach#-->|&amp;[lr]dquo;|javascript:", text
        )
        assert not find_mojibake(f"{page.title} {page.summary}")


@pytest.mark.django_db
def test_texts_are_whole(merged):
    """No character of a text is lost: the letters of body and page are the same."""
    with closing(open_source(DUMP)) as source:
        bodies = {a.source_key: a.body_html for a in source.articles(SITE) if a.body_html}
    for page in ArticlePage.objects.filter(slug__startswith="a-", live=True):
        shown = "".join(
            plain_table(block["value"])
            if block["type"] == "table"
            else re.sub(r"<[^>]+>", "", block["value"])
            for block in page.body.raw_data
            if block["type"] in ("paragraph", "html", "table")
        )
        assert Counter(hanzi(shown)) == Counter(hanzi(bodies[page.slug.removeprefix("a-")]))


def hanzi(text):
    """Chinese characters of a text or of markup outside tags."""
    return re.findall(r"[\u4e00-\u9fff]", re.sub(r"<[^>]+>", "", text))


@pytest.mark.django_db
def test_tables_pictures_and_addresses(merged):
    assert SectionPage.objects.get(title="交通新闻").get_parent().title == "新闻公告"
    tables = sum(
        block["type"] in ("html", "table")
        for page in ArticlePage.objects.filter(slug__startswith="a-")
        for block in page.body.raw_data
    )
    assert tables >= 2
    missing = MissingAttachment.objects.count()
    attachments = merged.report.counts[RecordKind.ATTACHMENT]
    assert 0 < missing <= sum(attachments.values())
    moved = Redirect.objects.get(old_path=f"/s.php/{SITE}/item-view-id-585.shtml")
    assert moved.redirect_page.slug == "a-585"


@pytest.mark.django_db
def test_the_second_merge_changes_nothing(merged, run_import):
    again = run_import(DUMP, site_code=SITE)

    assert not again.report.written
    assert again.report.counts[RecordKind.ARTICLE] == {Outcome.SKIPPED: 44}
