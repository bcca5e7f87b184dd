"""Apps, middleware, templates, language and time."""

import os
from pathlib import Path

from .environment import BASE_DIR, DATA_DIR, ENVIRONMENT, IS_PRODUCTION, PORT

JIYUE_ENV = ENVIRONMENT
DEBUG = False

INSTALLED_APPS = [
    # ours, lowest layer first
    "sites.registry",
    "sites.typed_text",
    "sites.tenancy",
    "sites.outbox",
    "sites.audit",
    "sites.accounts",
    "themes",
    # ours, before Wagtail: templates of the same name stand in front of its own
    "cms_core.resources",
    "cms_core.media",
    "cms_core.content_checks",
    "cms_core.workflow",
    "cms_core.appearance",
    "cms_core.pages",
    "cms_core.blueprints",
    "cms_core.importer",
    "cms_core.office_import",
    "cms_core.desk",
    "cms_core.help",
    "cms_core.explainer",
    "cms_core.practice",
    "cms_core.demo",
    # Wagtail and what it needs
    "wagtail.contrib.redirects",
    "wagtail.contrib.table_block",
    "sites.accounts.apps.TenantUsersConfig",  # wagtail.users with our screens
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_filters",
    # Django and what stands beside it
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sites.typed_text.middleware.TypedTextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sites.accounts.middleware.StaffSessionMiddleware",
    "sites.accounts.languages.StaffLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sites.accounts.admin_host.AdminHostMiddleware",
    "sites.tenancy.middleware.TenantMiddleware",
    "cms_core.explainer.refusals.RefusalExplainedMiddleware",
    "cms_core.workflow.middleware.ReviewRefusalMiddleware",
    "cms_core.pages.edit_conflicts.SecondTryMiddleware",
    "cms_core.importer.middleware.CountedRedirectMiddleware",
    "cms_core.media.middleware.RefusedFileMiddleware",
    "cms_core.media.middleware.FilePartsMiddleware",
]

ROOT_URLCONF = "cms_core.urls.public"
WSGI_APPLICATION = "cms_core.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            # Parsed templates are kept for the life of the process, in development until a file changes.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "themes.loaders.LookLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

#: As Django's own, but silent in the practice site.
EMAIL_BACKEND = "sites.tenancy.mail.SiteMailBackend"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# The first path wins: our own wording, then what we say instead of Wagtail and Django.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
#: Blueprints that the installation adds to those of the product, a TOML file each.
BLUEPRINTS_DIR = Path(os.environ.get("BLUEPRINTS_DIR", DATA_DIR / "blueprints"))
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "cms_core.media.storage.TenantFileStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Without a collectstatic step the demo and the tests serve files where they lie.
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: How the public reaches the platform: used for every absolute address.
PUBLIC_SCHEME = os.environ.get("PUBLIC_SCHEME", "https" if IS_PRODUCTION else "http")
PUBLIC_PORT = int(os.environ.get("PUBLIC_PORT", "443" if IS_PRODUCTION else str(PORT)))
#: The only host on which the administration answers.
ADMIN_HOST = os.environ.get("ADMIN_HOST", "admin.localhost")
#: Who shows the notice of a closed or suspended site: the tenancy room knows no themes.
TENANT_NOTICE_VIEW = "cms_core.pages.views.closed_notice"
# Hosts are matched exactly against the address table by the tenant middleware: unknown ones get 404.
ALLOWED_HOSTS = ["*"]
