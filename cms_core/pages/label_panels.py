"""What the editor is told of missing page labels, on top of the editing form."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from .label_rules import GAP_WORDS


class LabelPanel(Panel):
    """Names the required national labels that the page lacks. A complete page shows nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(heading=kwargs.pop("heading", _("Missing page labels")), **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms_core_pages/panels/missing_labels.html"

        @cached_property
        def gaps(self) -> list[Any]:
            from .label_selectors import gaps_of_page  # it reads the models, which name this panel

            tenant = getattr(self.request, "tenant", None)
            if tenant is None or self.instance.pk is None:
                return []
            return [GAP_WORDS[gap] for gap in gaps_of_page(self.instance, tenant)]

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.gaps)

        def get_context_data(self, parent_context: Any = None) -> Any:
            return super().get_context_data(parent_context) | {"gaps": self.gaps}
