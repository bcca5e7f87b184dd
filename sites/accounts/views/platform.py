"""The platform's own pages: sites and break-glass, people and their roles, addresses, recent events."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sites.accounts import platform_services, services
from sites.accounts.enums import PlatformRoleCode
from sites.accounts.forms import (
    AddressRangeForm,
    AdministratorForm,
    AttachForm,
    BreakGlassForm,
    PlatformAccountForm,
    PlatformRoleForm,
)
from sites.accounts.invitations import invitation_address
from sites.accounts.models import (
    BreakGlassSession,
    Membership,
    PlatformAddressRange,
    PlatformAssignment,
    User,
)
from sites.accounts.selectors import running_break_glass_of
from sites.audit.models import DomainEvent
from sites.audit.selectors import known_kinds, subject_words, words_of
from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope
from sites.typed_text.rules import row_number

from .own_account import staff_page

View = Callable[..., HttpResponseBase]
OPERATOR = PlatformRoleCode.OPERATOR
SECURITY = PlatformRoleCode.SECURITY_ADMINISTRATOR
AUDITOR = PlatformRoleCode.AUDITOR
#: Who reads what the operators do; they alone act.
READERS = (OPERATOR, SECURITY, AUDITOR)
_PAGE = 50


def platform_page(*roles: PlatformRoleCode) -> Callable[[View], View]:
    """Only for holders of one of ``roles``."""

    def decorator(view: View) -> View:
        @staff_page
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.platform_role not in roles:  # type: ignore[attr-defined]
                raise PermissionDenied(_("This page belongs to another platform role."))
            return view(request, *args, **kwargs)

        return wrapped

    return decorator


def is_operator(request: HttpRequest) -> bool:
    """Whether who asks may act on a page that all platform roles read."""
    return bool(request.platform_role == OPERATOR)  # type: ignore[attr-defined]


def _said(form: Any, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, error)


@platform_page(OPERATOR, SECURITY, AUDITOR)
def site_list(request: HttpRequest) -> HttpResponseBase:
    """All sites of the platform: facts of the directory, nothing of their content."""
    wanted = request.GET.get("q", "").strip()
    tenants = Tenant.objects.exclude(kind=TenantKind.PLATFORM_CANARY).select_related(
        "sponsor_organization", "parent"
    )
    if wanted:
        tenants = tenants.filter(Q(name__icontains=wanted) | Q(code__icontains=wanted))
    page = Paginator(tenants, _PAGE).get_page(request.GET.get("page"))
    visits = {visit.tenant_id: visit for visit in running_break_glass_of(request.user)}
    rows = [(tenant, visits.get(tenant.pk)) for tenant in page]
    return render(
        request,
        "sites_accounts/platform/sites.html",
        {"rows": rows, "page": page, "wanted": wanted},
    )


@platform_page(OPERATOR)
def enter_site(request: HttpRequest, code: str) -> HttpResponseBase:
    """Break-glass: why and for how long."""
    tenant = get_object_or_404(Tenant, code=code)
    form = BreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            platform_services.start_break_glass(
                actor=request.user, tenant=tenant, **form.cleaned_data
            )
        except ValidationError as error:
            _said(form, error)
        else:
            return HttpResponseRedirect(f"/t/{tenant.code}/")
    return render(request, "sites_accounts/platform/enter.html", {"tenant": tenant, "form": form})


@platform_page(SECURITY)
def new_administrator(request: HttpRequest, code: str) -> HttpResponseBase:
    """A site administrator for a site: the first one after it was opened."""
    tenant = get_object_or_404(Tenant, code=code)
    form = AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, token = platform_services.invite_administrator(
                actor=request.user, tenant=tenant, **form.cleaned_data
            )
        except ValidationError as error:
            _said(form, error)
        else:
            return _link_page(request, user, token)
    return render(
        request, "sites_accounts/platform/new_administrator.html", {"tenant": tenant, "form": form}
    )


@platform_page(OPERATOR, SECURITY, AUDITOR)
def break_glass_list(request: HttpRequest) -> HttpResponseBase:
    """All break-glass sessions, running ones first."""
    with system_scope("the list of break-glass sessions, read by platform staff"):
        rows = BreakGlassSession.objects.select_related("user", "tenant")
        page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
        shown = list(page)
    return render(
        request,
        "sites_accounts/platform/break_glass.html",
        {"rows": shown, "page": page, "now": timezone.now()},
    )


@require_POST
@platform_page(OPERATOR, SECURITY)
def end_visit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a break-glass session before its time."""
    with system_scope("a break-glass session to be ended"):
        session = get_object_or_404(BreakGlassSession.objects.select_related("tenant"), pk=pk)
    platform_services.end_break_glass(actor=request.user, session=session)
    messages.success(request, _("The session was ended."))
    return HttpResponseRedirect("/platform/break-glass/")


@platform_page(SECURITY, AUDITOR)
def people(request: HttpRequest) -> HttpResponseBase:
    """Platform staff, and any account by its exact user name; the auditor reads."""
    wanted = request.GET.get("q", "").strip()
    with system_scope("the platform's staff, read by the security administrator and the auditor"):
        assignments = list(
            PlatformAssignment.objects.select_related("user").order_by("role", "user__username")
        )
        found = User.objects.filter(username__iexact=wanted).first() if wanted else None
    if found is not None:
        return HttpResponseRedirect(f"/platform/people/{found.pk}/")
    return render(
        request,
        "sites_accounts/platform/people.html",
        {"assignments": assignments, "wanted": wanted},
    )


@platform_page(SECURITY)
def new_account(request: HttpRequest) -> HttpResponseBase:
    """A new account of the platform."""
    form = PlatformAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user, token = platform_services.make_platform_account(
                actor=request.user,
                username=values["username"],
                display_name=values["display_name"],
                email=values["email"],
                role=PlatformRoleCode(values["role"]),
            )
        except ValidationError as error:
            _said(form, error)
        else:
            return _link_page(request, user, token)
    return render(request, "sites_accounts/platform/new_account.html", {"form": form})


def _link_page(request: HttpRequest, user: User, token: str) -> HttpResponseBase:
    return render(
        request,
        "sites_accounts/platform/link.html",
        {"invited": user, "link": invitation_address(token)},
    )


@platform_page(SECURITY, AUDITOR)
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One account: where it belongs, what may be done with it."""
    with system_scope("one account, read by the security administrator or the auditor"):
        user = get_object_or_404(User.objects.select_related("managed_by"), pk=pk)
        assignment = PlatformAssignment.objects.filter(user=user).first()
        memberships = list(Membership.objects.filter(user=user).select_related("tenant"))
    if request.method == "POST":
        if request.platform_role != SECURITY:  # type: ignore[attr-defined]
            raise PermissionDenied(_("The auditor reads, and changes nothing."))
        answer = _change_person(request, user)
        if answer is not None:
            return answer
    context = {
        "person": user,
        "assignment": assignment,
        "memberships": memberships,
        "role_form": PlatformRoleForm(),
        "attach_form": AttachForm(),
        "is_oneself": user.pk == request.user.pk,
    }
    return render(request, "sites_accounts/platform/person.html", context)


def _change_person(request: HttpRequest, user: User) -> HttpResponseBase | None:
    action = request.POST.get("action")
    try:
        if action == "reset":
            token = platform_services.reset_sign_in(actor=request.user, user=user)
            return _link_page(request, user, token)
        if action == "appoint":
            role = PlatformRoleCode(request.POST.get("role", ""))
            platform_services.appoint(actor=request.user, user=user, role=role)
        elif action == "dismiss":
            platform_services.dismiss(actor=request.user, user=user)
        elif action == "release":
            platform_services.release_lock(actor=request.user, user=user)
        elif action == "attach":
            _attach(request, user)
        else:
            raise ValidationError(_("Unknown action."))
    except (ValidationError, ValueError) as error:
        texts = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(texts))
        return None
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(request.path)


def _attach(request: HttpRequest, user: User) -> None:
    form = AttachForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Give the code of the site and a role."))
    tenant = Tenant.objects.filter(code=form.cleaned_data["tenant_code"].strip()).first()
    if tenant is None:
        raise ValidationError(
            _("No site has the code %(code)s.") % {"code": form.cleaned_data["tenant_code"]}
        )
    with opening_scope(tenant, "the security administrator attaches an account to a site"):
        services.grant_membership(
            actor=request.user, user=user, tenant=tenant, role=form.cleaned_data["role"]
        )


@platform_page(SECURITY, AUDITOR)
def addresses(request: HttpRequest) -> HttpResponseBase:
    """From where platform staff may work."""
    form = AddressRangeForm()
    if request.method == "POST":
        if request.platform_role != SECURITY:  # type: ignore[attr-defined]
            raise PermissionDenied(_("The auditor reads, and changes nothing."))
        form = AddressRangeForm(request.POST)
        if _change_addresses(request, form):
            return HttpResponseRedirect(request.path)
    with system_scope("the address ranges of the platform's staff"):
        rows = list(PlatformAddressRange.objects.all())
    return render(request, "sites_accounts/platform/addresses.html", {"rows": rows, "form": form})


def _change_addresses(request: HttpRequest, form: AddressRangeForm) -> bool:
    if "remove" in request.POST:
        with system_scope("an address range to be removed"):
            row = get_object_or_404(PlatformAddressRange, pk=row_number(request.POST["remove"]))
        platform_services.remove_address_range(actor=request.user, address_range=row)
        return True
    if not form.is_valid():
        return False
    try:
        platform_services.add_address_range(actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        _said(form, error)
        return False
    return True


@platform_page(AUDITOR)
def events(request: HttpRequest) -> HttpResponseBase:
    """The platform's own recent events: sign-ins, roles, sites opened."""
    with system_scope("the platform's events, read by the auditor"):
        rows = DomainEvent.objects.filter(tenant__isnull=True).order_by("-pk")
        kind = request.GET.get("kind", "")
        if kind:
            rows = rows.filter(kind=kind)
        page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
        shown = list(page)
        names = dict(
            User.objects.filter(pk__in={row.actor_id for row in shown}).values_list(
                "pk", "username"
            )
        )
    return render(
        request,
        "sites_accounts/platform/events.html",
        {
            "rows": [
                (
                    row,
                    words_of(row.kind),
                    names.get(row.actor_id or 0, ""),
                    subject_words(row.subject_type),
                )
                for row in shown
            ],
            "page": page,
            "kind": kind,
            "kinds": known_kinds(),
        },
    )
