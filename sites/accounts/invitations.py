"""Using a one-time link: the invited person sets the first password."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sites.audit.services import record_platform_event
from sites.tenancy.scope import nobody_scope, system_scope
from sites.tenancy.selectors import root_url_of

from .events import AccountEvent
from .models import Invitation, User
from .passwords import change_password
from .sealing import plain_digest


def invitation_address(token: str) -> str:
    """Where a one-time link leads: always the administration's host, never a tenant's."""
    return f"{root_url_of(settings.ADMIN_HOST)}/invitations/{token}/"


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a token, if it may still be used. ``user`` is loaded."""
    with system_scope("an invitation by its secret token"):
        return (
            Invitation.objects.filter(
                token_digest=plain_digest(token),
                used_at__isnull=True,
                expires_at__gt=timezone.now(),
                user__is_active=True,
            )
            .select_related("user")
            .first()
        )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str) -> User:
    """Set the first password; the link is worth nothing afterwards.

    :raises ValidationError: the password is not good enough.
    """
    user = invitation.user
    with nobody_scope(user):
        change_password(actor=user, user=user, password=password)
    with system_scope("an invitation was used"):
        Invitation.objects.filter(user=user, used_at__isnull=True).update(used_at=timezone.now())
    record_platform_event(kind=AccountEvent.INVITATION_USED, subject=user, actor=user)
    return user
