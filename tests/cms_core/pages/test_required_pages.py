"""The pages that every site has: complete, true to the site's facts, and never blank."""

from datetime import date

import pytest
from django.test import Client
from django.urls import resolve

from cms_core.pages import required_pages as required
from cms_core.pages.forms import PageForm
from cms_core.pages.models import SectionPage
from sites.tenancy.models import Organization, Tenant
from sites.tenancy.rules import RESERVED_SEGMENTS
from sites.tenancy.scope import system_scope

FACTS = {
    "site_name",
    "sponsor_name",
    "operator_name",
    "identification_code",
    "icp_license_number",
    "police_record_number",
    "contact_phone",
    "contact_address",
    "home_url",
}


@pytest.fixture
def site(town):
    return Client(SERVER_NAME=town.host)


def test_the_four_pages_are_there_and_speak_of_known_facts():
    pages = required.required_pages()

    assert list(pages) == ["guanyu", "bangzhu", "yinsi", "wuzhangai"]
    for page in pages.values():
        for part in page.parts:
            for paragraph in part.paragraphs:
                assert required.fields_of(paragraph) <= FACTS
        found = resolve(f"/{page.slug}/", "cms_core.urls.public")
        assert (found.url_name, found.kwargs) == ("required_page", {"slug": page.slug})
        assert page.slug in RESERVED_SEGMENTS


def test_both_languages_have_the_same_pages_and_speak_of_the_same_facts():
    chinese, english = required.required_pages("zh-hans"), required.required_pages("en")

    assert list(chinese) == list(english)
    for slug, page in chinese.items():
        other = english[slug]
        assert page.revised_on == other.revised_on
        assert [
            [required.fields_of(paragraph) for paragraph in part.paragraphs] for part in page.parts
        ] == [
            [required.fields_of(paragraph) for paragraph in part.paragraphs] for part in other.parts
        ]


def test_a_paragraph_without_its_fact_is_left_out():
    page = required.RequiredPage(
        "p",
        "页",
        date(2026, 1, 1),
        "源",
        (
            required.Part("联系", ("电话：{phone}。", "我们都在。")),
            required.Part("地址", ("地址：{place}。",)),
        ),
    )

    assert required.filled_parts(page, {"phone": "", "place": ""}) == (
        required.Part("联系", ("我们都在。",)),
    )
    assert required.filled_parts(page, {"phone": "12345", "place": "一路"})[0].paragraphs[0] == (
        "电话：12345。"
    )


def test_facts_are_escaped():
    markup = required.parts_markup((required.Part("<h>", ("<script>x</script>",)),))

    assert "<script>" not in markup
    assert "&lt;h&gt;" in markup


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[page]]\nslug='a'\ntitle='b'\n", "a: no"),
        (
            "[[page]]\nslug='a'\ntitle='b'\nrevised_on=2026-01-01\nsource='s'\npart=[]\n" * 2,
            "twice",
        ),
    ],
)
def test_a_wrong_data_file_is_named(text, message):
    with pytest.raises(required.RequiredPageError, match=message):
        required.read_pages(text)


@pytest.mark.parametrize("slug", ["guanyu", "bangzhu", "yinsi", "wuzhangai"])
def test_every_site_has_the_page_and_links_it(site, slug):
    page = site.get(f"/{slug}/").content.decode()

    title = required.required_pages()[slug].title
    page = page.replace("<wbr>", "")  # where a line may break
    assert f'<h1><span class="ph">{title}</span></h1>' in page or f"{title}</h1>" in page
    assert f'<link rel="canonical" href="http://town.localhost:8000/{slug}/">' in page
    assert f'href="/{slug}/">{title}</a>' in site.get("/").content.decode()
    assert "：。" not in page


def test_a_changed_fact_shows_at_once(site, town):
    before = site.get("/guanyu/").content.decode()
    with system_scope("test: the operator corrects the sponsor"):
        body = Organization.objects.create(code="body", name="示例主办局", kind="department")
        Tenant.objects.filter(pk=town.tenant.pk).update(
            sponsor_organization=body, contact_phone="0736-1234567"
        )

    after = site.get("/guanyu/").content.decode()
    assert "示例主办局主办" not in before
    assert "由示例主办局主办" in after
    assert "0736-1234567" in after


def test_a_section_cannot_take_the_address(in_town):
    form_class = SectionPage.get_edit_handler().get_form_class()
    assert issubclass(form_class, PageForm)

    def errors(parent, slug):
        form = form_class(
            {"title": "关于", "slug": slug}, instance=SectionPage(), parent_page=parent
        )
        return form.errors.get("slug", [])

    assert "guanyu" in errors(in_town.home, "guanyu")[0]
    assert errors(in_town.section, "guanyu") == []
    assert errors(in_town.home, "guanyu-1") == []
