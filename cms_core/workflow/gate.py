"""The last gate: a row under review becomes public by a finished review or an urgent release only.

Rights (``page_permissions``) keep people from trying. This is for every way that asks no rights:
Wagtail's actions called by class, programming interfaces, code. Hung on the row itself, because all
of them end in a saved row or a scheduled revision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext as _

from .exceptions import ReviewRequired

_open_for: ContextVar[tuple[str, str] | str | None] = ContextVar("jiyue_released", default=None)


def _key(obj: Any) -> tuple[str, str]:
    model = type(obj)
    # A page loaded as its base type is the same thing.
    base = getattr(model, "base_page_model", model)
    return (base._meta.label_lower, str(obj.pk))


@contextmanager
def released(obj: Any) -> Iterator[None]:
    """Let ``obj``, and nothing else, become public in this block: its review allows it."""
    token = _open_for.set(_key(obj))
    try:
        yield
    finally:
        _open_for.reset(token)


@contextmanager
def released_by_the_platform(why: str) -> Iterator[None]:
    """Let texts become public that were published before they came here (an import). Never for a view."""
    if not why:
        raise ValueError("a release by the platform needs its reason")
    token = _open_for.set(why)
    try:
        yield
    finally:
        _open_for.reset(token)


def is_released(obj: Any) -> bool:
    """Whether an open block lets ``obj`` become public."""
    allowed = _open_for.get()
    return isinstance(allowed, str) or (allowed is not None and allowed == _key(obj))


def is_released_by_the_platform() -> bool:
    """Whether what becomes public in this block does so without a person."""
    return isinstance(_open_for.get(), str)


def refuse_unreviewed(obj: Any) -> None:
    """:raises ReviewRequired: ``obj`` is under review and nothing released it."""
    from .policy_selectors import is_under_review

    if not is_released(obj) and is_under_review(obj):
        raise ReviewRequired(
            _(
                "“%(title)s” must be reviewed before it is published. Your text is saved: submit it "
                "for review."
            )
            % {"title": obj},
            obj,
        )
