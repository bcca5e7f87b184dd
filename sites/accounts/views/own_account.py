"""One's own sites, sessions, password and second factors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from sites.accounts.certificates import presented_certificate, register_certificate
from sites.accounts.enums import PlatformRoleCode, SecondFactorKind, SessionEnd, SignInMethod
from sites.accounts.forms import CodeForm, PasswordChangeForm
from sites.accounts.models import SecondFactor, StaffCertificate, StaffSession
from sites.accounts.passwords import change_password, must_change_password
from sites.accounts.second_factors import (
    SecondFactorRefused,
    begin_key_enrolment,
    enrol_key,
    enrol_totp,
    new_recovery_codes,
    new_totp_key,
    remove_second_factor,
    totp_address,
    usable_factors,
)
from sites.accounts.selectors import platform_role_of, running_break_glass_of, tenants_of
from sites.accounts.sessions import end_sessions
from sites.tenancy.selectors import practice_site
from sites.typed_text.rules import row_number

View = Callable[..., HttpResponseBase]
#: Session keys of enrolments under way.
TOTP_KEY = "enrolling_totp_key"
KEY_STATE = "enrolling_key_state"


def staff_page(view: View) -> View:
    """Only for signed-in staff; never kept by a cache. Adds ``request.platform_role``."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        request.platform_role = platform_role_of(request.user)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


@staff_page
def start(request: HttpRequest) -> HttpResponseBase:
    """The sites one works on. Whoever has one only goes straight there."""
    # The practice site is entered from its own page, which says when it is reset.
    own = [line for line in tenants_of(request.user) if not line[0].is_practice]
    role: PlatformRoleCode | None = request.platform_role  # type: ignore[attr-defined]
    visits = running_break_glass_of(request.user) if role == PlatformRoleCode.OPERATOR else []
    if len(own) == 1 and role is None and "all" not in request.GET:
        return HttpResponseRedirect(f"/t/{own[0][0].code}/")
    return render(
        request,
        "sites_accounts/start.html",
        {"own": own, "visits": visits, "practice": practice_site()},
    )


@staff_page
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Where one is signed in; ends one session or all others."""
    current = request.staff_session  # type: ignore[attr-defined]
    if request.method == "POST":
        only = request.POST.get("session")
        ended = end_sessions(
            user=request.user,  # type: ignore[arg-type]
            reason=SessionEnd.ENDED_ELSEWHERE,
            except_pk=current.pk,
            # One that is no session's ends none; no number at all ends all others.
            only_pk=(row_number(only) or 0) if only else None,
        )
        messages.success(request, _("Sessions ended: %(number)d.") % {"number": ended})
        return HttpResponseRedirect(request.path)
    rows = StaffSession.objects.filter(user_id=current.user_id)
    context = {
        "running": rows.filter(ended_at__isnull=True),
        "ended": rows.filter(ended_at__isnull=False)[:20],
        "current": current,
    }
    return render(request, "sites_accounts/sessions.html", context)


@staff_page
def password(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password; other sessions end."""
    user: Any = request.user
    form = PasswordChangeForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(
                actor=user,
                user=user,
                password=form.cleaned_data["new_password"],
                keep_session_pk=request.staff_session.pk,  # type: ignore[attr-defined]
            )
        except ValidationError as error:
            form.add_error("new_password", error)
        else:
            update_session_auth_hash(request, user)
            keep_session(request)
            messages.success(request, _("The password was changed. Other sessions were ended."))
            return HttpResponseRedirect("/account/sessions/")
    return render(
        request,
        "sites_accounts/password.html",
        {"form": form, "is_due": must_change_password(user)},
    )


def keep_session(request: HttpRequest) -> None:
    """After Django gave the session a new key: the recorded session follows it."""
    from sites.accounts.sealing import plain_digest

    session = request.staff_session  # type: ignore[attr-defined]
    key = request.session.session_key or ""
    StaffSession.objects.filter(pk=session.pk).update(key_digest=plain_digest(key))


@staff_page
def second_factors(request: HttpRequest) -> HttpResponseBase:
    """One's second factors and certificates."""
    user: Any = request.user
    codes = SecondFactor.objects.filter(user=user, kind=SecondFactorKind.RECOVERY).count()
    presented = presented_certificate(request)
    context = {
        "factors": usable_factors(user),
        "codes": codes,
        "certificates": StaffCertificate.objects.filter(user=user, revoked_at__isnull=True),
        "presented": presented[1] if presented else None,
        "is_required": settings.SECOND_FACTOR_REQUIRED,
    }
    return render(request, "sites_accounts/second_factors.html", context)


def _enrolled(request: HttpRequest, method: SignInMethod) -> HttpResponseBase:
    """After an enrolment: the session counts as one with two factors; codes follow where none are."""
    session = request.staff_session  # type: ignore[attr-defined]
    if session.method == SignInMethod.PASSWORD:
        StaffSession.objects.filter(pk=session.pk).update(method=method)
    messages.success(request, _("The second factor was added."))
    user: Any = request.user
    if not SecondFactor.objects.filter(user=user, kind=SecondFactorKind.RECOVERY).exists():
        codes = new_recovery_codes(user=user)
        return render(request, "sites_accounts/recovery_codes.html", {"codes": codes})
    return HttpResponseRedirect("/account/second-factor/")


@staff_page
def add_app(request: HttpRequest) -> HttpResponseBase:
    """Enrol an authenticator app: scan, then prove by one code."""
    user: Any = request.user
    form = CodeForm(request.POST or None)
    key = request.session.get(TOTP_KEY) or new_totp_key()
    request.session[TOTP_KEY] = key
    if request.method == "POST" and form.is_valid():
        try:
            enrol_totp(user=user, key=key, code=form.cleaned_data["code"])
        except SecondFactorRefused:
            form.add_error("code", _("The code does not fit. Is the clock of the telephone right?"))
        else:
            del request.session[TOTP_KEY]
            return _enrolled(request, SignInMethod.PASSWORD_TOTP)
    spaced = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    return render(request, "sites_accounts/add_app.html", {"form": form, "key": spaced})


@staff_page
def app_picture(request: HttpRequest) -> HttpResponseBase:
    """The QR code of the enrolment under way, as SVG: an address of its own keeps the CSP strict."""
    key = request.session.get(TOTP_KEY)
    if not key:
        raise Http404("no enrolment is under way")
    code = QRCode(border=2, image_factory=SvgPathImage)
    code.add_data(totp_address(user=request.user, key=key))  # type: ignore[arg-type]
    return HttpResponse(code.make_image().to_string(), content_type="image/svg+xml")


@staff_page
def add_key(request: HttpRequest) -> HttpResponseBase:
    """Enrol a security key (needs a script: the browser talks to the key)."""
    if request.method == "POST":
        try:
            enrol_key(
                user=request.user,  # type: ignore[arg-type]
                state=request.session.pop(KEY_STATE, None),
                response=request.POST.get("key_response", ""),
                label=request.POST.get("label", ""),
            )
        except SecondFactorRefused:
            messages.error(request, _("The security key was not accepted. Try again."))
            return HttpResponseRedirect(request.path)
        return _enrolled(request, SignInMethod.PASSWORD_WEBAUTHN)
    options, request.session[KEY_STATE] = begin_key_enrolment(user=request.user)  # type: ignore[arg-type]
    return render(request, "sites_accounts/add_key.html", {"key_options": options})


@require_POST
@staff_page
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """Fresh recovery codes, shown once."""
    codes = new_recovery_codes(user=request.user)  # type: ignore[arg-type]
    return render(request, "sites_accounts/recovery_codes.html", {"codes": codes})


@require_POST
@staff_page
def remove_factor(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove one of one's second factors."""
    factor = get_object_or_404(usable_factors(request.user), pk=pk)
    try:
        remove_second_factor(user=request.user, factor=factor)  # type: ignore[arg-type]
    except SecondFactorRefused:
        messages.error(request, _("The last second factor stays: add another one first."))
    else:
        messages.success(request, _("The second factor was removed."))
    return HttpResponseRedirect("/account/second-factor/")


@require_POST
@staff_page
def add_certificate(request: HttpRequest) -> HttpResponseBase:
    """Register the certificate that this connection presents."""
    presented = presented_certificate(request)
    if presented is None:
        messages.error(request, _("This connection presents no certificate."))
        return HttpResponseRedirect("/account/second-factor/")
    provider, certificate = presented
    if StaffCertificate.objects.filter(fingerprint=certificate.fingerprint).exists():
        messages.error(request, _("This certificate is registered already."))
        return HttpResponseRedirect("/account/second-factor/")
    register_certificate(
        actor=request.user,
        user=request.user,  # type: ignore[arg-type]
        provider=provider,
        certificate=certificate,
    )
    return _enrolled(request, SignInMethod.PASSWORD_CERTIFICATE)
