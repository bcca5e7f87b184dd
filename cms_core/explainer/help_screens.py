"""How-tos of the explanations."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_explainer",
    {
        "explainer:mine": "who-may",
        "explainer:page": "who-may",
        "explainer:picture": "who-may",
        "explainer:file": "who-may",
        "explainer:person": "who-may",
    },
)
