"""Keys, cookies, headers, sign-in."""

import os
import secrets

from csp.constants import NONE, SELF, UNSAFE_INLINE

from .environment import DATA_DIR, ENVIRONMENT, IS_PRODUCTION


def _secret_key() -> str:
    """From the environment; in the demo from a file that the first start writes; a fixed one in tests."""
    given = os.environ.get("SECRET_KEY", "")
    if given:
        return given
    if IS_PRODUCTION:
        raise ValueError("SECRET_KEY is not set: production needs one of at least 50 characters")
    if ENVIRONMENT == "test":
        return "test-only-" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(60))
    return path.read_text()


SECRET_KEY = _secret_key()
AUTH_USER_MODEL = "sites_accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT == "test":
    # Argon2 is slow by design; the tests that are about it choose it themselves.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # Wagtail's own scripts read it
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# Public pages. The middleware of the administration widens it for Wagtail's own screens.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        # Videos and their captions lie on the site's own host.
        "media-src": [SELF],
        "font-src": [NONE],
        # No script of ours asks for anything. Tools that examine a page ask from inside it: Lighthouse
        # reads robots.txt so, and calls it invalid where the policy refuses.
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Wagtail's own screens start their date fields, choosers and inline rows by scripts in the page, and set
# style attributes: see docs/adr/0003. Nothing from another host runs there either.
TENANT_ADMIN_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
}
