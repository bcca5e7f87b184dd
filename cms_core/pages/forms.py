"""Forms of the page editor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from sites.tenancy.rules import RESERVED_SEGMENTS

#: The root is 1, a home 2: what lies directly below a home has an address of one segment.
_DEPTH_OF_HOME = 2


class PageForm(WagtailAdminPageForm):
    """Refuses an address at which the platform itself answers on every site."""

    def clean_slug(self) -> Any:
        slug = self.cleaned_data["slug"]
        parent = self.parent_page
        if parent is not None and parent.depth == _DEPTH_OF_HOME and slug in RESERVED_SEGMENTS:
            raise ValidationError(
                _(
                    "Every site has a page of its own at %(slug)s/. Choose another last part of the "
                    "address, for instance %(slug)s-1."
                )
                % {"slug": slug}
            )
        return slug
