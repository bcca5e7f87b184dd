"""Refusals of a review, in words for the person who asked."""

from typing import Any


class ReviewRefused(Exception):
    """The review does not allow it. ``str()`` says why and what to do next; nothing was lost.

    Not a ``PermissionDenied``: Wagtail would say "no permission" in its place. ``obj``: what it is
    about; ``links``: (label, address) of where to go on.
    """

    def __init__(
        self, words: Any, obj: Any = None, links: tuple[tuple[Any, str], ...] = ()
    ) -> None:
        super().__init__(str(words))
        self.obj = obj
        self.links = links


class ReviewRequired(ReviewRefused):
    """A publication without the reviews that stand before it."""
