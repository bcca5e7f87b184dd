"""Pure rules of withdrawal: the reasons, what a notice must say, which address it stands at."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

#: Further pages of a list share the fate of their section.
_LIST_PAGE = re.compile(r"(?:^|/)index_[1-9][0-9]{0,4}\.html/?$")
_DATA = Path(__file__).with_name("withdrawal_reasons.toml")

EXPIRED = "expired"
DELETED = "deleted"
MOVED = "moved"
TAKEN_OFF = "taken_off"


@dataclass(frozen=True, slots=True)
class WithdrawalReason:
    """Why a page was taken off. The fields are explained in ``withdrawal_reasons.toml``."""

    code: str
    label: str
    label_en: str
    public: str
    public_en: str
    offered: bool = True
    hides_title: bool = False
    asks_words: bool = False

    def said_in(self, language: str | None) -> str:
        """The sentence for the public: Chinese, or English on an edition in another language."""
        return self.public if (language or "").startswith("zh") else self.public_en


@dataclass(frozen=True, slots=True)
class WithdrawalNotice:
    """What the person who withdraws says.

    ``replaced_by_id``: a page of the same site. ``replacement_url``: an absolute address elsewhere.
    ``contact``: where to ask; empty means the site's telephone.
    """

    reason: str
    explanation: str = ""
    replaced_by_id: int | None = None
    replacement_url: str = ""
    contact: str = ""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def reasons() -> dict[str, WithdrawalReason]:
    """Code → reason, in the order in which they are offered."""
    return {row["code"]: WithdrawalReason(**row) for row in _data()["reason"]}


def recycle_bin_days() -> int:
    """How many days a deleted page can be brought back."""
    return int(_data()["recycle_bin"]["days"])


def reason_of(code: str) -> WithdrawalReason:
    """The reason of a stored code; a code that the list no longer has explains nothing more."""
    return reasons().get(code, reasons()[TAKEN_OFF])


def faults_of(notice: WithdrawalNotice) -> list[str]:
    """What is wrong with ``notice``: codes, empty when it can be used."""
    found = []
    reason = reasons().get(notice.reason)
    if reason is None:
        found.append("unknown_reason")
    elif reason.asks_words and not notice.explanation.strip():
        found.append("words_missing")
    if notice.replaced_by_id and notice.replacement_url:
        found.append("two_replacements")
    return found


def address_below_site(path: str) -> str:
    """A request's path as tombstones keep it: ``/news/a1/`` and ``/news/a1`` are ``news/a1/``.

    >>> address_below_site("/news/index_2.html")
    'news/'
    """
    listed = _LIST_PAGE.search(path)
    parts = [part for part in (path[: listed.start()] if listed else path).split("/") if part]
    return "/".join(parts) + "/" if parts else ""


def below_site(url_path: str) -> str:
    """A page's ``url_path`` (``/jyj/news/a1/``) without its home: ``news/a1/``."""
    return url_path.split("/", 2)[2]
