"""One side of the import bench, in a process of its own: builds a fresh SQLite, imports, tells what it cost.

``python -m bench.import_side jiyue DATA_DIR DUMP`` or ``… plain DATA_DIR ARTICLES``; the last line
is one JSON object. The folder of the platform was filled by ``bench.jiyue_side`` before.
"""

import argparse
import json
import os
import time
from contextlib import closing
from pathlib import Path
from typing import Any


def jiyue(folder: str, dump: str, profile: str) -> dict[str, Any]:
    """The platform: the dump comes into a site that was opened before, as the command brings it in."""
    os.environ.update(DJANGO_SETTINGS_MODULE="cms_core.settings", JIYUE_ENV="test", DATA_DIR=folder)
    os.environ.setdefault("PORT", "80")
    import django

    django.setup()
    from cms_core.importer.services import import_site
    from cms_core.importer.sources import digest_of_file, open_source
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import tenant_scope

    tenant = Tenant.objects.get(code="bureau")
    path = Path(dump)
    with _Measured(profile) as cost, tenant_scope(tenant), closing(open_source(path)) as source:
        cost["read_cpu"] = time.process_time() - cost["began_cpu"]
        result = import_site(
            actor=None, tenant=tenant, source=source, source_digest=digest_of_file(path)
        )
    counts = result.report.counts_json()["articles"]
    return cost | {"articles": sum(counts.values()), "counts": counts}


def plain(folder: str, articles: int, profile: str) -> dict[str, Any]:
    """Stock Wagtail: a loop over clean texts, a page at a time, each with its revision, published."""
    os.environ.update(DJANGO_SETTINGS_MODULE="bench.plain_wagtail.settings", DATA_DIR=folder)
    import django

    django.setup()
    from datetime import UTC, datetime

    from django.core.management import call_command
    from django.db import transaction
    from wagtail.models import Page

    from bench.old_site_dump import old_articles
    from bench.plain_wagtail.models import ArticlePage, HomePage, SectionPage

    call_command("migrate", verbosity=0, interactive=False)
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="bureau", slug="bureau"))
    sections: dict[int, Page] = {}
    with _Measured(profile) as cost:
        for article in old_articles(1, articles):
            if article.section not in sections:
                sections[article.section] = home.add_child(
                    instance=SectionPage(title=f"栏目{article.section}", slug=f"s{article.section}")
                )
            with transaction.atomic():
                page = ArticlePage(
                    title=article.title,
                    slug=f"a-{article.number}",
                    summary=article.summary,
                    published_at=datetime.fromtimestamp(article.stamp, UTC),
                    body=[("paragraph", article.plain)],
                )
                sections[article.section].add_child(instance=page)
                page.save_revision().publish()
    return cost | {"articles": articles}


class _Measured:
    """Processor time, elapsed time and the highest resident memory of the block."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._cost: dict[str, Any] = {}

    def __enter__(self) -> dict[str, Any]:
        Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
        self._cost["memory_before"] = _memory("VmRSS")
        if self._profile:
            import cProfile

            self._profiler = cProfile.Profile()
            self._profiler.enable()
        self._cost["began"], self._cost["began_cpu"] = time.perf_counter(), time.process_time()
        return self._cost

    def __exit__(self, *exc_info: object) -> None:
        cost = self._cost
        cost["cpu"] = time.process_time() - cost["began_cpu"]
        cost["wall"] = time.perf_counter() - cost["began"]
        if self._profile:
            self._profiler.disable()
            self._profiler.dump_stats(self._profile)
        cost["memory_peak"] = _memory("VmHWM")


def _memory(name: str) -> float:
    """A figure of this process in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"the kernel tells no {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=("jiyue", "plain"))
    parser.add_argument("data_dir")
    parser.add_argument("what", help="path of the dump, or number of articles")
    parser.add_argument("--profile", default="", help="file for the profile")
    options = parser.parse_args()
    if options.side == "jiyue":
        cost = jiyue(options.data_dir, options.what, options.profile)
    else:
        cost = plain(options.data_dir, int(options.what), options.profile)
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
