"""Lists are kept in editions; the next check uses a change; a site adds and softens nothing forbidden."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import set_script_prefix

from cms_core.content_checks.enums import CheckCode, Severity, TermKind, TermLevel
from cms_core.content_checks.list_services import TermRow, change_terms, save_leader
from cms_core.content_checks.lists import Term, lists_in_force, program_terms
from cms_core.content_checks.models import CheckRun, Leader, ListEdition, ListedTerm
from cms_core.content_checks.services import check_revision
from cms_core.content_checks.term_files import HEADINGS, as_csv, from_csv
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.scope import nobody_scope, system_scope, tenant_scope
from tests.sites.accounts.people import member, platform_person, signed_in
from tests.tenants import make_tenant


@pytest.fixture
def operator(db: None) -> Any:
    return platform_person(PlatformRoleCode.OPERATOR)


@pytest.fixture
def keeper(town: Any) -> Any:
    return member(town.tenant, RoleCode.SITE_ADMINISTRATOR)


def found(run: CheckRun) -> dict[str, str]:
    return {f.text: f.severity for f in run.findings.all()}


def platform_terms(operator: Any, *rows: TermRow, **options: Any) -> Any:
    with nobody_scope(operator):
        return change_terms(actor=operator, add=rows, platform=True, **options)


def test_a_change_counts_for_the_next_check_of_every_site(
    draft: Any, editor: Any, operator: Any
) -> None:
    revision = draft("本市举办甲乙丙丁大会。")
    before, first = lists_in_force().version, check_revision(actor=editor, revision=revision)
    assert found(first) == {}

    platform_terms(operator, TermRow(TermKind.SENSITIVE, "甲乙丙丁", TermLevel.FORBID, reason="试"))
    second = check_revision(actor=editor, revision=revision)
    assert lists_in_force().version != before
    assert found(second) == {"甲乙丙丁": Severity.MUST_CORRECT}

    platform_terms(operator, TermRow(TermKind.SENSITIVE, "甲乙丙丁", TermLevel.REMIND))
    assert found(check_revision(actor=editor, revision=revision)) == {"甲乙丙丁": Severity.REMIND}
    platform_terms(operator, remove=[ListedTerm.objects.current().get().pk])
    assert found(check_revision(actor=editor, revision=revision)) == {}
    with nobody_scope():
        assert [e.number for e in ListEdition.objects.order_by("number")] == [1, 2, 3]
    assert ListedTerm.objects.count() == 2  # what was listed when can be read again


def test_context_and_allowed_wording(draft: Any, editor: Any, operator: Any, keeper: Any) -> None:
    platform_terms(
        operator,
        TermRow(TermKind.SENSITIVE, "无息", only_with="贷款 借款", unless_with="打击"),
        TermRow(TermKind.SENSITIVE, "绝对禁词", TermLevel.FORBID),
        TermRow(TermKind.MISSPELLING, "部暑", TermLevel.OFF),
    )
    change_terms(
        actor=keeper,
        add=[
            TermRow(TermKind.ALLOWED, "按装村"),
            TermRow(TermKind.ALLOWED, "含绝对禁词的村"),
            TermRow(TermKind.SENSITIVE, "绝对禁词", TermLevel.OFF),
            TermRow(TermKind.ALLOWED, "13800138000"),
        ],
    )
    run = check_revision(
        actor=editor,
        revision=draft(
            "无息贷款上门。",
            "声音无息。打击无息贷款骗局。",
            "按装村与按装。含绝对禁词的村。部暑。热线13800138000，另13900139000。",
        ),
    )
    assert [(f.text, f.block_id[7]) for f in run.findings.order_by("block_id", "start")] == [
        ("无息", "0"),
        ("按装", "2"),
        ("绝对禁词", "2"),
        ("139****9000", "2"),
    ]


def test_who_keeps_which_list(in_town: Any, editor: Any, operator: Any, keeper: Any) -> None:
    row = TermRow(TermKind.SENSITIVE, "甲乙")
    for actor, platform in ((editor, False), (editor, True), (keeper, True), (operator, False)):
        with pytest.raises(PermissionDenied):
            change_terms(actor=actor, add=[row], platform=platform)
    platform_terms(operator, row)
    theirs = ListedTerm.objects.get()
    with tenant_scope(in_town.tenant, keeper):
        assert change_terms(actor=keeper, remove=[theirs.pk]) is None
        change_terms(actor=keeper, add=[row])
        own = ListedTerm.objects.get(tenant=in_town.tenant)
    with tenant_scope(make_tenant("other").tenant):
        assert list(ListedTerm.objects.values_list("pk", flat=True)) == [theirs.pk]
        assert own.text not in {t.text for t in lists_in_force().terms.terms if t.origin == "site"}
    with system_scope("the test reads all events"):
        assert DomainEvent.objects.filter(kind="content.list_changed").count() == 2


@pytest.mark.parametrize(
    "row",
    [
        TermRow(TermKind.SENSITIVE, ""),
        TermRow(TermKind.SENSITIVE, "一"),
        TermRow(TermKind.SENSITIVE, "字" * 61),
        TermRow(TermKind.SENSITIVE, "甲\u202e乙"),
        TermRow(TermKind.SENSITIVE, "\u200b\u200b\u200b"),
        TermRow("secret", "甲乙"),
        TermRow(TermKind.SENSITIVE, "甲乙", "huge"),
        TermRow(TermKind.SENSITIVE, "甲乙", reason="因" * 201),
    ],
)
def test_terms_that_cannot_be_listed(in_town: Any, keeper: Any, row: TermRow) -> None:
    with pytest.raises(ValidationError):
        change_terms(actor=keeper, add=[TermRow(TermKind.SENSITIVE, "好词"), row])
    assert not ListedTerm.objects.exists()


def test_a_list_comes_back_from_a_spreadsheet_as_it_went() -> None:
    rows = from_csv(as_csv(program_terms()).encode())
    assert [r.text for r in rows] == [t.text for t in program_terms()]
    assert {r.level for r in rows} <= set(TermLevel.values)
    text = f"{','.join(HEADINGS)}\r\n敏感词,甲乙丙,禁止,,,,\r\n"
    assert from_csv(text.encode("gb18030")) == [TermRow("sensitive", "甲乙丙", "forbid")]
    with pytest.raises(ValidationError) as caught:
        from_csv("敏感词,好的\n敏感词,x\n何表,甲乙".encode())
    assert [m[:4] for m in caught.value.messages] == ["第 2 ", "第 3 "]
    for bad in (b"\xff\xfe\x00\xd8", b"x" * 2_000_001):
        with pytest.raises(ValidationError):
            from_csv(bad)
    text = as_csv([Term("sensitive", "=1+1", "remind")])
    assert ",'=1+1," in text
    assert from_csv(text.encode())[0].text == "=1+1"


def test_leaders_by_date(draft: Any, editor: Any, keeper: Any) -> None:
    for name, posts, rank, until in (
        ("王示例", "市委书记", 1, None),
        ("李样本", "市委副书记、市长", 2, None),
        ("赵前任", "市长", 2, date(2025, 1, 1)),
    ):
        save_leader(
            actor=keeper,
            leader=Leader(
                name=name, posts=posts, rank=rank, held_from=date(2020, 1, 1), held_until=until
            ),
        )
    run = check_revision(
        actor=editor,
        revision=draft(
            "市委书记王示例，市委副书记、市长李样本出席。",
            "李样本、王示例出席。",
            "市长王示例讲话。",
            "市长赵前任到会；原市长赵前任到会。",
            "市委书记王事例讲话。副市长李样本到会。",
        ),
    )
    rows = run.findings.filter(check_code=CheckCode.LEADER).order_by("block_id", "start")
    assert [(f.problem, f.block_id[7], f.suggestion) for f in rows] == [
        ("leader_order_wrong", "1", "王示例、李样本"),
        ("leader_post_wrong", "2", "市委书记王示例"),
        ("leader_not_in_office", "3", ""),
        ("leader_name_misspelt", "4", "王示例"),
        ("leader_post_wrong", "4", "市委副书记、市长李样本"),
    ]


def test_the_screens(client: Client, town: Any, editor: Any, keeper: Any, operator: Any) -> None:
    at = f"/t/{town.tenant.code}/checks/"
    browser = signed_in(editor)
    assert browser.get(f"{at}").status_code == 200
    assert browser.get(f"{at}terms/").status_code == 302
    browser = signed_in(keeper)
    answer = browser.post(
        f"{at}terms/",
        {"action": "add", "kind": "sensitive", "text": "甲乙丙", "level": "forbid"},
        follow=True,
    )
    assert "甲乙丙" in answer.content.decode()
    assert "甲乙丙" in browser.get(f"{at}terms/export.csv").content.decode()
    answer = browser.post(
        f"{at}terms/", {"action": "add", "kind": "sensitive", "text": "一", "level": "remind"}
    )
    assert "2 至 60 个字" in answer.content.decode()
    fields = {"name": "王示例", "posts": "市长", "rank": "1", "held_from": "2024-01-01"}
    assert browser.post(f"{at}leaders/new/", fields).status_code == 302
    with tenant_scope(town.tenant):
        assert Leader.objects.get().name == "王示例"
        assert ListEdition.objects.count() == 2
    set_script_prefix("/")  # what a server does at each request, the test client does not
    browser = signed_in(operator)
    page = "/platform/terms/"
    answer = browser.post(
        page, {"action": "add", "kind": "state", "text": "丁戊己", "level": "confirm"}, follow=True
    )
    assert "丁戊己" in answer.content.decode()
    auditor = signed_in(platform_person(PlatformRoleCode.AUDITOR))
    assert auditor.get(page).status_code == 200
    assert auditor.post(page, {"action": "remove"}).status_code == 403
