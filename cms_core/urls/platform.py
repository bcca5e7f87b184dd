"""The administration's host outside any tenant: sign-in, one's own sites, the platform's own work."""

from django.urls import include, path

urlpatterns = [
    path("platform/notices/", include("cms_core.appearance.platform_urls")),
    path("platform/terms/", include("cms_core.content_checks.platform_urls")),
    path("", include("sites.accounts.urls")),
]
