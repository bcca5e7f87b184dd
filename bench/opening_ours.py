"""Our side of ``open_tenants``: the whole list, as the command opens it.

``python -m bench.opening_ours COUNT`` with DATA_DIR; prints seconds, processor seconds, pages.
``PROFILE=1`` prints where the time goes.
"""

import cProfile
import os
import pstats
import sys
import time
from pathlib import Path

from bench.opening_roles import ROLES, SECTIONS


def blueprint_text() -> str:
    """The blueprint of the measured sites: home, five sections, four roles."""
    sections = "".join(
        f'[[columns]]\nname = "{name}"\nslug = "{slug}"\nlevel = 1\nkind = "article_list"\n'
        for slug, name in SECTIONS.items()
    )
    codes = ", ".join(f'"{role.role.value}"' for role in ROLES)
    head = 'schema = "jiyue.blueprint/1"\ncode = "measured"\nkind = "department"\nname = "五栏目"\n'
    return f"{head}{sections}[site_roles]\ncodes = [{codes}]\n"


def list_text(first: int, last: int) -> bytes:
    lines = "".join(
        f"bureau-{n},示例单位{n},measured,bureau-{n}.localhost\n" for n in range(first, last + 1)
    )
    return f"code,name,blueprint,host\n{lines}".encode()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms_core.settings"
    folder = Path(os.environ["DATA_DIR"]) / "blueprints"
    folder.mkdir()
    (folder / "measured.toml").write_text(blueprint_text(), encoding="utf-8")
    import django

    django.setup()
    from django.core.management import call_command

    from cms_core.blueprints.list_services import Outcome, open_list
    from cms_core.blueprints.opening_list import read_list
    from cms_core.pages.models import BasePage
    from sites.tenancy.scope import system_scope

    call_command("migrate", verbosity=0, interactive=False)
    open_list(actor=None, sites=read_list(list_text(0, 0)).sites)  # fills caches of content types
    count = int(sys.argv[1])
    with system_scope("counting the pages that a benchmark made"):
        before = BasePage.objects.count()
    profile = cProfile.Profile() if os.environ.get("PROFILE") else None
    if profile:
        profile.enable()
    began, cpu = time.perf_counter(), time.process_time()
    result = open_list(actor=None, sites=read_list(list_text(1, count)).sites)
    taken, used = time.perf_counter() - began, time.process_time() - cpu
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats(os.environ["PROFILE"]).print_stats(45)
    assert result.count(Outcome.OPENED) == count, result
    with system_scope("counting the pages that a benchmark made"):
        print(taken, used, BasePage.objects.count() - before)


if __name__ == "__main__":
    main()
