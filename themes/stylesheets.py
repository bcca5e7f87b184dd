"""Joining the style sheet parts of a theme into the one file a page links.

The joined file is committed, so that nobody needs a build tool; edit the parts and run
``manage.py join_theme_css``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKENS = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<comment>/\*.*?\*/)|(?P<other>[^"'/]+|/)""",
    re.DOTALL,
)


def join_css(sources: Iterable[str]) -> str:
    """Return ``sources`` in order as one compact style sheet, ending in a newline.

    Removes comments, line breaks and blanks that mean nothing; strings stay untouched.
    Blanks around ``+`` and ``-`` stay (they are arithmetic in ``calc()``), and so does
    one before ``:`` (it is the descendant sign in ``a :focus``).
    """
    return "".join(f"{compact}\n" for source in sources if (compact := _compact(source)))


def _compact(source: str) -> str:
    """Compact one style sheet without touching its strings."""
    strings: list[str] = []
    kept: list[str] = []
    for match in _TOKENS.finditer(source):
        if match.lastgroup == "string":
            kept.append(f"\0{len(strings)}\0")
            strings.append(match.group())
        elif match.lastgroup == "other":
            kept.append(match.group())
    text = re.sub(r"\s+", " ", "".join(kept))
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    text = re.sub(r": ", ":", text)
    text = text.replace(";}", "}").strip()
    return re.sub(r"\0(\d+)\0", lambda match: strings[int(match.group(1))], text)
