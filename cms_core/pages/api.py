"""Read-only programming interface of one tenant's pages, pictures and files (Wagtail API v2)."""

from typing import Any

from django.http import Http404
from django.urls import path
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

from .shown_files import is_shown


class PagesAPI(PagesAPIViewSet):
    """Live, unrestricted pages of the tenant whose host is asked."""


class ShownOneByOne(BaseAPIViewSet):
    """By its number, what something public shows. No list: that would name what nothing shows."""

    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        return [path("<int:pk>/", cls.as_view({"get": "detail_view"}), name="detail")]

    def get_object(self) -> Any:
        found = super().get_object()
        if not is_shown(found, self.request):
            raise Http404
        return found


class ImagesAPI(ShownOneByOne, ImagesAPIViewSet):
    """Images that public pages of the tenant whose host is asked show."""


class FilesAPI(ShownOneByOne, DocumentsAPIViewSet):
    """Files that public pages of the tenant whose host is asked show."""
