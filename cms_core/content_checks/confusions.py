"""Characters that are taken for each other: of the same sound, or of a similar shape. Loaded at first use."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def similar_sound() -> dict[str, tuple[str, str]]:
    """Character → those of the same sound and tone, and those of the same sound in another tone."""
    found = {}
    for line in (_DATA / "same_pinyin.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            char, same, other = ([*line.split("\t"), "", ""])[:3]
            found[char] = (same, other)
    return found


@cache
def similar_shape() -> dict[str, str]:
    """Character → those that look like it."""
    found: dict[str, str] = {}
    for line in (_DATA / "same_stroke.txt").read_text(encoding="utf-8").splitlines():
        group = "".join(line.split())
        if group and not line.startswith("#"):
            for char in group:
                others = group.replace(char, "")
                found[char] = "".join(dict.fromkeys(found.get(char, "") + others))
    return found


@cache
def similar() -> dict[str, str]:
    """Character → all that it may have been taken for: same sound and tone first, then shape."""
    sound, shape = similar_sound(), similar_shape()
    return {
        char: "".join(
            dict.fromkeys(
                sound.get(char, ("", ""))[0] + shape.get(char, "") + sound.get(char, ("", ""))[1]
            )
        )
        for char in sound.keys() | shape.keys()
    }
