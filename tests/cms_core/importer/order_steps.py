"""What an operator does with an old site in the administration, step by step."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms_core.importer import orders
from cms_core.importer.models import ImportedRecord, MergeOrder
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.importer.dumps import SiteDump

PLACE = "/platform/importing/"


def many(number: int = 12, site: str = "gov1", first: int = 1) -> SiteDump:
    dump = SiteDump(site)
    dump.section(first, "新闻")
    for key in range(first, first + number):
        dump.article(key, first, title=f"第{key}条新闻", body=f"<p>正文{key}</p>")
    return dump


def content_of(dump: SiteDump, tmp_path: Path) -> bytes:
    return dump.write(tmp_path).read_bytes()


def brought(client: Client, name: str, content: bytes, **fields: Any) -> Any:
    values = {"where": "one", "tenant": "town", "blueprint": "department", **fields}
    return client.post(f"{PLACE}new/", {**values, "file": SimpleUploadedFile(name, content)})


def the_order() -> MergeOrder:
    with system_scope("test"):
        return MergeOrder.objects.latest("pk")


def page(client: Client) -> str:
    return client.get(f"{PLACE}{the_order().pk}/").content.decode()


def worked() -> MergeOrder:
    orders.work_off(the_order().pk)
    return the_order()


def pressed(client: Client, button: str, order: MergeOrder | None = None) -> Any:
    return client.post(f"{PLACE}{(order or the_order()).pk}/{button}/", follow=True)


def articles(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        return ImportedRecord.objects.filter(kind="articles", page__isnull=False).count()
