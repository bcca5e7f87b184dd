"""Blueprints and live sites on the platform's screens: downloaded, compared, applied as it was shown."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms_core.blueprints.differences import differences
from cms_core.blueprints.selectors import read_blueprint
from cms_core.pages.models import SectionPage
from cms_core.pages.services import create_section
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.pages.conftest import section_row
from tests.sites.accounts.people import member, platform_person, signed_in

from .conftest import SMALL
from .test_live_sites import RICH, opened

PLACE = "/platform/blueprints/"


@pytest.fixture
def site(db: None) -> Tenant:
    return opened("one", SMALL)


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(platform_person(PlatformRoleCode.OPERATOR))


def compared(client: Client, **fields: Any) -> Any:
    return client.post(f"{PLACE}compare/", {"tenant": "one", **fields})


def rich_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("rich.toml", RICH.encode())


def hidden(answer: Any) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()
    )
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def slugs(tenant: Tenant) -> set[str]:
    with tenant_scope(tenant):
        return set(SectionPage.objects.values_list("slug", flat=True))


def test_a_site_comes_as_a_blueprint_that_differs_in_nothing(operator, site):
    assert (
        "小站" in operator.get(PLACE).content.decode()
        or "department" in operator.get(PLACE).content.decode()
    )

    answer = operator.post(f"{PLACE}export/", {"site": "one", "code": "my-own"})

    assert answer.headers["content-disposition"] == 'attachment; filename="my-own.toml"'
    plan = read_blueprint(answer.content.decode(), "download")
    assert plan.code == "my-own"
    assert differences(tenant=site, plan=plan, variables={}) == []
    with system_scope("test"):
        assert DomainEvent.objects.filter(kind="blueprint_exported", tenant=None).count() == 1


def test_what_was_shown_is_made_and_nothing_before(operator, site):
    shown = compared(operator, file=rich_file())
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "township" in text
    with tenant_scope(site):
        assert not DomainEvent.objects.filter(kind="blueprint_applied").exists()

    answer = operator.post(f"{PLACE}compare/", hidden(shown), follow=True)

    assert answer.redirect_chain
    with tenant_scope(site):
        event = DomainEvent.objects.get(kind="blueprint_applied")
    assert event.actor_id == int(operator.session["_auth_user_id"])
    again = compared(operator, file=rich_file()).content.decode()
    assert 'name="shown"' not in again, "nothing is left to make"


def test_a_site_that_changed_meanwhile_is_shown_again(operator, site):
    before = slugs(site)
    fields = hidden(compared(operator, blueprint="department", variables="head=局长"))
    assert fields["blueprint"] == "department"
    with tenant_scope(site):
        home = SectionPage.objects.filter(slug="gk").get().get_parent()
        create_section(actor=None, parent=home, row=section_row(0, slug="jggk", title="机构概况"))

    answer = operator.post(f"{PLACE}compare/", fields)

    assert answer.status_code == 200
    assert 'role="status"' in answer.content.decode()
    assert slugs(site) == before | {"jggk"}
    operator.post(f"{PLACE}compare/", hidden(answer))
    assert len(slugs(site)) > len(before) + 10


@pytest.mark.parametrize(
    "fields",
    [
        {"blueprint": "department", "tenant": "nobody"},
        {},
        {"blueprint": "department", "text": "x"},
        {"blueprint": "department"},  # the head is missing
        {"blueprint": "department", "variables": "head"},
        {"file": SimpleUploadedFile("a.toml", b"[[[")},
        {"file": SimpleUploadedFile("a.toml", "名".encode("gbk"))},
    ],
)
def test_bad_input_is_told_in_the_form(operator, site, fields):
    answer = compared(operator, **fields)

    assert answer.status_code == 200
    assert 'class="msg"' in answer.content.decode()
    bad = operator.post(f"{PLACE}export/", {"site": "one", "code": "Über alles"})
    assert 'class="msg"' in bad.content.decode()
    assert slugs(site) == {"dt", "yw", "gk"}


def test_who_may(operator, site):
    auditor = signed_in(platform_person(PlatformRoleCode.AUDITOR))
    assert "<form" not in auditor.get(PLACE).content.decode().partition("<table")[2]
    administrator = signed_in(member(site, RoleCode.SITE_ADMINISTRATOR))
    for client in (auditor, administrator):
        assert client.post(f"{PLACE}export/", {"site": "one"}).status_code == 403
        assert compared(client, blueprint="department").status_code == 403
    assert administrator.get(PLACE).status_code == 403
