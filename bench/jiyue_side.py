"""The platform's side: the bureau as one tenant (and more tenants beside it), built by the services.

``python -m bench.jiyue_side DATA_DIR [--tenants N] [--like OTHER_DATA_DIR]``; DATA_DIR must be empty.
"""

import argparse
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from bench import content

DATABASE = "jiyue.sqlite3"


def copy_database(source: Path, target: Path) -> None:
    """Begin with the database of another side, which may be serving."""
    with (
        closing(sqlite3.connect(source / DATABASE)) as reading,
        closing(sqlite3.connect(target / DATABASE)) as writing,
    ):
        reading.backup(writing)


def build(tenants: int, *, opened: int = 0) -> None:
    """Migrate and open ``tenants`` sites of equal sections; the first holds the whole content.

    ``opened``: how many of them the database holds already.
    """
    from django.core.management import call_command

    from sites.tenancy.scope import system_scope
    from sites.tenancy.services import OrganizationRow, record_organizations

    if not opened:
        call_command("migrate", verbosity=0, interactive=False)
    names = dict.fromkeys((content.SITE["sponsor"], content.SITE["operator"]))
    with system_scope("building the site that a benchmark measures"):
        record_organizations(
            actor=None,
            rows=[
                OrganizationRow(code=f"org-{number}", name=name, kind="department")
                for number, name in enumerate(names)
            ],
        )
        for number in range(opened, tenants):
            _open(number)


def _open(number: int) -> None:
    from django.db import transaction
    from wagtail.models import Site

    from cms_core.pages import services as pages
    from cms_core.pages.rows import SectionRow
    from sites.tenancy import services as tenancy
    from sites.tenancy.enums import TenantKind
    from sites.tenancy.models import Organization
    from sites.tenancy.scope import opening_scope, tenant_scope

    is_measured = number == 0
    bodies = {body.name: body for body in Organization.objects.all()}
    facts: dict[str, Any] = {
        name: content.SITE[name]
        for name in (
            "icp_license_number",
            "police_record_number",
            "conac_id",
            "contact_phone",
            "contact_address",
        )
    }
    with transaction.atomic():
        tenant = tenancy.create_tenant(
            actor=None,
            code="bureau" if is_measured else f"bureau-{number}",
            name=content.SITE["name"] if is_measured else f"示例单位{number}",
            short_name=content.SITE["short_name"] if is_measured else f"单位{number}",
            kind=TenantKind.DEPARTMENT,
            site_identification_code=content.SITE["identification_code"] if is_measured else "",
            sponsor_organization=bodies[content.SITE["sponsor"]],
            operator_organization=bodies[content.SITE["operator"]],
            **facts,
        )
        host = content.HOST if is_measured else f"bureau-{number}.localhost"
        with opening_scope(tenant):
            home = pages.create_home(
                actor=None, tenant_id=tenant.pk, slug=tenant.code, title=tenant.name
            )
            tenant.site = Site.objects.create(
                hostname=host, site_name=tenant.name, root_page_id=home.pk
            )
            tenant.save(update_fields=["site"])
            tenancy.add_address(actor=None, tenant=tenant, host=host, prefix="", kind="primary")
            tenancy.open_for_visitors(actor=None, tenant=tenant, opened_on=None)
    with tenant_scope(tenant), transaction.atomic():
        made = pages.bulk_create_sections(
            actor=None,
            rows=[
                SectionRow(
                    key=section.slug,
                    title=section.title,
                    slug=section.slug,
                    column_type=section.title,
                    parent_key=section.parent,
                    parent_id=None if section.parent else home.pk,
                    show_in_menus=not section.parent,
                )
                for section in content.sections()
            ],
        )
        ids = {key: page.pk for key, page in made.items()}
        pages.bulk_create_articles(
            actor=None, rows=_article_rows(ids, content.ARTICLES if is_measured else 5)
        )


def _article_rows(section_ids: dict[str, int], count: int) -> list[Any]:
    from cms_core.pages.rows import ArticleRow

    return [
        ArticleRow(
            key=article.slug,
            parent_id=section_ids[article.section],
            title=article.title,
            slug=article.slug,
            body=[("paragraph", article.paragraphs)]
            + ([("html", article.table)] if article.table else []),
            summary=article.summary,
            source_name=article.source,
            author_name=article.author,
            editor_name=article.editor,
            published_at=article.published_at,
        )
        for article in content.articles(count)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--tenants", type=int, default=1)
    parser.add_argument(
        "--like", help="begin with the database of this side, which holds one tenant"
    )
    parser.add_argument("--build-only", action="store_true")
    options = parser.parse_args()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="cms_core.settings", JIYUE_ENV="test", DATA_DIR=options.data_dir
    )
    os.environ.setdefault("PORT", "80")
    import django

    from bench.answering import answer_commands

    django.setup()
    if options.like:
        copy_database(Path(options.like), Path(options.data_dir))
    build(options.tenants, opened=1 if options.like else 0)
    if options.build_only:
        return
    from cms_core.wsgi import application

    answer_commands(application, content.HOST)


if __name__ == "__main__":
    main()
