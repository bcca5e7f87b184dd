"""Where the site administrator switches review on and chooses its stages, for the site and its sections."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from swapper import load_model
from wagtail.admin import messages

from sites.tenancy.rules import ASIDE_SIGN, HOME_DEPTH
from sites.tenancy.scope import current_tenant_id

from . import rules, selectors
from .enums import ReviewStage
from .forms import SectionPolicyForm, SitePolicyForm
from .models import ReviewPolicy
from .permissions import may_change_policy
from .policy_services import clear_section_policy, set_section_policy, set_site_policy
from .rules import Stages
from .viewsets import ReviewView


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section in the table: what it asks for itself (``own``), and what applies to it."""

    pk: int
    title: str
    level: int
    own: Stages | None
    applies: Stages
    unstaffed: Stages

    @property
    def indent(self) -> range:
        return range(self.level)


class PolicyView(ReviewView):
    """Switch, stages of the site, and a table of its sections."""

    template_name = "cms_core_workflow/policy.html"
    page_title = _("Review settings")
    header_icon = "cogs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change_policy(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = selectors.policy_table(current_tenant_id())
        kwargs.setdefault(
            "site_form",
            SitePolicyForm(
                initial={
                    "is_on": table.is_on,
                    "stages": [stage.value for stage in table.site_stages],
                }
            ),
        )
        lines = self._lines(table)
        return super().get_context_data(
            table=table,
            lines=lines,
            stages=list(ReviewStage),
            staff=[(stage, selectors.staff_at(stage)) for stage in ReviewStage],
            **kwargs,
        )

    def _lines(self, table: rules.PolicyTable) -> list[SectionLine]:
        own = dict(table.sections)
        # What could be reviewed once review is on, so that it can be prepared before.
        as_if_on = rules.PolicyTable(True, table.site_stages, table.sections)
        lines = []
        for section in _sections():
            applies = as_if_on.stages_at(section.path)
            lines.append(
                SectionLine(
                    pk=section.pk,
                    title=section.title,
                    level=section.depth - HOME_DEPTH - 1,
                    own=own.get(section.path),
                    applies=applies,
                    unstaffed=tuple(
                        stage for stage in applies if not selectors.reviewers_of(stage, section)
                    ),
                )
            )
        return lines

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.POST.get("action") == "site":
            return self._site(request)
        return self._section(request)

    def _site(self, request: HttpRequest) -> HttpResponseBase:
        form = SitePolicyForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(site_form=form))
        set_site_policy(
            actor=request.user, stages=form.cleaned_data["stages"], is_on=form.cleaned_data["is_on"]
        )
        return self._saved()

    def _section(self, request: HttpRequest) -> HttpResponseBase:
        form = SectionPolicyForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("This choice does not exist. Nothing was changed."))
            return HttpResponseRedirect(request.path)
        section = get_object_or_404(_sections(), pk=form.cleaned_data["section"])
        if request.POST.get("action") == "follow":
            clear_section_policy(actor=request.user, section=section)
        else:
            set_section_policy(
                actor=request.user, section=section, stages=form.cleaned_data["stages"]
            )
        return self._saved()

    def _saved(self) -> HttpResponseBase:
        messages.success(
            self.request,
            gettext("Saved. What is in review already goes on as it was submitted."),
        )
        return HttpResponseRedirect(self.request.path)


def _sections() -> Any:
    """The pages that may hold others, and those with a policy of their own, in the order of the tree."""
    pages = load_model("wagtailcore", "Page").objects
    policies = ReviewPolicy.objects.filter(section__isnull=False).values("section_id")
    return (
        pages.filter(depth__gt=HOME_DEPTH, tenant_id=current_tenant_id())
        .exclude(url_path__startswith=f"/{ASIDE_SIGN}")
        .filter(Q(content_type__in=_container_types()) | Q(pk__in=policies))
        .order_by("path", "pk")
    )


def _container_types() -> Any:
    """Content types of page models that may hold pages, without knowing their names."""
    from django.apps import apps
    from django.contrib.contenttypes.models import ContentType

    page: Any = load_model("wagtailcore", "Page")
    models: list[Any] = [model for model in apps.get_models() if issubclass(model, page)]
    models = [model for model in models if model is not page and model.allowed_subpage_models()]
    return list(ContentType.objects.get_for_models(*models).values())
