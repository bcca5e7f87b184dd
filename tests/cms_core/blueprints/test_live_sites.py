"""Blueprints and live sites: exported, compared, applied; an editor's work stays."""

import json
import tomllib
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.appearance.selectors import site_look
from cms_core.appearance.services import LookRow, adopt_look
from cms_core.blueprints.differences import apply_blueprint, differences
from cms_core.blueprints.exporting import export_blueprint
from cms_core.blueprints.rules import Blueprint, BlueprintError
from cms_core.blueprints.selectors import (
    blueprint,
    blueprints,
    declared_parts,
    read_blueprint,
)
from cms_core.blueprints.services import OpeningRequest, open_tenant
from cms_core.blueprints.toml_text import toml_text
from cms_core.pages.home_blocks import blocks_by_default
from cms_core.pages.models import HomePage, SectionPage, SinglePage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import bulk_create_articles, create_section, publish_page
from cms_core.workflow.gate import released_by_the_platform
from cms_core.workflow.models import ReviewPolicy
from cms_core.workflow.policy_services import set_site_policy
from sites.audit.models import DomainEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, tenant_scope
from tests.cms_core.pages.conftest import section_row

from .conftest import WORDS

RICH = """
schema = "jiyue.blueprint/1"
code = "rich"
kind = "department"
name = "示例"

[[columns]]
name = "动态"
slug = "dt"
kind = "section"
level = 1

[[columns]]
name = "要闻"
slug = "yw"
key = "dt/yw"
parent = "dt"
kind = "article_list"
level = 2
update_days = 14
column_type = "政务动态"

[[columns]]
name = "{unit_name}概况"
slug = "gk"
kind = "single_page"
level = 1

[look]
theme = "township"

[review]
is_on = true
stages = ["first", "final"]

[review.sections]
gk = ["final"]

[[home]]
block = "section"
section = "dt/yw"
count = 5

[[home]]
block = "gathered"
title = "下级"
count = 3

[[pages]]
title = "机构简介"
slug = "jgjj"
section = "gk"

[site_roles]
codes = ["editor", "final_reviewer"]
"""


def opened(code: str, plan: Any, **more: Any) -> Tenant:
    return open_tenant(
        actor=None,
        request=OpeningRequest(
            code=code,
            name="示例局",
            blueprint=plan,
            host=f"{code}.localhost",
            variables=WORDS,
            **more,
        ),
    )


def rich(**changed: str) -> Blueprint:
    text = RICH
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    return read_blueprint(text, "rich.toml")


def made(tenant: Tenant, plan: Blueprint) -> list[str]:
    changes = differences(tenant=tenant, plan=plan, variables=WORDS)
    return [change.text for change in changes if change.is_made]


@pytest.mark.parametrize("code", ["city_portal", "county_portal", "department", "township_channel"])
def test_an_export_of_a_fresh_site_differs_in_nothing(db, code):
    tenant = opened("fresh", code)

    exported = read_blueprint(export_blueprint(tenant=tenant), "export")

    assert differences(tenant=tenant, plan=exported, variables={}) == []
    assert differences(tenant=tenant, plan=blueprint(code), variables=WORDS) == []
    assert exported.kind == code


def test_everything_that_a_blueprint_declares_is_opened_and_comes_back(db):
    tenant = opened("one", rich())
    with tenant_scope(tenant):
        home = HomePage.objects.get(depth=2)
        assert [block.block_type for block in home.blocks] == ["section", "gathered"]
        assert home.blocks[0].value["section"].slug == "yw"
        assert ReviewPolicy.objects.get(section=None).stages == "first,final"
        assert ReviewPolicy.objects.get(section__isnull=False).stages == "final"
        page = SinglePage.objects.get()
        assert (page.title, page.live) == ("机构简介", False)
        assert SectionPage.objects.get(slug="gk").title == "示例局概况"

    text = export_blueprint(tenant=tenant)
    declared = tomllib.loads(text)

    assert declared["look"] == {"theme": "township"}
    assert declared["site_roles"]["codes"] == ["site_administrator", "editor", "final_reviewer"]
    assert declared["home"][0] == {"block": "section", "section": "yw", "count": 5}
    again = opened("two", read_blueprint(text, "export"))
    assert tomllib.loads(export_blueprint(tenant=again)) == {**declared, "code": "site-two"}


def test_what_is_missing_is_added_and_what_is_promised_changed(db):
    tenant = opened("one", rich())
    with tenant_scope(tenant):
        before = set(SectionPage.objects.values_list("pk", flat=True))
    newer = rich(
        **{
            "update_days = 14": "update_days = 7",
            '[look]': '[[columns]]\nname = "公告"\nslug = "gg"\nparent = "dt"\nkind = "article_list"\n\n[look]',
        }
    )  # fmt: skip

    assert made(tenant, newer) == [
        "section “要闻”: promised interval in days: 7 instead of 14",
        "section “公告” (gg) is added in 动态",
    ]
    changes = apply_blueprint(actor=None, tenant=tenant, plan=newer, variables=WORDS)

    assert len(changes) == 2
    assert differences(tenant=tenant, plan=newer, variables=WORDS) == []
    with tenant_scope(tenant):
        assert SectionPage.objects.get(slug="gg").get_parent().slug == "dt"
        assert SectionPage.objects.get(slug="yw").update_interval_days == 7
        assert before <= set(SectionPage.objects.values_list("pk", flat=True))
        event = DomainEvent.objects.get(kind="blueprint_applied")
        assert event.data == {"blueprint": "rich", "added": 1, "changed": 1}


def test_an_editors_work_stays(db):
    tenant = opened("one", rich(**{"is_on = true": "is_on = false"}))
    with tenant_scope(tenant):
        news = SectionPage.objects.get(slug="yw")
        publish_page(actor=None, page=news, changes={"title": "新闻"})
        about = SectionPage.objects.get(slug="gk")
        rows = [ArticleRow(key="a", parent_id=about.pk, title="文", slug="a")]
        bulk_create_articles(actor=None, rows=rows)
        extra = create_section(actor=None, parent=news, row=section_row(0, slug="own"))
        home = HomePage.objects.get(depth=2)
        publish_page(actor=None, page=home, changes={"blocks": list(home.blocks.raw_data)[:1]})
        draft = SectionPage.objects.get(slug="dt")
        draft.title = "写到一半"
        draft.save_revision()
    with opening_scope(tenant):
        set_site_policy(actor=None, stages=["first", "second", "final"], is_on=True)
    other = rich(
        **{
            'slug = "gk"\nkind = "single_page"': 'slug = "gk"\nkind = "leaders"',
            'slug = "dt"\nkind = "section"': 'slug = "dt"\nkind = "article_list"',
            'theme = "township"': 'theme = "portal"',
            "is_on = true": "is_on = false",
        }
    )

    changes = apply_blueprint(actor=None, tenant=tenant, plan=other, variables=WORDS)

    told = "\n".join(change.text for change in changes)
    assert not any(change.is_made for change in changes), told
    for words in (
        "draft waits",
        "holds pages",
        "arranged on the site",
        "chosen its look",
        "stays on",
    ):
        assert words in told, told
    with tenant_scope(tenant):
        assert SectionPage.objects.get(pk=news.pk).title == "新闻"
        assert (
            SectionPage.objects.get(slug="dt").get_latest_revision_as_object().title == "写到一半"
        )
        assert SectionPage.objects.filter(pk=extra.pk, live=True).exists()
        assert len(HomePage.objects.get(depth=2).blocks) == 1
        assert ReviewPolicy.objects.get(section=None).is_on


def test_a_moved_section_is_not_made_again(db):
    tenant = opened("one", rich())
    with tenant_scope(tenant):
        SectionPage.objects.get(slug="yw").move(SectionPage.objects.get(slug="gk"), "last-child")

    assert made(tenant, rich()) == []


def test_another_sites_rows_change_nothing(db):
    """Reading and applying stay inside the one site, whatever stands beside it."""
    plain = read_blueprint(RICH.split("[look]")[0], "plain")
    first, second = opened("one", plain), opened("two", plain)
    with tenant_scope(second):
        adopt_look(actor=None, row=LookRow("portal"))
    before = export_blueprint(tenant=second)

    changes = apply_blueprint(actor=None, tenant=first, plan=rich(), variables=WORDS)

    assert len(changes) >= 5
    assert all(change.is_made for change in changes), changes
    assert export_blueprint(tenant=second) == before
    assert differences(tenant=first, plan=rich(), variables=WORDS) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('theme = "township"', 'theme = "neon"', "one theme of"),
        ('stages = ["first", "final"]', 'stages = ["tenth"]', "write some of first"),
        ("count = 5", "count = 99", "count is 1 to 20"),
        ('block = "gathered"', 'block = "carousel"', "block section with section"),
        ('kind = "single_page"', 'kind = "blog"', "unknown kind 'blog'; known: section"),
        ('name = "要闻"', 'name = ""', "no name or no slug"),
        ("update_days = 14", 'update_days = "soon"', "whole number of days"),
        ('parent = "dt"', 'parent = "nowhere"', "does not stand before it"),
        ('codes = ["editor", "final_reviewer"]', "codes = 1", "a list of texts"),
        ('code = "rich"', "", "a code and a name"),
        ("[look]", "[look", "rich.toml:"),
    ],
)
def test_a_faulty_blueprint_is_refused_in_words(old, new, words):
    with pytest.raises(BlueprintError, match=words.replace("[", r"\[")):
        rich(**{old: new})


class TestOwnBlueprints:
    def test_a_file_of_the_installation_is_found(self, db, settings, tmp_path):
        settings.BLUEPRINTS_DIR = tmp_path
        (tmp_path / "rich.toml").write_text(RICH)

        assert blueprints()["rich"].name == "示例"
        (tmp_path / "rich.toml").write_text(RICH.replace("示例", "改过的示例"))
        assert blueprint("rich").name == "改过的示例"

    def test_a_code_of_the_product_cannot_be_taken(self, settings, tmp_path):
        settings.BLUEPRINTS_DIR = tmp_path
        (tmp_path / "a.toml").write_text(RICH.replace('code = "rich"', 'code = "department"'))

        with pytest.raises(BlueprintError, match=r"a\.toml: the code 'department'"):
            blueprints()


class TestTheCommands:
    def test_export_and_apply(self, db, tmp_path):
        opened("one", rich())
        path = tmp_path / "one.toml"
        call_command("export_blueprint", "one", "--output", str(path), stdout=StringIO())
        out = StringIO()

        call_command("apply_blueprint", "one", str(path), "--json", "--dry-run", stdout=out)

        assert json.loads(out.getvalue().splitlines()[-1]) == {"dry_run": True, "changes": []}
        with pytest.raises(CommandError, match="File exists"):
            call_command("export_blueprint", "one", "--output", str(path))

    def test_what_is_refused(self, db, tmp_path):
        opened("one", rich())
        for arguments, words in (
            (["nobody", "department"], "no site 'nobody'"),
            (["one", "shop"], "no blueprint 'shop'"),
            (["one", str(tmp_path / "none.toml")], "cannot be read"),
            (["one", "department"], "--var NAME=VALUE"),
            (["one", "department", "--var", "head"], "NAME=VALUE"),
        ):
            with pytest.raises(CommandError, match=words):
                call_command("apply_blueprint", *arguments)


TEXTS = st.dictionaries(st.text(), st.text() | st.booleans())
VALUES = (
    st.text()
    | st.integers(-(2**62), 2**62)
    | st.lists(st.booleans() | st.text())
    | TEXTS
    | st.lists(st.dictionaries(st.text(), st.text() | TEXTS, min_size=1), min_size=1, max_size=3)
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.text(), VALUES))
def test_what_is_written_as_toml_is_read_back(values):
    assert tomllib.loads(toml_text(values)) == values


@pytest.mark.parametrize("code", ["city_portal", "county_portal", "department", "township_channel"])
def test_look_and_home_page_of_the_products_come_without_a_write(db, code):
    plan = blueprint(code)
    tenant = opened("fresh", code)
    rows = [row for row in plan.parts["home"] if row["block"] == "section"]
    assert declared_parts(plan, is_new=True) == {}, "opening hundreds asks nothing of it"

    with tenant_scope(tenant):
        home = HomePage.objects.get(depth=2)
        sections = {page.slug: page for page in SectionPage.objects.all()}
        assert not home.blocks
        assert site_look().theme_code == plan.parts["look"]["theme"]
        assert {row["section"] for row in rows} <= set(sections)
        last, first = rows[-1]["section"], rows[0]["section"]
        with released_by_the_platform("test"):
            bulk_create_articles(
                actor=None,
                rows=[
                    ArticleRow(key=slug, parent_id=sections[slug].pk, title=slug, slug="a")
                    for slug in (last, first)
                ],
            )
        cache.clear()
        shown = [block.value for block in blocks_by_default(home)]
    assert [value["section"].slug for value in shown[:2]] == [first, last]
    assert [value["count"] for value in shown[:2]] == [rows[0]["count"], rows[-1]["count"]]
