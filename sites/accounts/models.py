"""Staff users, their memberships in tenants, platform roles and break-glass sessions."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.models import Tenant, TenantOwned
from sites.tenancy.scope import Scope, system_scope
from sites.tenancy.visibility import by_condition, own

from .credentials import (  # noqa: F401  (Django finds models in this module)
    FormerPassword,
    Invitation,
    PlatformAddressRange,
    SecondFactor,
    StaffCertificate,
    StaffSession,
    platform_only,
)
from .enums import PlatformRoleCode, RoleCode
from .rights import PerScope, rights_of


def _colleagues(scope: Scope) -> Q:
    """A user is visible to the tenants they belong to, to the managing one, and to themselves."""
    members = Membership._base_manager.filter(tenant=scope.tenant_id).values("user_id")
    return Q(pk__in=members) | Q(managed_by_id=scope.tenant_id) | Q(pk=scope.user_id)


def _managed_here(scope: Scope) -> Q:
    """A user is written by the tenant that manages the account, and by themselves."""
    return Q(managed_by_id=scope.tenant_id) | Q(pk=scope.user_id)


def _made_for_this_tenant(row: models.Model, scope: Scope) -> None:
    if row.managed_by_id != scope.tenant_id:  # type: ignore[attr-defined]
        raise CrossTenantWrite("an account made inside a tenant is managed by that tenant")


class User(AbstractUser):
    """A member of staff. Citizens are other people in another table, with another sign-in.

    ``is_superuser`` is always false (a constraint holds it): what crosses tenants is a platform role
    or a timed break-glass session.
    """

    display_name = models.CharField(_("name"), max_length=60, blank=True)
    organization = models.ForeignKey(
        "sites_tenancy.Organization",
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="staff",
    )
    #: The one tenant that made the account and may change it. Empty: the platform's, or shared by
    #: several tenants and therefore changed by the platform only.
    managed_by = models.ForeignKey(
        Tenant,
        verbose_name=_("managed by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="managed_accounts",
    )
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, editable=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)

    tenant_visibility = by_condition(
        _colleagues,
        "by membership, managing tenant or oneself; written by the last two",
        write_rule=_made_for_this_tenant,
        update_condition=_managed_here,
    )

    # Wagtail's permission policies ask these attributes of the user first (``permission_cache_name``)
    # and look at group rows only where they are absent. Answered here, page and collection rights
    # come from memberships alone, and never outlive the scope they were computed in.
    _page_permission_cache = property(lambda self: rights_of(self).pages)
    _collection_permission_cache = property(lambda self: rights_of(self).collections)
    _site_permission_cache = property(lambda self: ())
    _explorable_root_page_cache = PerScope()
    #: Kept by :func:`~sites.accounts.rights.rights_of`.
    rights_in_scope = PerScope()

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("staff user")
        verbose_name_plural = _("staff users")
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_never_superuser"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.display_name or super().get_full_name()


def _managed_by_this_tenant(row: models.Model, scope: Scope) -> None:
    """A tenant attaches accounts that it manages; one used elsewhere is attached by the platform."""
    with system_scope("membership: who manages the account"):
        user_id = row.user_id  # type: ignore[attr-defined]
        is_own = User._base_manager.filter(pk=user_id, managed_by_id=scope.tenant_id).exists()
    if not is_own:
        raise CrossTenantWrite("only the platform attaches an account that another tenant uses")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """Memberships whose last day is not over."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=timezone.localdate()))


class Membership(TenantOwned):
    """A role of a user in a tenant, for all of it or for some sections (授权)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=30, choices=RoleCode)
    #: A flag of its own, so that deleting the last section does not turn "some" into "all".
    is_limited = models.BooleanField(_("for some sections only"), default=False)
    sections = models.ManyToManyField(
        settings.WAGTAIL_PAGE_MODEL, verbose_name=_("sections"), blank=True, related_name="+"
    )
    #: Generated group that carries the permissions of role and sections inside Wagtail.
    group = models.ForeignKey(
        "auth.Group", editable=False, on_delete=models.PROTECT, related_name="memberships"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    tenant_visibility = own(write_rule=_managed_by_this_tenant, free_references=True)

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["user_id", "role", "pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "role"], name="membership_once"),
        ]


class PlatformAssignment(models.Model):
    """One platform role of a user; the three are kept apart, so a user holds at most one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="platform_assignment"
    )
    role = models.CharField(_("platform role"), max_length=30, choices=PlatformRoleCode)
    created_at = models.DateTimeField(auto_now_add=True)

    tenant_visibility = by_condition(
        lambda scope: Q(user_id=scope.user_id),
        "oneself; written by the platform",
        write_rule=platform_only,
        update_condition=lambda scope: Q(pk__in=[]),
    )

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("platform role")
        verbose_name_plural = _("platform roles")


class BreakGlassQuerySet(models.QuerySet["BreakGlassSession"]):
    def active(self, now: datetime) -> "BreakGlassQuerySet":
        """Sessions that were not ended and whose time is not over at ``now``."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now)


class BreakGlassSession(models.Model):
    """A platform operator's timed, reasoned and logged work inside one tenant (临时提权)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="break_glass_sessions"
    )
    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="break_glass_sessions"
    )
    reason = models.CharField(_("reason"), max_length=300)
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("ends at"))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BreakGlassQuerySet.as_manager()
    tenant_visibility = replace(
        own(write_rule=platform_only), update_condition=lambda scope: Q(pk__in=[])
    )

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("break-glass session")
        verbose_name_plural = _("break-glass sessions")
