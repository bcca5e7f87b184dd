"""Sign-in, second factor, sign-out, invitations."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from sites.accounts import languages
from sites.accounts.enums import SecondFactorKind, SessionEnd
from sites.accounts.forms import CodeForm, NewPasswordForm, SignInForm
from sites.accounts.invitations import accept_invitation, open_invitation
from sites.accounts.policy import sign_in_policy
from sites.accounts.second_factors import begin_key_proof, usable_factors
from sites.accounts.sign_in import (
    FirstStep,
    check_code_step,
    check_key_step,
    check_password_step,
    is_locked,
    waiting_user,
)
from sites.tenancy.scope import nobody_scope

#: Session keys: where to go afterwards, and the challenge that a security key is answering.
NEXT = "sign_in_next"
CHALLENGE = "sign_in_challenge"


def safe_next(request: HttpRequest, address: str) -> str:
    """``address`` if it stays on this host, else the start page."""
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return settings.LOGIN_REDIRECT_URL


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignInView(View):
    """The first step: name and password."""

    template_name = "sites_accounts/sign_in.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        address = safe_next(request, request.GET.get("next", ""))
        if request.user.is_authenticated:
            return HttpResponseRedirect(address)
        # Scripts of an open page that follow a redirect here do not say where the person wants to go.
        if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
            request.session[NEXT] = address
        ended = request.GET.get("ended", "")
        return self._page(
            request,
            SignInForm(),
            ended=SessionEnd(ended).label if ended in SessionEnd.values else "",
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        # Taken out before the sign-in gives the session a new key, so that it survives a flush.
        address = request.session.get(NEXT, settings.LOGIN_REDIRECT_URL)
        step = check_password_step(
            request=request,
            username=form.cleaned_data["username"].strip(),
            password=form.cleaned_data["password"],
        )
        if step is FirstStep.DONE:
            return HttpResponseRedirect(address)
        if step is FirstStep.SECOND_FACTOR:
            request.session[NEXT] = address
            return HttpResponseRedirect("/sign-in/second-factor/")
        if step is FirstStep.LOCKED:
            form.add_error(None, locked_message())
            return self._page(request, form, status=429)
        if step is FirstStep.ADDRESS:
            form.add_error(None, _("Platform staff cannot sign in from this address."))
        else:
            form.add_error(None, _("User name and password do not fit."))
        return self._page(request, form)

    def _page(
        self, request: HttpRequest, form: SignInForm, *, status: int = 200, **extra: Any
    ) -> HttpResponse:
        context = {"form": form, "is_demo": settings.JIYUE_ENV == "demo", **extra}
        return render(request, self.template_name, context, status=status)


def locked_message() -> str:
    return _("Too many failures. Try again in %(minutes)d minutes, or ask your administrator.") % {
        "minutes": sign_in_policy().lockout_minutes
    }


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class SecondFactorView(View):
    """The second step: a code, or a security key."""

    template_name = "sites_accounts/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = waiting_user(request)
        if user is None:
            return HttpResponseRedirect(settings.LOGIN_URL)
        self.waiting = user
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = CodeForm(request.POST)
        address = request.session.get(NEXT, settings.LOGIN_REDIRECT_URL)
        response = request.POST.get("key_response", "")
        if is_locked(request, {"username": self.waiting.username}):
            form.add_error(None, locked_message())
            return self._page(request, form, status=429)
        if response:
            state = request.session.pop(CHALLENGE, None)
            if check_key_step(request=request, user=self.waiting, state=state, response=response):
                return HttpResponseRedirect(address)
            form = CodeForm()
            form.full_clean()
            return self._page(request, form, key_refused=True)
        if form.is_valid():
            code = form.cleaned_data["code"]
            if check_code_step(request=request, user=self.waiting, code=code):
                return HttpResponseRedirect(address)
            form.add_error("code", _("The code is wrong, was used before, or is too old."))
        return self._page(request, form)

    def _page(
        self, request: HttpRequest, form: CodeForm, *, status: int = 200, **extra: Any
    ) -> HttpResponse:
        options = ""
        with nobody_scope(self.waiting):
            if usable_factors(self.waiting).filter(kind=SecondFactorKind.WEBAUTHN).exists():
                options, request.session[CHALLENGE] = begin_key_proof(user=self.waiting)
        context = {"form": form, "key_options": options, "waiting": self.waiting, **extra}
        return render(request, self.template_name, context, status=status)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Speak another language from now on: in this browser, and to this account everywhere."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
    if chosen not in languages.permitted_languages():
        return answer
    if request.user.is_authenticated:
        languages.choose_language(user=request.user, language=chosen)
    answer.set_cookie(
        languages.COOKIE,
        chosen,
        max_age=languages.COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End this session."""
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@method_decorator(
    [never_cache, sensitive_post_parameters("new_password", "again")], name="dispatch"
)
class InvitationView(View):
    """The first password, by a one-time link."""

    template_name = "sites_accounts/invitation.html"

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:  # type: ignore[override]
        invitation = open_invitation(token)
        if invitation is None:
            return render(request, "sites_accounts/invitation_gone.html", status=410)
        if request.method == "POST":
            return self._accept(request, invitation)
        return self._page(request, invitation, NewPasswordForm())

    def _accept(self, request: HttpRequest, invitation: Any) -> HttpResponseBase:
        form = NewPasswordForm(request.POST)
        if not form.is_valid():
            return self._page(request, invitation, form)
        try:
            accept_invitation(invitation=invitation, password=form.cleaned_data["new_password"])
        except ValidationError as error:
            form.add_error("new_password", error)
            return self._page(request, invitation, form)
        # The first step of signing in with what was just set; whatever it still asks for comes next.
        step = check_password_step(
            request=request,
            username=invitation.user.username,
            password=form.cleaned_data["new_password"],
        )
        if step is FirstStep.DONE:
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
        if step is FirstStep.SECOND_FACTOR:
            request.session[NEXT] = settings.LOGIN_REDIRECT_URL
            return HttpResponseRedirect("/sign-in/second-factor/")
        return HttpResponseRedirect(settings.LOGIN_URL)

    def _page(self, request: HttpRequest, invitation: Any, form: NewPasswordForm) -> HttpResponse:
        context = {"form": form, "invited": invitation.user}
        response = render(request, self.template_name, context)
        # The address is the secret and goes to no other host. "no-referrer" would go too far: with it
        # Chromium sends the form with the origin "null", which the forgery check refuses.
        response["Referrer-Policy"] = "same-origin"
        return response
