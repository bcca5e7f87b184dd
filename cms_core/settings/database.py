"""Database and cache. The guarded backends are the only ones allowed (system check)."""

import os
from urllib.parse import unquote, urlsplit

from .environment import DATA_DIR

_url = os.environ.get("DATABASE_URL", "")
if _url:
    _parts = urlsplit(_url)
    if _parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"DATABASE_URL names {_parts.scheme!r}: use postgresql:// or leave it out for SQLite"
        )
    DATABASES = {
        "default": {
            "ENGINE": "sites.tenancy.backends.postgresql",
            "NAME": _parts.path.lstrip("/"),
            "USER": unquote(_parts.username or ""),
            "PASSWORD": unquote(_parts.password or ""),
            "HOST": _parts.hostname or "",
            "PORT": str(_parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "sites.tenancy.backends.sqlite3",
            "NAME": str(DATA_DIR / "jiyue.sqlite3"),
            "TEST": {"NAME": ":memory:"},
            # Opening the file and reading its schema costs a fifth of a public page.
            "CONN_MAX_AGE": 60,
        }
    }
# A request is many small transactions: long ones would hold SQLite's only write lock.
ATOMIC_REQUESTS = False

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Every key carries the tenant: a value computed in one scope never answers in another.
        "KEY_FUNCTION": "sites.tenancy.cache.tenant_key",
    }
}
