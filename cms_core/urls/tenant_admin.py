"""The administration of one tenant, below ``/t/<code>/``."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v3.urls import api as wagtail_api
from wagtail.documents import urls as wagtaildocs_urls

from cms_core.desk.urls import opening_patterns
from cms_core.media.serving import picture

urlpatterns = [
    path("api/v3/", wagtail_api.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", picture, name="picture"),
    path("", include("sites.accounts.tenant_urls")),
    path("", include("cms_core.workflow.tenant_urls")),
    path("", include("cms_core.pages.admin_urls")),
    *opening_patterns,
    path("", include(wagtailadmin_urls)),
]

handler400 = "sites.tenancy.views.unreadable_request"
