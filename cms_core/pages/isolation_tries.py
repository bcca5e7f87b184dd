"""Requests and attacks of the isolation probe that are about pages."""

import json
from collections.abc import Callable, Iterator, Mapping
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


def tries(own: Resident, other: Resident) -> Iterator[Try]:
    """Search, choosers, reports, bulk actions, programming interfaces, previews, drafts by their path."""
    yield from _listings(own, other)
    yield from _choosers(own, other)
    yield from _reports(own, other)
    yield from _bulk_actions(own, other)
    yield from _programming_interfaces(own, other)
    yield from _public_pages(own, other)
    yield from _forms(own, other)
    yield from _written_interfaces(own, other)


def _listings(own: Resident, other: Resident) -> Iterator[Try]:
    for base in ("pages/search/", "pages/search/results/"):
        for query in (
            f"q={other.needle}",
            f"q={other.needle}&all_results=1",
            f"q={other.needle}&content_type=cms_core_pages.articlepage&ordering=title",
            f"q={other.needle}&site={other.first('site')}&owner={other.people['editor'].pk}&p=2",
        ):
            yield Try(
                "search", "tenant_admin", f"{base}?{query}", is_own=query.endswith(other.needle)
            )
    for parent in (own.first("section"), own.first("home"), other.first("section")):
        for query in (
            f"q={other.needle}&ordering=-latest_revision_created_at",
            f"owner={other.people['editor'].pk}&edited_by={other.people['editor'].pk}",
            f"site={other.first('site')}&p=2",
        ):
            yield Try("pages", "tenant_admin", f"pages/{parent}/?{query}")
            yield Try("pages", "tenant_admin", f"pages/{parent}/results/?{query}")
    yield Try("pages", "tenant_admin", "", is_own=True)
    yield Try("pages", "tenant_admin", f"pages/{own.first('section')}/", is_own=True)


def _choosers(own: Resident, other: Resident) -> Iterator[Try]:
    base = "choose-page/"
    for query in (
        "page_type=cms_core_pages.basepage",
        "page_type=cms_core_pages.articlepage",
        "page_type=cms_core_pages.homepage",
        f"allow_external_link=true&user_perms=move_to&target_pages[]={other.first('page')}",
        "can_choose_root=true&multiple=1",
    ):
        yield Try("choosers", "tenant_admin", f"{base}?{query}")
        yield Try("choosers", "tenant_admin", f"{base}search/?q={other.needle}&{query}")
        for key in (other.first("home"), other.first("section"), own.first("section")):
            yield Try("choosers", "tenant_admin", f"{base}{key}/?{query}")
    for ids in (f"id={other.first('page')}", f"id={own.first('page')}&id={other.first('page')}"):
        yield Try("choosers", "tenant_admin", f"{base}chosen-multiple/?{ids}")
    for place in ("external", "email", "phone", "anchor"):
        yield Try("choosers", "tenant_admin", f"choose-{place}-link/?link_text=x")
    yield Try(
        "choosers",
        "tenant_admin",
        "choose-external-link/",
        data={
            "external-link-chooser-url": f"http://{other.host}/{other.values['draft_path']}",
            "external-link-chooser-link_text": "x",
        },
    )
    yield Try("choosers", "tenant_admin", f"workflows/task_chooser/results/?q={other.needle}")


def _reports(own: Resident, other: Resident) -> Iterator[Try]:
    user = other.people["editor"].pk
    for name in (
        "locked",
        "workflow",
        "workflow_tasks",
        "site-history",
        "aging-pages",
        "page-types-usage",
    ):
        for query in (
            "export=csv",
            "export=xlsx",
            f"user={user}&locked_by={user}&requested_by={user}&last_published_by={user}",
            f"workflow={other.first('workflow')}&task={other.first('task')}&label={other.needle}",
            f"site={other.first('site')}&object_type=1&reviewable={own.first('task')}&p=2",
        ):
            yield Try("reports", "tenant_admin", f"reports/{name}/?{query}")
        yield Try("reports", "tenant_admin", f"reports/{name}/results/?q={other.needle}")
    for name in ("articlepage", "sectionpage", "homepage", "basepage"):
        yield Try("reports", "tenant_admin", f"pages/usage/cms_core_pages/{name}/?q={other.needle}")
    for page in (own.first("page"), other.first("page")):
        yield Try(
            "reports", "tenant_admin", f"pages/{page}/history/?user={user}&action=wagtail.edit"
        )
        yield Try("reports", "tenant_admin", f"pages/{page}/usage/?describe_on_delete=1")


def _bulk_actions(own: Resident, other: Resident) -> Iterator[Try]:
    theirs, mine = other.first("page"), own.first("page")
    for action in ("delete", "move", "publish", "unpublish"):
        for ids in (
            f"id={theirs}",
            f"id={mine}&id={theirs}",
            f"id=all&childOf={other.first('section')}",
        ):
            address = f"bulk/cms_core_pages/basepage/{action}/?{ids}&next=/"
            yield Try("bulk actions", "tenant_admin", address)
            data = {"chooser": other.first("section"), "include_descendants": "on"}
            yield Try("bulk actions", "tenant_admin", address, data=data)
    for action in ("delete", "assign_role", "set_active_state"):
        address = f"bulk/sites_accounts/user/{action}/?id={other.first('user')}&next=/"
        yield Try("bulk actions", "tenant_admin", address)
        data = {"role": other.first("group"), "mark_as_active": "False"}
        yield Try("bulk actions", "tenant_admin", address, data=data)


def _programming_interfaces(own: Resident, other: Resident) -> Iterator[Try]:
    theirs = other.first("page")
    for place, base, surface in (
        ("public", "api/v2", "API v2"),
        ("tenant_admin", "api/main", "administration's API"),
        ("tenant_admin", "api/v3", "API v3"),
    ):
        for query in (
            f"site={other.host}",
            f"site={other.first('site')}",
            f"child_of={other.first('section')}",
            f"descendant_of={other.first('home')}",
            f"ancestor_of={theirs}",
            f"translation_of={theirs}",
            f"search={other.needle}",
            f"slug=live-{other.public_word}",
            "fields=*,parent(*)",
            "type=cms_core_pages.ArticlePage&fields=*",
            "limit=20&offset=10",
            "order=-title",
            "for_explorer=1",
            "has_children=true",
            f"id={theirs}",
        ):
            yield Try(surface, place, f"{base}/pages/?{query}")
        yield Try(surface, place, f"{base}/pages/find/?html_path=/{other.values['live_path']}")
        yield Try(surface, place, f"{base}/pages/find/?id={theirs}")
    for action in ("copy", "delete", "publish", "unpublish", "move", "revert_to_page_revision"):
        for page, target in (
            (theirs, own.first("section")),
            (own.first("page"), other.first("section")),
        ):
            yield Try(
                "administration's API",
                "tenant_admin",
                f"api/main/pages/{page}/action/{action}/",
                data={
                    "destination_page_id": target,
                    "recursive": True,
                    "revision_id": other.first("revision"),
                },
            )


def _public_pages(own: Resident, other: Resident) -> Iterator[Try]:
    for name in ("live_path", "draft_path", "closed_path", "section_path"):
        # The other tenant's pages do not exist on the own host, its private ones on no host.
        yield Try("public pages", "public", other.values[name])
        yield Try("public pages", "public", other.values[name], whose="other")
    for path in ("", own.values["section_path"], own.values["live_path"]):
        yield Try("public pages", "public", path, is_own=True)
    for path in ("sitemap.xml", "robots.txt", "nothing-here/", f"search/?q={other.needle}"):
        for whose in ("own", "other"):
            yield Try("public pages", "public", path, whose=whose)
    for whose in ("own", "other"):
        yield Try("redirects", "public", f"old-1-{other.word}", whose=whose)
    for restriction in other.ids["page_restriction"]:
        yield Try(
            "public pages",
            "public",
            f"_util/authenticate_with_password/{restriction}/{other.first('page')}/",
            data={"password": other.word, "return_url": "/"},
        )


def _forms(own: Resident, other: Resident) -> Iterator[Try]:
    """Forms sent with the other tenant's keys; those of an editing screen are in :data:`CHECKS`."""
    page = own.first("page")
    for target in other.ids["section"]:
        yield Try(
            "pages",
            "tenant_admin",
            f"pages/{page}/copy/",
            data={"new_title": "copy", "new_slug": "copy", "new_parent_page": target},
        )
        yield Try("pages", "tenant_admin", f"pages/{page}/move/{target}/confirm/", data={})
        yield Try("pages", "tenant_admin", f"pages/{page}/move/", data={"new_parent_page": target})
    privacy = {"restriction_type": "groups", "groups": other.ids["group"][:2]}
    yield Try("pages", "tenant_admin", f"pages/{page}/privacy/", data=privacy)
    yield Try("pages", "tenant_admin", f"pages/{page}/privacy/")
    for site in (other.first("site"), ""):
        yield Try(
            "redirects",
            "tenant_admin",
            "redirects/add/",
            data={
                "old_path": "/stolen",
                "site": site,
                "redirect_page": other.first("page"),
                "redirect_link": "",
                "is_permanent": "on",
            },
        )
    yield Try("redirects", "tenant_admin", f"redirects/?q={other.needle}&export=csv", is_own=False)
    yield Try(
        "workflow",
        "tenant_admin",
        f"workflows/edit/{own.first('workflow')}/",
        data=_workflow_form(own, other),
    )
    yield Try(
        "workflow",
        "tenant_admin",
        "workflows/tasks/add/cms_core_pages/groupapprovaltask/",
        data={"name": "x", "groups": other.ids["group"][:1]},
    )


def _workflow_form(own: Resident, other: Resident) -> Mapping[str, Any]:
    return {
        "name": "taken",
        "active": "on",
        "workflow_tasks-TOTAL_FORMS": "1",
        "workflow_tasks-INITIAL_FORMS": "0",
        "workflow_tasks-MIN_NUM_FORMS": "0",
        "workflow_tasks-MAX_NUM_FORMS": "1000",
        "workflow_tasks-0-task": other.first("task"),
        "workflow_tasks-0-ORDER": "1",
        "pages-TOTAL_FORMS": "1",
        "pages-INITIAL_FORMS": "0",
        "pages-MIN_NUM_FORMS": "0",
        "pages-MAX_NUM_FORMS": "1000",
        "pages-0-page": other.first("section"),
    }


def _written_interfaces(own: Resident, other: Resident) -> Iterator[Try]:
    """API v3 with the token of the own tenant, and with that of the other."""
    theirs = other.first("page")
    for token in (own.values["api_token"], other.values["api_token"]):
        headers = {"Authorization": f"Bearer {token}"}
        for path in (
            "whoami/",
            f"pages/?search={other.needle}",
            f"pages/{theirs}/",
            f"pages/{theirs}/revisions/",
            f"pages/{own.first('page')}/revisions/{other.first('revision')}/",
            f"images/?search={other.needle}",
            f"images/{other.first('image')}/",
            f"documents/{other.first('document')}/",
            "documents/",
            "redirects/",
            f"redirects/{other.first('redirect')}/",
            "sites/",
            f"sites/{other.first('site')}/",
            "schema/",
        ):
            yield Try("API v3", "tenant_admin", f"api/v3/{path}", headers=headers)
        for method, path, data in (
            ("PATCH", f"pages/{theirs}/", {"title": "stolen"}),
            ("DELETE", f"pages/{theirs}/", {}),
            ("POST", f"pages/{theirs}/actions/publish/", {}),
            ("POST", f"pages/{theirs}/actions/copy/", {"to": own.first("section")}),
            (
                "POST",
                f"pages/{own.first('page')}/actions/move/",
                {"target": other.first("section")},
            ),
            ("PATCH", f"sites/{other.first('site')}/", {"hostname": "stolen.invalid"}),
            ("POST", "sites/", {"hostname": "x.invalid", "root_page": theirs}),
            (
                "POST",
                "redirects/",
                {"old_path": "/x", "site": other.first("site"), "redirect_page": theirs},
            ),
            ("DELETE", f"redirects/{other.first('redirect')}/", {}),
            ("PATCH", f"images/{other.first('image')}/", {"title": "stolen"}),
            ("DELETE", f"documents/{other.first('document')}/", {}),
            (
                "POST",
                "pages/",
                {"type": "cms_core_pages.ArticlePage", "parent": theirs, "title": "x"},
            ),
        ):
            yield Try(
                "API v3",
                "tenant_admin",
                f"api/v3/{path}",
                data=json.dumps(data),
                content_type="application/json",
                method=method,
                headers=headers,
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
