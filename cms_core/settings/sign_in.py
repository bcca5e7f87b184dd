"""Staff sign-in. Figures are data: sites/accounts/sign_in_policy.toml, or the file SIGN_IN_POLICY names.

SIGN_IN_POLICY              a changed copy of the policy file
TRUSTED_PROXIES             comma-separated CIDR ranges of our own nginx (default 127.0.0.1/32,::1/128)
SECOND_FACTOR_REQUIRED      1 or 0; default 1 in production
PLATFORM_ADDRESSES_REQUIRED 1 or 0; default 1 in production: platform roles work from listed addresses
"""

import os
from datetime import timedelta
from typing import Any

from .environment import IS_PRODUCTION


def _flag(name: str) -> bool:
    value = os.environ.get(name, "1" if IS_PRODUCTION else "0")
    if value not in {"0", "1"}:
        raise ValueError(f"{name} is {value!r}: use 0 or 1")
    return value == "1"


SIGN_IN_POLICY_FILE = os.environ.get("SIGN_IN_POLICY", "")
#: Whose X-Forwarded-For and client certificate headers are believed.
TRUSTED_PROXIES = [
    part.strip()
    for part in os.environ.get("TRUSTED_PROXIES", "127.0.0.1/32,::1/128").split(",")
    if part.strip()
]
SECOND_FACTOR_REQUIRED = _flag("SECOND_FACTOR_REQUIRED")
PLATFORM_ADDRESSES_REQUIRED = _flag("PLATFORM_ADDRESSES_REQUIRED")

AUTHENTICATION_BACKENDS = [
    "sites.accounts.backends.LockoutBackend",
    "sites.accounts.backends.TenantRightsBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "sites.accounts.passwords.PolicyLengthValidator"},
    {"NAME": "sites.accounts.passwords.PolicyKindsValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "sites.accounts.passwords.PolicyHistoryValidator"},
]
# The cookie names its host and no domain: it belongs to the administration's host alone.
SESSION_COOKIE_NAME = "staff_session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Wagtail's own ways to sign in and to change a password know no second factor.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False


def _lockout_tries(request: Any, credentials: Any) -> int:
    from sites.accounts.policy import sign_in_policy

    return sign_in_policy().lockout_tries


def _lockout_time(request: Any) -> timedelta:
    from sites.accounts.policy import sign_in_policy

    return timedelta(minutes=sign_in_policy().lockout_minutes)


AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = _lockout_tries
AXES_COOLOFF_TIME = _lockout_time
AXES_CLIENT_IP_CALLABLE = "sites.accounts.addresses.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# The sign-in page says itself that a name is locked: no middleware has to.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
AXES_SENSITIVE_PARAMETERS = ["username", "code", "key_response", "csrfmiddlewaretoken"]
