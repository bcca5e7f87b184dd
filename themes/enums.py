"""Named choices of the themes."""

from __future__ import annotations

from enum import StrEnum


class LabelLevel(StrEnum):
    """How deep a page stands, which decides the national labels it must carry."""

    SITE = "site"
    SECTION = "section"
    ARTICLE = "article"


class DisplayMode(StrEnum):
    """A way of showing every page that a reader switches on and off."""

    TEXT = "text"
    CONTRAST = "contrast"
    PLAIN = "plain"
    POINTER = "pointer"


class PageTemplate(StrEnum):
    """File of one page type inside the folder of a theme."""

    HOME = "home_page.html"
    SECTION = "section_page.html"
    ARTICLE = "article_page.html"
    TOPIC = "topical_event_page.html"
    LEADER = "leader_page.html"
    ORGANIZATION = "organization_page.html"
    GALLERY = "gallery_page.html"
    VIDEO = "video_page.html"
    LEAVING = "leaving.html"
    CLOSED = "closed.html"
    WITHDRAWN = "withdrawn.html"
    EMERGENCY = "emergency.html"
    NOT_FOUND = "not_found.html"
    FORBIDDEN = "forbidden.html"
    SERVER_ERROR = "server_error.html"
