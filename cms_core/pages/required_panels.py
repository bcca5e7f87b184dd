"""A field that the checks ask for before a text is submitted: marked like a required one, saved without."""

from typing import Any

from wagtail.admin.panels import FieldPanel


class AskedForPanel(FieldPanel):
    """A field with the mark of required ones. A draft is kept without it, and the checks may be answered."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_required(self) -> Any:
            return True
