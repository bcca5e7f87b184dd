"""How-tos of the look, mourning and the emergency bar."""

from sites.registry.help_screens import register_help_screens

_BUTTON = "a button that leads back to the list"

register_help_screens(
    "cms_core_appearance",
    {
        "site_look:index": "look",
        "site_notices:index": "notices",
        "platform_notices:list": "platform-notices",
    },
    no_screens={
        "site_look:version": _BUTTON,
        "site_notices:action": _BUTTON,
        "platform_notices:change": _BUTTON,
    },
)
