"""Read-only programming interface of one tenant's images and files (Wagtail API v2)."""

from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet


class ImagesAPI(ImagesAPIViewSet):
    """Images of the tenant whose host is asked."""


class FilesAPI(DocumentsAPIViewSet):
    """Files of the tenant whose host is asked."""
