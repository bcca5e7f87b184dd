#!/usr/bin/env python3
"""Fill the placeholders of jiyue.conf.template from NAME=value arguments and print the result.

    render.py HTTP_PORT=80 HTTPS_PORT=443 LISTEN_ADDRESS=0.0.0.0 … > /etc/nginx/nginx.conf

A placeholder without a value, or a value without a placeholder, is an error (exit status 2).
"""

import re
import sys
from pathlib import Path

TEMPLATE = Path(__file__).with_name("jiyue.conf.template")
PLACEHOLDER = re.compile(r"@([A-Z_]+)@")


class PlaceholderMismatch(ValueError):
    """The values given are not those that the template asks for."""


def render(template: str, values: dict[str, str]) -> str:
    """Return ``template`` with every @NAME@ outside comments replaced by ``values["NAME"]``.

    Raises ``PlaceholderMismatch`` where names and placeholders differ, or a value would break out of
    its directive.
    """
    lines = template.splitlines(keepends=True)
    directives = [index for index, line in enumerate(lines) if not line.lstrip().startswith("#")]
    wanted = {name for index in directives for name in PLACEHOLDER.findall(lines[index])}
    if wanted != set(values):
        missing, unknown = sorted(wanted - set(values)), sorted(set(values) - wanted)
        raise PlaceholderMismatch(f"missing: {missing}, unknown: {unknown}")
    for name, value in values.items():
        if not value or re.search(r"[\s;{}]", value):
            raise PlaceholderMismatch(f"{name}={value!r} is empty or would end its directive")
    for index in directives:
        lines[index] = PLACEHOLDER.sub(lambda match: values[match[1]], lines[index])
    return "".join(lines)


def main(arguments: list[str]) -> int:
    """Print the configuration; 2 where the arguments do not fit."""
    try:
        values = dict(argument.split("=", 1) for argument in arguments)
        print(render(TEMPLATE.read_text(encoding="utf-8"), values), end="")
    except ValueError as error:
        print(f"render.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
