"""The editor of running text: Wagtail's, told what came in that it cannot read."""

from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea

from .fields import UNREADABLE


class RichTextArea(DraftailRichTextArea):
    """Draftail. Its script sends the text as JSON; what is no such JSON is refused with words."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """As Wagtail's.

        :raises BadRequest: no script of ours sent this.
        """
        try:
            return super().value_from_datadict(data, files, name)
        except UNREADABLE as error:
            raise BadRequest(f"{name} is not what the editor of running text sends") from error
