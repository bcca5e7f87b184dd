"""Pure rules for names and telephone numbers: where a site's name may break, what a number dials."""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"[^和与及]{2,10}?自治[区州县旗]|[^和与及]{1,4}?(?:[省市区县州旗镇]|街道|(?<!城)乡)"
)
"""A place name at the start of a site's name, shortest first (云澧市, 湘西土家族苗族自治州, 柳林镇)."""

_NO_PLACE = ("场", "政", "民", "级", "直", "容", "划", "域")
"""What follows 市 or 区 in a word that is no place: 市场, 市政, 区级."""

_SHORTEST_PLACE = 2
_JOINTS = re.compile(r"(?=和|与|及|人民政府|门户网站)|(?<=局|委|办|厅)(?=（)|(?=（)")
"""Where the rest of a name may break: before a conjunction, a fixed word or a bracket."""


def name_phrases(name: str) -> tuple[str, ...]:
    """Split the name of a site where it may break: after places, before 和 and 人民政府.

    ``"".join(name_phrases(n)) == n.strip()`` always holds; an empty name gives ``()``.
    """
    rest = name.strip()
    phrases: list[str] = []
    while (match := _PLACE.match(rest)) and _SHORTEST_PLACE <= match.end() < len(rest):
        end = match.end()
        if rest[end:].startswith(_NO_PLACE):
            break
        if rest[end] in "市县区" and not rest[end + 1 :].startswith(_NO_PLACE):
            end += 1  # 津市市, 安乡县: the place's own name ends in such a character
        phrases.append(rest[:end])
        rest = rest[end:]
    if rest:
        phrases += [piece for piece in _JOINTS.split(rest) if piece]
    return tuple(phrases)


_NUMBER = re.compile(r"\+?\d[\d\- ()（）]{3,}\d")
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{3,5}(?!\d)")


def phone_url(text: str) -> str:
    """Return the ``tel:`` address of the first telephone number in ``text``, or ``""``.

    Short numbers such as 12345 count when there is no long one.
    """
    match = _NUMBER.search(text) or _SHORT_NUMBER.search(text)
    return "tel:" + re.sub(r"[^\d+]", "", match.group()) if match else ""
