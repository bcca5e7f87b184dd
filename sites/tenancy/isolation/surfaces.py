"""Which surface an address belongs to, so that tries can be counted where leaks were once found."""

import re

#: (place, route) → surface; the first that matches.
_RULES = (
    ("public", r"^api/v2/", "API v2"),
    ("public", r"^documents/", "files"),
    ("public", r".", "public pages"),
    ("public", r"^$", "public pages"),
    ("platform", r"^sign-", "sign-in"),
    ("platform", r".?", "platform pages"),
    ("tenant_admin", r"^api/v3/", "API v3"),
    ("tenant_admin", r"^api/main/", "administration's API"),
    ("tenant_admin", r"choose-|/chooser/|task_chooser", "choosers"),
    ("tenant_admin", r"^tag-autocomplete", "tags"),
    ("tenant_admin", r"^bulk/", "bulk actions"),
    ("tenant_admin", r"search/", "search"),
    ("tenant_admin", r"preview|view_draft", "previews"),
    ("tenant_admin", r"revisions/|history", "revisions and history"),
    ("tenant_admin", r"^reports/|/usage/", "reports"),
    ("tenant_admin", r"workflow", "workflow"),
    ("tenant_admin", r"^users/|^account/|password_reset|^login|^logout", "users"),
    ("tenant_admin", r"privacy", "privacy and groups"),
    ("tenant_admin", r"^redirects/", "redirects"),
    ("tenant_admin", r"^collections/", "collections"),
    ("tenant_admin", r"^images/", "images"),
    ("tenant_admin", r"^documents/", "files"),
    ("tenant_admin", r"^editing-sessions/", "editing sessions"),
    ("tenant_admin", r"^pages/", "pages"),
    ("tenant_admin", r".?", "other screens"),
)
#: Surfaces that every run must have tried, beside those of the apps' own checks.
REQUIRED = frozenset(
    {name for _place, _route, name in _RULES}
    | {
        "another tenant's administration",
        "another tenant's host with own session",
        "unknown host",
        "sign-in on a public host",
        "foreign keys in own forms",
        "threads",
        "streaming",
        "async views",
        "cache keys",
        "code without scope",
        "mails",
        "tasks",
        "foreign references in forms",
    }
)


def surface_of(place: str, route: str) -> str:
    """The surface of an address below the mount ``place``."""
    for name, pattern, surface in _RULES:
        if name == place and re.search(pattern, route):
            return surface
    return f"{place} pages"
