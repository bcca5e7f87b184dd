"""What a tenant's own host (or channel) answers."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from cms_core.appearance import views as fixed_files
from cms_core.media.serving import picture
from cms_core.pages import feed_views, views
from cms_core.pages.api import FilesAPI, ImagesAPI, PagesAPI

api = WagtailAPIRouter("wagtailapi")
api.register_endpoint("pages", PagesAPI)
api.register_endpoint("images", ImagesAPI)
api.register_endpoint("documents", FilesAPI)

urlpatterns = [
    path("modes.css", fixed_files.modes_stylesheet, name="modes_stylesheet"),
    path("modes/", fixed_files.switch_mode, name="switch_mode"),
    path("look.css", fixed_files.look_stylesheet, name="look_stylesheet"),
    path("site-logo", fixed_files.site_logo, name="site_logo"),
    path("emergency/", views.emergency, name="emergency"),
    path("wzdt/", views.site_map, name="site_map"),
    path("zhanqun/", views.all_sites, name="all_sites"),
    re_path(
        r"^(?P<slug>guanyu|bangzhu|yinsi|wuzhangai)/$", views.required_page, name="required_page"
    ),
    path("robots.txt", feed_views.robots, name="robots"),
    re_path(r"^sitemap(?:-(?P<number>[1-9][0-9]{0,3}))?\.xml$", feed_views.sitemap, name="sitemap"),
    re_path(r"^(?P<path>(?:[\w\-]+/)*)(?P<wanted>rss|atom)\.xml$", feed_views.feed, name="feed"),
    path("api/v2/", api.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", picture, name="picture"),
    # Wagtail's own pattern has no dots; further pages of a list are named like files.
    re_path(r"^((?:[\w\-]+/)*index_[0-9]+\.html)$", serve, name="list_page"),
    path("", include(wagtail_urls)),
]

handler400 = "sites.tenancy.views.unreadable_request"
handler403 = "cms_core.pages.views.forbidden"
handler404 = "cms_core.pages.views.page_not_found"
handler500 = "cms_core.pages.views.server_error"
