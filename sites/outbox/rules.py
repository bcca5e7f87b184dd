"""Pure rules of the outbox: what a payload may hold, and when a failed attempt is repeated."""

import re
from collections.abc import Mapping
from typing import Any

from .exceptions import NotACode

#: Ids, codes, uuids, ISO dates, paths and digests; no spaces, so no sentence and no name.
CODE_PATTERN = re.compile(r"[A-Za-z0-9_.:/+=@#-]{0,200}")
#: Personal numbers that would pass as codes: mobile telephone and identity card (GB 11643).
PERSONAL_NUMBER_PATTERN = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]")
LONGEST_BACKOFF_SECONDS = 3600


def check_codes(payload: Mapping[str, Any], *, where: str = "payload") -> None:
    """Refuse a payload that could carry a person's data or text.

    Allowed values: ``None``, booleans, whole numbers, codes, and lists or mappings of these.

    :raises NotACode: naming the key, never the value, which may be personal.
    """
    for key, value in payload.items():
        place = f"{where}.{key}"
        if not isinstance(key, str) or CODE_PATTERN.fullmatch(key) is None:
            raise NotACode(f"{where}: a key is not a code")
        _check_value(value, place)


def _check_value(value: Any, place: str) -> None:
    if isinstance(value, Mapping):
        check_codes(value, where=place)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_value(item, place)
    elif value is None or isinstance(value, bool | int):
        if PERSONAL_NUMBER_PATTERN.fullmatch(str(value)) is not None:
            raise NotACode(f"{place} looks like a person's number")
    elif not isinstance(value, str) or CODE_PATTERN.fullmatch(value) is None:
        raise NotACode(f"{place} is not an id or a code")
    elif PERSONAL_NUMBER_PATTERN.fullmatch(value) is not None:
        raise NotACode(f"{place} looks like a person's number")


def backoff_seconds(attempts: int) -> int:
    """Wait after the given number of failed attempts (1, 2, …): 2, 4, 8 … up to an hour."""
    if attempts < 1:
        raise ValueError("backoff follows at least one attempt")
    return min(2 ** min(attempts, 20), LONGEST_BACKOFF_SECONDS)
