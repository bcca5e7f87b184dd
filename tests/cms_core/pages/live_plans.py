"""An editor's process for tests of what happens by itself: plans, orders, looks.

Reads lines ``COMMAND NUMBER`` and answers each with one JSON object.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

import django

CODES = ("plan-a", "plan-b")
#: Seconds from now until the planned moments.
AHEAD = 5


def plan(_number: int) -> dict[str, Any]:
    """In two tenants: a draft that goes live soon, one that does so tomorrow, a live page that expires soon."""
    from django.db import transaction
    from django.utils import timezone

    from cms_core.pages.models import ArticlePage
    from cms_core.pages.services import create_article
    from sites.tenancy.scope import tenant_scope
    from tests.cms_core.pages.conftest import article_row
    from tests.sites.accounts.people import house

    for code in CODES:
        with transaction.atomic():
            here = house(code)
        with transaction.atomic(), tenant_scope(here.tenant):
            for slug, days in (("tomorrow", 1), ("soon", 0)):
                page = create_article(
                    actor=None,
                    parent=here.section,
                    row=article_row(0, title=f"{code} {slug}", slug=slug, live=False),
                )
                soon = timezone.now() + timedelta(seconds=AHEAD)
                page.go_live_at = soon + timedelta(days=days)
                page.save_revision().publish()
            ArticlePage.objects.filter(pk=here.articles[0].pk).update(expire_at=soon)
    return look(0)


def order(count: int) -> dict[str, Any]:
    """Somebody of the first tenant orders ``count`` drafts to be published in the background."""
    from django.db import transaction

    from cms_core.pages.bulk_jobs import start_change
    from cms_core.pages.models import BasePage
    from cms_core.pages.services import bulk_create_articles
    from sites.accounts.enums import RoleCode
    from sites.tenancy.scope import tenant_scope
    from tests.cms_core.pages.conftest import article_row
    from tests.sites.accounts.people import member

    tenant = _tenant(CODES[0])
    person = member(tenant, RoleCode.SITE_ADMINISTRATOR, name="live-chief")
    with transaction.atomic(), tenant_scope(tenant, person):
        section = BasePage.objects.get(slug="news")
        rows = [
            article_row(section.pk, key=str(n), slug=f"many{n}", live=False) for n in range(count)
        ]
        drafts = list(bulk_create_articles(actor=person, rows=rows).values())
        start_change(actor=person, action="publish", pages=drafts)
    return {}


def look(_number: int) -> dict[str, Any]:
    """Slugs of live articles, and which notices of expiry stand, by tenant; how far the order is."""
    from cms_core.pages.models import ArticlePage, BulkChangeItem, Tombstone
    from sites.tenancy.scope import tenant_scope

    found: dict[str, Any] = {}
    for code in CODES:
        with tenant_scope(_tenant(code)):
            live = ArticlePage.objects.filter(live=True).exclude(slug__startswith="many")
            found[code] = {
                "live": sorted(live.values_list("slug", flat=True)),
                "notices": [
                    [stone.url_path, stone.reason] for stone in Tombstone.objects.order_by("pk")
                ],
                "done": BulkChangeItem.objects.filter(state="done").count(),
                "published": ArticlePage.objects.filter(live=True, slug__startswith="many").count(),
            }
    return found


def wait(seconds: int) -> dict[str, Any]:
    """Until in both tenants one page went live and one expired and the order is done, at most ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        state = look(0)
        happened = all("soon" in one["live"] and one["notices"] for one in state.values())
        if happened and state[CODES[0]]["done"]:
            break
        time.sleep(0.2)
    return look(0)


def _tenant(code: str) -> Any:
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import system_scope

    with system_scope("the tenants of a live test"):
        return Tenant.objects.get(code=code)


def main() -> None:
    django.setup()
    commands = {"plan": plan, "order": order, "look": look, "wait": wait}
    for line in sys.stdin:
        name, number = line.split()
        sys.stdout.write(json.dumps(commands[name](int(number))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
