"""Leaders in a text: names, posts and order, against the dated list of the site. Pure."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ahocorasick_rs import AhoCorasick

from .lists import LeaderEntry

#: Posts that are told apart although they may not stand in the list: of two that end the same way the
#: longer is meant (副市长 is not 市长).
_LEVELS = ["省", "市", "州", "盟", "区", "县", "旗", "镇", "乡", "街道", "村"]
GENERAL_POSTS = frozenset(
    [
        f"{prefix}{level}长"
        for level in ("省", "市", "州", "区", "县", "旗", "镇", "乡")
        for prefix in ("", "副", "代", "代理")
    ]
    + [f"{level}委{post}" for level in _LEVELS for post in ("书记", "副书记", "常委")]
    + [
        f"{prefix}{post}"
        for prefix in ("", "副", "常务副")
        for post in (
            "主任",
            "局长",
            "处长",
            "科长",
            "主席",
            "部长",
            "秘书长",
            "院长",
            "检察长",
            "组长",
            "会长",
        )
    ]
    + [
        "书记",
        "副书记",
        "常委",
        "党组书记",
        "党组副书记",
        "党组成员",
        "党委书记",
        "常务副市长",
        "常务副县长",
        "常务副区长",
        "巡视员",
        "调研员",
    ]
)
#: Between a post and the name, and between two names of one enumeration.
_BETWEEN_POST_AND_NAME = re.compile(r"[ 　:：]{0,2}$")
_ENUMERATES = re.compile(r"[、，, 　和及与\n]")
_SENTENCE_END = re.compile(r"[。！？；]")
#: Characters between two names of one enumeration: the posts of the second and a comma.
_MOST_BETWEEN = 30
_FORMER = ("原", "时任", "前")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class LeaderProblem:
    code: str
    start: int
    end: int
    is_certain: bool = True
    suggestion: str = ""
    detail: str = ""


def leader_problems(
    text: str, leaders: Sequence[LeaderEntry], day: date, similar: dict[str, str]
) -> Iterator[LeaderProblem]:
    """What does not agree with the list on ``day``.

    ``similar``: character → characters that are taken for it (same sound or shape).
    """
    if not leaders:
        return
    checker = _Checker(leaders, day)
    places = checker.name_places(text)
    for name, start, end in places:
        yield from checker.post_problems(text, name, start, end)
    yield from checker.order_problems(text, places)
    yield from checker.near_names(text, similar)


class _Checker:
    def __init__(self, leaders: Sequence[LeaderEntry], day: date) -> None:
        self.day = day
        self.by_name: dict[str, list[LeaderEntry]] = {}
        for entry in leaders:
            self.by_name.setdefault(entry.name, []).append(entry)
        self.names = list(self.by_name)
        self.in_office = [entry for entry in leaders if entry.holds_on(day)]
        holders: dict[str, set[str]] = {}
        for entry in self.in_office:
            for post in entry.posts:
                holders.setdefault(post, set()).add(entry.name)
        self.holders = holders
        posts = GENERAL_POSTS | {post for entry in leaders for post in entry.posts}
        self.posts = posts
        self.longest_post = max(map(len, posts))

    def name_places(self, text: str) -> list[tuple[str, int, int]]:
        found = AhoCorasick(self.names).find_matches_as_indexes(text, overlapping=True)
        places = sorted(((s, -e, n) for n, s, e in found))
        kept, reached = [], 0
        for start, minus_end, number in places:  # of two names that overlap the first and longer
            if start >= reached:
                reached = -minus_end
                kept.append((self.names[number], start, reached))
        return kept

    def _post_before(self, text: str, end: int) -> tuple[str, int]:
        """The longest known post that ends at ``end``, and where it starts."""
        for length in range(min(self.longest_post, end), 0, -1):
            if text[end - length : end] in self.posts:
                return text[end - length : end], end - length
        return "", end

    def post_problems(self, text: str, name: str, start: int, end: int) -> Iterator[LeaderProblem]:
        gap = _BETWEEN_POST_AND_NAME.search(text, max(0, start - 2), start)
        at = gap.start() if gap else start
        entries = self.by_name[name]
        now = [entry for entry in entries if entry.holds_on(self.day)]
        held = {post for entry in now for post in entry.posts}
        while True:
            post, post_start = self._post_before(text, at)
            if not post:
                return
            is_former = text[max(0, post_start - 2) : post_start].endswith(_FORMER)
            if not is_former and not _names_post(post, held):
                right = "、".join(dict.fromkeys(p for entry in now for p in entry.posts))
                code = "leader_post_wrong" if now else "leader_not_in_office"
                yield LeaderProblem(
                    code, post_start, end, suggestion=right and right + name, detail=name
                )
                return
            if text[post_start - 1 : post_start] != "、":
                return
            at = post_start - 1

    def order_problems(
        self, text: str, places: list[tuple[str, int, int]]
    ) -> Iterator[LeaderProblem]:
        """Names of one enumeration that stand in another order than the list."""
        ranks = {entry.name: entry.rank for entry in reversed(self.in_office)}
        run: list[tuple[str, int, int]] = []
        for place in [*places, None]:
            if (
                place is not None
                and place[0] in ranks
                and (not run or _goes_on(text, run[-1], place))
            ):
                run.append(place)
                continue
            yield from _order_of(run, ranks)
            run = [place] if place is not None and place[0] in ranks else []

    def near_names(self, text: str, similar: dict[str, str]) -> Iterator[LeaderProblem]:
        """One character of a name taken for another of the same sound or shape."""
        variants: dict[str, str] = {}
        for entry in self.in_office:
            name = entry.name
            for at, char in enumerate(name):
                for other in similar.get(char, ""):
                    variant = name[:at] + other + name[at + 1 :]
                    if variant not in self.by_name:
                        variants.setdefault(variant, name)
        if not variants:
            return
        listed = list(variants)
        for number, start, end in AhoCorasick(listed).find_matches_as_indexes(text):
            wrong = listed[number]
            right = variants[wrong]
            gap = _BETWEEN_POST_AND_NAME.search(text, max(0, start - 2), start)
            post, _at = self._post_before(text, gap.start() if gap else start)
            has_post = bool(post) and any(
                _names_post(post, set(entry.posts)) for entry in self.by_name[right]
            )
            # Two characters are half the words of the language: the post must say who is meant.
            if has_post or len(wrong) >= 3:
                yield LeaderProblem(
                    "leader_name_misspelt",
                    start,
                    end,
                    is_certain=has_post,
                    suggestion=right,
                    detail=wrong,
                )


def _names_post(post: str, held: set[str]) -> bool:
    """Whether ``post`` is one of ``held``, or its short form (市长 for 常德市市长, 书记 for 市委书记)."""
    return any(
        own == post
        or (own.endswith(post) and not own[: -len(post)].endswith(("副", "代", "代理")))
        or (post.endswith(own) and not post[: -len(own)].endswith(("副", "代", "代理")))
        for own in held
    )


def _goes_on(text: str, first: tuple[str, int, int], second: tuple[str, int, int]) -> bool:
    between = text[first[2] : second[1]]
    return (
        0 < len(between) <= _MOST_BETWEEN
        and _SENTENCE_END.search(between) is None
        and _ENUMERATES.match(between) is not None
    )


def _order_of(run: list[tuple[str, int, int]], ranks: dict[str, int]) -> Iterator[LeaderProblem]:
    if len(run) < 2:
        return
    given = [ranks[name] for name, _start, _end in run]
    if any(later < earlier for earlier, later in itertools.pairwise(given)):
        right = sorted(run, key=lambda place: ranks[place[0]])
        yield LeaderProblem(
            "leader_order_wrong",
            run[0][1],
            run[-1][2],
            suggestion="、".join(name for name, _start, _end in right),
        )
