"""A revision is checked, findings are corrected or waived, and the evidence stays."""

import json
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

from cms_core.content_checks import wording
from cms_core.content_checks.enums import CheckCode, Severity, TermKind, TermLevel
from cms_core.content_checks.links import link_findings
from cms_core.content_checks.list_services import TermRow, change_terms
from cms_core.content_checks.lists import lists_in_force
from cms_core.content_checks.models import CheckRun, Finding, Waiver
from cms_core.content_checks.selectors import (
    corrected_before,
    findings_of_tenant,
    unresolved_findings,
)
from cms_core.content_checks.services import check_revision, end_waiver, waive_finding
from cms_core.media.models import MediaFile, MediaImage
from cms_core.pages.models import ArticlePage, SectionPage
from cms_core.pages.table_block import Grid
from sites.accounts.enums import RoleCode
from sites.audit.models import DomainEvent
from sites.registry.checked_content import CheckedLink, Place
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts.people import member
from tests.tenants import make_tenant

MOBILE = "13800138000"
ID_CARD = "11010519491231002X"


def problems(run: CheckRun) -> list[tuple[str, str]]:
    return [(f.problem, f.text) for f in run.findings.order_by("pk")]


def test_findings_say_where_and_what(draft: Any, editor: Any) -> None:
    revision = draft("我市按装路灯，2月30日完成。", "工作部暑到位。", title="关于竟争上岗的通知")
    run = check_revision(actor=editor, revision=revision)
    rows = {f.text: f for f in run.findings.all()}

    assert set(rows) == {"按装", "部暑", "竟争", "2月30日"}
    assert rows["按装"].suggestion == "安装"
    assert (rows["按装"].field_name, rows["按装"].block_id[:8]) == ("body", "00000000")
    assert rows["部暑"].block_id[:8] == "00000001"
    assert (rows["竟争"].field_name, rows["竟争"].before) == ("title", "关于")
    assert "2月30日" in wording.sentence(rows["2月30日"].problem, rows["2月30日"].params)
    assert rows["2月30日"].check_code == CheckCode.DATE
    assert len(unresolved_findings(revision)) == 4


def test_asking_again_writes_nothing(draft: Any, editor: Any) -> None:
    revision = draft("工作部暑到位。")
    first = check_revision(actor=editor, revision=revision)
    events = DomainEvent.objects.count()
    assert check_revision(actor=editor, revision=revision) == first
    assert CheckRun.objects.count() == 1
    assert DomainEvent.objects.count() == events


def test_what_was_corrected_is_noted(draft: Any, editor: Any) -> None:
    first = check_revision(actor=editor, revision=draft("工作部暑到位，按装完成。"))
    second = check_revision(actor=editor, revision=draft("工作部署到位，按装完成。"))

    assert problems(second) == [("misspelling", "按装")]
    assert [f.text for f in corrected_before(second)] == ["部暑"]
    assert {f.text: f.corrected_in_id for f in first.findings.all()} == {
        "部暑": second.pk,
        "按装": None,
    }


def test_a_waiver_goes_with_the_same_text_at_the_same_place(draft: Any, editor: Any) -> None:
    run = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。"))
    waiver = waive_finding(actor=editor, finding=run.findings.get(), reason="引用旧志原文，照录")
    assert unresolved_findings(run.revision) == []

    again = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。", "另起一段。"))
    assert again.findings.get().waiver == waiver
    elsewhere = check_revision(
        actor=editor, revision=draft("原文如此：工作部暑到位。", "又见工作部暑到位。")
    )
    assert [f.waiver_id for f in elsewhere.findings.order_by("pk")] == [waiver.pk, None]
    changed = check_revision(actor=editor, revision=draft("他们的人员部暑到位。"))
    assert len(unresolved_findings(changed.revision)) == 1

    back = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。"))
    end_waiver(actor=editor, waiver=waiver, run=back)
    assert len(unresolved_findings(back.revision)) == 1
    kinds = list(DomainEvent.objects.values_list("kind", flat=True))
    assert kinds.count("content.finding_waived") == kinds.count("content.waiver_ended") == 1


def test_waiving_needs_a_reason_and_the_right_to_edit(
    draft: Any, editor: Any, in_town: Any
) -> None:
    run = check_revision(actor=editor, revision=draft(f"工作部暑。证号{ID_CARD}"))
    typo = run.findings.get(text="部暑")
    card = run.findings.get(check_code=CheckCode.PERSONAL_DATA)
    for reason in ("", "  ok ", "字" * 301):
        with pytest.raises(ValidationError):
            waive_finding(actor=editor, finding=typo, reason=reason)
    with pytest.raises(ValidationError):
        waive_finding(actor=editor, finding=card, reason="公开需要保留")
    handler = member(in_town.tenant, RoleCode.LETTER_HANDLER)
    with (
        tenant_scope(in_town.tenant, handler),
        pytest.raises(PermissionDenied),
    ):
        waive_finding(actor=handler, finding=typo, reason="公开需要保留")
    waive_finding(actor=editor, finding=typo, reason="公开需要保留")
    with pytest.raises(ValidationError):
        waive_finding(actor=editor, finding=run.findings.get(text="部暑"), reason="再放行一次")
    assert Waiver.objects.count() == 1


def test_personal_numbers_are_nowhere_in_clear(draft: Any, editor: Any) -> None:
    run = check_revision(actor=editor, revision=draft(f"按装师傅电话{MOBILE}，身份证{ID_CARD}。"))
    rows = list(Finding.objects.values())
    stored = json.dumps([*rows, *CheckRun.objects.values()], default=str, ensure_ascii=False)
    events = json.dumps(list(DomainEvent.objects.values("data")), default=str)

    assert run.findings.filter(check_code=CheckCode.PERSONAL_DATA).count() == 2
    for clear in (MOBILE, ID_CARD, MOBILE[3:7], ID_CARD[6:14]):
        assert clear not in stored
        assert clear not in events
    assert "138****8000" in stored


def test_links_that_lead_nowhere(draft: Any, editor: Any, in_town: Any) -> None:
    offline, gone = in_town.articles[1], SectionPage(title="撤并", slug="gone")
    in_town.home.refresh_from_db()
    in_town.home.add_child(instance=gone)
    file = MediaFile.objects.create(title="文件", file="a.txt")
    ArticlePage.objects.filter(pk=offline.pk).update(live=False)
    Redirect.objects.create(
        old_path="/old", site=in_town.tenant.site, redirect_page_id=in_town.section.pk
    )
    revision = draft(
        f'<a linktype="page" id="{in_town.section.pk}">好</a>'
        f'<a linktype="page" id="{offline.pk}">未发布</a>'
        f'<a linktype="page" id="{gone.pk}">没有</a>'
        f'<a linktype="document" id="{file.pk}">文件</a>',
        f'<a href="http://{in_town.host}/news/">好</a><a href="/news/none/">无</a>'
        '<a href="/old/">旧</a><a href="https://www.gov.cn/x/">外</a><a href="http://[">坏</a>'
        '<a href="mailto:a@b.cn">信</a>',
    )
    assert problems(check_revision(actor=editor, revision=revision)) == [
        ("page_not_published", "未发布"),
        ("address_unknown", "无"),
        ("address_redirects", "旧"),
    ]
    gone.delete()
    file.delete()
    run = check_revision(actor=editor, revision=revision)

    assert sorted(problems(run)) == [
        ("address_redirects", "旧"),
        ("address_unknown", "无"),
        ("file_gone", "文件"),
        ("page_gone", "没有"),
        ("page_not_published", "未发布"),
    ]
    moved = run.findings.get(problem="address_redirects")
    assert (moved.severity, moved.suggestion[-6:]) == (Severity.REMIND, "/news/")


def test_a_page_of_another_site_is_as_good_as_gone(in_town: Any) -> None:
    other = make_tenant("other")
    place = Place("body", "text")
    links = [CheckedLink(place, page_id=pk) for pk in (in_town.section.pk, other.section.pk)]
    found = list(link_findings(links))
    assert [(f.problem, f.params["target"]) for f in found] == [
        ("page_gone", str(other.section.pk))
    ]


def test_pictures_need_a_description_here_or_of_their_own(draft: Any, editor: Any) -> None:
    silent, told = (
        MediaImage.objects.create(
            title=f"图{n}", file=f"{n}.png", width=1, height=1, description=text
        )
        for n, text in enumerate(("", "两位老人在广场散步"))
    )
    blocks = [
        {"type": "image", "value": {"image": image.pk, "alternative_text": text, "caption": ""}}
        for image, text in ((silent, ""), (silent, "桥"), (told, ""))
    ]
    run = check_revision(actor=editor, revision=draft("文", blocks=blocks))
    assert [f.problem for f in run.findings.all()] == ["picture_not_described"]


def test_tables_are_read_cell_by_cell(draft: Any, editor: Any) -> None:
    rows = (("项目", "电话"), ("按装路灯", MOBILE), ("138", "0013 8000"))
    blocks = [{"type": "table", "value": Grid(rows, caption="工作部暑").value()}]
    run = check_revision(actor=editor, revision=draft("文", blocks=blocks))
    assert sorted(problems(run)) == [
        ("misspelling", "按装"),
        ("misspelling", "部暑"),
        ("personal_mobile", "138****8000"),
    ]
    assert {f.field_name for f in run.findings.all()} == {"body"}


def test_the_source_label_is_asked_for(draft: Any, editor: Any) -> None:
    run = check_revision(actor=editor, revision=draft("文", source_name=""))
    assert [(f.problem, f.field_name) for f in run.findings.all()] == [
        ("label_missing", "source_name")
    ]


def test_the_number_of_queries_does_not_grow(draft: Any, editor: Any, in_town: Any) -> None:
    def cost(count: int) -> int:
        links = f'<a linktype="page" id="{in_town.section.pk}">链接</a>' * count
        urls = "".join(f'<a href="/none-{n}/">址{n}</a>' for n in range(count))
        revision = draft(links + urls, *[f"部暑{n}，电话{MOBILE}。" for n in range(count)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            check_revision(actor=editor, revision=revision)
        return len(queries)

    cost(1)
    assert cost(2) == cost(8)


def test_the_desk_sees_what_is_held_back(draft: Any, editor: Any, in_town: Any) -> None:
    run = check_revision(actor=editor, revision=draft(f"工作部暑。证号{ID_CARD}"))
    (row,) = findings_of_tenant()
    assert (row.run_id, row.must_correct, row.must_resolve) == (run.pk, 1, 1)
    assert [r.run_id for r in findings_of_tenant(author=editor)] == [run.pk]
    other = make_tenant("other")
    with tenant_scope(other.tenant):
        assert findings_of_tenant() == []
        assert unresolved_findings(run.revision) == []


@pytest.mark.parametrize(
    "text",
    [
        "\u202e反向文字",
        "控制\x07字符",
    ],
)
def test_control_and_direction_characters_are_named(draft: Any, editor: Any, text: str) -> None:
    # What is typed or imported loses them; a revision written before that rule holds them still.
    revision = draft("好")
    revision.content["title"] = text
    revision.save()
    run = check_revision(actor=editor, revision=revision)
    assert [f.problem for f in run.findings.all()] == ["invisible_character"]
    assert not any(char in run.findings.get().text for char in "\u202e\x07")


def test_a_check_of_an_older_draft_corrects_nothing_in_the_newer(draft: Any, editor: Any) -> None:
    older, newer = draft("工作部署到位。"), draft(f"工作部暑。证号{ID_CARD}")
    check_revision(actor=editor, revision=newer)
    check_revision(actor=editor, revision=older)

    assert len(unresolved_findings(newer)) == 2
    check_revision(actor=editor, revision=draft("工作部署到位。"))
    assert Finding.objects.filter(corrected_in__isnull=True).count() == 0
    assert len(unresolved_findings(newer)) == 2  # it says so still, whatever the next draft says


def test_a_waiver_of_an_older_draft_covers_nothing_that_must_be_corrected(
    draft: Any, editor: Any, in_town: Any
) -> None:
    older = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。"))
    keeper = member(in_town.tenant, RoleCode.SITE_ADMINISTRATOR)
    forbidden = TermRow(kind=TermKind.MISSPELLING, text="部暑", level=TermLevel.FORBID)
    change_terms(actor=keeper, add=[forbidden])
    newer = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。"))
    assert newer.findings.get().severity == Severity.MUST_CORRECT
    assert newer.findings.get().key == older.findings.get().key

    waive_finding(actor=editor, finding=older.findings.get(), reason="引用旧志原文，照录")
    assert unresolved_findings(newer.revision) == [newer.findings.get()]


def test_a_list_that_was_undone_is_not_remembered(draft: Any, editor: Any, in_town: Any) -> None:
    keeper = member(in_town.tenant, RoleCode.SITE_ADMINISTRATOR)

    def forbid(text: str) -> None:
        row = TermRow(kind=TermKind.SENSITIVE, text=text, level=TermLevel.FORBID)
        change_terms(actor=keeper, add=[row])

    with suppress(RuntimeError), transaction.atomic():
        forbid("甲甲甲")
        lists_in_force()
        raise RuntimeError("the change is undone")
    forbid("乙乙乙")

    run = check_revision(actor=editor, revision=draft("写到甲甲甲和乙乙乙。"))
    assert [text for _problem, text in problems(run)] == ["乙乙乙"]


def test_one_text_is_waived_once_whichever_draft_is_open(draft: Any, editor: Any) -> None:
    older = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。"))
    newer = check_revision(actor=editor, revision=draft("原文如此：工作部暑到位。", "另起一段。"))
    waive_finding(actor=editor, finding=newer.findings.get(), reason="引用旧志原文，照录")
    with pytest.raises(ValidationError):
        waive_finding(actor=editor, finding=older.findings.get(), reason="引用旧志原文，照录")
    assert Waiver.objects.count() == 1
