"""The publish time that readers see is honest."""

from datetime import timedelta

from django.utils import timezone

from cms_core.pages.services import create_article
from tests.cms_core.pages.conftest import article_row


def test_a_publish_time_never_lies_ahead(in_town, editor):
    ahead = timezone.now() + timedelta(days=3)
    article = create_article(
        actor=editor, parent=in_town.section, row=article_row(0, published_at=ahead)
    )

    assert article.published_at <= timezone.now()
