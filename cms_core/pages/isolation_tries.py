"""Requests and attacks of the isolation probe that are about pages."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sites.registry.isolation import Resident, Try

from .isolation_lifecycle import lifecycle_tries


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
    yield from lifecycle_tries(own, other)


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
    for home in (own.first("home"), other.first("home")):
        yield Try("previews", "tenant_admin", f"pages/{home}/view_draft/")
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
