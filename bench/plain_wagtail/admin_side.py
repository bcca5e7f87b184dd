"""The administration of a stock Wagtail project with the same articles, pictures and files.

``python -m bench.plain_wagtail.admin_side DATA_DIR [--articles N] [--build-only]``
"""

import argparse
import os
from pathlib import Path
from typing import Any

from bench import content, filled

MODERATOR = "moderator"
PASSWORD = filled.PASSWORD


def build(articles: int) -> None:
    """The site of ``plain_wagtail.side``, ``articles`` more in one section, a member of a group.

    No superuser: the platform has none, and whoever is none asks for permissions on both sides.
    """
    from django.contrib.auth.models import Group, Permission, User
    from django.db import transaction
    from wagtail.documents.models import Document
    from wagtail.images.models import Image
    from wagtail.models import GroupCollectionPermission, GroupPagePermission

    from bench.plain_wagtail import side
    from bench.plain_wagtail.models import ArticlePage, HomePage, SectionPage

    side.build()
    with transaction.atomic():
        group = Group.objects.get(name="Moderators")
        user = User.objects.create_user(MODERATOR, f"{MODERATOR}@example.com", PASSWORD)
        user.groups.add(group)
        GroupPagePermission.objects.filter(group=group).delete()
        home = HomePage.objects.get()
        for codename in (
            "add_page",
            "change_page",
            "publish_page",
            "bulk_delete_page",
            "lock_page",
            "unlock_page",
        ):
            GroupPagePermission.objects.create(
                group=group,
                page=home,
                permission=Permission.objects.get(codename=codename),
            )
        assert GroupCollectionPermission.objects.filter(group=group).exists()
        section = SectionPage.objects.get(slug=filled.SECTION)

        def seed(article: content.ArticleContent) -> Any:
            page = section.add_child(
                instance=ArticlePage(
                    title=filled.SEED_TITLE,
                    slug=filled.SEED_SLUG,
                    summary=article.summary,
                    source_name=article.source,
                    published_at=article.published_at,
                    body=[("paragraph", f"<p>{article.summary}</p>")],
                )
            )
            page.save_revision(user=user).publish(user=user)
            return ArticlePage.objects.get(pk=page.pk)

        filled.fill(seed, articles, image_model=Image, document_model=Document)


def places(*_arguments: Any, **_options: Any) -> dict[str, Any]:
    """What the screens of ``bench.screens`` are about."""
    from wagtail.models import Page

    section = Page.objects.get(slug=filled.SECTION, depth=4)
    ids = Page.objects.child_of(section).order_by("-pk").values_list("pk", flat=True)[:200]
    return {
        "section": section.pk,
        "articles": list(ids),
        "home": section.get_parent().get_parent().pk,
        "type": "plain_wagtail/articlepage",
        "root": "/admin/",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--articles", type=int, default=0)
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--public", action="store_true", help="answer as the public site")
    options = parser.parse_args()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="bench.plain_wagtail.settings", DATA_DIR=options.data_dir
    )
    import django

    from bench.answering import answer_commands
    from bench.saving import save_command

    django.setup()
    if not (Path(options.data_dir) / "plain.sqlite3").exists():
        build(options.articles)
    if options.build_only:
        return
    from django.test import Client

    from bench.plain_wagtail.wsgi import application

    if options.public:
        answer_commands(application, content.HOST)
        return
    client = Client(headers={"host": content.HOST})
    assert client.login(username=MODERATOR, password=PASSWORD)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    answer_commands(
        application,
        content.HOST,
        cookie=cookie,
        more={"places": places, "save": save_command({"writer": client, "editor": client})},
    )


if __name__ == "__main__":
    main()
