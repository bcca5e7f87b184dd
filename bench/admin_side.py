"""The platform's administration with many articles in one section, asked as a signed-in administrator.

``python -m bench.admin_side DATA_DIR [--articles N] [--build-only]``; DATA_DIR empty, or built before.
"""

import argparse
import os
from pathlib import Path
from typing import Any

from bench import content

ADMINISTRATOR = "bureau-administrator"
PASSWORD = "Seven-Bridges-41"  # noqa: S105  (of an account that only the measured database has)
#: Articles in one transaction while the site is filled.
BATCH = 1_000


def build(articles: int) -> None:
    """The measured site of ``bench.jiyue_side``, ``articles`` more in one section, an administrator."""
    from bench import jiyue_side
    from sites.accounts.enums import RoleCode
    from sites.accounts.services import grant_membership, make_account, provision_roles
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import opening_scope

    jiyue_side.build(1)
    tenant = Tenant.objects.get(code="bureau")
    with opening_scope(tenant):
        provision_roles(actor=None, tenant=tenant)
        user = make_account(username=ADMINISTRATOR, display_name="管理员", managed_by=tenant)
        user.set_password(PASSWORD)
        user.save()
        grant_membership(
            actor=None, user=user, tenant=tenant, role=RoleCode.SITE_ADMINISTRATOR, sections=None
        )
    _fill(tenant, articles)


def _fill(tenant: Any, articles: int) -> None:
    from cms_core.pages import services as pages
    from cms_core.pages.models import SectionPage
    from cms_core.pages.rows import ArticleRow
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(tenant):
        section = SectionPage.objects.get(slug="s2-4")
        batch: list[ArticleRow] = []
        for article in content.articles(articles):
            batch.append(
                ArticleRow(
                    key=article.slug,
                    parent_id=section.pk,
                    title=article.title,
                    slug=f"m{article.slug}",
                    body=[("paragraph", f"<p>{article.summary}</p>")],
                    summary=article.summary,
                    source_name=article.source,
                    published_at=article.published_at,
                )
            )
            if len(batch) == BATCH:
                pages.bulk_create_articles(actor=None, rows=batch)
                batch = []
        if batch:
            pages.bulk_create_articles(actor=None, rows=batch)


def sign_in(host: str) -> str:
    """Sign the administrator in; the value of the cookie header."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": host})
    answer = client.post("/sign-in/", {"username": ADMINISTRATOR, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--articles", type=int, default=0)
    parser.add_argument("--build-only", action="store_true")
    options = parser.parse_args()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="cms_core.settings", JIYUE_ENV="test", DATA_DIR=options.data_dir
    )
    os.environ.setdefault("PORT", "80")
    import django

    from bench.answering import answer_commands

    django.setup()
    is_built = (Path(options.data_dir) / "jiyue.sqlite3").exists() or _is_built()
    if not is_built:
        build(options.articles)
    if options.build_only:
        return
    from django.conf import settings

    from cms_core.wsgi import application

    answer_commands(
        application,
        settings.ADMIN_HOST,
        cookie=sign_in(settings.ADMIN_HOST),
        more={"section": _section},
    )


def _section(*_arguments: Any, **_options: Any) -> dict[str, int]:
    """The section that holds the many articles."""
    from cms_core.pages.models import SectionPage
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(Tenant.objects.get(code="bureau")):
        return {"id": SectionPage.objects.get(slug="s2-4").pk}


def _is_built() -> bool:
    """Whether a database that is no file holds the site already."""
    from django.db import connection

    return connection.vendor != "sqlite" and "sites_tenancy_tenant" in (
        connection.introspection.table_names()
    )


if __name__ == "__main__":
    main()
