"""Page types. Every page belongs to one tenant; each tenant's home is a child of the root."""

from .article import ArticleAttachment, ArticlePage, ArticlePlacement, ArticleRelation
from .base import BasePage, seeing_the_bin
from .bulk_change import REASON_LENGTH, BulkChange, BulkChangeItem
from .content import ContentPage
from .gallery import GalleryPage, GalleryPicture
from .home import HomePage
from .people import LeaderPage, OrganizationPage, OrganizationUnit
from .plain import LinkPage, SinglePage
from .section import SectionPage
from .topic import TopicalEventPage
from .video import VideoPage
from .withdrawal import LOCK_REASON_LENGTH, BrokenLock, RecycleBinPage, RecycledPage, Tombstone

__all__ = [
    "LOCK_REASON_LENGTH",
    "REASON_LENGTH",
    "ArticleAttachment",
    "ArticlePage",
    "ArticlePlacement",
    "ArticleRelation",
    "BasePage",
    "BrokenLock",
    "BulkChange",
    "BulkChangeItem",
    "ContentPage",
    "GalleryPage",
    "GalleryPicture",
    "HomePage",
    "LeaderPage",
    "LinkPage",
    "OrganizationPage",
    "OrganizationUnit",
    "RecycleBinPage",
    "RecycledPage",
    "SectionPage",
    "SinglePage",
    "Tombstone",
    "TopicalEventPage",
    "VideoPage",
    "seeing_the_bin",
]
