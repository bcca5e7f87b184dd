"""Small words between others, which differ by language and belong to no sentence."""

from collections.abc import Iterable

from django.utils.translation import get_language


def listed(names: Iterable[str]) -> str:
    """Names in a row: 甲、乙 in Chinese, "a, b" elsewhere."""
    separator = "、" if (get_language() or "").startswith("zh") else ", "
    return separator.join(str(name) for name in names)
