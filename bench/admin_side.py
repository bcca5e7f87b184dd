"""The platform's administration with many articles in one section, asked as a signed-in administrator.

``python -m bench.admin_side DATA_DIR [--articles N] [--build-only]``; DATA_DIR empty, or built before.
"""

import argparse
import os
from pathlib import Path
from typing import Any

from bench import content, filled

ADMINISTRATOR = "bureau-administrator"
EDITOR = "bureau-editor"
PASSWORD = filled.PASSWORD
#: The section in which texts are reviewed, for the measure of submitting one.
REVIEWED_SECTION = "s2-3"
REVIEWED_ARTICLES = 40


def build(articles: int) -> None:
    """The measured site of ``bench.jiyue_side``, ``articles`` more in one section, its people."""
    from wagtail.models import Collection

    from bench import jiyue_side
    from sites.accounts.enums import RoleCode
    from sites.accounts.services import grant_membership, make_account, provision_roles
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import opening_scope

    jiyue_side.build(1)
    tenant = Tenant.objects.get(code="bureau")
    people = {
        ADMINISTRATOR: RoleCode.SITE_ADMINISTRATOR,
        EDITOR: RoleCode.EDITOR,
        "bureau-first": RoleCode.FIRST_REVIEWER,
        "bureau-final": RoleCode.FINAL_REVIEWER,
    }
    with opening_scope(tenant):
        Collection.objects.get(depth=1).add_child(name=tenant.name)
        provision_roles(actor=None, tenant=tenant)
        for name, role in people.items():
            user = make_account(username=name, display_name=name, managed_by=tenant)
            user.set_password(PASSWORD)
            user.save()
            grant_membership(actor=None, user=user, tenant=tenant, role=role, sections=None)
    _fill(tenant, articles)


def _fill(tenant: Any, articles: int) -> None:
    from django.db import transaction

    from cms_core.media.models import MediaFile, MediaImage
    from cms_core.pages import services as pages
    from cms_core.pages.models import ArticlePage, SectionPage
    from cms_core.pages.rows import ArticleRow
    from cms_core.workflow.policy_services import set_section_policy
    from sites.tenancy.scope import opening_scope, tenant_scope

    def seed(article: content.ArticleContent) -> Any:
        row = ArticleRow(
            key="seed",
            parent_id=section.pk,
            title=filled.SEED_TITLE,
            slug=filled.SEED_SLUG,
            body=[("paragraph", f"<p>{article.summary}</p>")],
            summary=article.summary,
            source_name=article.source,
            published_at=article.published_at,
        )
        made = pages.bulk_create_articles(actor=None, rows=[row])["seed"]
        return ArticlePage.objects.get(pk=made.pk)

    with transaction.atomic(), tenant_scope(tenant):
        section = SectionPage.objects.get(slug=filled.SECTION)
        filled.fill(seed, articles, image_model=MediaImage, document_model=MediaFile)
        reviewed = SectionPage.objects.get(slug=REVIEWED_SECTION)
        rows = [
            ArticleRow(
                key=article.slug,
                parent_id=reviewed.pk,
                title=article.title,
                slug=f"r{article.slug}",
                body=[("paragraph", f"<p>{article.summary}</p>")],
                summary=article.summary,
                source_name=article.source,
                published_at=article.published_at,
            )
            for article in content.articles(REVIEWED_ARTICLES)
        ]
        pages.bulk_create_articles(actor=None, rows=rows)
    with opening_scope(tenant):
        set_section_policy(actor=None, section=reviewed, stages=["first", "final"])


def signed_in(name: str) -> Any:
    """A ``django.test.Client`` of one of the people, on the administration's host."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": settings.ADMIN_HOST})
    answer = client.post("/sign-in/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--articles", type=int, default=0)
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--public", action="store_true", help="answer as the public site")
    options = parser.parse_args()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="cms_core.settings", JIYUE_ENV="test", DATA_DIR=options.data_dir
    )
    os.environ.setdefault("PORT", "80")
    import django

    from bench.answering import answer_commands
    from bench.saving import save_command

    django.setup()
    is_built = (Path(options.data_dir) / "jiyue.sqlite3").exists() or _is_built()
    if not is_built:
        build(options.articles)
    if options.build_only:
        return
    from django.conf import settings

    from cms_core.wsgi import application

    if options.public:
        answer_commands(application, content.HOST, more={"place_by_hand": place_by_hand})
        return
    administrator = signed_in(ADMINISTRATOR)
    cookie = "; ".join(f"{key}={item.value}" for key, item in administrator.cookies.items())
    clients = {"writer": administrator, "editor": signed_in(EDITOR)}
    answer_commands(
        application,
        settings.ADMIN_HOST,
        cookie=cookie,
        more={"places": places, "save": save_command(clients)},
    )


def places(*_arguments: Any, **_options: Any) -> dict[str, Any]:
    """What the screens of ``bench.screens`` are about."""
    from cms_core.pages.models import BasePage, SectionPage
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import tenant_scope

    def children(slug: str) -> list[int]:
        parent = SectionPage.objects.get(slug=slug)
        return list(
            BasePage.objects.child_of(parent).order_by("-pk").values_list("pk", flat=True)[:200]
        )

    with tenant_scope(Tenant.objects.get(code="bureau")):
        section = SectionPage.objects.get(slug=filled.SECTION)
        return {
            "section": section.pk,
            "articles": children(filled.SECTION),
            "reviewed": children(REVIEWED_SECTION),
            "home": section.get_parent().get_parent().pk,
            "type": "cms_core_pages/articlepage",
            "root": "/t/bureau/",
        }


PINNED, NUMBERED, PLACED = 5, 5, 50


def place_by_hand(*_arguments: Any, **_options: Any) -> dict[str, Any]:
    """Pin and number a few of the oldest articles, place some of another section; entries in all."""
    from cms_core.pages.list_selectors import articles_of
    from cms_core.pages.models import ArticlePage, ArticlePlacement, BasePage, SectionPage
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(Tenant.objects.get(code="bureau")):
        section = SectionPage.objects.get(slug=filled.SECTION)
        oldest = list(
            BasePage.objects.child_of(section)
            .order_by("published_at", "pk")
            .values_list("pk", flat=True)[: PINNED + NUMBERED]
        )
        BasePage.objects.filter(pk__in=oldest[:PINNED]).update(is_pinned=True)
        for number, pk in enumerate(oldest[PINNED:], start=1):
            BasePage.objects.filter(pk=pk).update(list_place=number)
        others = ArticlePage.objects.exclude(path__startswith=section.path).order_by("pk")[:PLACED]
        for page in others:
            ArticlePlacement.objects.get_or_create(page=page, section=section)
        return {"total": articles_of(section, 1)[1]}


def _is_built() -> bool:
    """Whether a database that is no file holds the site already."""
    from django.db import connection

    return connection.vendor != "sqlite" and "sites_tenancy_tenant" in (
        connection.introspection.table_names()
    )


if __name__ == "__main__":
    main()
