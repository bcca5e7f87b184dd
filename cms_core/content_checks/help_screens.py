"""How-tos of the checks and their lists."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_content_checks",
    {
        "content_checks:index": "findings",
        "content_checks:findings": "findings",
        "content_checks:terms": "terms",
        "leaders:index": "leaders",
        "leaders:add": "leaders",
        "leaders:edit": "leaders",
        "leaders:delete": "leaders",
        "leaders:history": "leaders",
        "leaders:usage": "leaders",
        "platform_terms:list": "platform-terms",
    },
    no_screens={
        "content_checks:of_object": "leads to the findings of the newest draft",
        "content_checks:terms_export": "a file",
        "platform_terms:export": "a file",
    },
)
