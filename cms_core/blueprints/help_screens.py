"""How-tos of opening sites from a list and of blueprints."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_blueprints",
    {
        "platform_opening:lists": "platform-opening",
        "platform_opening:list": "platform-opening",
        "platform_blueprints:blueprints": "platform-blueprints",
        "platform_blueprints:compare": "platform-blueprints",
    },
    no_screens={
        "platform_opening:begin": "a button that leads back to the list",
        "platform_blueprints:export": "a file to download",
    },
)
