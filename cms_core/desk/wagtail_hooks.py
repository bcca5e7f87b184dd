"""The desk's addresses and menu entries inside Wagtail's administration."""

from typing import Any

from django.urls import include, path
from wagtail import hooks


@hooks.register("register_admin_urls")
def desk_addresses() -> list[Any]:
    return [path("desk/", include("cms_core.desk.urls", namespace="desk"))]
