"""The administration with a section of 50,000 articles, against stock Wagtail with the same pages.

Every screen through the whole WSGI stack of both sides in turn, from SQLite files. A first run builds
the two databases (about a minute and a half), later ones find them where ``bench.filled.kept_database``
keeps them. The last line is the slowest 95th percentile of ours in milliseconds of elapsed time, and
the ratio of processor time over all screens.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.filled import kept_database
from bench.load import Side, running

ARTICLES = 50_000
ROUNDS = 20
#: Screens below the administration's own address. ``{last}``: the last page of the list.
SCREENS = {
    "opening screen": "",
    "explorer opened": "pages/{section}/",
    "by title": "pages/{section}/?ordering=title",
    "filtered": "pages/{section}/?latest_revision_created_at_from=2100-01-01",
    "searched, many hits": "pages/{section}/?q=%E6%A0%A1%E5%9B%AD",
    "searched, few hits": "pages/{section}/?q=49996",
    "page 2": "pages/{section}/?p=2",
    "last page": "pages/{section}/?p={last}",
    "explorer of the home": "pages/{home}/",
    "edit an article": "pages/{article}/edit/",
    "its history": "pages/{article}/history/",
    "create an article": "pages/add/{type}/{section}/",
    "page chooser": "choose-page/{section}/",
    "images": "images/",
    "documents": "documents/",
    "report: site history": "reports/site-history/",
    "report: aging pages": "reports/aging-pages/",
    "report: locked pages": "reports/locked/",
}
#: Screens that the demand names: a list of 50,000 articles opens, filters and searches.
LISTS = (
    "explorer opened",
    "by title",
    "filtered",
    "searched, many hits",
    "searched, few hits",
    "page 2",
    "last page",
)
PER_PAGE = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="screens whose names contain this")
    options = parser.parse_args()
    modules = ("bench.admin_side", "bench.plain_wagtail.admin_side")
    first, second = (str(kept_database(module, options.articles)) for module in modules)
    with (
        running("platform", modules[0], first) as ours,
        running("plain", modules[1], second) as plain,
    ):
        report(ours, plain, options.articles, options.rounds, options.only)


def report(ours: Side, plain: Side, articles: int, rounds: int, only: str) -> None:
    sides = [ours, plain]
    where = {side.name: side.ask(do="places") for side in sides}
    print(f"{articles} articles in one section, each screen asked for {rounds} times on each side")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    head = f"{'median':>8}{'p95':>7}{'cpu':>7}{'queries':>9}"
    print(f"{'':<22}{'platform: ms':>10}{head[10:]} |{'plain:':>7}{head}")
    slowest, cpu = 0.0, {side.name: 0.0 for side in sides}
    for name, screen in SCREENS.items():
        if only not in name:
            continue
        line = f"{name:<22}"
        paths = {}
        for side in sides:
            place = where[side.name]
            last = (articles + PER_PAGE - 1) // PER_PAGE
            paths[side.name] = place["root"] + screen.format(
                article=place["articles"][100], last=last, **place
            )
            side.forget()
        for turn in range(rounds + 1):
            for side in sides if turn % 2 else reversed(sides):
                side.time([paths[side.name]])
        for side in sides:
            del side.cpu[0], side.wall[0]  # the first fills caches
            p95 = quantiles(side.wall, n=20)[-1]
            asked = len(side.ask(do="page", path=paths[side.name])["queries"])
            line += f"{side.wall_ms:>9.0f}{p95:>7.0f}{side.cpu_ms:>7.0f}{asked:>9}"
            line += " |" if side is ours else ""
            cpu[side.name] += side.cpu_ms
            if side is ours and name in LISTS:
                slowest = max(slowest, p95)
        print(line, flush=True)
    print(f"load average {os.getloadavg()[0]:.1f}")
    print(
        f"slowest p95 of the lists {slowest:.0f} ms, ratio of all screens"
        f" {cpu[ours.name] / cpu[plain.name]:.2f}"
    )


if __name__ == "__main__":
    main()
