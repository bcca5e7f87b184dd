"""Read-only programming interface of one tenant's pages (Wagtail API v2)."""

from wagtail.api.v2.views import PagesAPIViewSet


class PagesAPI(PagesAPIViewSet):
    """Live, unrestricted pages of the tenant whose host is asked."""
