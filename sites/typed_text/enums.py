"""Kinds of typed text."""

from enum import Enum


class TextKind(Enum):
    """What a field holds decides what may stand in it."""

    #: One line: titles, names, keywords, words to search for.
    LINE = "line"
    #: Several lines or markup: bodies, comments, reasons.
    TEXT = "text"
    #: Passwords and codes: kept to the letter.
    PASSWORD = "kept to the letter"  # noqa: S105 (a kind, no password)
