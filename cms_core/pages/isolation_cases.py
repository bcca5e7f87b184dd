"""Pages of every state, their reviews, comments and redirects for the isolation probe."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.admin.models import EditingSession, FormState
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Comment,
    CommentReply,
    GroupApprovalTask,
    ModelLogEntry,
    PageLogEntry,
    PageSubscription,
    PageViewRestriction,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from cms_core.workflow.policy_services import set_section_policy
from cms_core.workflow.selectors import forget_reviewers
from cms_core.workflow.services import approve, submit_for_review
from sites.accounts.enums import RoleCode
from sites.accounts.services import grant_membership
from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Resident,
    register_isolation_cases,
)

from . import isolation_checks, isolation_lifecycle, isolation_page_types, isolation_tries
from .models import ArticleAttachment, ArticlePage, BasePage, HomePage
from .rows import ArticleRow, SectionRow
from .services import create_article, create_section, publish_page


def furnish(resident: Resident) -> None:
    """A public and a private section, articles of every state, and what hangs on them."""
    administrator = resident.people["site_administrator"]
    home = HomePage.objects.get()
    public = create_section(
        actor=administrator,
        parent=home,
        row=SectionRow(
            key="p", title=resident.public_text("section"), slug=f"probe-{resident.public_word}"
        ),
    )
    private = create_section(
        actor=administrator,
        parent=home,
        row=SectionRow(
            key="s",
            title=resident.text("private section"),
            slug=f"closed-{resident.word}",
            show_in_menus=False,
        ),
    )
    _restrict(resident, private)
    live = _article(resident, public, "live", live=True, is_public=True)
    _show_media(resident, live)
    draft = _article(resident, public, "draft", live=False)
    closed = _article(resident, private, "closed", live=True)
    locked = _article(resident, public, "locked", live=False)
    locked.locked, locked.locked_by, locked.locked_at = True, administrator, timezone.now()
    locked.save()
    scheduled = _article(resident, public, "scheduled", live=False)
    _schedule(resident, scheduled)
    resident.note("page", draft, live, closed, scheduled, locked, public, private, home)
    resident.note("section", public, private)
    resident.note("home", home)
    resident.note("article", draft, live)
    resident.values["live_path"] = f"{public.slug}/{live.slug}/"
    resident.values["section_path"] = f"{public.slug}/"
    resident.values["draft_path"] = f"{public.slug}/{draft.slug}/"
    resident.values["closed_path"] = f"{private.slug}/{closed.slug}/"
    resident.note("revision", draft.latest_revision_id, live.latest_revision_id)
    _fill_home(resident, home, public)
    _start_review(resident, home)
    _hang_on(resident, draft, live)
    resident.note("page_log", *PageLogEntry.objects.filter(page=draft.pk))
    isolation_lifecycle.furnish_lifecycle(resident, public)
    isolation_page_types.furnish_page_types(resident, public=public, private=private, live=live)


def _restrict(resident: Resident, section: BasePage) -> None:
    groups = resident.ids["group"]
    by_password = PageViewRestriction.objects.create(
        page=section, restriction_type="password", password=resident.word
    )
    by_group = PageViewRestriction.objects.create(page=section, restriction_type="groups")
    by_group.groups.set(groups[:1])
    resident.note("page_restriction", by_password, by_group)


def _article(
    resident: Resident, section: BasePage, name: str, *, live: bool, is_public: bool = False
) -> ArticlePage:
    text = resident.public_text if is_public else resident.text
    word = resident.public_word if is_public else resident.word
    return create_article(
        actor=resident.people["editor"],
        parent=section,
        row=ArticleRow(
            key=name,
            parent_id=section.pk,
            title=text(name),
            slug=f"{name}-{word}",
            summary=text("summary"),
            source_name=text("source"),
            author_name=text("author")[:60],
            keywords=text("keywords"),
            body=[("paragraph", f"<p>{text('paragraph')}</p>")],
            live=live,
        ),
    )


def _show_media(resident: Resident, page: ArticlePage) -> None:
    """What nobody shows is not served: the live page shows every open picture and file."""
    field = ArticlePage._meta.get_field("body")
    blocks = [("paragraph", f"<p>{resident.public_text('paragraph')}</p>")]
    shown: list[dict[str, Any]] = [{"type": kind, "value": value} for kind, value in blocks]
    for key in resident.ids["image"][:2]:
        value = {"image": key, "alternative_text": "", "caption": ""}
        shown.append({"type": "image", "value": value})
    for key in resident.ids["document"][:2]:
        shown.append({"type": "attachment", "value": {"file": key, "title": ""}})
    publish_page(
        actor=resident.people["editor"],
        page=page,
        changes={"body": field.stream_block.to_python(shown)},
    )
    page.refresh_from_db()


def _schedule(resident: Resident, page: ArticlePage) -> None:
    """A draft with a picture, a link and a file, to be published tomorrow."""
    page.body = isolation_checks.body_with(
        image=resident.first("image"),
        document=resident.first("document"),
        page=page.get_parent().pk,
    )
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(user=resident.people["editor"], log_action=True).publish(
        user=resident.people["editor"]
    )
    page.refresh_from_db()
    ArticleAttachment.objects.create(
        page=page, file_id=resident.first("document"), title=resident.text("attachment")
    )


def _fill_home(resident: Resident, home: HomePage, section: BasePage) -> None:
    home.introduction = resident.public_text("introduction")
    blocks = [
        {"type": "section", "value": {"section": section.pk, "count": 5}},
        {"type": "gathered", "value": {"title": "gathered", "count": 20}},
    ]
    field = HomePage._meta.get_field("blocks")
    home.blocks = field.stream_block.to_python(blocks)
    home.save_revision(user=resident.people["editor"], log_action=True).publish()


def _start_review(resident: Resident, home: HomePage) -> None:
    """A section under review with a text that passed its first stage; and a workflow of Wagtail's own."""
    administrator = resident.people["site_administrator"]
    reviewer = resident.people["final_reviewer"]
    grant_membership(
        actor=administrator,
        user=reviewer,
        tenant=resident.tenant,
        role=RoleCode.FIRST_REVIEWER,
    )
    forget_reviewers()
    section = create_section(
        actor=administrator,
        parent=home,
        row=SectionRow(
            key="r", title=resident.text("reviewed section"), slug=f"reviewed-{resident.word}"
        ),
    )
    set_section_policy(actor=administrator, section=section, stages=("first", "final"))
    page = _article(resident, section, "reviewed", live=False)
    state = submit_for_review(actor=resident.people["editor"], obj=page)
    approve(actor=reviewer, task_state=state.current_task_state, note=resident.text("approved"))
    state.refresh_from_db()
    resident.note("page", page, section)
    resident.note("workflow", state.workflow_id)
    resident.note("workflow_state", state)
    resident.note("task_state", state.current_task_state)
    resident.note("review_task", state.current_task_state.task_id)
    resident.note("reviewed", page)
    workflow = Workflow.objects.create(name=resident.text("workflow"))
    task = GroupApprovalTask.objects.create(name=resident.text("task"))
    task.groups.set(resident.ids["group"])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    resident.note("task", task)
    resident.note("workflow", workflow)
    WorkflowPage.objects.create(workflow=workflow, page=section)
    if not resident.is_own:  # one a content type on the whole platform; the product uses none
        content_type = ContentType.objects.get_for_model(ArticlePage)
        WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)


def _hang_on(resident: Resident, draft: ArticlePage, live: ArticlePage) -> None:
    editor = resident.people["editor"]
    for page in (draft, live):
        comment = Comment.objects.create(
            page=page, user=editor, text=resident.text("comment"), contentpath="title"
        )
        reply = CommentReply.objects.create(
            comment=comment, user=resident.people["final_reviewer"], text=resident.text("reply")
        )
        for name in ("editor", "final_reviewer", "site_administrator"):
            PageSubscription.objects.create(
                page=page, user=resident.people[name], comment_notifications=True
            )
        resident.note("comment", comment)
        resident.note("reply", reply)
    site = resident.tenant.site
    for number in (1, 2):
        redirect = Redirect.objects.create(
            old_path=f"/old-{number}-{resident.word}", site=site, redirect_page=live
        )
        resident.note("redirect", redirect)
    content_type = ContentType.objects.get_for_model(ArticlePage)
    session = EditingSession.objects.create(
        user=editor,
        content_type=content_type,
        object_id=str(draft.pk),
        last_seen_at=timezone.now(),
        is_editing=True,
    )
    state = FormState.objects.update_or_create_by_instance(
        draft,
        user=editor,
        defaults={"data": _form_of(resident), "last_updated_at": timezone.now()},
    )[0]
    resident.note("editing_session", session)
    resident.note("form_state", state)
    entry = ModelLogEntry.objects.log_action(
        Task.objects.first(), "wagtail.edit", user=editor, data={"word": resident.word}
    )
    resident.note("model_log", entry)


def _form_of(resident: Resident) -> str:
    """An unsaved editing form, as the preview panel stores it."""
    sent = {"title": resident.text("unsaved"), "slug": "unsaved", "body-count": "0"}
    for name in ("attachments", "comments", "placements", "related_links"):
        sent |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    return urlencode(sent)


#: Types whose editing forms choose pictures, files, pages or bodies of their own.
_NEW_TYPES = ("topicaleventpage", "leaderpage", "organizationpage", "gallerypage", "videopage")


def _rules() -> tuple[Argument, ...]:
    page = ("page",)
    return (
        *isolation_lifecycle.LIFECYCLE_ARGUMENTS,
        Argument(r".", "content_type_app_name|app_label|app_name", values=("cms_core_pages",)),
        Argument(
            r"pages/add",
            "content_type_model_name",
            values=("articlepage", "sectionpage", *_NEW_TYPES),
        ),
        Argument(r"^bulk/", "model_name", values=("basepage",)),
        Argument(r"^bulk/", "action", values=("delete", "move", "publish", "unpublish"), most=4),
        Argument(r"^workflows/", "model_name", values=("groupapprovaltask",)),
        Argument(
            r".",
            "content_type_model_name|model_name",
            values=("articlepage", "sectionpage", "homepage", *_NEW_TYPES),
        ),
        Argument(r".", "action_name", values=("approve", "reject", "copy", "publish", "delete")),
        Argument(r"^api/v3/snippets/", "type", values=("x.Y", "cms_core_media.MediaTag")),
        Argument(r"^api/v3/", "type_name", values=("cms_core_pages.ArticlePage",)),
        Argument(r"^api/v3/snippets/", "pk", kinds=("tag",), most=1),
        Argument(r"^api/v3/", "page_id", kinds=page, most=1),
        Argument(r"^editing-sessions/", "object_id", kinds=("article",), most=1),
        Argument(r".", "session_id", kinds=("editing_session",)),
        Argument(r"^workflows/remove/", "page_pk", kinds=("section",)),
        Argument(r"^workflows/tasks/", "pk|task_id", kinds=("task",)),
        Argument(r"^workflows/task_chooser/", "task_id", kinds=("task",)),
        Argument(r"^workflows/", "pk|workflow_pk", kinds=("workflow",)),
        Argument(r".", "task_state_id", kinds=("task_state",)),
        Argument(r".", "workflow_state_id", kinds=("workflow_state",)),
        Argument(r".", "task_id", kinds=("task",), most=1),
        Argument(r"pages/workflow/", "page_id", kinds=("reviewed",)),
        Argument(r"workflow_history/detail", "page_id", kinds=("reviewed",)),
        Argument(r"compare", "revision_id_[ab]", kinds=("revision",), values=("live", "earliest")),
        Argument(r".", "revision_id", kinds=("revision",), most=2),
        Argument(r"revisions/", "page_id|pk", kinds=("article",)),
        Argument(r".", "destination_id", kinds=("section",)),
        Argument(r"pages/add/", "parent_page_id", kinds=("section",)),
        Argument(
            r"authenticate_with_password", "page_view_restriction_id", kinds=("page_restriction",)
        ),
        Argument(r".", "page_to_move_id", kinds=("article",)),
        Argument(r"pages/<int:(page_id|parent_page_id)>/[a-z_/]*$", ".*", kinds=page, most=4),
        Argument(r".", "page_id|parent_page_id|page_pk", kinds=page, most=4),
        Argument(r"^api/.*pages", "pk", kinds=page, most=6),
        Argument(r".", "redirect_id", kinds=("redirect",)),
        Argument(r".", "site_id", kinds=("site",)),
        Argument(r"^\^\(\(\?:", "_0", values=("",)),
    )


_FIELDS = {
    r"^placements-\d+-section$": "section",
    r"^related_links-\d+-target$": "page",
    r"(^|-)(picture|portrait|poster)$": "image",
    r"^(file|captions)$": "document",
    r"(^|-)(page|parent_page|redirect_page|new_parent_page|destination|chooser)$": "page",
    r"(^|-)section$": "section",
    r"(^|-)site$": "site",
    r"(^|-)task(_id)?$": "task",
    r"(^|-)workflow$": "workflow",
    r"(^|-)comment$": "comment",
    r"^comments-\d+-id$": "comment",
    r"^comments-\d+-replies-\d+-id$": "reply",
    r"^pages-\d+-page$": "section",
    r"^pages-\d+-id$": "workflow",
}


def _unfurnished() -> dict[str, Any]:
    return {
        "taggit.Tag": "tags are those of cms_core.media",
        "taggit.TaggedItem": "tags are those of cms_core.media",
        "sites_tenancy.OwnTag": "tags are those of cms_core.media",
        "sites_accounts.User_user_permissions": "nobody holds a permission by a row",
        "wagtailcore.GroupSitePermission": "no role template holds a right on a site",
    }


register_isolation_cases(
    "cms_core_pages",
    IsolationCases(
        furnish=furnish,
        arguments=_rules(),
        fields=_FIELDS,
        tries=isolation_tries.tries,
        checks=isolation_checks.CHECKS | isolation_lifecycle.LIFECYCLE_CHECKS,
        unfurnished=_unfurnished(),
    ),
)
