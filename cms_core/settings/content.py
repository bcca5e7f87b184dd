"""Wagtail: page, image and file models, editing and search."""

import os
from ipaddress import ip_network
from pathlib import Path

from cms_core.media import file_types

from .base import ADMIN_HOST, PUBLIC_PORT, PUBLIC_SCHEME
from .environment import DATA_DIR

# The editor of a long article sends its text twice over and about eight fields for each block: Django's own
# limits (2.5 MB, 1,000 fields) would refuse one of 125 blocks. Beyond these, no person typed it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "cms_core.pages.rich_text.RichTextArea"}}
WAGTAIL_SITE_NAME = "集约 Jiyue"
WAGTAIL_PAGE_MODEL = "cms_core_pages.BasePage"
WAGTAILIMAGES_IMAGE_MODEL = "cms_core_media.MediaImage"
WAGTAILIMAGES_RENDITION_MODEL = "cms_core_media.ImageRendition"
WAGTAILDOCS_DOCUMENT_MODEL = "cms_core_media.MediaFile"
#: Files pass through the application, which checks the tenant first.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# What may be uploaded, how large, and how it is served: cms_core/media/data/file_types.toml.
WAGTAILDOCS_EXTENSIONS = file_types.extensions(pictures=False)
WAGTAILDOCS_CONTENT_TYPES = file_types.content_types()
WAGTAILDOCS_INLINE_CONTENT_TYPES = file_types.inline_content_types()
WAGTAILDOCS_MAX_UPLOAD_SIZE = file_types.largest_bytes(pictures=False)
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms_core.media.forms.FileForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms_core.media.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = file_types.extensions(pictures=True)
WAGTAILIMAGES_MAX_IMAGE_PIXELS = file_types.picture_limits().most_pixels
WAGTAILIMAGES_MAX_UPLOAD_SIZE = file_types.largest_bytes(pictures=True)
# Old browsers get photographs as JPEG, whatever form they were uploaded in.
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "jpeg", "webp": "jpeg"}
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 80
WAGTAILIMAGES_JPEG_QUALITY = 82
#: clamd, where there is one: the path of its socket, or host:port. Configured and away, uploads wait.
CLAMD_SOCKET = os.environ.get("CLAMD_SOCKET", "")
#: Networks beside the public internet from which old sites may be read, as ``10.1.0.0/16,10.2.3.4/32``.
IMPORT_NETWORKS = [
    ip_network(written.strip())
    for written in os.environ.get("IMPORT_NETWORKS", "").split(",")
    if written.strip()
]
#: Folder on the server from which operators may choose old sites that are too large for the browser.
OLD_SITES_DIR = Path(os.environ.get("OLD_SITES_DIR", DATA_DIR / "old_sites"))
#: What operators brought through the browser, and the lists of the reports. Web server and worker share it.
OLD_SITES_KEPT = Path(os.environ.get("OLD_SITES_KEPT", DATA_DIR / "old_sites_kept"))
# Mails lead to the administration's own host, never to a tenant's.
_usual_port = {"http": 80, "https": 443}[PUBLIC_SCHEME]
WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://{ADMIN_HOST}" + (
    "" if _usual_port == PUBLIC_PORT else f":{PUBLIC_PORT}"
)
WAGTAILADMIN_LOGIN_URL = "/sign-in/"
#: What passed all its reviews is published by the review room, which looks at its record first.
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms_core.workflow.finishing.finish_run"
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
TAGGIT_CASE_INSENSITIVE = False
# The administration searches the rows themselves: an editor's save never waits for a search engine,
# 信息 is found inside a title (Wagtail's default index keeps a run of Han characters as one word), and
# no index table stands beside the guard.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms_core.pages.row_search"}}
TENANT_USE_ASGIREF = True
