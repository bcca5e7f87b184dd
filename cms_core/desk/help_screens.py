"""How-tos of the desk's screens."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_desk",
    {
        "wagtailadmin_home": "desk",
        "desk:write": "write",
        "desk:figures": "figures",
        "platform_figures": "platform-figures",
    },
)
