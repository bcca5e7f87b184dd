"""What the tenancy guard costs a query: the same queries inside a tenant's scope, and without a rule.

Both are built, compiled and run by Django on the same SQLite file; in a system scope the guard adds
no condition. The ratio is of the medians of processor time, all kinds of query together.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROUNDS = 400


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="cms_core.settings", JIYUE_ENV="test", DATA_DIR=folder
        )
        import django

        django.setup()
        from bench.jiyue_side import build
        from sites.tenancy.models import Tenant
        from sites.tenancy.scope import system_scope, tenant_scope

        build(tenants=2)
        tenant = Tenant.objects.get(code="bureau")
        print(f"{ROUNDS} rounds, in turn; microseconds of processor time a query")
        print(f"{'':<44}{'guarded':>9}{'without':>9}{'more':>7}")
        totals = [0.0, 0.0]
        for title, query in _queries().items():
            guarded, without = _compare(
                query,
                lambda: tenant_scope(tenant),
                lambda: system_scope("comparing queries without a rule"),
            )
            totals[0] += guarded
            totals[1] += without
            print(f"{title:<44}{guarded:>9.0f}{without:>9.0f}{guarded - without:>7.0f}")
        print(f"ratio {totals[0] / totals[1]:.2f}")


def _queries() -> dict[str, Callable[[], Any]]:
    from wagtail.models import Collection, Revision

    from cms_core.pages.models import ArticleAttachment, ArticlePage, BasePage

    return {
        "own, one table (page by address)": lambda: list(
            BasePage.objects.filter(url_path="/bureau/s1/", live=True)
        ),
        "own, column in the parent table (article)": lambda: list(
            ArticlePage.objects.filter(url_path="/bureau/s1/s1-2/a121/", live=True)
        ),
        "derived (attachments by their page)": lambda: list(
            ArticleAttachment.objects.filter(page_id=1)
        ),
        "owner in a side table (newest revision)": lambda: list(
            Revision.objects.order_by("-pk").values_list("pk")[:1]
        ),
        "owner in a side table (collections)": lambda: list(Collection.objects.order_by("path")),
    }


def _compare(query: Callable[[], Any], *scopes: Callable[[], Any]) -> list[float]:
    """Medians of one run of ``query`` in each of ``scopes``, in microseconds."""
    times: list[list[float]] = [[] for _ in scopes]
    for turn in range(ROUNDS):
        for place, scope in enumerate(scopes):
            with scope():
                began = time.process_time_ns()
                query()
                taken = (time.process_time_ns() - began) / 1000
            if turn >= ROUNDS // 10:
                times[place].append(taken)
    return [median(series) for series in times]


if __name__ == "__main__":
    main()
