"""A site in another language is a tenant of its own; the two name each other."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from sites.tenancy import rules, services
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope
from tests.tenants import make_tenant


@pytest.fixture
def english(town):
    made = make_tenant("town-en")
    with system_scope("test: the English edition"):
        Tenant.objects.filter(pk=made.tenant.pk).update(language_code="en", edition_of=town.tenant)
    return made


def test_homes_name_each_other(town, english):
    for host in (town.host, english.host):
        page = Client(SERVER_NAME=host).get("/").content.decode()
        assert '<link rel="alternate" hreflang="zh-CN" href="http://town.localhost:8000/">' in page
        assert '<link rel="alternate" hreflang="en" href="http://town-en.localhost:8000/">' in page


def test_pages_say_their_language_and_lead_to_the_other_edition(town, english):
    page = Client(SERVER_NAME=english.host).get("/news/").content.decode()

    assert '<html lang="en"' in page
    assert 'href="http://town.localhost:8000/" lang="zh-CN" hreflang="zh-CN">简体中文</a>' in page
    assert 'rel="alternate" hreflang' not in page


def test_a_site_of_one_language_names_none(town):
    assert "hreflang" not in Client(SERVER_NAME=town.host).get("/").content.decode()


@pytest.mark.parametrize(
    ("code", "tag"),
    [("zh-hans", "zh-CN"), ("en", "en"), ("pt-br", "pt-BR"), ("sr-latn", "sr-Latn"), ("ug", "ug")],
)
def test_language_tags(code, tag):
    assert rules.language_tag(code) == tag


def test_editions_of_editions_and_doubled_languages_are_refused(town, english):
    def opened(**fields):
        with system_scope("test: open an edition"):
            return services.create_tenant(
                actor=None, code="third", name="第三", kind="department", **fields
            )

    with pytest.raises(ValidationError, match="town name"):
        opened(edition_of=town.tenant, language_code="zh-hans")
    with system_scope("test: read"):
        edition = Tenant.objects.get(pk=english.tenant.pk)
    with pytest.raises(ValidationError, match="town-en name"):
        opened(edition_of=edition, language_code="ja")
    assert opened(edition_of=town.tenant, language_code="ja").language_tag == "ja"
