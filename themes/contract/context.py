"""From typed values to the flat context of a template."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from themes.contract.article import ArticleContent
from themes.contract.frame import Frame
from themes.contract.lists import HomeContent, SectionContent
from themes.contract.notices import ClosedContent, EmergencyContent, WithdrawnContent
from themes.contract.page_types import (
    BodyContent,
    GalleryContent,
    LeaderContent,
    LeavingContent,
    TopicContent,
    VideoContent,
)

PageContent = (
    HomeContent
    | SectionContent
    | ArticleContent
    | ClosedContent
    | EmergencyContent
    | WithdrawnContent
    | TopicContent
    | LeaderContent
    | BodyContent
    | GalleryContent
    | VideoContent
    | LeavingContent
)


def template_context(frame: Frame, content: PageContent | None = None) -> dict[str, Any]:
    """Return the flat context of a page: the fields of ``frame`` and of ``content`` by name."""
    context: dict[str, Any] = {item.name: getattr(frame, item.name) for item in fields(frame)}
    context["document_title"] = frame.document_title
    context["is_home"] = isinstance(content, HomeContent)
    if content is not None:
        context.update({item.name: getattr(content, item.name) for item in fields(content)})
    if isinstance(content, HomeContent):
        context["block_groups"] = content.block_groups
        context["notice_board"] = content.notice_board
        context["beside_board"] = content.beside_board
    if isinstance(content, SectionContent):
        context["listed_subsections"] = content.listed_subsections
        context["plain_subsections"] = content.plain_subsections
    return context
