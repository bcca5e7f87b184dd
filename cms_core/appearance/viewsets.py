"""The look of a site in its administration: draft, preview, put live, go back."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from themes.tokens import theme_colours

from . import services
from .forms import THEME_NAMES, LookForm, add_service_errors, navigation_rows
from .models import LookVersion
from .permissions import may_change_look
from .rules import LEAST_CONTRAST, contrast_table
from .selectors import colours_of, draft_look, live_look, look_of, look_versions, site_look

#: Versions shown below the form; older ones stay in the table and can be reached by number.
SHOWN_VERSIONS = 30


class LookView(WagtailAdminTemplateMixin, TemplateView):
    """Base: only for those who change the look of the open site."""

    header_icon = "view"
    page_title = _("Look of the site")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def to_screen(self) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("site_look:index"))


class IndexView(LookView):
    """The draft as a form, what is live, and every version there was."""

    template_name = "cms_core_appearance/look.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft, live = draft_look(), live_look()
        shown = draft or live
        if "form" not in kwargs:
            kwargs["form"] = LookForm(initial=_initial(shown))
            kwargs["rows"] = navigation_rows(version=shown)
        form = kwargs["form"]
        return super().get_context_data(
            draft=draft,
            live=live,
            versions=[
                (version, THEME_NAMES.get(version.theme, version.theme), _tokens(version))
                for version in look_versions()[:SHOWN_VERSIONS]
            ],
            measured=_measured(shown) if shown is not None else [],
            least=LEAST_CONTRAST,
            home_id=self.request.tenant.site.root_page_id,  # type: ignore[attr-defined]
            home=self.request.tenant.site.root_page,  # type: ignore[attr-defined]
            media=form.media,
            rows_open=_has_entries(kwargs["rows"]),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        action = request.POST.get("action", "save")
        if action == "discard":
            services.discard_draft(actor=request.user)
            messages.success(request, _("The draft was thrown away. Visitors saw nothing of it."))
            return self.to_screen()
        form, rows = LookForm(request.POST), navigation_rows(request.POST)
        if form.is_valid() and rows.is_valid():
            try:
                draft = services.save_draft(actor=request.user, row=form.row(rows.rows()))
            except ValidationError as error:
                add_service_errors(form, error)
            else:
                if action == "preview":
                    return HttpResponseRedirect(reverse("look_preview", args=[draft.pk]))
                messages.success(
                    request, _("The draft was kept. Visitors see it once you put it live.")
                )
                return self.to_screen()
        messages.error(
            request, _("Not kept yet: see the words at the fields. Your entries are still here.")
        )
        return self.render_to_response(self.get_context_data(form=form, rows=rows))


class VersionView(LookView):
    """Put one version live, or go back to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        version = get_object_or_404(LookVersion, pk=pk)
        action = request.POST.get("action", "")
        try:
            if action == "live":
                services.put_live(actor=request.user, draft=version)
                messages.success(request, _("Live. Visitors see it within seconds."))
            elif action == "back":
                copy = services.go_back(actor=request.user, version=version)
                messages.success(
                    request,
                    _("Version %(old)d is shown again, as version %(new)d.")
                    % {"old": version.number, "new": copy.number},
                )
            else:
                raise Http404(f"no such action {action!r}")
        except ValidationError as error:
            messages.error(request, "\n".join(error.messages))
        return self.to_screen()


def _initial(version: LookVersion | None) -> dict[str, Any]:
    if version is None:
        return {"theme": site_look().theme.code}
    return {
        "theme": version.theme,
        "logo": version.logo,
        **colours_of(version),
    }


def _has_entries(rows: Any) -> bool:
    """Whether the navigation shows more than empty rows: entries, or words about what is wrong with them."""
    if not rows.is_bound:
        return bool(rows.initial)
    return not rows.is_valid() or bool(rows.rows())


def _tokens(version: LookVersion) -> list[str]:
    return [colour for colour in colours_of(version).values() if colour]


def _measured(version: LookVersion) -> list[dict[str, Any]]:
    """Every pair of colours of a version with its contrast, for the table below the form."""
    theme = look_of(version).theme
    return [
        {
            "text": services.TOKEN_NAMES[text],
            "ground": services.TOKEN_NAMES[ground],
            "ratio": f"{int(ratio * 100) / 100:.2f}",
        }
        for _field, text, ground, ratio in contrast_table(colours_of(version), theme_colours(theme))
    ]


class LookMenuItem(MenuItem):
    """Shown to those who change the look."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_change_look(request.user)


class LookViewSet(ViewSet):
    """Addresses below ``look/``."""

    name = "site_look"
    url_prefix = "look"
    icon = "view"
    menu_label = _("Look of the site")
    menu_name = "site-look"
    menu_order = 550
    menu_item_class = LookMenuItem
    add_to_settings_menu = True

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(IndexView), name="index"),
            path("<int:pk>/", self.construct_view(VersionView), name="version"),
        ]
