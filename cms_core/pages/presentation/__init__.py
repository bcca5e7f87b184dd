"""From pages to the plain values that themes print (``themes.contract``).

One module for each part of a page; :class:`PagePresenter` joins them.
"""

from .article import ArticlePresenter
from .frame import FramePresenter
from .home import HomePresenter
from .required_page import RequiredPagePresenter
from .values import local_minute, plain_text

__all__ = ["PagePresenter", "local_minute", "plain_text"]


class PagePresenter(FramePresenter, HomePresenter, ArticlePresenter, RequiredPagePresenter):
    """Builds the frame and the content of one page for one tenant."""
