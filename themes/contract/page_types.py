"""Topical events, leaders, bodies, galleries, videos, and the page before a foreign site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from themes.contract.article import Article, HtmlBlock
from themes.contract.frame import NavigationItem
from themes.contract.lists import Entry, Picture

# Each of these pages has an ``article`` for its head: title, times, source, validity.


@dataclass(frozen=True, slots=True)
class TopicBlock:
    """A part of a topical event: a text, or a list under a heading."""

    title: str = ""
    url: str = ""
    text: HtmlBlock | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicContent:
    """``topical_event_page.html``. ``ended_on``: from this day nothing more is added."""

    article: Article
    introduction: str = ""
    picture: Picture | None = None
    topic_blocks: tuple[TopicBlock, ...] = ()
    entries: tuple[Entry, ...] = ()
    ended_on: date | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Leader:
    """A leader (领导信息)."""

    name: str
    post: str
    division: HtmlBlock | None = None
    resume: HtmlBlock | None = None
    portrait: Picture | None = None


@dataclass(frozen=True, slots=True)
class LeaderContent:
    """``leader_page.html``. ``colleagues``: the leaders of the same section, with this one."""

    article: Article
    leader: Leader
    colleagues: tuple[NavigationItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """An internal unit (内设机构)."""

    name: str
    duties: str = ""
    head_name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A body of government (机构职能). ``full_name``: its name in the directory, where it differs."""

    name: str
    full_name: str = ""
    duties: HtmlBlock | None = None
    head_name: str = ""
    office_address: str = ""
    phone: str = ""
    office_hours: str = ""
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyContent:
    """``organization_page.html``."""

    article: Article
    body: Body


@dataclass(frozen=True, slots=True)
class GalleryContent:
    """``gallery_page.html``. Every picture has its text alternative."""

    article: Article
    introduction: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Video:
    """A video of this host. ``captions_url`` is WebVTT; both are ``""`` in a draft alone."""

    url: str = ""
    media_type: str = ""
    captions_url: str = ""
    captions_language: str = "zh-CN"
    poster_url: str = ""
    size_text: str = ""
    transcript: HtmlBlock | None = None


@dataclass(frozen=True, slots=True)
class VideoContent:
    """``video_page.html``."""

    article: Article
    video: Video
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class LeavingContent:
    """``leaving.html``: says that a link leads to a site that is not of government."""

    article: Article
    target_url: str
    target_host: str
    back_url: str = ""
    explanation: str = ""
