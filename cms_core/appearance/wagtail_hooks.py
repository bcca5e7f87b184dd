"""The look and the notices of a site in its administration."""

from typing import Any

from wagtail import hooks

from .site_notices import SiteNoticeViewSet
from .viewsets import LookViewSet


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return [LookViewSet(), SiteNoticeViewSet()]
