"""Model fields of pages."""

from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.blocks.base import BlockField, BlockWidget
from wagtail.fields import StreamField as WagtailStreamField

from sites.typed_text.rules import seen_text

#: What Wagtail answers to a form that lies about its own parts, or to JSON that is none or has no end.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def tell_wrong_choices() -> None:
    """Wagtail's choosers look a value up that is no key of a row only to draw it again beside its error,
    and fall over it. With this they draw an empty choice, and the error is read.
    """
    wagtails = BaseChooser.get_instance

    def get_instance(self: Any, value: Any) -> Any:
        try:
            return wagtails(self, value)
        except (ValueError, TypeError, OverflowError):
            return None

    BaseChooser.get_instance = get_instance


class SentBlocksWidget(BlockWidget):
    """Reads the blocks that a form sends; what the editor's script never sends is refused with words."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """As Wagtail's.

        :raises BadRequest: a count that is none, a part that is missing, JSON nested without end.
        """
        try:
            return super().value_from_datadict(data, files, name)
        except UNREADABLE as error:
            raise BadRequest(f"{name} is not what the editor of blocks sends") from error


class SentBlocks(BlockField):
    """The form field of a StreamField."""

    def __init__(self, block: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SentBlocksWidget(block))
        super().__init__(block=block, **kwargs)


class StreamField(WagtailStreamField):
    """A StreamField whose blocks stay out of migrations: changing a block is no change of the schema."""

    def __init__(self, block_types: Any = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(block_types, *args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": SentBlocks, **kwargs})

    def get_prep_value(self, value: Any) -> Any:
        """As Wagtail's, by the rule of typed text: an imported body passes no form."""
        return _seen(super().get_prep_value(value))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs


def _seen(stored: Any) -> Any:
    if isinstance(stored, str):
        return seen_text(stored)
    if isinstance(stored, list):
        return [_seen(part) for part in stored]
    if isinstance(stored, dict):
        return {name: _seen(part) for name, part in stored.items()}
    return stored
