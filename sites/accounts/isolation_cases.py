"""What the isolation probe needs of the accounts: people, their rows, the administration's addresses."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from swapper import load_model
from wagtail.models import APIToken
from wagtail.users.models import UserProfile

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Mount,
    Resident,
    Try,
    register_isolation_cases,
)

from . import platform_services, services
from .enums import PlatformRoleCode, RoleCode, SecondFactorKind, SignInMethod
from .models import (
    FormerPassword,
    Membership,
    PlatformAddressRange,
    PlatformAssignment,
    SecondFactor,
    StaffCertificate,
    User,
)
from .sign_in import BACKEND, METHOD_ATTRIBUTE

PASSWORD = "isolation-probe-Pass-1949"  # noqa: S105 - of accounts that are rolled back


def furnish(resident: Resident) -> None:
    """One person for each role, one limited to a section, one who left, and the rows around them."""
    for role in RoleCode:
        resident.people[role.value] = _person(resident, role.value, role)
    sections = load_model("wagtailcore", "Page").objects.filter(
        tenant_id=resident.tenant.pk, depth=3
    )[:1]
    limited = _person(resident, "limited", RoleCode.EDITOR, sections=list(sections))
    leaver = _person(resident, "leaver", RoleCode.EDITOR)
    services.remove_person(actor=None, tenant=resident.tenant, user=leaver)
    administrator = resident.people[RoleCode.SITE_ADMINISTRATOR.value]
    resident.note("user", administrator, resident.people["editor"], limited, leaver)
    resident.note("membership", *Membership.objects.filter(tenant=resident.tenant))
    for membership in Membership.objects.filter(tenant=resident.tenant):
        resident.note("group", membership.group_id)
    _rows_around(resident, administrator)
    _platform_staff(resident)


def _person(resident: Resident, name: str, role: RoleCode, sections: Any = None) -> User:
    invited = services.invite_user(
        actor=None,
        tenant=resident.tenant,
        username=f"{name}.{resident.needle}.{resident.word}",
        display_name=resident.text(name)[:60],
        email=f"{name}@{resident.word}.invalid",
        role=role,
        sections=sections,
    )
    user = invited.user
    user.set_password(PASSWORD)
    user.first_name, user.last_name = resident.word, name
    user.password_changed_at = timezone.now()
    user.save()
    # Whoever holds a token is the person invited: the other tenant's are not known, only guessed.
    resident.note("invitation_token", invited.token if resident.is_own else f"x{invited.token[1:]}")
    return user


def _rows_around(resident: Resident, user: User) -> None:
    now = timezone.now()
    factor = SecondFactor.objects.create(
        user=user, kind=SecondFactorKind.RECOVERY, label=resident.word, sealed_secret=resident.word
    )
    resident.note("second_factor", factor)
    FormerPassword.objects.create(user=user, encoded=resident.word)
    StaffCertificate.objects.create(
        user=user,
        provider="probe",
        fingerprint=resident.word,
        subject=resident.word,
        valid_until=now + timedelta(days=1),
    )
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "zh-hans"})
    row, token = APIToken.create_token(user=user, name=resident.text("token"))
    resident.values["api_token"] = token
    resident.note("api_token", row)


def _platform_staff(resident: Resident) -> None:
    """An operator who looks into this tenant by break-glass, an auditor and a security administrator."""
    for role in PlatformRoleCode:
        user = services.make_account(
            username=f"{role.value}.{resident.word}",
            display_name=resident.text(role.value)[:60],
            managed_by=None,
        )
        platform_services.appoint(actor=None, user=user, role=role)
        resident.note("platform_user", user)
        if role is PlatformRoleCode.OPERATOR:
            visit = platform_services.start_break_glass(
                actor=user, tenant=resident.tenant, reason=resident.text("reason"), minutes=30
            )
            resident.note("break_glass", visit)
    PlatformAddressRange.objects.create(
        network="127.0.0.0/8" if resident.is_own else "::1/128", note=resident.text("range")
    )


def sign_in(client: Any, user: User) -> None:
    """Sign a test client in on the administration's host, second factor proven."""
    from importlib import import_module

    engine = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = engine.SessionStore()
    setattr(request, METHOD_ATTRIBUTE, SignInMethod.PASSWORD_TOTP)
    login(request, user, backend=BACKEND)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


def tries(own: Resident, other: Resident) -> list[Try]:
    """Sign-in where it has no business, the other tenant's people by every parameter."""
    right = {"username": own.people["editor"].username, "password": PASSWORD}
    foreign = {"username": other.people["editor"].username, "password": "a guess"}
    found = [
        Try("sign-in on a public host", "public", path, whose=whose, data=data)
        for path in ("sign-in/", "login/", "admin/", "admin/login/", "t/" + other.tenant.code + "/")
        for whose in ("own", "other")
        for data in (None, right)
    ]
    person = other.first("user")
    found += [
        Try("users", "tenant_admin", f"users/?q={other.needle}"),
        Try("users", "tenant_admin", "users/new/", data=_invitation(own, other)),
        *(
            Try("users", "tenant_admin", f"users/{person}/", data={"action": action} | values)
            for action, values in (
                ("account", {"display_name": "taken", "email": "taken@example.invalid"}),
                ("grant", {"role": RoleCode.SITE_ADMINISTRATOR.value}),
                ("revoke", {"membership": other.first("membership")}),
                ("link", {}),
                ("take_back", {}),
            )
        ),
        Try(
            "users",
            "tenant_admin",
            f"users/{own.people['editor'].pk}/",
            data={"action": "revoke", "membership": other.first("membership")},
        ),
        Try(
            "users",
            "tenant_admin",
            f"users/{own.people['letter_handler'].pk}/leave/",
            data={"successor": other.people["editor"].pk},
        ),
        Try("sign-in", "platform", "sign-in/", data=foreign),
        Try("sign-in", "platform", f"sign-in/?next=/t/{other.tenant.code}/", data=right),
        Try("sign-in", "platform", "account/sessions/", data={"session": "1", "action": "end"}),
        Try(
            "sign-in",
            "platform",
            f"platform/sites/{other.tenant.code}/enter/",
            data={"reason": "curious", "minutes": "30"},
        ),
    ]
    return found


def _invitation(own: Resident, other: Resident) -> dict[str, Any]:
    """An invitation that offers a foreign section, group and name."""
    return {
        "username": other.people["editor"].username,
        "display_name": "somebody",
        "email": "somebody@example.invalid",
        "role": RoleCode.EDITOR.value,
        "sections": [other.first("section")],
        "groups": other.ids["group"][:2],
        "is_superuser": "on",
    }


def check_rights(laboratory: Laboratory) -> None:
    """Rights end at the tenant's door, whatever rows say."""
    own, other = laboratory.own, laboratory.other
    surface = "rights"
    for role in ("editor", "final_reviewer", "site_administrator"):
        user = User._base_manager.model(pk=own.people[role].pk, is_active=True)
        with laboratory.inside(other):
            permissions = user.get_all_permissions()
            laboratory.expect(surface, not permissions, f"{role} holds {permissions} elsewhere")
            laboratory.expect(
                surface, not user.has_perm("wagtailadmin.access_admin"), f"{role} may enter"
            )
        with laboratory.inside(own):
            fresh = User._base_manager.get(pk=own.people[role].pk)
            laboratory.expect(
                surface, fresh.has_perm("wagtailadmin.access_admin"), f"{role} cannot work at home"
            )
    _check_memberships(laboratory, surface)


def _check_memberships(laboratory: Laboratory, surface: str) -> None:
    own, other = laboratory.own, laboratory.other
    foreign = User(pk=other.people["editor"].pk, username="x")
    with laboratory.inside(own, "site_administrator"):
        group_id = own.first("group")
        laboratory.expect_refusal(
            surface,
            lambda: Membership.objects.create(
                user_id=foreign.pk, role=RoleCode.EDITOR, group_id=group_id
            ),
            "a person of the other tenant was made a member",
        )
        laboratory.expect_refusal(
            surface,
            lambda: Membership.objects.create(
                tenant_id=other.tenant.pk,
                user_id=own.people["editor"].pk,
                role=RoleCode.LETTER_HANDLER,
                group_id=group_id,
            ),
            "a membership in the other tenant was made",
        )
        laboratory.expect_refusal(
            surface,
            lambda: PlatformAssignment.objects.create(
                user_id=own.people["letter_handler"].pk, role=PlatformRoleCode.OPERATOR
            ),
            "a tenant appointed a platform operator",
        )
        laboratory.expect_clean(surface, list(User.objects.all()), "the list of users")


register_isolation_cases(
    "sites_accounts",
    IsolationCases(
        furnish=furnish,
        furnishes_as_platform=True,
        sign_in=sign_in,
        mounts=(
            Mount(
                "tenant_admin",
                "cms_core.urls.tenant_admin",
                "admin",
                prefix="/t/{code}",
                # A portal's home page gathers from its sub-sites, in a preview too.
                gathers=r"/pages/\d+/(view_draft|edit/preview|revisions/\d+/view)/$|/look/\d+/site/",
            ),
            Mount("platform", "cms_core.urls.platform", "admin"),
        ),
        arguments=(
            Argument(r"^users/", "pk", kinds=("user",), most=5),
            Argument(r"^invitations/", "token", kinds=("invitation_token",), most=1),
            Argument(r"^account/second-factor/", "pk", kinds=("second_factor",)),
            Argument(r"^platform/people/", "pk", kinds=("platform_user", "user")),
            Argument(r"^platform/break-glass/", "pk", kinds=("break_glass",)),
            Argument(r"^platform/sites/", "code", kinds=("tenant_code",)),
            Argument(r"^password_reset/", "uidb64|token", values=("MQ", "set-password")),
        ),
        fields={
            r"(^|-)(user|owner|uploaded_by_user|locked_by|successor)$": "user",
            r"groups?$": "group",
            r"membership$": "membership",
            r"sections?$": "section",
        },
        tries=tries,
        checks={"rights": check_rights},
        unfurnished={
            "sites_accounts.PlatformAddressRange": "rows of the platform, which no tenant sees",
            "sites_accounts.PlatformAssignment": "seen by oneself only; the probe makes one a tenant",
        },
    ),
)
