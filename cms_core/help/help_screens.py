"""The help needs no help of its own."""

from sites.registry.help_screens import register_help_screens

_SELF = "is the help"

register_help_screens("cms_core_help", {}, no_screens={"help:index": _SELF, "help:topic": _SELF})
