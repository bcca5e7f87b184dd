"""WSGI entry point. The process proves its guard before it serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_core.settings")
application = get_wsgi_application()

from sites.tenancy.boot import prove_guard  # noqa: E402  (models are importable only now)

prove_guard()
