"""Single values that several parts of the presenter print."""

import re
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from wagtail.rich_text import expand_db_html

from cms_core.media.public_pictures import READING_SIZE, public_picture
from cms_core.pages.markup import clean_markup
from cms_core.pages.table_block import plain_table
from themes import contract, rules

_BARE_TAG = re.compile(r"</?(?:p|b|i|ul|ol|li|h[2-4])>|<[bh]r/>")
_BARE_MARKUP = re.compile(rf"[^<>&]*(?:(?:{_BARE_TAG.pattern})[^<>&]*)*")


def local_minute(at: Any) -> str:
    """``YYYY-MM-DD HH:MM`` in the platform's time zone (national label PubDate)."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def language_name(code: str) -> str:
    """The language in its own words, as its readers look for it: English, 日本語; else its code."""
    try:
        name: str = get_language_info(code)["name_local"]
    except KeyError:
        return code
    return name


def is_over(last_day: date | None) -> bool:
    """Whether a last day of validity has passed in the platform's time zone."""
    return last_day is not None and last_day < timezone.localdate()


def has_come(day: date | None) -> bool:
    """Whether a day is today or was before."""
    return day is not None and day <= timezone.localdate()


def plain_text(page: Any) -> str:
    """The text of a page's body without markup, for the published resource."""
    parts = []
    for block in page.body:
        if block.block_type == "paragraph":
            parts.append(_words(block.value.source))
        elif block.block_type == "html":
            parts.append(strip_tags(block.value))
        elif block.block_type == "table":
            parts.append(plain_table(block.value))
    return joined(*parts)


def _words(markup: str) -> str:
    """As ``strip_tags``, which reads every sign of a text in Python: most texts have bare tags only."""
    return _BARE_TAG.sub("", markup) if _BARE_MARKUP.fullmatch(markup) else strip_tags(markup)


def joined(*parts: str) -> str:
    """Texts one below the other, without the empty ones."""
    return "\n".join(part.strip() for part in parts if part.strip())


def attachment(file: Any, title: str) -> contract.Attachment:
    return contract.Attachment(
        title=title or file.title,
        url=file.url,
        extension=rules.file_extension(file.filename),
        size_text=rules.size_text(file.file_size or 0),
    )


def picture_of(
    image: Any, alt: str, caption: str = "", wanted: str = READING_SIZE, *, is_lazy: bool = True
) -> contract.Picture:
    """An image in the size ``wanted``. No query where the renditions were read with the images."""
    return public_picture(image, alt, caption, wanted, is_lazy=is_lazy)


def picture(value: Any, *, is_lazy: bool = True) -> contract.Picture:
    """The picture of a block."""
    return picture_of(value["image"], value["alternative_text"], value["caption"], is_lazy=is_lazy)


def text(source: str) -> contract.HtmlBlock | None:
    """Rich text as an editor wrote it, cleaned; ``None`` where nothing was written."""
    if not strip_tags(source).strip():
        return None
    return contract.HtmlBlock(SafeString(clean_markup(expand_db_html(source))))
