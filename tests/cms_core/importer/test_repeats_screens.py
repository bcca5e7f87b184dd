"""Texts of several merged sites on the platform's screens: listed, filtered, settled, exported."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cms_core.importer.models import SettledRepeat
from cms_core.importer.repeats import repeated_texts
from cms_core.importer.services import import_site
from cms_core.importer.sources import digest_of_file, open_source
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.sites.accounts.people import member, platform_person, signed_in
from tests.tenants import make_tenant

PLACE = "/platform/repeated/"
SHARED = "=全市同发的通知"


def merged(code: str, folder: Path, *titles: str) -> Tenant:
    tenant = make_tenant(code).tenant
    dump = SiteDump(code)
    dump.section(1, "通知")
    for key, title in enumerate(titles, start=1):
        dump.article(key, 1, title, f"<p>{title}的正文</p>")
    path = dump.write(folder)
    with tenant_scope(tenant), closing(open_source(path)) as source:
        import_site(actor=None, tenant=tenant, source=source, source_digest=digest_of_file(path))
    return tenant


@pytest.fixture
def two_sites(db: None, tmp_path: Path) -> list[Tenant]:
    return [
        merged("east", tmp_path, SHARED, "东站自己的"),
        merged("west", tmp_path, SHARED, "西站自己的"),
    ]


def text(client: Client, path: str = "", **query: Any) -> str:
    answer = client.get(f"{PLACE}{path}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_group_from_the_list_to_settled_and_back(operator, two_sites, tmp_path):
    listed = text(operator)
    assert SHARED in listed
    assert "自己的" not in listed
    digest = next(repeated_texts()).digest
    group = text(operator, f"{digest}/")
    assert group.count(f"{SHARED}<span") == 2
    assert "http://east" in group

    operator.post(f"{PLACE}{digest}/settle/")

    assert SHARED not in text(operator)
    assert SHARED in text(operator, state="settled")
    merged("north", tmp_path, SHARED)
    assert SHARED in text(operator), "another site brought it: it is open again"
    operator.post(f"{PLACE}{digest}/settle/")
    operator.post(f"{PLACE}{digest}/settle/", {"reopen": "1"})
    assert SHARED in text(operator)
    with system_scope("test"):
        kinds = list(DomainEvent.objects.filter(tenant=None).values_list("kind", flat=True))
    assert (kinds.count("repeat_settled"), kinds.count("repeat_reopened")) == (2, 1)


def test_by_site_and_as_a_table(operator, two_sites, tmp_path):
    merged("north", tmp_path, "只有北站有")
    assert SHARED in text(operator, site="west")
    assert SHARED not in text(operator, site="north")
    assert SHARED not in text(operator, site="nobody")

    table = operator.get(f"{PLACE}repeated-articles.csv", {"site": "west"}).content.decode(
        "utf-8-sig"
    )

    assert table.count(f"'{SHARED}") == 2, "no cell begins a formula"
    assert operator.get(f"{PLACE}{'0' * 64}/").status_code == 404
    assert operator.post(f"{PLACE}{'0' * 64}/settle/").status_code == 404


def test_only_operators_settle_and_sites_see_nothing(operator, two_sites):
    digest = next(repeated_texts()).digest
    auditor = signed_in(platform_person(PlatformRoleCode.AUDITOR))
    assert SHARED in text(auditor)
    assert "/settle/" not in text(auditor, f"{digest}/")
    assert auditor.post(f"{PLACE}{digest}/settle/").status_code == 403
    administrator = member(two_sites[0], RoleCode.SITE_ADMINISTRATOR)
    stranger = signed_in(administrator)
    for path in ("", f"{digest}/", "repeated-articles.csv"):
        assert stranger.get(f"{PLACE}{path}").status_code == 403
    operator.post(f"{PLACE}{digest}/settle/")
    with tenant_scope(two_sites[0], administrator):
        assert not SettledRepeat.objects.exists()
