"""Forms of sign-in, of one's own account, of a tenant's people and of the platform's."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from swapper import load_model
from wagtail.models import get_page_models

from sites.tenancy.rules import ASIDE_SIGN, HOME_DEPTH

from .enums import PlatformRoleCode, RoleCode
from .models import User
from .permissions import grantable_roles
from .policy import sign_in_policy
from .rights import rights_of
from .role_templates import ROLE_TEMPLATES


class AccessibleErrors:
    """Mixin: a field with an error says so to assistive technology, and names its hint and message."""

    fields: Any
    errors: Any

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        for name, field in self.fields.items():
            if name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"


class SignInForm(AccessibleErrors, forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # after a mistake, what is said of it comes first
            self.fields["username"].widget.attrs["autofocus"] = True


class CodeForm(AccessibleErrors, forms.Form):
    code = forms.CharField(
        label=pgettext_lazy("second factor", "Code"),
        max_length=20,
        help_text=_("Six digits from the authenticator app, or a recovery code."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "in-s"}),
    )


class NewPasswordForm(AccessibleErrors, forms.Form):
    """Two equal entries; the policy is checked by the service, with the person at hand."""

    new_password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "again" in cleaned and cleaned.get("new_password") != cleaned["again"]:
            self.add_error("again", _("The two entries differ."))
        return cleaned

    @staticmethod
    def rules() -> list[str]:
        """What a password must be, as sentences."""
        return password_validation.password_validators_help_texts()


class PasswordChangeForm(NewPasswordForm):
    old_password = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password", "again")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        if not self._user.check_password(given):
            raise ValidationError(_("This is not the present password."))
        return given


class SectionChoices(forms.ModelMultipleChoiceField):
    """Sections of the open tenant, indented by their place in the tree."""

    def label_from_instance(self, page: Any) -> str:
        return "　" * (page.depth - HOME_DEPTH - 1) + page.title


class RoleForm(AccessibleErrors, forms.Form):
    """A role, for the whole site or for sections, perhaps until a day. ``actor`` gives it."""

    WHOLE, SOME = "whole", "some"

    role = forms.ChoiceField(label=_("Role"))
    reach = forms.ChoiceField(
        label=_("Where"),
        choices=[(WHOLE, _("The whole site")), (SOME, _("Only these sections"))],
        initial=WHOLE,
        widget=forms.RadioSelect,
    )
    sections = SectionChoices(
        label=_("Sections"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("Last day. Empty: without end."),
        widget=forms.DateInput(attrs={"type": "date", "class": "in-s"}),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = grantable_roles(actor)
        self.fields["role"].choices = [(r.value, r.label) for r in RoleCode if r in allowed]
        self.fields["sections"].queryset = sections_within_reach_of(actor)
        self.fields["role"].help_text = _("Roles for the whole site only: %(roles)s.") % {
            "roles": "、".join(
                str(role.label) for role, t in ROLE_TEMPLATES.items() if not t.takes_sections
            )
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reach") == self.WHOLE:
            cleaned["sections"] = None
        elif "sections" in cleaned and not cleaned["sections"]:
            self.add_error("sections", _("Choose at least one section, or the whole site."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Arguments of :func:`sites.accounts.services.grant_membership`."""
        return {
            "role": RoleCode(self.cleaned_data["role"]),
            "sections": self.cleaned_data["sections"],
            "expires_on": self.cleaned_data["expires_on"],
        }


def sections_within_reach_of(actor: Any) -> Any:
    """Pages of the open tenant that can hold others, below the home page."""
    page_model = load_model("wagtailcore", "Page")
    tenant_ids = {grant.page.tenant_id for grant in rights_of(actor).pages}
    names = [
        (model._meta.app_label, model._meta.model_name)
        for model in get_page_models()
        if model.allowed_subpage_models()
    ]
    return (
        page_model.objects.filter(
            tenant_id__in=tenant_ids,
            depth__gt=HOME_DEPTH,
            content_type__app_label__in={app_label for app_label, _name in names},
            content_type__model__in={name for _app_label, name in names},
        )
        .exclude(url_path__startswith=f"/{ASIDE_SIGN}")
        .order_by("path")
    )


class AccountForm(AccessibleErrors, forms.Form):
    """What a tenant may say about an account that it manages."""

    display_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    email = forms.EmailField(label=_("Mail address"), required=False)


class InvitationForm(RoleForm, AccountForm):
    """A new person: account and first role."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Used to sign in. Unique on the whole platform."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("username", "display_name", "email", "role", "reach", "sections", "expires_on")


class SuccessorForm(AccessibleErrors, forms.Form):
    """Who takes over from somebody who leaves."""

    successor = forms.ModelChoiceField(label=_("Takes over"), queryset=None)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = people


class BreakGlassForm(AccessibleErrors, forms.Form):
    """Why, and for how long, an operator enters a site."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("What you are going to do, and who asked. The site's people can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.TypedChoiceField(label=_("For"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = sign_in_policy().break_glass_longest_hours * 60
        steps = [minutes for minutes in (15, 30, 60, 120, 240, 480) if minutes <= longest]
        self.fields["minutes"].choices = [
            (minutes, _("%(number)d minutes") % {"number": minutes}) for minutes in steps
        ]
        self.fields["minutes"].initial = steps[min(1, len(steps) - 1)]


class AdministratorForm(AccountForm):
    """A new site administrator."""

    username = forms.CharField(label=_("User name"), max_length=150)
    field_order = ("username", "display_name", "email")


class PlatformAccountForm(AccountForm):
    """A new account of the platform."""

    username = forms.CharField(label=_("User name"), max_length=150)
    role = forms.ChoiceField(label=_("Platform role"), choices=PlatformRoleCode)
    field_order = ("username", "display_name", "email", "role")


class PlatformRoleForm(AccessibleErrors, forms.Form):
    role = forms.ChoiceField(label=_("Platform role"), choices=PlatformRoleCode)


class AttachForm(AccessibleErrors, forms.Form):
    """An existing account becomes a member of one more site."""

    tenant_code = forms.CharField(label=_("Code of the site"), max_length=40)
    role = forms.ChoiceField(label=_("Role"), choices=RoleCode)


class AddressRangeForm(AccessibleErrors, forms.Form):
    network = forms.CharField(label=_("Address range"), max_length=50, help_text="10.20.0.0/16")
    note = forms.CharField(label=_("Whose"), max_length=120)
