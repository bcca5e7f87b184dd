"""The how-to of the import from Word and spreadsheets."""

from sites.registry.help_screens import register_help_screens

register_help_screens(
    "cms_core_office_import",
    {"office_import:choose": "word-import", "office_import:preview": "word-import"},
    no_screens={"office_import:pasted": "answers to a script"},
)
