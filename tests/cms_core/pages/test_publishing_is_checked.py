"""Where no review applies, the checks read a text all the same before the public does."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms_core.content_checks.models import CheckRun, Finding
from cms_core.pages.bulk_changes import publish_pages
from cms_core.pages.models import ArticlePage, BasePage, Tombstone
from cms_core.pages.services import create_article
from cms_core.resources.models import PublishedResource
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.cms_core.pages.test_writing_screen import NEW, text, written
from tests.sites.accounts.people import house, member, signed_in

pytestmark = pytest.mark.django_db
#: Not anybody's: the check digit holds, the place and the day do too.
IDENTITY = "11010519491231002X"
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def office() -> Any:
    return house("office")


@pytest.fixture
def editor(office: Any) -> Client:
    return signed_in(member(office.tenant, RoleCode.SITE_ADMINISTRATOR))


def test_a_new_text_with_an_identity_number_is_kept_as_a_draft(office: Any, editor: Client) -> None:
    form = written(text(f"<p>联系人身份证号{IDENTITY}。</p>"), slug="new") | PUBLISH

    answer = editor.post(NEW.format(office.section.pk), form)

    with tenant_scope(office.tenant):
        page = ArticlePage.objects.get(slug="new")
        revision = page.get_latest_revision()
        assert not page.live
        assert page.first_published_at is None
        assert not PublishedResource.objects.filter(source_uuid=page.translation_key).exists()
        assert not Tombstone.objects.exists()
        assert Finding.objects.filter(run__revision=revision, waiver=None).exists()
    assert answer.headers["Location"].endswith(f"/checks/{revision.pk}/")
    shown = editor.get(answer.headers["Location"])
    assert "还没有发布" in shown.content.decode()


def test_a_public_text_stays_as_it_was_until_it_is_corrected(office: Any, editor: Client) -> None:
    clean = written(text("<p>示例正文，没有问题。</p>"), slug="fix")
    editor.post(NEW.format(office.section.pk), clean | PUBLISH)
    with tenant_scope(office.tenant):
        page = ArticlePage.objects.get(slug="fix")
        assert page.live
        assert CheckRun.objects.filter(revision=page.live_revision).exists()  # evidence
    edit = f"/t/office/pages/{page.pk}/edit/"

    wrong = written(text(f"<p>身份证号{IDENTITY}。</p>"), slug="fix", title="改过的标题")
    editor.post(edit, wrong | PUBLISH)
    with tenant_scope(office.tenant):
        page.refresh_from_db()
        assert (page.live, page.title, page.has_unpublished_changes) == (True, "一篇稿件", True)

    editor.post(edit, written(text("<p>改好了。</p>"), slug="fix", title="改过的标题") | PUBLISH)
    with tenant_scope(office.tenant):
        page.refresh_from_db()
        assert (page.title, page.has_unpublished_changes) == ("改过的标题", False)


def test_many_at_once_are_checked_too(office: Any) -> None:
    with tenant_scope(office.tenant):
        rows = [
            article_row(
                office.section.pk, key=slug, slug=slug, live=False, body=[("paragraph", body)]
            )
            for slug, body in (("good", "<p>好。</p>"), ("bad", f"<p>身份证号{IDENTITY}。</p>"))
        ]
        for row in rows:
            create_article(actor=None, parent=office.section, row=row)
        pages = list(BasePage.objects.filter(slug__in=["good", "bad"]))
        with pytest.raises(ValidationError, match=r"1 finding|1 处"):
            publish_pages(actor=None, pages=pages)
        assert not BasePage.objects.filter(slug__in=["good", "bad"], live=True).exists()
        publish_pages(actor=None, pages=[page for page in pages if page.slug == "good"])
        assert BasePage.objects.get(slug="good").live
