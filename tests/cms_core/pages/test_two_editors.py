"""Two editors at once: the later one overwrites nothing, loses nothing and is told."""

import lxml.html
from django.test import Client
from wagtail.models import Revision

from cms_core.pages.models import ArticlePage
from cms_core.pages.services import create_article
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.sites.accounts.people import house, member, signed_in


def form_of(html):
    forms = lxml.html.fromstring(html).forms
    form = max(forms, key=lambda found: len(found.fields))
    return {"body-count": "0"} | {name: value or "" for name, value in form.form_values()}


def test_the_later_text_is_kept_beside_the_other_and_not_published(db):
    here = house("alpha")
    one = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name="One"))
    two = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name="Two"))
    with tenant_scope(here.tenant):
        article = create_article(actor=None, parent=here.section, row=article_row(0))
    path = f"/t/alpha/pages/{article.pk}/edit/"
    of_one = form_of(one.get(path).content.decode())
    of_two = form_of(two.get(path).content.decode())

    one.post(path, of_one | {"title": "甲的标题", "action-publish": "1"})
    answer = two.post(path, of_two | {"title": "乙的标题", "action-publish": "1"}, follow=True)

    assert "另一个人保存了更新的版本" in answer.content.decode()
    with tenant_scope(here.tenant):
        assert ArticlePage.objects.get(pk=article.pk).title == "甲的标题"
        texts = [
            row.content["title"]
            for row in Revision.page_revisions.filter(object_id=str(article.pk)).order_by("pk")
        ]
        newest, earlier = article_revisions(article)
    assert texts[-2:] == ["甲的标题", "乙的标题"]
    shown = two.get(f"/t/alpha/pages/{article.pk}/revisions/compare/{earlier}...{newest}/")
    assert "甲" in shown.content.decode()
    assert "乙" in shown.content.decode()
    assert "甲的标题" in Client(headers={"host": here.host}).get("/news/notice/").content.decode()


def test_ones_own_autosave_on_its_way_is_nobody_elses_text(db):
    here = house("alpha")
    editor = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    with tenant_scope(here.tenant):
        article = create_article(actor=None, parent=here.section, row=article_row(0))
    path = f"/t/alpha/pages/{article.pk}/edit/"
    form = form_of(editor.get(path).content.decode())
    editor.post(path, form | {"title": "自动保存的标题"}, headers={"accept": "application/json"})

    answer = editor.post(path, form | {"title": "写完的标题", "action-publish": "1"}, follow=True)

    assert "另一个人保存了更新的版本" not in answer.content.decode()
    with tenant_scope(here.tenant):
        assert ArticlePage.objects.get(pk=article.pk).title == "写完的标题"
        assert len(article_revisions(article)) == 2


def article_revisions(article):
    keys = Revision.page_revisions.filter(object_id=str(article.pk)).order_by("-pk")
    return list(keys.values_list("pk", flat=True)[:2])


def test_a_version_saved_while_another_is_published_stays_the_newest(db, monkeypatch):
    here = house("alpha")
    with tenant_scope(here.tenant):
        article = create_article(actor=None, parent=here.section, row=article_row(0))
        article = ArticlePage.objects.get(pk=article.pk)
        article.title = "甲的标题"
        revision = article.save_revision()
        checked = ArticlePage.check_ready
        saved = []

        def somebody_saves(page):
            if not saved:
                saved.append(page.pk)
                other = ArticlePage.objects.get(pk=page.pk)
                other.title = "乙的标题"
                other.save_revision()
            checked(page)

        with monkeypatch.context() as patch:
            patch.setattr(ArticlePage, "check_ready", somebody_saves)
            revision.publish()

        row = ArticlePage.objects.get(pk=article.pk)
        assert saved
        assert (row.title, row.draft_title) == ("甲的标题", "乙的标题")
        assert row.get_latest_revision().content["title"] == "乙的标题"
        assert row.has_unpublished_changes
