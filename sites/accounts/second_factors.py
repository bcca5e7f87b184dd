"""Enrolling and proving second factors: authenticator app, security key, recovery codes.

The person acts for themselves: every function runs in a scope of ``user`` (their own request), in
which only their own rows are visible.
"""

import base64
import json
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sites.audit.services import record_platform_event

from .enums import SecondFactorKind
from .events import AccountEvent
from .models import SecondFactor, User
from .policy import sign_in_policy
from .rules import TOTP_DIGITS, TOTP_STEP_SECONDS, accepted_step
from .sealing import keyed_digest, matches_keyed_digest, seal, unseal

#: 160 bits, as RFC 4226 asks for.
_TOTP_KEY_BYTES = 20
#: Letters and digits that are not taken for one another when copied by hand.
_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH = 10


class SecondFactorRefused(ValueError):
    """The code, signature or key was not accepted."""


def new_totp_key() -> str:
    """A fresh key in base32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(_TOTP_KEY_BYTES)).decode("ascii")


def totp_address(*, user: User, key: str) -> str:
    """The ``otpauth://`` address that a QR code carries."""
    from urllib.parse import quote, urlencode

    issuer = settings.ADMIN_HOST
    label = quote(f"{issuer}:{user.username}")
    query = urlencode(
        {"secret": key, "issuer": issuer, "digits": TOTP_DIGITS, "period": TOTP_STEP_SECONDS}
    )
    return f"otpauth://totp/{label}?{query}"


@transaction.atomic
def enrol_totp(*, user: User, key: str, code: str, label: str = "") -> SecondFactor:
    """Enrol an authenticator app that proves it has ``key`` by one code.

    :raises SecondFactorRefused: the code does not fit; the clock of the telephone may be wrong.
    """
    step = accepted_step(
        base64.b32decode(key), code, unix_seconds=int(timezone.now().timestamp()), last_step=0
    )
    if step is None:
        raise SecondFactorRefused("the code does not fit the key")
    return _enrol(user, SecondFactorKind.TOTP, key.encode("ascii"), label, counter=step)


def _enrol(
    user: User, kind: SecondFactorKind, secret: bytes, label: str, counter: int
) -> SecondFactor:
    factor = SecondFactor.objects.create(
        user=user, kind=kind, label=label[:60], sealed_secret=seal(secret), counter=counter
    )
    record_platform_event(
        kind=AccountEvent.SECOND_FACTOR_ADDED, subject=factor, actor=user, data={"kind": kind.value}
    )
    return factor


@transaction.atomic
def prove_totp(*, user: User, code: str) -> SecondFactor:
    """Accept a code of one of the user's apps, once.

    :raises SecondFactorRefused: no app accepts it, or it was used already.
    """
    now = int(timezone.now().timestamp())
    factors = SecondFactor.objects.select_for_update().filter(user=user, kind=SecondFactorKind.TOTP)
    for factor in factors:
        key = base64.b32decode(unseal(factor.sealed_secret))
        step = accepted_step(key, code, unix_seconds=now, last_step=factor.counter)
        if step is not None:
            factor.counter, factor.last_used_at = step, timezone.now()
            factor.save(update_fields=["counter", "last_used_at"])
            return factor
    raise SecondFactorRefused("no authenticator app accepts the code")


@transaction.atomic
def new_recovery_codes(*, user: User) -> list[str]:
    """Fresh recovery codes in place of all former ones; shown once, stored as keyed digests."""
    codes = [
        "".join(secrets.choice(_RECOVERY_ALPHABET) for _letter in range(_RECOVERY_LENGTH))
        for _code in range(sign_in_policy().second_factor_recovery_codes)
    ]
    SecondFactor.objects.filter(user=user, kind=SecondFactorKind.RECOVERY).delete()
    rows = [
        SecondFactor(
            user=user,
            kind=SecondFactorKind.RECOVERY,
            sealed_secret=keyed_digest(f"{user.pk}:{code}"),
        )
        for code in codes
    ]
    SecondFactor.objects.bulk_create(rows)
    record_platform_event(
        kind=AccountEvent.SECOND_FACTOR_ADDED,
        subject=user,
        actor=user,
        data={"kind": SecondFactorKind.RECOVERY.value},
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def use_recovery_code(*, user: User, code: str) -> None:
    """Accept a recovery code and delete it.

    :raises SecondFactorRefused: unknown or used.
    """
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    rows = SecondFactor.objects.select_for_update().filter(
        user=user, kind=SecondFactorKind.RECOVERY
    )
    for row in rows:
        if matches_keyed_digest(f"{user.pk}:{plain}", row.sealed_secret):
            row.delete()
            return
    raise SecondFactorRefused("no such recovery code")


@transaction.atomic
def remove_second_factor(*, user: User, factor: SecondFactor) -> None:
    """Remove one of one's own factors; with the last one the recovery codes go too.

    :raises SecondFactorRefused: it is the last, and the platform asks for one.
    """
    others = usable_factors(user).exclude(pk=factor.pk)
    if not others.exists():
        if settings.SECOND_FACTOR_REQUIRED:
            raise SecondFactorRefused("the last second factor stays: add another one first")
        SecondFactor.objects.filter(user=user, kind=SecondFactorKind.RECOVERY).delete()
    record_platform_event(
        kind=AccountEvent.SECOND_FACTOR_REMOVED,
        subject=factor,
        actor=user,
        data={"kind": factor.kind},
    )
    factor.delete()


def usable_factors(user: Any) -> Any:
    """The user's apps and security keys (recovery codes alone are no second factor)."""
    return SecondFactor.objects.filter(
        user=user, kind__in=[SecondFactorKind.TOTP, SecondFactorKind.WEBAUTHN]
    )


def _server() -> Fido2Server:
    # The relying party is the administration's host: a key enrolled there answers nowhere else.
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=settings.ADMIN_HOST, name=settings.WAGTAIL_SITE_NAME),
        verify_origin=_is_own_origin,
    )


def _is_own_origin(origin: str) -> bool:
    from sites.tenancy.selectors import root_url_of

    return origin == root_url_of(settings.ADMIN_HOST)


def _credentials(user: User) -> dict[int, AttestedCredentialData]:
    rows = SecondFactor.objects.filter(user=user, kind=SecondFactorKind.WEBAUTHN)
    return {row.pk: AttestedCredentialData(unseal(row.sealed_secret)) for row in rows}


def begin_key_enrolment(*, user: User) -> tuple[str, Any]:
    """Options for ``navigator.credentials.create`` as JSON text, and the state to keep in the session."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(), name=user.username, display_name=str(user)
        ),
        credentials=list(_credentials(user).values()),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.dumps(dict(options), default=dict), state


@transaction.atomic
def enrol_key(*, user: User, state: Any, response: str, label: str = "") -> SecondFactor:
    """Enrol the security key that answered.

    :raises SecondFactorRefused: another challenge, host or a broken answer.
    """
    try:
        data = _server().register_complete(state, json.loads(response))
    except (ValueError, KeyError, TypeError) as error:
        raise SecondFactorRefused("the security key's answer was not accepted") from error
    credential = data.credential_data
    if credential is None:
        raise SecondFactorRefused("the security key sent no credential")
    return _enrol(user, SecondFactorKind.WEBAUTHN, bytes(credential), label, counter=data.counter)


def begin_key_proof(*, user: User) -> tuple[str, Any]:
    """Options for ``navigator.credentials.get`` as JSON text, and the state to keep in the session."""
    options, state = _server().authenticate_begin(
        list(_credentials(user).values()), user_verification=UserVerificationRequirement.PREFERRED
    )
    return json.dumps(dict(options), default=dict), state


@transaction.atomic
def prove_key(*, user: User, state: Any, response: str) -> SecondFactor:
    """Accept the signature of one of the user's security keys.

    :raises SecondFactorRefused: wrong signature, another challenge, or a counter that ran backwards
        (a copied key).
    """
    from fido2.webauthn import AuthenticationResponse

    credentials = _credentials(user)
    try:
        answer = AuthenticationResponse.from_dict(json.loads(response))
        used = _server().authenticate_complete(state, list(credentials.values()), answer)
    except (ValueError, KeyError, TypeError) as error:
        raise SecondFactorRefused("the security key's answer was not accepted") from error
    pk = next(pk for pk, one in credentials.items() if one.credential_id == used.credential_id)
    factor = SecondFactor.objects.select_for_update().get(pk=pk)
    counter = answer.response.authenticator_data.counter
    if counter and counter <= factor.counter:
        raise SecondFactorRefused("the security key's counter ran backwards")
    factor.counter, factor.last_used_at = counter, timezone.now()
    factor.save(update_fields=["counter", "last_used_at"])
    return factor
