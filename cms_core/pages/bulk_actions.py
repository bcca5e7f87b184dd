"""Wagtail's bulk actions on pages, through our services: all or none, and what is left says why."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.admin.widgets import AdminPageMoveChooser

from sites.typed_text.rules import row_number, row_numbers

from . import lifecycle_rights as rights
from .bulk_changes import move_pages, publish_pages
from .bulk_jobs import MOST_IN_A_JOB, MOST_IN_REQUEST, refuse_target, start_change, too_many
from .enums import BulkActionKind
from .lifecycle_forms import DeletionForm, NoticeForm
from .lifecycle_views import tell_deleted
from .models import BasePage
from .recycle_bin import recycle_pages
from .withdrawal import TooManyPages, withdraw_pages

#: Titles named in a report; the rest is counted.
NAMED = 10
#: The same before the change, with the reason each.
NAMED_BEFORE = 100
#: Pages that the chooser of a place is told of, so that it does not offer them: their numbers stand in
#: an address, and servers take some 4,000 letters of it. The service refuses the others.
_TOLD = 100


class OnPages:
    """Mixin: rights of all chosen pages in a few queries; one service call; a report of what was left."""

    template_name = "cms_core_pages/bulk.html"
    why_not: Any = None
    kind: BulkActionKind
    heading = gettext_lazy("Change pages")
    explanation: Any = ""
    button = gettext_lazy("Yes")
    request: HttpRequest

    @cached_property
    def keys(self) -> list[int]:
        """Keys of the pages chosen in the list."""
        keys: Any = self.request.GET.getlist("id")
        if "all" not in keys:
            return list(row_numbers(keys))
        parent = self.request.GET.get("childOf")
        number = row_number(parent)
        if parent and not BasePage.objects.filter(pk=number or 0).exists():
            raise Http404
        return list(self.get_all_objects_in_listing_query(parent))  # type: ignore[attr-defined]

    @cached_property
    def chosen(self) -> tuple[list[BasePage], list[tuple[BasePage, str]]]:
        """Pages that can be taken, and the others with the reason."""
        able, left = [], []
        for page in rights.with_state([BasePage(pk=key) for key in self.keys]):
            reason = self.why_not(page, self.request.user)
            if not reason:
                able.append(page)
            elif rights.may_see(page, self.request.user):
                left.append((page, reason))
        return able, left

    def get_actionable_objects(self) -> tuple[list[BasePage], dict[str, Any]]:
        able, left = self.chosen
        return able, {"items_with_no_access": [page for page, _reason in left]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        able, left = self.chosen
        form = kwargs.get("form") or self.get_form()  # type: ignore[attr-defined]
        return {
            "form": form,
            "pages": able[:NAMED],
            "page_count": len(able),
            "more": max(0, len(able) - NAMED),
            "left": left[:NAMED_BEFORE],
            "left_count": len(left),
            "left_more": max(0, len(left) - NAMED_BEFORE),
            "in_background": len(able) > MOST_IN_REQUEST,
            "most": MOST_IN_REQUEST,
            "heading": self.heading,
            "explanation": self.explanation,
            "button": self.button,
            "next": self.next_url,  # type: ignore[attr-defined]
            "submit_url": f"{self.request.path}?{self.request.META['QUERY_STRING']}",
            "view": self,
        }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if len(self.keys) > MOST_IN_A_JOB:
            messages.error(request, too_many())
            return HttpResponseRedirect(self.next_url)  # type: ignore[attr-defined]
        able, left = self.chosen
        if not able and not left:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def form_valid(self, form: Any) -> Any:
        self.cleaned_form = form
        able, left = self.chosen
        if not able:
            return self.form_invalid(form)  # type: ignore[attr-defined]
        try:
            if len(able) > MOST_IN_REQUEST:
                return self.hand_over(form)
            said = self.carry_out(able, form)
        except TooManyPages as error:
            if len(able) > 1:
                return self.hand_over(form)  # with what lies below them
            form.add_error(None, error)
            return self.form_invalid(form)  # type: ignore[attr-defined]
        except ValidationError as error:
            form.add_error(None, error)
            form.add_error(None, _("Nothing was changed."))
            return self.form_invalid(form)  # type: ignore[attr-defined]
        if said:
            messages.success(self.request, said)
        if left:
            messages.warning(self.request, _report(left))
        return HttpResponseRedirect(self.next_url)  # type: ignore[attr-defined]

    def carry_out(self, pages: list[BasePage], form: Any) -> str:
        """The service call; what to say afterwards."""
        raise NotImplementedError  # each action gives its own

    def order_of(self, form: Any) -> dict[str, Any]:
        """What the worker is told besides the pages."""
        return {"notice": form.notice()}

    def hand_over(self, form: Any) -> HttpResponseRedirect:
        """Too many for a request: the worker does it, and the person sees how far it is."""
        able, left = self.chosen
        change = start_change(
            actor=self.request.user,
            action=self.kind,
            pages=able,
            left=left,
            **self.order_of(form),
        )
        messages.success(
            self.request,
            ngettext(
                "%(count)d page is changed in the background, as you. You can go on working or leave.",
                "%(count)d pages are changed in the background, as you. You can go on working or leave.",
                len(able),
            )
            % {"count": len(able)},
            buttons=[
                messages.button(
                    reverse("lifecycle:bulk_change", args=[change.pk]), _("See how far it is")
                )
            ],
        )
        return HttpResponseRedirect(self.next_url)  # type: ignore[attr-defined]


def _report(left: list[tuple[BasePage, str]]) -> str:
    named = "；".join(f"{page.title}：{reason}" for page, reason in left[:NAMED])
    return ngettext(
        "%(count)d page was left as it is. %(named)s",
        "%(count)d pages were left as they are. %(named)s",
        len(left),
    ) % {"count": len(left), "named": named}


class WithdrawPages(OnPages, UnpublishBulkAction):
    display_name = gettext_lazy("Take off the site")
    aria_label = gettext_lazy("Withdraw the chosen pages")
    heading = gettext_lazy("Withdraw pages")
    explanation = gettext_lazy(
        "The chosen pages and what is public below them leave the site together, with one reason. "
        "Their addresses then say so. The texts stay here as drafts."
    )
    button = gettext_lazy("Take off the site")
    form_class = NoticeForm
    kind = BulkActionKind.WITHDRAW
    why_not = staticmethod(rights.why_not_withdraw)

    def carry_out(self, pages: list[BasePage], form: Any) -> str:
        stones = withdraw_pages(actor=self.request.user, pages=pages, notice=form.notice())
        return ngettext("%(count)d page withdrawn.", "%(count)d pages withdrawn.", len(stones)) % {
            "count": len(stones)
        }


class DeletePages(OnPages, DeleteBulkAction):
    aria_label = gettext_lazy("Delete the chosen pages")
    heading = gettext_lazy("Delete pages")
    explanation = gettext_lazy(
        "The chosen pages and all below them move into the recycle bin together. What was public "
        "is withdrawn with this reason."
    )
    button = gettext_lazy("Move into the recycle bin")
    form_class = DeletionForm
    kind = BulkActionKind.DELETE
    why_not = staticmethod(rights.why_not_delete)

    def post(self, request: HttpRequest) -> Any:
        # Wagtail asks for the site's name to be typed; here a deletion can be undone.
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def carry_out(self, pages: list[BasePage], form: Any) -> str:
        tell_deleted(
            self.request,
            recycle_pages(actor=self.request.user, pages=pages, notice=form.notice()),
        )
        return ""


class PublishPages(OnPages, PublishBulkAction):
    heading = gettext_lazy("Publish pages")
    explanation = gettext_lazy("The newest draft of each becomes public.")
    button = gettext_lazy("Publish")
    form_class = forms.Form
    kind = BulkActionKind.PUBLISH
    why_not = staticmethod(rights.why_not_publish)

    def order_of(self, form: Any) -> dict[str, Any]:
        return {}

    def carry_out(self, pages: list[BasePage], form: Any) -> str:
        count = publish_pages(actor=self.request.user, pages=pages)
        return ngettext("%(count)d page published.", "%(count)d pages published.", count) % {
            "count": count
        }


class PlaceForPages(forms.Form):
    """Where the pages go."""

    chooser = forms.ModelChoiceField(
        label=gettext_lazy("Below which page should they stand?"),
        queryset=BasePage.objects.none(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pages = kwargs.pop("pages")
        super().__init__(*args, **kwargs)
        targets: set[Any] = set()
        for model in {page.specific_class for page in pages}:
            allowed = set(model.allowed_parent_page_models())
            targets = allowed if not targets else targets & allowed
        field: Any = self.fields["chooser"]
        field.queryset = BasePage.objects.filter(depth__gt=1)
        field.widget = AdminPageMoveChooser(
            user_perms="bulk_move_to",
            target_models=targets or {BasePage},
            pages_to_move=[page.pk for page in pages[:_TOLD]],
        )
        field.widget.choices = field.choices


class MovePages(OnPages, MoveBulkAction):
    heading = gettext_lazy("Move pages")
    explanation = gettext_lazy(
        "The chosen pages and all below them move together. Old public addresses lead to the new ones."
    )
    button = gettext_lazy("Move")
    form_class = PlaceForPages
    kind = BulkActionKind.MOVE
    why_not = staticmethod(rights.why_not_move)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super(MoveBulkAction, self).get_form_kwargs() | {"pages": self.chosen[0]}

    def carry_out(self, pages: list[BasePage], form: Any) -> str:
        target = form.cleaned_data["chooser"]
        refuse_target(target, pages, self.request.user)
        count = move_pages(actor=self.request.user, pages=pages, target=target)
        return ngettext("%(count)d page moved.", "%(count)d pages moved.", count) % {"count": count}

    def order_of(self, form: Any) -> dict[str, Any]:
        target = form.cleaned_data["chooser"]
        refuse_target(target, self.chosen[0], self.request.user)
        return {"target": target}


# Actions are kept by name, and the last one registered under a name stands.
for action in (WithdrawPages, DeletePages, PublishPages, MovePages):
    hooks.register("register_bulk_action", action, order=1000)
