"""Two runs of one list at the same instant, on a database of their own. Run as a process; prints what happened."""

import json
import threading
from typing import Any

import django


def main() -> dict[str, Any]:
    from django.db import connections

    from cms_core.blueprints import list_services
    from cms_core.blueprints.list_services import open_list
    from cms_core.blueprints.opening_list import read_list
    from cms_core.pages.models import BasePage
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import system_scope

    list_services.CHUNK_SITES = 2
    lines = "".join(
        f"race-{n},示例{n},township_channel,race-{n}.localhost,主任\n" for n in range(6)
    )
    sites = read_list(f"code,name,blueprint,host,head\n{lines}".encode()).sites
    start = threading.Barrier(2)
    outcomes: list[list[str]] = []

    def run() -> None:
        try:
            start.wait(timeout=20)
            result = open_list(actor=None, sites=sites)
            outcomes.append([line.outcome.value for line in result.lines])
        except Exception as error:  # noqa: BLE001 - each outcome is told
            outcomes.append([f"{type(error).__name__}: {error}"[:300]])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    with system_scope("test"):
        return {
            "outcomes": outcomes,
            "sites": Tenant.objects.filter(code__startswith="race-").count(),
            "tree": [len(found) for found in BasePage.find_problems()],
        }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))  # noqa: T201  (its output is its result)
