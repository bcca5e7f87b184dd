"""The how-to of the practice site."""

from sites.registry.help_screens import register_help_screens

register_help_screens("cms_core_practice", {"practice:enter": "practice"})
