"""How-tos of sign-in, one's own account, the platform's pages and the people of a site."""

from sites.registry.help_screens import register_help_screens

_BUTTON = "a button that leads to another screen"

register_help_screens(
    "sites_accounts",
    {
        "accounts:start": "my-sites",
        "accounts:sign_in": "sign-in",
        "accounts:second_step": "sign-in",
        "accounts:invitation": "invitation",
        "accounts:sessions": "sessions",
        "accounts:password": "password",
        "accounts:second_factors": "second-factor",
        "accounts:add_app": "second-factor",
        "accounts:add_key": "second-factor",
        "accounts:recovery_codes": "second-factor",
        "accounts:platform_sites": "platform-sites",
        "accounts:enter_site": "enter-a-site",
        "accounts:platform_new_administrator": "first-administrator",
        "accounts:break_glass": "break-glass",
        "accounts:platform_people": "platform-people",
        "accounts:platform_new_account": "platform-people",
        "accounts:platform_person": "platform-people",
        "accounts:platform_addresses": "platform-addresses",
        "accounts:platform_events": "platform-events",
        "wagtailusers_users:index": "people",
        "wagtailusers_users:add": "invite",
        "wagtailusers_users:edit": "person",
        "wagtailusers_users:delete": "leave",
    },
    no_screens={
        "accounts:language": _BUTTON,
        "accounts:sign_out": _BUTTON,
        "accounts:add_certificate": _BUTTON,
        "accounts:remove_factor": _BUTTON,
        "accounts:end_visit": _BUTTON,
        "accounts:app_picture": "a picture",
    },
)
