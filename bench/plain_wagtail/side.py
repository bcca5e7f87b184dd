"""The plain side: the bureau as the only site of a stock Wagtail project.

``python -m bench.plain_wagtail.side DATA_DIR``; DATA_DIR must be empty.
"""

import argparse
import os
import re

from bench import content


def build() -> None:
    """Migrate and fill the site the way Wagtail does: one page at a time, below the root."""
    from django.core.management import call_command
    from django.db import transaction
    from wagtail.models import Page, Site

    from bench.plain_wagtail.models import ArticlePage, HomePage, SectionPage, SiteFacts

    call_command("migrate", verbosity=0, interactive=False)
    facts = {name: value for name, value in content.SITE.items() if name != "name"}
    with transaction.atomic():
        Site.objects.all().delete()
        Page.objects.filter(depth=2).delete()
        root = Page.objects.get(depth=1)
        home = root.add_child(instance=HomePage(title=content.SITE["name"], slug="bureau"))
        site = Site.objects.create(
            hostname=content.HOST,
            port=80,
            site_name=content.SITE["name"],
            root_page=home,
            is_default_site=True,
        )
        digits = re.search(r"\d{14}", content.SITE["police_record_number"])
        assert digits is not None
        SiteFacts.objects.create(site=site, police_record_code=digits.group(), **facts)
        made: dict[str, Page] = {"": home}
        for section in content.sections():
            page = SectionPage(
                title=section.title, slug=section.slug, show_in_menus=not section.parent
            )
            made[section.slug] = made[section.parent].add_child(instance=page)
        for article in content.articles():
            page = ArticlePage(
                title=article.title,
                slug=article.slug,
                summary=article.summary,
                search_description=article.summary,
                source_name=article.source,
                author_name=article.author,
                editor_name=article.editor,
                published_at=article.published_at,
                body=[("paragraph", article.paragraphs)]
                + ([("html", article.table)] if article.table else []),
            )
            made[article.section].add_child(instance=page)
            page.save_revision()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--build-only", action="store_true")
    options = parser.parse_args()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="bench.plain_wagtail.settings", DATA_DIR=options.data_dir
    )
    import django

    from bench.answering import answer_commands

    django.setup()
    build()
    if options.build_only:
        return
    from bench.plain_wagtail.wsgi import application

    answer_commands(application, content.HOST)


if __name__ == "__main__":
    main()
