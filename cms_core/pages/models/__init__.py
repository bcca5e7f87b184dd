"""Page types. Every page belongs to one tenant; each tenant's home is a child of the root."""

from .article import ArticleAttachment, ArticlePage
from .base import BasePage
from .home import HomePage
from .section import SectionPage
from .withdrawal import BrokenLock, RecycleBinPage, RecycledPage, Tombstone

__all__ = [
    "ArticleAttachment",
    "ArticlePage",
    "BasePage",
    "BrokenLock",
    "HomePage",
    "RecycleBinPage",
    "RecycledPage",
    "SectionPage",
    "Tombstone",
]
