"""From pages to the plain values that themes print (``themes.contract``).

One module for each part of a page; :class:`PagePresenter` joins them.
"""

from .frame import FramePresenter
from .home import HomePresenter
from .page_types import PageTypesPresenter
from .required_page import RequiredPagePresenter
from .values import joined, local_minute, plain_text

__all__ = ["PagePresenter", "joined", "local_minute", "plain_text"]


class PagePresenter(FramePresenter, HomePresenter, PageTypesPresenter, RequiredPagePresenter):
    """Builds the frame and the content of one page for one tenant."""
