"""When somebody leaves: what they were working on goes to a colleague, in one transaction."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from swapper import load_model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from sites.audit.services import record_event
from sites.tenancy.models import Tenant

from .events import AccountEvent
from .models import Membership, User
from .permissions import acts_for_the_platform, may_manage_people
from .services import remove_person


@dataclass(frozen=True, slots=True)
class HandOver:
    """What changed hands. ``locks``: pages that were locked by the leaver, and are free now."""

    pages: int
    locks: int
    images: int
    files: int


@transaction.atomic
def hand_over(*, actor: Any, tenant: Tenant, leaver: User, successor: User) -> HandOver:
    """Give the leaver's pages, images and files in ``tenant`` to ``successor`` and remove the leaver.

    Locks are released, memberships revoked; an account that belongs nowhere else is closed and its
    sessions end. What the leaver wrote keeps their name in its history.

    :raises PermissionDenied: the actor does not manage the people of this tenant.
    :raises ValidationError: the successor is no member, or the same person; the last administrator.
    """
    if not acts_for_the_platform(actor) and (actor is None or not may_manage_people(actor)):
        raise PermissionDenied(_("You do not manage the people of this site."))
    if leaver.pk == successor.pk:
        raise ValidationError({"successor": _("Choose somebody else.")})
    if not Membership.objects.active().filter(user=successor, tenant=tenant).exists():
        raise ValidationError({"successor": _("Choose somebody who works on this site.")})
    pages = load_model("wagtailcore", "Page").objects.filter(tenant_id=tenant.pk)
    done = HandOver(
        pages=pages.filter(owner=leaver).update(owner=successor),
        locks=pages.filter(locked_by=leaver).update(locked=False, locked_by=None, locked_at=None),
        images=_uploads(get_image_model(), tenant, leaver, successor),
        files=_uploads(get_document_model(), tenant, leaver, successor),
    )
    record_event(
        kind=AccountEvent.HANDED_OVER,
        subject=leaver,
        actor=actor,
        data={
            "successor_id": successor.pk,
            "pages": done.pages,
            "locks": done.locks,
            "images": done.images,
            "files": done.files,
        },
    )
    remove_person(actor=actor, tenant=tenant, user=leaver)
    return done


def _uploads(model: Any, tenant: Tenant, leaver: User, successor: User) -> int:
    changed: int = model.objects.filter(tenant_id=tenant.pk, uploaded_by_user=leaver).update(
        uploaded_by_user=successor
    )
    return changed
