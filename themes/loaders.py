"""Template names of a look: its own file where it has one, else the one all looks share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.template import Origin, TemplateDoesNotExist
from django.template.loaders.base import Loader

from themes.manifest import EVERY_LOOK, THEMES

_FOLDER = Path(__file__).resolve().parent / "templates" / "themes"
_NAME = re.compile(r"themes/(?P<look>[a-z_]+)/(?P<file>[a-z_/]+\.html)")


class LookLoader(Loader):
    """Loads ``themes/<look>/<file>`` from the look's folder, else from ``every_look``.

    Templates write ``themes/every_look/…`` wherever they extend or include. The loader puts
    the look's code in that place when it reads the file, so a look that has a part of its own
    gets it in the shared pages too. All names are therefore constants: they are resolved once
    in a process and kept by Django's cached loader, and nothing is looked for on disk while a
    page is printed. A look's page may extend the shared page of the same name, since Django
    skips the file that is extending.
    """

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        match = _NAME.fullmatch(template_name)
        if match is None or match["look"] not in THEMES:
            return
        for folder in (match["look"], EVERY_LOOK):
            yield Origin(
                name=str(_FOLDER / folder / match["file"]),
                template_name=template_name,
                loader=self,
            )

    def get_contents(self, origin: Origin) -> str:
        try:
            text = Path(origin.name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise TemplateDoesNotExist(origin) from None
        look = str(origin.template_name).split("/")[1]
        return text.replace(f'"themes/{EVERY_LOOK}/', f'"themes/{look}/')
