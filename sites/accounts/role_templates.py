"""What each role may do: reviewed data. A tenant never edits it, and no row widens it.

Rights are computed from here (``sites.accounts.rights``); the generated groups only mirror them for
Wagtail's own look-ups. Each template gives its reason, because whoever reviews the list asks for it.

Names are ``app_label.codename``. A name whose app is not installed is simply never asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .enums import RoleCode

#: Actions of Wagtail's page tree; codenames follow our page model (``add_basepage``).
PAGE_ACTIONS = ("add", "change", "publish", "bulk_delete", "lock", "unlock")
#: Kinds of things that live in collections, each with the actions Wagtail knows.
COLLECTION_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "image": ("add", "change", "choose"),
    "document": ("add", "change", "choose"),
    "collection": ("add", "change", "delete"),
}
#: Apps and models whose permissions no tenant holds, whatever a template or a row says: they reach
#: past the tenant (accounts, rights, hosts, languages, one row for everybody).
NEVER_APPS = frozenset(
    {"auth", "contenttypes", "sessions", "axes", "django_celery_beat", "sites_tenancy"}
)
NEVER_MODELS = frozenset({"wagtailcore.site", "wagtailcore.locale", "wagtailcore.apitoken"})

ADMIN_ACCESS = "wagtailadmin.access_admin"


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """Rights of one role inside one tenant.

    ``page_actions`` apply to the home page, or to the sections of the membership. ``reason`` says why
    the role has what it has. ``may_grant``: roles its holder may give to others, never more than
    they hold. ``takes_sections``: whether a membership may be limited to sections.
    """

    role: RoleCode
    reason: str
    page_actions: tuple[str, ...] = ()
    collection_actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    model_permissions: frozenset[str] = frozenset()
    may_grant: frozenset[RoleCode] = frozenset()
    takes_sections: bool = True


_WRITES_MEDIA = {"image": ("add", "change", "choose"), "document": ("add", "change", "choose")}
_CHOOSES_MEDIA = {"image": ("choose",), "document": ("choose",)}

_TEMPLATES = (
    RoleTemplate(
        role=RoleCode.SITE_ADMINISTRATOR,
        reason=(
            "Runs the house: people, sections, look, redirects, review settings, media. Holds whatever "
            "the other roles of the tenant hold, so that giving a role never gives more than the giver "
            "has. Reviews nothing by this role: who reviews holds a reviewer's."
        ),
        page_actions=PAGE_ACTIONS,
        collection_actions=COLLECTION_ACTIONS,
        model_permissions=frozenset(
            {
                ADMIN_ACCESS,
                "sites_accounts.add_user",
                "sites_accounts.change_user",
                "sites_accounts.view_user",
                "wagtailredirects.add_redirect",
                "wagtailredirects.change_redirect",
                "wagtailredirects.delete_redirect",
                "wagtailredirects.view_redirect",
                "cms_core_workflow.change_reviewpolicy",
                "cms_core_content_checks.add_leader",
                "cms_core_content_checks.change_leader",
                "cms_core_content_checks.delete_leader",
                "cms_core_content_checks.view_leader",
                "cms_core_content_checks.change_listedterm",
                # The face of the house, and what is announced on it (two of them, never one alone).
                "cms_core_appearance.change_lookversion",
                "cms_core_appearance.add_sitenotice",
                # What was merged into the house, and what is left to do with it.
                "cms_core_importer.view_importrun",
            }
        ),
        may_grant=frozenset(RoleCode),
        takes_sections=False,
    ),
    RoleTemplate(
        role=RoleCode.EDITOR,
        reason=(
            "Writes articles and puts them online where the tenant has no three-stage review; where "
            "one is switched on, cms_core.workflow takes publishing away from everybody, this role too."
        ),
        page_actions=("add", "change", "publish"),
        collection_actions=_WRITES_MEDIA,
        model_permissions=frozenset({ADMIN_ACCESS}),
    ),
    RoleTemplate(
        role=RoleCode.FIRST_REVIEWER,
        reason="First of three reviews (三审): corrects the text, does not put it online.",
        page_actions=("change", "lock"),
        collection_actions=_CHOOSES_MEDIA,
        model_permissions=frozenset({ADMIN_ACCESS}),
    ),
    RoleTemplate(
        role=RoleCode.SECOND_REVIEWER,
        reason="Second of three reviews: corrects the text, does not put it online.",
        page_actions=("change", "lock"),
        collection_actions=_CHOOSES_MEDIA,
        model_permissions=frozenset({ADMIN_ACCESS}),
    ),
    RoleTemplate(
        role=RoleCode.FINAL_REVIEWER,
        reason=(
            "Last of three reviews: its approval puts online. Publishes where no review applies, takes "
            "offline, breaks a forgotten lock."
        ),
        page_actions=("change", "publish", "lock", "unlock"),
        collection_actions=_CHOOSES_MEDIA,
        model_permissions=frozenset({ADMIN_ACCESS}),
    ),
    RoleTemplate(
        role=RoleCode.LETTER_HANDLER,
        reason="Answers letters; attaches files, writes no pages.",
        collection_actions={"document": ("add", "choose")},
        model_permissions=frozenset({ADMIN_ACCESS}),
        takes_sections=False,
    ),
    RoleTemplate(
        role=RoleCode.DISCLOSURE_OFFICER,
        reason="Keeps the disclosure catalogue (政府信息公开): writes and publishes in its sections.",
        page_actions=("add", "change", "publish"),
        collection_actions=_WRITES_MEDIA,
        model_permissions=frozenset({ADMIN_ACCESS}),
    ),
    RoleTemplate(
        role=RoleCode.SERVICE_GUIDE_OFFICER,
        reason="Keeps the service guides (办事指南): writes and publishes in its sections.",
        page_actions=("add", "change", "publish"),
        collection_actions=_WRITES_MEDIA,
        model_permissions=frozenset({ADMIN_ACCESS}),
    ),
)

ROLE_TEMPLATES: Mapping[RoleCode, RoleTemplate] = {
    template.role: template for template in _TEMPLATES
}

#: What break-glass does not lend. Giving rights is the security administrator's work and the site
#: administrator's, never the operator's (三员分立). Mourning and the bar of a site are switched by two
#: of its own people; operators have their own screen for that, where two of them are needed too.
_NOT_LENT = ("sites_accounts.", "cms_core_appearance.add_sitenotice")
BREAK_GLASS_TEMPLATE = replace(
    ROLE_TEMPLATES[RoleCode.SITE_ADMINISTRATOR],
    reason=(
        "An operator at work in a tenant: the site administrator's rights without those over people "
        "and without switching notices in the site's name."
    ),
    model_permissions=frozenset(
        name
        for name in ROLE_TEMPLATES[RoleCode.SITE_ADMINISTRATOR].model_permissions
        if not name.startswith(_NOT_LENT)
    ),
    may_grant=frozenset(),
)


def is_forbidden(permission: str) -> bool:
    """Whether ``app_label.codename`` is one that no tenant may hold.

    The model is the part after the first underscore: ``wagtailcore.change_site`` -> ``wagtailcore.site``.
    """
    app_label, _, codename = permission.partition(".")
    model = f"{app_label}.{codename.partition('_')[2]}"
    return app_label in NEVER_APPS or model in NEVER_MODELS


def template_of(role: str) -> RoleTemplate:
    """The template of a stored role code.

    :raises ValueError: no such role.
    """
    return ROLE_TEMPLATES[RoleCode(role)]
