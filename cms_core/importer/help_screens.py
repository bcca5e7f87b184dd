"""How-tos of what is left to do after a merge."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_importer",
    {
        "merged:missing": "merged-pages",
        "merged:attach": "merged-pages",
        "merged:dead_links": "merged-pages",
        "merged:runs": "merged-report",
        "merged:run": "merged-report",
        "merged:old_addresses": "merged-report",
    },
)
