"""System checks of role templates and the sign-in policy."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from .enums import RoleCode
from .policy import SignInPolicyError, sign_in_policy
from .role_templates import COLLECTION_ACTIONS, PAGE_ACTIONS, ROLE_TEMPLATES, is_forbidden


@register()
def role_templates_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every role has a template; none holds what no tenant may hold; nobody gives more than they hold."""
    found: list[CheckMessage] = []
    for role in RoleCode:
        if role not in ROLE_TEMPLATES:
            found.append(Error(f"Role {role} has no template.", id="sites_accounts.E001"))
    for template in ROLE_TEMPLATES.values():
        found += [
            Error(
                f"Role {template.role} holds {name}, which no tenant may.", id="sites_accounts.E002"
            )
            for name in sorted(template.model_permissions)
            if is_forbidden(name)
        ]
        for given in template.may_grant:
            if not _is_within(ROLE_TEMPLATES[given], template):
                found.append(
                    Error(
                        f"Role {template.role} may give {given}, which holds more than it does.",
                        id="sites_accounts.E003",
                    )
                )
        if not set(template.page_actions) <= set(PAGE_ACTIONS):
            found.append(
                Error(f"Role {template.role}: unknown page action.", id="sites_accounts.E004")
            )
        for kind, actions in template.collection_actions.items():
            if not set(actions) <= set(COLLECTION_ACTIONS.get(kind, ())):
                found.append(
                    Error(
                        f"Role {template.role}: unknown action on {kind}.", id="sites_accounts.E004"
                    )
                )
    return found


def _is_within(inner: Any, outer: Any) -> bool:
    return (
        set(inner.page_actions) <= set(outer.page_actions)
        and inner.model_permissions <= outer.model_permissions
        and all(
            set(actions) <= set(outer.collection_actions.get(kind, ()))
            for kind, actions in inner.collection_actions.items()
        )
    )


@register()
def sign_in_policy_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        sign_in_policy()
    except (SignInPolicyError, OSError) as error:
        return [Error(str(error), id="sites_accounts.E005")]
    return []
