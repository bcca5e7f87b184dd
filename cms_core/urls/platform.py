"""The administration's host outside any tenant: sign-in, one's own sites, the platform's own work."""

from django.urls import include, path

from cms_core.desk.urls import platform_patterns

urlpatterns = [
    path("practice/", include("cms_core.practice.urls")),
    path("help/", include("cms_core.help.platform_urls")),
    path("platform/opening/", include("cms_core.blueprints.platform_urls")),
    path("platform/blueprints/", include("cms_core.blueprints.blueprint_urls")),
    path("platform/importing/", include("cms_core.importer.platform_urls")),
    path("platform/repeated/", include("cms_core.importer.repeat_urls")),
    path("platform/notices/", include("cms_core.appearance.platform_urls")),
    path("platform/terms/", include("cms_core.content_checks.platform_urls")),
    *platform_patterns,
    path("", include("sites.accounts.urls")),
]

handler400 = "sites.tenancy.views.unreadable_request"
