"""Attacks of the isolation probe in editing screens, in code and by mail, about pages."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core import mail
from wagtail.models import Comment, Revision, Workflow

from sites.registry.isolation import Laboratory, Resident, Try

from .models import ArticlePage, BasePage

_STAFF = ("editor", "final_reviewer", "site_administrator")


def body_with(*, image: Any, document: Any, page: Any) -> Any:
    """An article's body that refers to an image, a file and a page in every way there is."""
    field = ArticlePage._meta.get_field("body")
    return field.stream_block.to_python(
        [
            {"type": "image", "value": {"image": image, "alternative_text": "", "caption": ""}},
            {"type": "attachment", "value": {"file": document, "title": ""}},
            {"type": "paragraph", "value": linking_text(document=document, page=page)},
        ]
    )


def linking_text(*, document: Any, page: Any) -> str:
    """Rich text as Wagtail stores it, with links to a page and a file."""
    return (
        f'<p><a linktype="page" id="{page}">a page</a> '
        f'<a linktype="document" id="{document}">a file</a></p>'
    )


def check_editing(laboratory: Laboratory) -> None:
    """Foreign keys in rich text, StreamField, attachments and home blocks through the editing screens."""
    own, other = laboratory.own, laboratory.other
    surface = "foreign references in forms"
    page = own.first("page")
    path = f"pages/{page}/edit/"
    foreign: list[list[tuple[str, Any]]] = [
        [("paragraph", linking_link(other))],
        [("image", other.first("image"))],
        [("attachment", other.first("document"))],
    ]
    for role in _STAFF:
        original = laboratory.form(role, Try(surface, "tenant_admin", path))
        laboratory.expect(surface, bool(original), f"{role} gets no editing form of an own page")
        control = without_stream(original, "body") | stream([("image", own.first("image"))])
        answer = laboratory.ask(role, Try(surface, "tenant_admin", path, data=control))
        accepted = answer.status == 302 and "/edit/" in answer.location
        laboratory.expect(
            surface, accepted, f"{role}: even an own reference is refused: {answer.status}"
        )
        for blocks in foreign:
            for action in ({}, {"action-publish": "1"}, {"is-reverting": "1"}):
                sent = without_stream(original, "body") | stream(blocks) | action
                _send_foreign(laboratory, role, path, sent)
        attachment = {
            "attachments-TOTAL_FORMS": "1",
            "attachments-INITIAL_FORMS": "0",
            "attachments-0-file": str(other.first("document")),
            "attachments-0-title": "x",
            "attachments-0-ORDER": "1",
            "attachments-0-DELETE": "",
        }
        _send_foreign(laboratory, role, path, original | attachment)
        added = f"pages/add/cms_core_pages/articlepage/{own.first('section')}/"
        new = laboratory.form(role, Try(surface, "tenant_admin", added))
        if new:
            for blocks in foreign:
                sent = (
                    without_stream(new, "body") | stream(blocks) | {"title": "new", "slug": "new"}
                )
                _send_foreign(laboratory, role, added, sent)
    _check_home(laboratory, surface)


def linking_link(other: Resident) -> str:
    """Rich text as the editor's browser sends it: Draftail's JSON with links to foreign rows."""
    entities = {
        "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": other.first("page")}},
        "1": {"type": "DOCUMENT", "mutability": "MUTABLE", "data": {"id": other.first("document")}},
    }
    ranges = [{"offset": 0, "length": 4, "key": 0}, {"offset": 5, "length": 4, "key": 1}]
    block = {
        "key": "aaaaa",
        "text": "page file",
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": ranges,
    }
    return json.dumps({"blocks": [block], "entityMap": entities})


def stream(blocks: list[tuple[str, Any]]) -> dict[str, str]:
    """Form fields of a body with these blocks."""
    sent = {"body-count": str(len(blocks))}
    inner: dict[str, Callable[[Any], dict[str, str]]] = {
        "paragraph": lambda value: {"": value},
        "image": lambda value: {"-image": str(value), "-alternative_text": "", "-caption": ""},
        "attachment": lambda value: {"-file": str(value), "-title": ""},
    }
    for number, (kind, value) in enumerate(blocks):
        base = f"body-{number}"
        sent |= {f"{base}-deleted": "", f"{base}-order": str(number), f"{base}-type": kind}
        sent |= {f"{base}-id": ""}
        sent |= {f"{base}-value{name}": text for name, text in inner[kind](value).items()}
    return sent


def without_stream(form: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in form.items() if not key.startswith(f"{name}-")}


def _send_foreign(laboratory: Laboratory, role: str, path: str, data: Mapping[str, Any]) -> None:
    """Send a form. The laboratory reports rows and drafts that refer to the other tenant afterwards.

    Dropping the reference is as good as refusing the form: Wagtail's choosers keep ``None`` of a row
    that is not there.
    """
    laboratory.ask(role, Try("foreign references in forms", "tenant_admin", path, data=dict(data)))


def _check_home(laboratory: Laboratory, surface: str) -> None:
    own, other = laboratory.own, laboratory.other
    path = f"pages/{own.first('home')}/edit/"
    form = laboratory.form("site_administrator", Try(surface, "tenant_admin", path))
    sent = without_stream(form, "blocks") | {
        "blocks-count": "1",
        "blocks-0-deleted": "",
        "blocks-0-order": "0",
        "blocks-0-type": "section",
        "blocks-0-id": "",
        "blocks-0-value-section": str(other.first("section")),
        "blocks-0-value-count": "5",
    }
    _send_foreign(laboratory, "site_administrator", path, sent)


def check_pages(laboratory: Laboratory) -> None:
    """Pages, revisions, comments and reviews of the other tenant through the models."""
    own, other = laboratory.own, laboratory.other
    surface = "pages in code"
    theirs = other.first("page")
    with laboratory.inside(own, "site_administrator"):
        for label, rows in (
            ("search", lambda: list(BasePage.objects.live().search(other.needle))),
            ("autocomplete", lambda: list(ArticlePage.objects.autocomplete(other.needle))),
            ("tree", lambda: list(BasePage.get_first_root_node().get_descendants())),
            ("specific", lambda: list(BasePage.objects.specific())),
            ("base manager", lambda: list(BasePage._base_manager.values())),
            ("drafts", lambda: list(Revision.objects.values("content"))),
            ("comments", lambda: list(Comment.objects.values("text"))),
            ("workflows", lambda: list(Workflow.objects.values("name"))),
        ):
            laboratory.expect_clean(surface, rows(), label)
        laboratory.expect_refusal(
            surface,
            lambda: BasePage.objects.get(pk=own.first("section")).add_child(
                instance=ArticlePage(title="x", slug="x", tenant_id=other.tenant.pk)
            ),
            "a page for the other tenant",
        )
        laboratory.expect_refusal(
            surface,
            lambda: Comment.objects.create(
                page_id=theirs, user=own.people["editor"], text="x", contentpath="title"
            ),
            "a comment on a foreign page",
        )
        changed = BasePage.objects.filter(pk=theirs).update(title="stolen")
        laboratory.expect(surface, changed == 0, "a foreign page was updated")
        gone, _models = BasePage.objects.filter(pk=theirs).delete()
        laboratory.expect(surface, gone == 0, "a foreign page was deleted")
        raw = ArticlePage(pk=theirs, title="x", slug="x", depth=4, path="0001000100010001")
        raw.body = body_with(
            image=other.first("image"), document=other.first("document"), page=theirs
        )
        laboratory.expect_refusal(surface, lambda: raw.save_revision(), "a draft of a foreign page")


def check_mails(laboratory: Laboratory) -> None:
    """Mails of comments and reviews: to the own people, about own pages, with links to the administration."""
    own = laboratory.own
    surface = "mails"
    mail.outbox.clear()  # type: ignore[attr-defined]
    page = own.first("page")
    path = f"pages/{page}/edit/"
    form = laboratory.form("editor", Try(surface, "tenant_admin", path))
    comment = {
        "comments-TOTAL_FORMS": "1",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "comments-0-DELETE": "",
        "comments-0-resolved": "",
        "comments-0-id": "",
        "comments-0-contentpath": "title",
        "comments-0-text": f"look at this @{laboratory.other.people['editor'].username}",
        "comments-0-position": "",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
        "comments-0-replies-MIN_NUM_FORMS": "0",
        "comments-0-replies-MAX_NUM_FORMS": "0",
    }
    form |= stream([])
    without = {key: value for key, value in form.items() if not key.startswith("comments-")}
    laboratory.ask("editor", Try(surface, "tenant_admin", path, data=without | comment))
    laboratory.ask("editor", Try(surface, "tenant_admin", path, data=form | {"action-submit": "1"}))
    state = own.first("task_state")
    for action in ("approve", "reject"):
        laboratory.ask(
            "final_reviewer",
            Try(
                surface,
                "tenant_admin",
                f"pages/workflow/action/{own.first('reviewed')}/{action}/{state}/",
                data={"comment": "done", "next": "/"},
            ),
        )
    _read_mails(laboratory, surface)


def _read_mails(laboratory: Laboratory, surface: str) -> None:
    own, other = laboratory.own, laboratory.other
    sent = list(mail.outbox)  # type: ignore[attr-defined]
    laboratory.expect(
        surface, bool(sent), "comments and reviews sent no mail: nothing was looked at"
    )
    for message in sent:
        text = f"{message.subject}\n{message.body}\n{message.recipients()}\n{message.message()}"
        laboratory.expect_clean(
            surface, text.replace(other.people["editor"].username, ""), "a mail"
        )
        strangers = [a for a in message.recipients() if own.word not in a]
        laboratory.expect(surface, not strangers, f"a mail went to {strangers}")
        links = [word for word in message.body.split() if word.startswith("http")]
        wrong = [
            link for link in links if f"/t/{own.tenant.code}/" not in link and own.host not in link
        ]
        laboratory.expect(surface, not wrong, f"a mail links to {wrong}, neither work nor own page")


CHECKS: dict[str, Callable[[Laboratory], None]] = {
    "foreign references in forms": check_editing,
    "pages in code": check_pages,
    "mails": check_mails,
}
