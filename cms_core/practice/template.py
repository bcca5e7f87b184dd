"""What the practice site holds each morning: read from ``data/template.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html_join

from cms_core.pages.rows import ArticleRow

#: The mark of every title.
MARK = "（练习）"


@dataclass(frozen=True, slots=True)
class Template:
    """``reviewed``: slug of a section → stages of review. ``texts``: as declared."""

    code: str
    name: str
    short_name: str
    blueprint: str
    variables: Mapping[str, str]
    reviewed: Mapping[str, tuple[str, ...]]
    texts: tuple[Mapping[str, Any], ...]


@lru_cache(maxsize=1)
def template() -> Template:
    """The declared practice site."""
    with (Path(__file__).parent / "data" / "template.toml").open("rb") as file:
        data = tomllib.load(file)
    site = data["site"]
    return Template(
        code=site["code"],
        name=site["name"],
        short_name=site["short_name"],
        blueprint=site["blueprint"],
        variables=site["variables"],
        reviewed={slug: tuple(stages) for slug, stages in data["reviewed"].items()},
        texts=tuple(data["texts"]),
    )


def article_rows(section_ids: Mapping[str, int], morning: datetime) -> list[ArticleRow]:
    """The texts as rows below the sections of these slugs.

    :raises KeyError: a text names a section that the blueprint does not open.
    """
    return [
        ArticleRow(
            key=str(number),
            parent_id=section_ids[text["section"]],
            title=f"{MARK}{text['title']}",
            slug=f"lianxi-{number}",
            summary=text.get("summary", ""),
            source_name="练习站点（示例）",
            author_name="练习作者",
            editor_name="练习编辑",
            keywords="练习",
            published_at=morning - timedelta(days=text["days"]) if text.get("live", True) else None,
            live=text.get("live", True),
            body=[("paragraph", format_html_join("", "<p>{}</p>", ((p,) for p in text["text"])))],
        )
        for number, text in enumerate(template().texts, start=1)
    ]
