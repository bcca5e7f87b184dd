"""Keys with which a browser keeps what somebody is writing, until it is saved or a day is over.

The browser stores the text encrypted; the key never rests there. It is derived for one person, one
site and one day, and given to that person's session only: whoever else signs in on the same machine
cannot open it, and when the next day is over nobody can.
"""

import base64
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET

from sites.tenancy.scope import require_scope

#: Separates this use of the secret key from every other.
_PURPOSE = "jiyue.pages.kept-text.1"


def _derived(what: str) -> str:
    secret = settings.SECRET_KEY
    plain = secret.encode() if isinstance(secret, str) else secret
    info = f"{_PURPOSE}|{what}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(plain)
    return base64.b64encode(key).decode("ascii")


def key_for(*, user: Any, day: date) -> str:
    """The key of ``user`` on the open site for texts of ``day``: 32 bytes in base64."""
    return _derived(f"key|{require_scope().tenant_id}|{user.pk}|{day.isoformat()}")


def person_mark(user: Any) -> str:
    """Tells a page whether the same person is still signed in; says nothing else."""
    return _derived(f"person|{require_scope().tenant_id}|{user.pk}")[:16]


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    """The keys of today and yesterday, and a fresh token for forms that were drawn before a sign-in."""
    today = timezone.localdate()
    days = (today, today - timedelta(days=1))
    answer = JsonResponse(
        {
            "person": person_mark(request.user),
            "day": today.isoformat(),
            "keys": {day.isoformat(): key_for(user=request.user, day=day) for day in days},
            "token": get_token(request),
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer
