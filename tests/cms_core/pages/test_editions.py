"""A site in another language is a tenant of its own; the two name each other."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from cms_core.pages.views import render_page
from cms_core.pages.withdrawal_rules import reasons
from sites.tenancy import languages, rules, services
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.tenants import make_tenant

HAN = re.compile("[\u4e00-\u9fff]+")
#: What an English page says in Chinese on purpose: the name of the other edition, in its own words.
OTHER_EDITION = "简体中文"


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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", ">Home</a>"),
        ("/news/", "Subscribe to this section by RSS"),
        ("/news/a1/", "Skip to the text"),
        ("/wzdt/", "All sections of this website"),
        ("/emergency/", "There is no emergency notice now"),
        ("/guanyu/", "About this website"),
        ("/bangzhu/", "Help"),
        ("/yinsi/", "Privacy"),
        ("/wuzhangai/", "Accessibility"),
        ("/nothing/", "Page not found"),
        ("/modes.css", ""),
        ("/rss.xml", "<language>en</language>"),
    ],
)
def test_every_address_of_an_english_edition_is_english(town, english, path, words):
    answer = Client(SERVER_NAME=english.host).get(path)

    page = answer.content.decode()
    assert answer.status_code == (404 if path == "/nothing/" else 200)
    assert words in page
    assert set(HAN.findall(page)) <= {OTHER_EDITION}


def test_one_request_speaks_in_one_language_and_the_next_in_its_own(town, english):
    for _again in range(2):
        assert "Site map" in Client(SERVER_NAME=english.host).get("/").content.decode()
        page = Client(SERVER_NAME=town.host).get("/").content.decode()
        assert "网站地图" in page
        assert "Site map" not in page
    assert translation.get_language() == "zh-hans"


def test_a_preview_is_in_the_language_of_the_site_and_not_of_the_staff(town, english):
    pages = [(town.tenant, town.home, "跳到正文"), (english.tenant, english.home, "Skip to the")]
    for tenant, home, words in pages:
        for staff_language in ("zh-hans", "en"):
            with translation.override(staff_language), tenant_scope(tenant):
                assert words in render_page(home).content.decode()


def test_a_closed_edition_says_so_in_its_language(english):
    with system_scope("test: close the edition"):
        Tenant.objects.filter(pk=english.tenant.pk).update(
            status="closed", closed_on=timezone.localdate(), edition_of=None
        )
    answer = Client(SERVER_NAME=english.host).get("/")

    page = answer.content.decode()
    assert answer.status_code == 410
    assert "This website is closed" in page
    assert HAN.findall(page) == []


@pytest.mark.parametrize(
    ("code", "spoken"),
    [("zh-hans", "zh-hans"), ("zh-hant", "zh-hans"), ("en-gb", "en"), ("ja", "en"), ("ug", "en")],
)
def test_a_language_without_words_of_its_own_says_them_in_english(code, spoken):
    assert languages.wording_language(code) == spoken


def test_every_reason_of_a_withdrawal_can_be_said_in_both_languages():
    for reason in reasons().values():
        assert bool(reason.public) == bool(reason.public_en)
        assert not HAN.search(reason.said_in("en"))
        assert reason.said_in("zh-hans") == reason.public
