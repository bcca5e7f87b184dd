"""The plain side of ``open_tenants``: one site at a time through Wagtail's ordinary calls.

``python -m bench.opening_plain COUNT`` with DATA_DIR; prints seconds, processor seconds, rows.
"""

import os
import sys
import time
from typing import Any

from bench.opening_roles import ROLES, SECTIONS


def open_site(number: int, permissions: dict[str, Any]) -> None:
    """Home, five sections, folder, four roles and the site, all or nothing."""
    from django.contrib.auth.models import Group
    from django.db import transaction
    from wagtail.models import (
        Collection,
        GroupCollectionPermission,
        GroupPagePermission,
        Page,
        Site,
    )

    from bench.plain_wagtail.models import HomePage, SectionPage

    code, name = f"bureau-{number}", f"示例单位{number}"
    with transaction.atomic():
        root = Page.get_first_root_node()
        home = root.add_child(instance=HomePage(title=name, slug=code))
        for slug, title in SECTIONS.items():
            home.add_child(instance=SectionPage(title=title, slug=slug, show_in_menus=True))
        folder = Collection.get_first_root_node().add_child(name=name)
        for role in ROLES:
            group = Group.objects.create(name=f"{code}/{role.role.value}")
            group.permissions.add(
                *(permissions[right] for right in role.model_permissions if right in permissions)
            )
            for action in role.page_actions:
                GroupPagePermission.objects.create(
                    group=group, page=home, permission=permissions[f"wagtailcore.{action}_page"]
                )
            for kind, actions in role.collection_actions.items():
                app = {"image": "wagtailimages", "document": "wagtaildocs"}.get(kind, "wagtailcore")
                for action in actions:
                    GroupCollectionPermission.objects.create(
                        group=group,
                        collection=folder,
                        permission=permissions[f"{app}.{action}_{kind}"],
                    )
        Site.objects.create(hostname=f"{code}.localhost", site_name=name, root_page=home)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain_wagtail.settings"
    import django

    django.setup()
    from django.contrib.auth.models import Permission
    from django.core.management import call_command
    from wagtail.models import Page

    call_command("migrate", verbosity=0, interactive=False)
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    open_site(0, permissions)  # fills caches of content types
    before, began, cpu = Page.objects.count(), time.perf_counter(), time.process_time()
    for number in range(1, int(sys.argv[1]) + 1):
        open_site(number, permissions)
    taken, used = time.perf_counter() - began, time.process_time() - cpu
    print(taken, used, Page.objects.count() - before)


if __name__ == "__main__":
    main()
