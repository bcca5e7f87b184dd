"""The people of a tenant, in its administration: what stands where Wagtail has users and groups.

Every form offers the roles the person at the desk may give, and nothing else; there is no way to a
group, to a permission, or to an account that another tenant uses too.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from sites.tenancy.models import Tenant
from sites.typed_text.rules import row_number

from . import services
from .enums import RoleCode
from .forms import AccountForm, InvitationForm, RoleForm, SuccessorForm
from .handover import hand_over
from .invitations import invitation_address
from .models import BreakGlassSession, User
from .permissions import grantable_roles, may_edit_account, may_manage_people
from .selectors import colleagues_of, memberships_of, people_of_open_tenant


class PeopleView(WagtailAdminTemplateMixin, TemplateView):
    """Base: only for those who manage the people of the open tenant."""

    header_icon = "group"
    page_title = _("People")
    namespace = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_manage_people(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def tenant(self) -> Tenant:
        tenant: Tenant = self.request.tenant  # type: ignore[attr-defined]
        return tenant

    @cached_property
    def person(self) -> User:
        """The person of the address: one of this tenant's, or 404."""
        return get_object_or_404(people_of_open_tenant(), pk=self.kwargs["pk"])

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{name}", args=args)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, {"url": self.address("index"), "label": _("People")}]
        if self.page_title != PeopleView.page_title:
            items.append({"url": "", "label": self.get_page_title()})
        return items

    def said(self, form: Any, error: ValidationError | PermissionDenied) -> HttpResponseBase:
        """The form again, with what the service said."""
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, found in error.error_dict.items():
                form.add_error(name if name in form.fields else None, found)
        elif isinstance(error, ValidationError):
            form.add_error(None, error)
        else:
            form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form))


class IndexView(PeopleView):
    template_name = "sites_accounts/people/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("q", "").strip()
        people = people_of_open_tenant().prefetch_related("memberships__sections")
        if wanted:
            people = people.filter(username__icontains=wanted) | people.filter(
                display_name__icontains=wanted
            )
        return super().get_context_data(
            people=people, wanted=wanted, looked_in=BreakGlassSession.objects.all()[:5], **kwargs
        )


class InviteView(PeopleView):
    template_name = "sites_accounts/people/form.html"
    page_title = _("Invite somebody")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", InvitationForm(actor=self.request.user))
        return super().get_context_data(submit=_("Invite"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = InvitationForm(request.POST, actor=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            invited = services.invite_user(
                actor=request.user,
                tenant=self.tenant,
                username=form.cleaned_data["username"],
                display_name=form.cleaned_data["display_name"],
                email=form.cleaned_data["email"],
                **form.arguments(),
            )
        except (ValidationError, PermissionDenied) as error:
            return self.said(form, error)
        return _show_link(self, invited.user, invited.token)


def _show_link(view: PeopleView, user: User, token: str) -> HttpResponseBase:
    """The one-time link, shown once."""
    view.template_name = "sites_accounts/people/link.html"
    return view.render_to_response(
        view.get_context_data(invited=user, link=invitation_address(token), form=None)
    )


class PersonView(PeopleView):
    """One person: name, roles, and what can be done with them."""

    template_name = "sites_accounts/people/person.html"

    def get_page_title(self) -> str:
        return str(self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        kwargs.setdefault(
            "account_form",
            AccountForm(initial={"display_name": person.display_name, "email": person.email}),
        )
        kwargs.setdefault("form", RoleForm(actor=self.request.user))
        return super().get_context_data(
            person=person,
            memberships=memberships_of(user=person),
            is_editable=may_edit_account(tenant=self.tenant, user=person),
            is_oneself=person.pk == self.request.user.pk,
            grantable={role.value for role in grantable_roles(self.request.user)},
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        action = request.POST.get("action", "")
        handler = {
            "account": self._account,
            "grant": self._grant,
            "revoke": self._revoke,
            "link": self._link,
            "take_back": self._take_back,
        }.get(action)
        if handler is None:
            raise Http404(f"no such action {action!r}")
        return handler(request)

    def _again(self, message: Any) -> HttpResponseBase:
        messages.success(self.request, message)
        return HttpResponseRedirect(self.address("edit", self.person.pk))

    def _failed(self, error: Exception) -> HttpResponseBase:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(self.request, text)
        return HttpResponseRedirect(self.address("edit", self.person.pk))

    def _account(self, request: HttpRequest) -> HttpResponseBase:
        form = AccountForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(account_form=form))
        services.change_account(
            actor=request.user, tenant=self.tenant, user=self.person, **form.cleaned_data
        )
        return self._again(_("Saved."))

    def _grant(self, request: HttpRequest) -> HttpResponseBase:
        form = RoleForm(request.POST, actor=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            services.grant_membership(
                actor=request.user, user=self.person, tenant=self.tenant, **form.arguments()
            )
        except (ValidationError, PermissionDenied) as error:
            return self.said(form, error)
        return self._again(_("The role was given."))

    def _revoke(self, request: HttpRequest) -> HttpResponseBase:
        membership = get_object_or_404(
            memberships_of(user=self.person), pk=row_number(request.POST.get("membership"))
        )
        try:
            services.revoke_membership(actor=request.user, membership=membership)
        except (ValidationError, PermissionDenied) as error:
            return self._failed(error)
        return self._again(_("The role was taken away."))

    def _link(self, request: HttpRequest) -> HttpResponseBase:
        token = services.renew_invitation(actor=request.user, tenant=self.tenant, user=self.person)
        return _show_link(self, self.person, token)

    def _take_back(self, request: HttpRequest) -> HttpResponseBase:
        token = services.take_back(
            actor=request.user, tenant=self.tenant, user=self.person, role=RoleCode.EDITOR
        )
        return _show_link(self, self.person, token)


class RemoveView(PeopleView):
    """Taking all roles of a person away, with or without handing over."""

    template_name = "sites_accounts/people/remove.html"
    page_title = _("Leaves this site")

    def _form(self, data: Any = None) -> SuccessorForm:
        return SuccessorForm(data, people=colleagues_of(self.person))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(person=self.person, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            done = hand_over(
                actor=request.user,
                tenant=self.tenant,
                leaver=self.person,
                successor=form.cleaned_data["successor"],
            )
        except (ValidationError, PermissionDenied) as error:
            return self.said(form, error)
        messages.success(
            request,
            _("Handed over: %(pages)d pages, %(images)d images, %(files)d files.")
            % {"pages": done.pages, "images": done.images, "files": done.files},
        )
        return HttpResponseRedirect(self.address("index"))


class PeopleMenuItem(MenuItem):
    """Shown to those who manage people."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_manage_people(request.user)


class PeopleViewSet(ViewSet):
    """Stands in Wagtail's place for user screens; the names of its addresses are Wagtail's."""

    icon = "group"
    menu_label = _("People")
    menu_name = "people"
    menu_order = 600
    menu_item_class = PeopleMenuItem
    add_to_settings_menu = True

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(namespace=self.url_namespace, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(IndexView), name="index"),
            path("new/", self.construct_view(InviteView), name="add"),
            path("<int:pk>/", self.construct_view(PersonView), name="edit"),
            path("<int:pk>/leave/", self.construct_view(RemoveView), name="delete"),
        ]


class NoGroupsViewSet(ViewSet):
    """Groups are generated from role templates: no tenant has a screen for them."""

    def on_register(self) -> None:
        """No menu item."""

    def get_urlpatterns(self) -> list[Any]:
        return []
