"""Opening a list in the administration: checked, begun, worked off, taken over, read."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cms_core.blueprints import list_services, runs
from cms_core.blueprints.enums import OpeningStatus
from cms_core.blueprints.models import OpeningRun
from cms_core.blueprints.tasks import sweep_openings
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.sites.accounts.people import member, platform_person, signed_in
from tests.tenants import make_tenant

HEADING = "code,name,blueprint,host,负责人\n"
GOOD = f"{HEADING}a1,甲局,部门,a.localhost,局长\nb1,乙局,部门,b.localhost,局长\nc1,丙局,部门,c.localhost,\n"


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(platform_person(PlatformRoleCode.OPERATOR))


def brought(client: Client, text: str = GOOD) -> Any:
    file = SimpleUploadedFile("list.csv", text.encode("gbk"))
    return client.post("/platform/opening/", {"file": file})


def the_run() -> OpeningRun:
    with system_scope("test"):
        return OpeningRun.objects.get()


def page(client: Client) -> str:
    return client.get(f"/platform/opening/{the_run().pk}/").content.decode()


def begun(client: Client) -> None:
    client.post(f"/platform/opening/{the_run().pk}/begin/")


def codes() -> list[str]:
    return list(Tenant.objects.filter(code__in=["a1", "b1", "c1"]).values_list("code", flat=True))


def test_a_list_from_the_file_to_the_sites(operator):
    answer = brought(operator)
    assert answer.status_code == 302
    text = operator.get(answer.headers["location"]).content.decode()
    assert "甲局" in text
    assert "负责人称谓: " in text
    assert codes() == []
    assert "<progress" not in text

    begun(operator)
    running = page(operator)
    assert 'http-equiv="refresh"' in running
    assert 'value="0" max="3"' in running
    runs.work_off(the_run().pk)

    text = page(operator)
    assert codes() == ["a1", "b1"]
    assert the_run().status == OpeningStatus.DONE
    assert 'href="http://a.localhost' in text
    assert text.index("丙局") < text.index("甲局"), "what needs somebody stands first"
    assert 'http-equiv="refresh"' not in text
    with system_scope("test"):
        kinds = set(DomainEvent.objects.filter(tenant=None).values_list("kind", flat=True))
    assert {"opening_list_brought", "opening_list_begun"} <= kinds
    with tenant_scope(Tenant.objects.get(code="a1")):
        opened = DomainEvent.objects.get(kind="tenant_opened")
    assert opened.actor_id == the_run().created_by_id


def test_a_list_that_cannot_be_read_says_where(operator):
    answer = brought(operator, f"{HEADING}a1,,部门,a.localhost,局长\n")

    assert answer.status_code == 200
    assert "2" in answer.content.decode()
    assert "网站名称" in answer.content.decode()
    with system_scope("test"):
        assert not OpeningRun.objects.exists()
    assert operator.post("/platform/opening/", {}).status_code == 200


def test_a_list_is_begun_once(operator):
    brought(operator)
    begun(operator)
    runs.work_off(the_run().pk)
    done = the_run().finished_at

    begun(operator)
    runs.work_off(the_run().pk)

    assert the_run().finished_at == done


def test_two_workers_do_not_share_a_run(operator):
    brought(operator)
    begun(operator)
    with system_scope("test"):
        OpeningRun.objects.update(token="00000000-0000-0000-0000-000000000001")

    runs.work_off(the_run().pk)

    assert codes() == []
    assert runs.forgotten_runs() == []


def test_a_dead_workers_run_is_taken_over_where_it_stopped(operator, monkeypatch):
    monkeypatch.setattr(list_services, "CHUNK_SITES", 1)
    brought(operator)
    begun(operator)
    pk = the_run().pk

    def die(actor: Any, sites: Any) -> Any:
        if sites[0]["code"] == "b1":
            raise SystemExit
        return real(actor, sites)

    real = list_services._opened_together
    with monkeypatch.context() as patch:
        patch.setattr(list_services, "_opened_together", die)
        with pytest.raises(SystemExit):
            runs.work_off(pk)
    assert codes() == ["a1"]
    assert the_run().status == OpeningStatus.RUNNING
    with system_scope("test"):
        OpeningRun.objects.update(touched_at=timezone.now() - timedelta(minutes=3))

    sweep_openings()

    assert codes() == ["a1", "b1"]
    outcomes = {line["code"]: line["outcome"] for line in the_run().results}
    assert outcomes == {"a1": "opened", "b1": "opened", "c1": "refused"}


def test_an_interrupted_list_goes_on(operator, monkeypatch):
    brought(operator)
    begun(operator)

    def fails(**given: Any) -> None:
        raise list_services.OpeningInterrupted("Line 3: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(runs, "open_list", fails)
        runs.work_off(the_run().pk)
    assert "the disk is full" in page(operator)

    begun(operator)
    runs.work_off(the_run().pk)

    assert the_run().status == OpeningStatus.DONE
    assert codes() == ["a1", "b1"]


@pytest.mark.parametrize("role", ["SECURITY_ADMINISTRATOR", "AUDITOR"])
def test_other_platform_roles_read(operator, role):
    brought(operator)
    reader = signed_in(platform_person(PlatformRoleCode[role]))

    assert reader.get("/platform/opening/").status_code == 200
    assert "甲局" in page(reader)
    assert '<button class="btn">' not in page(reader)
    assert brought(reader).status_code == 403
    begun(reader)
    assert the_run().status == OpeningStatus.CHECKED


def test_a_sites_people_see_nothing(operator):
    brought(operator)
    house = make_tenant("alpha")
    administrator = member(house.tenant, RoleCode.SITE_ADMINISTRATOR)

    assert signed_in(administrator).get("/platform/opening/").status_code == 403
    assert signed_in(administrator).get(f"/platform/opening/{the_run().pk}/").status_code == 403
    with tenant_scope(house.tenant, administrator):
        assert not OpeningRun.objects.exists()
