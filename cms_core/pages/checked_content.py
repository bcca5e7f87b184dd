"""Pages for the content checks: their fields, the labels they lack, the times they name."""

from dataclasses import replace
from typing import Any

from cms_core.content_checks.extraction import content_by_fields
from sites.registry.checked_content import CheckedContent, checked_contents
from themes import rules
from themes.enums import LabelLevel

from .models import BasePage, ContentPage, SectionPage

#: Fields of editors and of the page head that no reader reads as text.
_LEFT_OUT = ("column_type", "editor_name")
#: Times of a page, by the names that the checks know.
_MOMENTS = {"publish": "published_at", "expire": "expire_at", "go_live": "go_live_at"}


def describe(page: BasePage) -> CheckedContent:
    """The content of a page of any type, as its draft has it."""
    content = content_by_fields(page, leave_out=_LEFT_OUT)
    times = {code: getattr(page, name, None) for code, name in _MOMENTS.items()}
    return replace(
        content,
        missing_labels=_missing_labels(page),
        moments={code: value for code, value in times.items() if value is not None},
    )


def _missing_labels(page: Any) -> tuple[str, ...]:
    """Required national labels that the editor of ``page`` can fill and has not.

    Those of the site are its administrator's, and the publish time is set with publishing.
    """
    if isinstance(page, ContentPage):
        labels = {"ContentSource": page.source_name, "ArticleTitle": page.title, "PubDate": "-"}
        level, of_others = LabelLevel.ARTICLE, {"ColumnName", "ColumnType"}
    elif isinstance(page, SectionPage):
        labels = {"ColumnName": page.title, "ColumnType": page.column_type}
        level, of_others = LabelLevel.SECTION, set()
    else:
        return ()
    missing = rules.missing_labels(labels.items(), level)
    return tuple(
        name for name in missing if name not in of_others and name not in rules.SITE_LABELS
    )


checked_contents.register(BasePage._meta.label_lower, describe)
