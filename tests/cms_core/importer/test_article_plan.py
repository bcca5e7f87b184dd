"""What is planned for one article, without a database."""

import dataclasses
from datetime import UTC, datetime

import pytest

from cms_core.importer.article_plan import plan_article
from cms_core.importer.enums import (
    AttachmentRole,
    CheckReason,
    FindingCode,
    Outcome,
    PersonalData,
    RecordKind,
)
from cms_core.importer.plan import Action, KnownRecord, PersonalFinding
from cms_core.importer.report import Entry, Report
from cms_core.importer.rules import HOLDING_KEY
from cms_core.importer.sources.records import LegacyArticle, LegacyAttachment

DAY = datetime(2015, 6, 10, tzinfo=UTC)
PLAIN = LegacyArticle(
    source_key="7", section_key="2", title="标题", summary="", source_name="", author="", keywords="",
    published_at=DAY, created_at=DAY, updated_at=DAY, body_html="<p>正文</p>", old_urls=("/a/7",),
    attachments=(), verified=True, repairs=(), line=9,
)  # fmt: skip


def planned(record=None, *, merged_into="", personal_data=PersonalData.HOLD, **changes):
    """The step for the plain article with these changes."""
    article = dataclasses.replace(PLAIN, **changes)
    return plan_article(
        article,
        record,
        known_sections={"2"},
        merged_into=merged_into,
        personal_data=personal_data,
    )


def known(**changes):
    """A record of the plain article, as the import left it."""
    record = KnownRecord(PLAIN.digest(), "page", 70, "page")
    return dataclasses.replace(record, **changes)


def test_a_good_article_is_imported_without_a_word():
    step = planned()

    assert (step.action, step.entry.outcome, step.entry.reasons) == (
        Action.CREATE, Outcome.IMPORTED, (),
    )  # fmt: skip
    assert step.content.live
    assert step.content.body == (("paragraph", "<p>正文</p>"),)


@pytest.mark.parametrize(
    ("record", "title", "action"),
    [
        (None, "标题", Action.CREATE),
        (known(), "标题", Action.UNCHANGED),
        (known(page_digest="edited"), "标题", Action.UNCHANGED),
        (known(page_id=None, page_digest=""), "标题", Action.UNCHANGED),
        (known(), "新标题", Action.UPDATE),
        (known(page_digest="edited"), "新标题", Action.CONFLICT),
        (known(page_id=None, page_digest=""), "新标题", Action.DELETED),
    ],
)
def test_what_a_second_look_means(record, title, action):
    assert planned(record, title=title).action == action


def test_a_conflict_names_the_fields_that_differ():
    record = known(page_digest="edited", fields={"title": "编辑的标题", "summary": ""})

    assert planned(record, title="新标题").entry.difference == ("title",)


@pytest.mark.parametrize(
    ("record", "action"),
    [
        (None, Action.MERGE),
        (known(applied_digest="", source_digest="older"), Action.MERGE),
        (known(applied_digest=""), Action.UNCHANGED),
        # it had a page of its own before it became a repeat: the page stays
        (known(source_digest="older"), Action.UPDATE),
    ],
)
def test_repeats(record, action):
    assert planned(record, merged_into="5").action == action


@pytest.mark.parametrize(
    ("changes", "code", "is_live", "outcome"),
    [
        ({"title": "锟斤拷"}, FindingCode.MOJIBAKE, False, Outcome.REPAIRED),
        ({"body_html": None}, FindingCode.EMPTY_BODY, False, Outcome.LOST),
        ({"body_html": " "}, FindingCode.EMPTY_BODY, False, Outcome.REPAIRED),
        ({"title": "aaa", "body_html": "bbb"}, FindingCode.TEST_ROW, False, Outcome.REPAIRED),
        (
            {"body_html": "<p>字</p><iframe src=x></iframe>"},
            FindingCode.FRAME,
            True,
            Outcome.REPAIRED,
        ),
        ({"body_html": "<p style=x>字</p>"}, FindingCode.STYLE, True, Outcome.IMPORTED),
        ({"author": "[db:作者]"}, FindingCode.TEMPLATE_FIELD, True, Outcome.REPAIRED),
    ],
)
def test_findings_decide_what_is_shown(changes, code, is_live, outcome):
    step = planned(**changes)

    assert code in step.findings
    assert (step.content.live, step.entry.outcome) == (is_live, outcome)


def test_an_unverified_article_is_a_draft_and_no_repair():
    step = planned(verified=False)

    assert (step.content.live, step.entry.outcome) == (False, Outcome.IMPORTED)


def test_values_fit_their_columns():
    step = planned(title="题" * 400, summary="摘" * 900, source_name="源" * 400, author="者" * 400)

    content = step.content
    lengths = [
        len(content.title),
        len(content.summary),
        len(content.source_name),
        len(content.author_name),
    ]
    assert lengths == [255, 500, 120, 60]


def test_an_article_of_no_column_goes_to_the_holding_section():
    step = planned(section_key="99")

    assert step.section_key == HOLDING_KEY
    assert "99" in step.entry.reasons[0]


def test_files_beside_the_article():
    files = [
        LegacyAttachment("7:1", "7", "u/cover.jpg", "cover.jpg", AttachmentRole.COVER),
        LegacyAttachment("7:2", "7", "u/附件.doc", "附件.doc", AttachmentRole.FILE),
        LegacyAttachment("7:3", "7", "https://a.example/b.zip", '"><script>', AttachmentRole.FILE),
        LegacyAttachment("7:4", "7", "u/in.jpg", "in.jpg", AttachmentRole.IMAGE),
    ]
    body = '<p>正文</p><img src="<!--#p8_attach#-->/u/in.jpg.thumb.jpg">'
    step = planned(attachments=tuple(files), body_html=body)

    assert [kind for kind, _value in step.content.body] == [
        "paragraph", "missing_attachment", "missing_attachment", "paragraph",
    ]  # fmt: skip
    assert step.content.body[3][1] == (
        '<p><a href="https://a.example/b.zip">&quot;&gt;&lt;script&gt;</a></p>'
    )
    assert [entry.outcome for entry in step.attachments] == [
        Outcome.LOST, Outcome.LOST, Outcome.LOST, Outcome.IMPORTED,
    ]  # fmt: skip
    assert [file.place for file in step.missing] == [1, 2, None]


def test_files_of_a_skipped_article_are_skipped():
    step = planned(known(), body_html="<p>正文</p>", attachments=())
    assert step.attachments == ()

    step = planned(merged_into="5", body_html="<p>一</p><img src=a.jpg>")
    assert [entry.outcome for entry in step.attachments] == [Outcome.SKIPPED]


def test_personal_data_is_named_and_not_repeated():
    step = planned(body_html="<p>联系人电话13800138000</p>")

    assert step.personal_data == PersonalFinding(("mobile_number",), is_public=True)
    assert step.checks == (CheckReason.MOBILE,)
    assert "13800138000" not in str(step.entry)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("身份证11010519491231002X", CheckReason.IDENTITY),
        ("收款卡号 6217 0000 1000 0000 029", CheckReason.BANK_CARD),
    ],
)
def test_identity_and_bank_card_numbers_hold_an_article_back(words, reason):
    body = f"<p>张三，{words}</p>"
    held = planned(body_html=body)
    public = planned(body_html=body, personal_data=PersonalData.PUBLISH)
    draft = planned(body_html=body, verified=False, personal_data=PersonalData.PUBLISH)

    assert (held.content.live, public.content.live, draft.content.live) == (False, True, False)
    assert [step.entry.outcome for step in (held, public)] == [Outcome.REPAIRED] * 2
    assert held.checks == public.checks == (reason,)
    assert held.personal_data.is_public is False
    assert public.personal_data.is_public is True
    assert draft.personal_data.is_public is False
    assert held.findings[FindingCode.PERSONAL_DATA] == 1
    for step in (held, public):
        assert words not in str(step.entry)


def test_a_report_lists_all_but_what_simply_went_well():
    report = Report()
    for outcome in Outcome:
        report.note(Entry(RecordKind.ARTICLE, outcome.value, "标题", outcome, ("因",)))

    assert report.counts_json()["articles"] == dict.fromkeys(
        ("imported", "repaired", "skipped", "lost"), 1
    )
    assert [entry.outcome for entry in report.listed] == [
        Outcome.REPAIRED, Outcome.SKIPPED, Outcome.LOST,
    ]  # fmt: skip
    assert report.as_json()["lost"] == [
        {"kind": "articles", "source_key": "lost", "title": "标题", "reason": "因"}
    ]
