"""How-tos of merging old sites, and of what is left to do after a merge."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_importer",
    {
        "merged:missing": "merged-pages",
        "merged:attach": "merged-pages",
        "merged:texts": "merged-pages",
        "merged:dead_links": "merged-pages",
        "merged:runs": "merged-report",
        "merged:run": "merged-report",
        "merged:old_addresses": "merged-report",
        "platform_importing:orders": "platform-importing",
        "platform_importing:new": "platform-importing",
        "platform_importing:order": "platform-importing",
        "platform_importing:site": "platform-importing",
        "platform_repeats:repeats": "platform-repeats",
        "platform_repeats:repeat": "platform-repeats",
    },
    no_screens={
        "platform_importing:begin": "a button that leads back to the order",
        "platform_importing:stop": "a button that leads back to the order",
        "platform_importing:discard": "a button that leads back to the orders",
        "platform_importing:file": "a table to download",
        "platform_repeats:file": "a table to download",
        "platform_repeats:settle": "a button that leads back to the text",
    },
)
