"""The address of a page that an editor writes: it follows from the title and never stands in the way."""

import pytest

from cms_core.pages.models import ArticlePage
from cms_core.pages.services import create_article
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.cms_core.pages.test_two_editors import form_of
from tests.sites.accounts.people import house, member, signed_in

TITLE = "关于停水的通知"


@pytest.fixture
def form(db):
    """A new article in a section that has one of the same title; sends ``typed`` and reads the slugs."""
    here = house("alpha")
    client = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    with tenant_scope(here.tenant):
        create_article(actor=None, parent=here.section, row=article_row(0, title=TITLE, slug=TITLE))
    path = f"/t/alpha/pages/add/cms_core_pages/articlepage/{here.section.pk}/"
    empty = form_of(client.get(path).content.decode())

    def send(**typed):
        answer = client.post(path, empty | typed, follow=True)
        with tenant_scope(here.tenant):
            slugs = (
                ArticlePage.objects.exclude(slug__in=("a1", "a2"))
                .order_by("pk")
                .values_list("slug", flat=True)
            )
            return answer, list(slugs)

    return send


def test_a_second_page_of_the_same_title_gets_an_address_of_its_own(form):
    form(title=TITLE, slug=TITLE)

    assert form(title=TITLE, slug=TITLE)[1] == [TITLE, f"{TITLE}-2", f"{TITLE}-3"]


def test_an_address_that_somebody_chose_is_refused_in_words(form):
    answer, slugs = form(title="关于供水的通知", slug=TITLE)

    assert slugs == [TITLE]
    assert "已被使用" in answer.content.decode()


def test_the_longest_title_leaves_room_for_the_number(form):
    long = "水" * 255
    form(title=long, slug=long)
    _answer, slugs = form(title=long, slug=long)

    assert slugs[1:] == [long, "水" * 250 + "-2"]
