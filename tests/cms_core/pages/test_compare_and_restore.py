"""An earlier version beside a later one, and back: every field and every kind of block, through the screens."""

import io
import json
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import translation
from PIL import Image
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms_core.media.models import MediaFile, MediaImage
from cms_core.pages.blocks import PARAGRAPH_FEATURES, ArticleBody
from cms_core.pages.models import (
    ArticleAttachment,
    ArticlePage,
    ArticlePlacement,
    ArticleRelation,
    BasePage,
)
from cms_core.pages.services import bulk_create_sections
from cms_core.workflow import selectors, services
from tests.cms_core.pages.conftest import section_row
from tests.cms_core.workflow.conftest import make_office
from tests.sites.accounts.people import signed_in

#: Field → what it held, what it holds now. Words are told apart by their first sign.
FIELDS: dict[str, tuple[Any, Any]] = {
    "title": ("旧标题甲", "新标题乙"),
    "summary": ("旧摘要", "新摘要"),
    "source_name": ("旧来源", "新来源"),
    "author_name": ("旧作者", "新作者"),
    "editor_name": ("旧编辑", "新编辑"),
    "publisher_name": ("旧发布单位", "新发布单位"),
    "keywords": ("旧关键词", "新关键词"),
    "published_at": (datetime(2024, 3, 1, 1, 30, tzinfo=UTC), datetime(2025, 4, 2, 3, 0, tzinfo=UTC)),
    "valid_until": (date(2027, 1, 2), date(2028, 3, 4)),
    "is_pinned": (True, False),
    "pinned_until": (datetime(2027, 5, 6, 0, 0, tzinfo=UTC), None),
    "list_place": (3, 7),
    "slug": ("old-address", "new-address"),
}  # fmt: skip


def table(word: str) -> dict[str, Any]:
    return {
        "data": [["栏", "数"], [word, "1"]],
        "cell": [],
        "mergeCells": [],
        "table_caption": f"{word}表",
        "table_header_choice": "row",
        "first_row_is_table_header": True,
        "first_col_is_header": False,
    }


def blocks(word: str, image: Any, file: Any) -> list[dict[str, Any]]:
    """Each kind of block once, with ``word`` in it."""
    values: dict[str, Any] = {
        "paragraph": f"<p>{word}段落</p>",
        "table": table(f"{word}格"),
        "html": f"<table><tbody><tr><td>{word}原样</td></tr></tbody></table>",
        "image": {
            "image": image.pk,
            "alternative_text": f"{word}替代文字",
            "caption": f"{word}图注",
        },
        "attachment": {"file": file.pk, "title": f"{word}文件名"},
        "missing_attachment": {"title": f"{word}缺件", "source_reference": f"{word}出处"},
    }
    assert set(values) == set(ArticleBody().child_blocks), "a kind of block is not proven here"
    return [
        {"type": kind, "value": value, "id": f"0000000{n}-0000-4000-8000-000000000000"}
        for n, (kind, value) in enumerate(values.items())
    ]


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    made = make_office("alpha")
    made.policy()
    return made


@pytest.fixture
def versions(office: Any) -> dict[str, Any]:
    """A draft with an old and a new version of everything."""
    page = office.draft()
    with office.as_(office.editor):
        things = {}
        for word in ("旧", "新"):
            picture = io.BytesIO()
            Image.new("RGB", (40, 30), (10, 90, 20)).save(picture, "PNG")
            things[word] = (
                MediaImage.objects.create(
                    title=f"{word}图",
                    file=ContentFile(picture.getvalue(), name=f"{ord(word)}.png"),
                    collection=office.house.collection,
                ),
                MediaFile.objects.create(
                    title=f"{word}表格",
                    file=ContentFile(word.encode(), name=f"{ord(word)}.txt"),
                    collection=office.house.collection,
                ),
                bulk_create_sections(
                    actor=None,
                    rows=[
                        section_row(
                            office.house.home.pk,
                            key=word,
                            title=f"{word}栏目",
                            slug=f"s{ord(word)}",
                        )
                    ],
                )[word],
            )
        stream = ArticlePage._meta.get_field("body").stream_block
        revisions = {}
        for number, word in enumerate(("旧", "新")):
            image, file, section = things[word]
            page = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
            for name, values in FIELDS.items():
                setattr(page, name, values[number])
            page.body = stream.to_python(blocks(word, image, file))
            page.attachments.set([ArticleAttachment(file=file, title=f"{word}附件")])
            page.placements.set([ArticlePlacement(section=section)])
            page.related_links.set([ArticleRelation(target=office.house.articles[number])])
            revisions[word] = page.save_revision(user=office.editor)
    return {"page": page, "old": revisions["旧"], "new": revisions["新"], "things": things}


def test_every_change_is_seen_in_words(office, versions):
    page = versions["page"]
    path = (
        f"/t/alpha/pages/{page.pk}/revisions/compare/{versions['old'].pk}...{versions['new'].pk}/"
    )
    answer = signed_in(office.editor).get(path)
    with office.as_(office.editor):
        shown = {
            str(change.field_label()): _in_words(change) for change in answer.context["comparison"]
        }
    everything = "\n".join(shown.values())

    assert answer.status_code == 200
    for name in FIELDS:
        difference = shown[_label(name, shown)]
        assert "deletion" in difference, name
        assert "addition" in difference, name
    everything = "\n".join(shown.values())
    for old in ("旧段落", "旧原样", "旧替代文字", "旧图注", "旧文件名", "旧缺件", "旧出处",
                "旧附件", "旧表格", "旧栏目", "alpha article 1"):  # fmt: skip
        new = old.replace("旧", "新").replace("article 1", "article 2")
        assert (
            f'<span class="deletion">{old}</span><span class="addition">{new}</span>' in everything
        )
    assert all(word in shown["正文"] for word in ("旧格", "新格", "旧格表", "新格表"))
    # As on every screen, not as a program writes it.
    assert '"deletion">是</span><span class="addition">否' in shown["置顶"]
    assert '"deletion">2027-05-06 08:00</span><span class="addition">—' in shown["置顶到"]
    assert "{" not in shown["正文"]


def _in_words(change: Any) -> str:
    """The difference of a field, or of the rows that hang on the page."""
    if not hasattr(change, "get_child_comparisons"):
        return str(change.htmldiff())
    return "\n".join(
        f"{row.is_addition()} {row.is_deletion()} {part.field_label()}: {part.htmldiff()}"
        for row in change.get_child_comparisons()
        for part in row.get_field_comparisons()
    )


def _label(name: str, shown: dict[str, str]) -> str:
    label = str(ArticlePage._meta.get_field(name).verbose_name).lower()
    found = [key for key in shown if key.lower() == label]
    assert found, f"{name} is not compared: {list(shown)}"
    return found[0]


def posted(page: ArticlePage) -> dict[str, Any]:
    """What the editing form of ``page`` sends."""
    rows = []
    for block in page.body:
        value = block.block.get_prep_value(block.value)
        if block.block_type == "paragraph":
            value = rich_text(value, features=PARAGRAPH_FEATURES)
        if block.block_type == "table":
            value = block.block.field.prepare_value(json.dumps(value))
        rows.append((block.block_type, value))
    plain = {}
    for name in FIELDS:
        value = getattr(page, name)
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo("Asia/Shanghai"))
            value = value.strftime("%Y-%m-%d %H:%M")
        plain[name] = "" if value is None else value
    if not plain["is_pinned"]:
        plain.pop("is_pinned")
    return nested_form_data(
        {
            **plain,
            "body": streamfield(rows),
            "attachments": inline_formset(
                [{"file": a.file_id, "title": a.title} for a in page.attachments.all()]
            ),
            "placements": inline_formset(
                [{"section": p.section_id} for p in page.placements.all()]
            ),
            "related_links": inline_formset(
                [{"target": r.target_id} for r in page.related_links.all()]
            ),
            "comments": inline_formset([]),
        }
    )


def test_an_old_version_comes_back_whole_and_is_reviewed(office, versions):
    page = versions["page"]
    browser = signed_in(office.editor)
    offered = browser.get(f"/t/alpha/pages/{page.pk}/revisions/{versions['old'].pk}/revert/")
    assert offered.status_code == 200
    with office.as_(office.editor):
        sent = posted(offered.context["form"].instance)
    sent |= {"revision": versions["old"].pk, "is-reverting": "1"}
    answer = browser.post(f"/t/alpha/pages/{page.pk}/edit/", sent)
    assert answer.status_code == 302, [
        (name, errors) for name, errors in answer.context["form"].errors.items()
    ]

    with office.as_(office.editor):
        page = ArticlePage.objects.get(pk=page.pk)
        back = page.get_latest_revision_as_object()
        assert page.latest_revision_id not in (versions["old"].pk, versions["new"].pk)
        assert {name: getattr(back, name) for name in FIELDS} == {
            name: old for name, (old, _new) in FIELDS.items()
        }
        image, file, section = versions["things"]["旧"]
        kept = [(block["type"], block["value"]) for block in back.body.get_prep_value()]
        wanted = [(block["type"], block["value"]) for block in blocks("旧", image, file)]
        assert _plain(kept) == _plain(wanted)
        assert [(a.file_id, a.title) for a in back.attachments.all()] == [(file.pk, "旧附件")]
        assert [p.section_id for p in back.placements.all()] == [section.pk]
        assert [r.target_id for r in back.related_links.all()] == [office.house.articles[0].pk]
        assert not page.live
        services.submit_for_review(actor=office.editor, obj=page)
    for person in (office.first, office.second, office.final):
        with office.as_(person):
            state = selectors.current_task_state(selectors.run_of(page))
            services.approve(actor=person, task_state=state)
    with office.as_(office.editor):
        live = ArticlePage.objects.get(pk=page.pk)
        assert live.live
        assert (live.title, live.slug, live.is_pinned) == ("旧标题甲", "old-address", True)
        assert [a.title for a in live.attachments.all()] == ["旧附件"]


def _plain(rows: list[Any]) -> list[Any]:
    """Without the keys that the editor of running text gives its paragraphs."""
    return [
        (kind, re.sub(r' data-block-key="\w+"', "", value) if isinstance(value, str) else value)
        for kind, value in rows
    ]


def test_every_label_of_the_comparison_speaks_the_language_of_the_desk(in_town):
    """Also of rows that hang on a page: the file of an attachment, the picture of a gallery."""
    found = []
    with translation.override("zh-hans"):
        for model in apps.get_models():
            if not issubclass(model, BasePage) or model is BasePage:
                continue
            page = model()
            panel = model.get_edit_handler()
            form = panel.get_form_class()(instance=page)
            bound = panel.get_bound_panel(instance=page, request=None, form=form)
            for comparison in bound.get_comparison():
                made = comparison(page, page)
                labels = [made.field_label()]
                for row in getattr(made, "field_comparisons", []):
                    empty = made.field.related_model()
                    labels.append(row(empty, empty).field_label())
                found += [f"{model.__name__}: {label}" for label in labels if str(label).isascii()]
    assert found == []
