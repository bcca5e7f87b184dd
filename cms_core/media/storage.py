"""Where files lie and under which address they are asked for."""

from django.core.files.storage import FileSystemStorage
from django.urls import get_script_prefix
from django.utils.encoding import filepath_to_uri

from sites.tenancy.scope import require_scope

#: Longest path: the column holds 100, and a suffix against doubles takes 8.
LONGEST_PATH = 90


class TenantFileStorage(FileSystemStorage):
    """Files below ``MEDIA_ROOT``; their address carries the prefix of the site or administration.

    Django computes the address of files once, from its first request: a channel's pictures would be
    asked for on the portal.
    """

    def url(self, name: str | None) -> str:
        path = filepath_to_uri(name) or ""
        return f"{get_script_prefix()}media/{path.lstrip('/')}"


def picture_place(instance: object, name: str) -> str:
    """Where the original of a picture lies. Not served to anybody: pages show renditions."""
    return in_tenant_folder("original_images", name)


def rendition_place(instance: object, name: str) -> str:
    """Where a rendition lies."""
    return in_tenant_folder("images", name)


def file_place(instance: object, name: str) -> str:
    """Where a file to download lies; it is served by its number, through the tenant's check."""
    return in_tenant_folder("documents", name)


def in_tenant_folder(folder: str, name: str) -> str:
    """``<tenant>/<folder>/<name>``: a site's files can be counted, kept and removed by themselves."""
    place = f"{require_scope().tenant_id or 0}/{folder}/"
    stem, dot, extension = name.replace("/", "_").rpartition(".")
    room = LONGEST_PATH - len(place) - len(extension) - len(dot)
    return f"{place}{(stem or extension)[:room]}{dot if stem else ''}{extension if stem else ''}"
