"""The list of public pages with missing labels, for the site administrator."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .label_rules import GAP_WORDS, LabelGap
from .label_selectors import gap_counts, pages_with_gap

#: Lines of one gap on the screen: more than are mended in one sitting.
_SHOWN = 50


def may_see_gaps(request: HttpRequest) -> bool:
    """Whoever edits the whole site; an editor of some sections sees the gaps at each page."""
    tenant = getattr(request, "tenant", None)
    home = tenant.site.root_page if tenant is not None and tenant.site else None
    return bool(home is not None and home.permissions_for_user(request.user).can_edit())


class MissingLabelsView(WagtailAdminTemplateMixin, TemplateView):
    """By what is missing: how many, where it is mended, and the pages."""

    template_name = "cms_core_pages/missing_labels.html"
    page_title = _("Missing page labels")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_gaps(request):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = self.request.tenant  # type: ignore[attr-defined]
        home = tenant.site.root_page
        gaps = [
            {
                "code": gap.value,
                "words": GAP_WORDS[gap],
                "count": count,
                "pages": list(pages_with_gap(home, LabelGap(gap))[:_SHOWN]),
                "more": max(0, count - _SHOWN) if gap != LabelGap.SITE_CODE else 0,
            }
            for gap, count in gap_counts(home, tenant).items()
            if count
        ]
        context: dict[str, Any] = super().get_context_data(gaps=gaps, **kwargs)
        return context
