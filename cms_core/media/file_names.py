"""Names of uploaded files, cleaned. Pure."""

import re
import unicodedata

#: Longest name in characters: with folder and the suffix against doubles it stays below the column's 100.
LONGEST_NAME = 60
# Control characters, and those that turn the direction of writing or show nothing: with them
# "report_fdp.exe" reads as "report_exe.pdf".
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]+')
# What looks like a second extension. A date (2026.11.28) or a number of a rule (1.2) is none.
_INNER_EXTENSION = re.compile(r"\.(?=[A-Za-z][A-Za-z0-9]{0,4}(?:\.|\Z))")


def clean_file_name(name: str) -> str:
    """``name`` without path, unseen characters and second extensions; the extension in small letters.

    Empty names become ``file``. Idempotent.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = _FORBIDDEN.sub("_", _UNSEEN.sub("", name))
    name = re.sub(r"\s+", " ", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    extension = re.sub(r"[^a-z0-9]", "", extension.lower())[:10]
    stem = _INNER_EXTENSION.sub("_", stem).strip(" .") or "file"
    stem = stem[: LONGEST_NAME - len(extension) - 1].strip(" .") or "file"
    return f"{stem}.{extension}" if extension else stem


def extension_of(name: str) -> str:
    """The extension of a cleaned name, or ""."""
    return name.rpartition(".")[2] if "." in name else ""


def visible(name: str) -> str:
    """A name as it may stand in a message: unseen characters gone, not too long."""
    shown = _UNSEEN.sub("", name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:40]}…{shown[-15:]}"
