"""``manage.py import_site``: what it prints and how it ends."""

import json
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect

from cms_core.importer.models import ImportRun
from cms_core.pages.models import ArticlePage, SectionPage
from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope
from sites.tenancy.selectors import primary_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(town, old_site, tmp_path):
    """Runs the command on the sample dump; gives its output."""

    def runner(*options, source=None, tenant="town"):
        out = StringIO()
        path = source or old_site.write(tmp_path)
        call_command("import_site", str(path), "--tenant", tenant, *options, stdout=out)
        return out.getvalue()

    return runner


def test_json_is_one_object_on_the_last_line(command, town):
    report = json.loads(command("--json").splitlines()[-1])

    assert report["ok"] is True
    assert report["counts"]["columns"] == {"imported": 2, "repaired": 1, "skipped": 0, "lost": 0}
    assert set(report["counts"]) == {"columns", "articles", "attachments", "redirects"}
    assert [(row["kind"], row["source_key"]) for row in report["lost"]] == [
        ("articles", "17"), ("attachments", "21#1"), ("attachments", "21#2"),
    ]  # fmt: skip
    assert all(row["reason"] for name in ("repaired", "skipped", "lost") for row in report[name])
    with tenant_scope(town.tenant):
        run = ImportRun.objects.get(pk=report["run"])
        assert run.counts == report["counts"]
        assert run.source_name == report["source"] == "gov8:gov1"
        assert len(run.source_digest) == 64


def test_the_second_report_says_that_nothing_was_written(command):
    command()
    report = json.loads(command("--json").splitlines()[-1])

    assert report["written"] == {}
    assert report["counts"]["articles"] == {"imported": 0, "repaired": 0, "skipped": 13, "lost": 0}


def test_a_dry_run_says_so_and_writes_nothing(command, town):
    report = json.loads(command("--json", "--dry-run").splitlines()[-1])

    assert (report["dry_run"], report["run"], report["written"]) == (True, None, {})
    with tenant_scope(town.tenant):
        assert not ArticlePage.objects.filter(slug="a-10").exists()
        assert not ImportRun.objects.exists()


def test_people_get_counts_and_reasons(command):
    printed = command()

    assert "gov8:gov1: 3 columns, 13 articles" in printed
    assert "17 “失文”" in printed
    assert "10 “好稿件” also as 20" in printed


def test_a_visitor_follows_an_old_address_to_the_text(command, client):
    command()
    moved = client.get("/s.php/gov1/item-view-id-10.shtml", headers={"host": "town.localhost"})
    assert moved.status_code == 301

    page = client.get(moved["Location"], headers={"host": "town.localhost"})
    assert page.status_code == 200
    assert "第一段" in page.content.decode()


def test_a_draft_is_not_shown(command, client):
    command()
    with tenant_scope(Tenant.objects.get(code="town")):
        path = Redirect.objects.get(old_path="/s.php/gov1/item-view-id-17.shtml").redirect_page.url

    for address in ("/s.php/gov1/item-view-id-17.shtml", urlsplit(path).path):
        assert client.get(address, headers={"host": "town.localhost"}).status_code == 404


def test_a_missing_tenant_is_opened_from_the_department_blueprint(command):
    report = json.loads(command("--json", tenant="cd-whj").splitlines()[-1])

    tenant = Tenant.objects.get(code="cd-whj")
    assert report["ok"] is report["opened"] is True
    assert (tenant.kind, tenant.name) == (TenantKind.DEPARTMENT, "Old site gov1")
    with tenant_scope(tenant):
        assert primary_address(tenant.pk).host == "cd-whj.localhost"
        assert ArticlePage.objects.filter(slug="a-10").exists()
        # Sections of the blueprint and of the old site stand side by side.
        assert SectionPage.objects.count() > 20


def test_a_dry_run_opens_no_tenant_and_counts_the_same(command):
    planned = json.loads(command("--json", "--dry-run", tenant="cd-whj").splitlines()[-1])
    assert planned["opened"] is True
    assert not Tenant.objects.filter(code="cd-whj").exists()

    done = json.loads(command("--json", tenant="cd-whj").splitlines()[-1])
    assert planned["counts"] == done["counts"]


def test_a_site_that_cannot_be_opened_is_said_before_anything_is_written(command):
    with pytest.raises(CommandError, match=r"Bad_Code.*cannot be opened"):
        command(tenant="Bad_Code")
    assert not Tenant.objects.filter(code="Bad_Code").exists()


def test_an_unknown_user_is_named(command):
    with pytest.raises(CommandError, match="nobody"):
        command("--user", "nobody")


def test_failure_is_reported_as_json_too(town, tmp_path):
    out = StringIO()
    path = tmp_path / "empty.sql"
    path.write_text("")

    with pytest.raises(CommandError, match="empty"):
        call_command("import_site", str(path), "--tenant", "town", "--json", stdout=out)
    report = json.loads(out.getvalue().splitlines()[-1])
    assert report["ok"] is False
    assert "empty" in report["error"]
