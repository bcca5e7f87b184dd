"""Articles of an old site that show identity or bank card numbers: held back unless somebody decides otherwise."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cms_core.importer.enums import CheckReason, FindingCode, PersonalData
from cms_core.importer.models import ImportRun, MissingAttachment, TextToCheck
from cms_core.pages.models import ArticlePage
from sites.audit.models import DomainEvent
from sites.tenancy.scope import tenant_scope
from sites.tenancy.selectors import primary_address
from tests.cms_core.importer.dumps import SiteDump
from tests.cms_core.importer.order_steps import (
    PLACE,
    articles,
    brought,
    content_of,
    page,
    pressed,
    the_order,
    worked,
)
from tests.cms_core.importer.test_import import article, change, everything, reasons

pytestmark = pytest.mark.django_db

ID = "11010519491231002X"
CARD = "6217000010000000029"


def old_town() -> SiteDump:
    dump = SiteDump()
    dump.section(1, "公示")
    dump.article(10, 1, "低保名单", f"<p>张三，{ID}</p>")
    dump.article(11, 1, "捐款", f"<table><tr><td>李四</td><td>{CARD}</td></tr></table>")
    dump.article(12, 1, "值班", "<p>值班电话13800138000</p>")
    dump.article(13, 1, "一般", "<p>没有号码</p>")
    return dump


def test_they_come_in_as_drafts_and_the_dry_run_says_so(run_import, in_town):
    foreseen = run_import(old_town(), dry_run=True)
    result = run_import(old_town())

    assert [article(key).live for key in (10, 11, 12, 13)] == [False, False, True, True]
    assert result.report.counts_json() == foreseen.report.counts_json()
    assert foreseen.report.findings[FindingCode.PERSONAL_DATA] == 2
    assert "identity number" in reasons(result, 10)
    assert "bank card number" in reasons(result, 11)
    held = [row["source_key"] for row in result.report.personal_data if not row["is_public"]]
    assert held == ["10", "11"]
    assert ID not in json.dumps(result.report.as_json())
    assert sorted(TextToCheck.objects.values_list("reason", flat=True)) == [
        CheckReason.BANK_CARD, CheckReason.IDENTITY, CheckReason.MOBILE,
    ]  # fmt: skip
    event = DomainEvent.objects.get(kind="old_site_merged")
    assert event.data["personal_data"] == "hold"
    assert event.data["with_identity_or_bank_card_number"] == 2


def test_their_old_addresses_answer_that_there_is_nothing(town, tmp_path):
    call_command(
        "import_site", str(old_town().write(tmp_path)), "--tenant", "town", stdout=StringIO()
    )
    visitor = Client(headers={"host": primary_address(town.tenant.pk).host})
    for key, status in ((10, 404), (12, 301)):
        assert visitor.get(f"/s.php/gov1/item-view-id-{key}.shtml").status_code == status
    assert ID not in visitor.get("/s.php/gov1/item-view-id-10.shtml").content.decode()


def test_the_choice_counts_for_what_comes_in_new(run_import):
    run_import(old_town(), personal_data=PersonalData.PUBLISH)
    assert article(10).live
    assert article(11).live
    before = everything()

    again = run_import(old_town(), personal_data=PersonalData.HOLD)

    assert not again.report.written
    assert everything() == before
    choices = DomainEvent.objects.filter(kind="old_site_merged").order_by("pk")
    assert [event.data["personal_data"] for event in choices] == ["publish", "hold"]


def test_a_run_that_was_cut_off_goes_on_to_the_same(run_import):
    def cut_off(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(old_town(), batch_size=1, progress=cut_off)
    run_import(old_town(), resume=True)
    before = everything()
    checks = list(TextToCheck.objects.order_by("pk").values())

    assert not run_import(old_town()).report.written
    assert everything() == before
    assert list(TextToCheck.objects.order_by("pk").values()) == checks
    assert [article(key).live for key in (10, 11, 12, 13)] == [False, False, True, True]
    assert len(checks) == 3


def test_what_is_public_stays_when_the_source_brings_a_number_later(run_import):
    dump = old_town()
    run_import(dump)
    dump.rows = [row for row in dump.rows if row[1].get("iid") != 13]
    dump.page(13, 1, f"<p>王五{ID}</p><p><img src='<!--#p8_attach#-->/a/b.jpg'></p>")
    result = run_import(dump)

    public = article(13)
    assert public.live
    assert ID not in json.dumps(public.body.raw_data[:])
    draft = public.get_latest_revision_as_object().body.raw_data
    assert ID in draft[0]["value"]
    assert MissingAttachment.objects.get().block_id == draft[1]["id"]
    assert result.report.written["texts_to_check"] == 1
    assert not run_import(dump).report.written
    # Masked in the source: it comes in, and nothing is left to check.
    dump.rows = [row for row in dump.rows if row[1].get("iid") != 13]
    dump.page(13, 1, "<p>王五</p>")
    run_import(dump)
    assert "王五" in article(13).body.raw_data[0]["value"]
    assert not TextToCheck.objects.filter(page=article(13)).exists()


def test_editors_mask_and_publish_and_only_then_is_it_settled(run_import, in_town):
    run_import(old_town(), personal_data=PersonalData.PUBLISH)
    editor = None
    found = article(10)

    def publish(words: str) -> None:
        found.body = found.body.stream_block.to_python([{"type": "paragraph", "value": words}])
        found.save_revision(user=editor).publish(user=editor)

    publish(f"<p>张三{ID}，已核对</p>")
    assert TextToCheck.objects.get(page=found).settled_at is None
    publish("<p>张三1101**********002X</p>")
    assert TextToCheck.objects.get(page=found).settled_at is not None
    change_of_source = old_town()
    change(change_of_source, 10, title="低保名单（新）")
    assert not run_import(change_of_source).report.written
    assert article(10).title == "低保名单"


def test_the_command_takes_the_choice(town, tmp_path):
    file = str(old_town().write(tmp_path))

    def command(*options):
        out = StringIO()
        call_command("import_site", file, "--tenant", "town", *options, stdout=out)
        return out.getvalue()

    with pytest.raises(CommandError, match="invalid choice"):
        command("--personal-data", "perhaps")
    assert "kept as a draft for review of personal data: 10" in command("--dry-run")
    report = json.loads(command("--json", "--personal-data", "publish").splitlines()[-1])
    assert report["personal_data_choice"] == "publish"
    assert report["findings"]["personal_data"] == 2
    with tenant_scope(town.tenant):
        assert ArticlePage.objects.filter(slug="a-10", live=True).exists()


def test_each_site_of_a_group_is_counted(db, tmp_path):
    out = StringIO()
    file = str(old_town().write(tmp_path))
    call_command("import_site", file, "--each-site", "--dry-run", stdout=out)

    assert "articles kept as drafts for identity or bank card numbers: 2" in out.getvalue()
    assert "public articles to be reviewed for personal data: 1" in out.getvalue()


def test_the_operator_chooses_and_reads_the_number(operator, own_folders, town, tmp_path):
    content = content_of(old_town(), tmp_path)
    assert (
        "请从列出的选项中选择"
        in brought(operator, "old.sql", content, personal_data="x").content.decode()
    )
    brought(operator, "old.sql", content)
    worked()
    assert "有 2 篇文章里有身份证号或银行卡号：会留作草稿" in page(operator)
    assert "1 篇要公开的文章里可能有手机号" in page(operator)
    listed = operator.get(f"{PLACE}{the_order().pk}/sites/town/?list=personal_data")
    assert "留作草稿；可能有：身份证号" in listed.content.decode()
    pressed(operator, "begin")
    worked()
    assert "已留作草稿" in page(operator)
    assert articles(town.tenant) == 4
    with tenant_scope(town.tenant):
        assert DomainEvent.objects.get(kind="old_site_merged").data["order"] == the_order().pk
        assert ArticlePage.objects.filter(live=False).count() == 2


def test_the_operator_may_have_them_published(operator, own_folders, town, tmp_path):
    brought(operator, "old.sql", content_of(old_town(), tmp_path), personal_data="publish")
    worked()
    assert "原样公开" in page(operator)
    pressed(operator, "begin")
    worked()
    with tenant_scope(town.tenant):
        assert not ArticlePage.objects.filter(live=False).exists()
        event = DomainEvent.objects.get(kind="old_site_merged")
        assert event.data["personal_data"] == "publish"
        assert ImportRun.objects.count() == 1
