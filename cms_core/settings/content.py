"""Wagtail: page, image and file models, editing and search."""

from .base import ADMIN_HOST, PUBLIC_PORT, PUBLIC_SCHEME

WAGTAIL_SITE_NAME = "集约 Jiyue"
WAGTAIL_PAGE_MODEL = "cms_core_pages.BasePage"
WAGTAILIMAGES_IMAGE_MODEL = "cms_core_media.MediaImage"
WAGTAILIMAGES_RENDITION_MODEL = "cms_core_media.ImageRendition"
WAGTAILDOCS_DOCUMENT_MODEL = "cms_core_media.MediaFile"
#: Files pass through the application, which checks the tenant first.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [
    "pdf",
    "ofd",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "ppt",
    "pptx",
    "txt",
    "zip",
    "csv",
    "wps",
    "et",
]
# Mails lead to the administration's own host, never to a tenant's.
_usual_port = {"http": 80, "https": 443}[PUBLIC_SCHEME]
WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://{ADMIN_HOST}" + (
    "" if _usual_port == PUBLIC_PORT else f":{PUBLIC_PORT}"
)
WAGTAILADMIN_LOGIN_URL = "/sign-in/"
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
# Staff work in Chinese unless they choose English on their account page; in one time zone, always.
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
#: Pixels: 50 megapixels decode into 150 MB, the most one upload may ask for.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
TAGGIT_CASE_INSENSITIVE = False
# The administration searches the rows themselves: an editor's save never waits for a search engine,
# 信息 is found inside a title (Wagtail's default index keeps a run of Han characters as one word), and
# no index table stands beside the guard.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database.fallback"}}
TENANT_USE_ASGIREF = True
