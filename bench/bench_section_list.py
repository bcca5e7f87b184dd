"""The public list of a section with 50,000 articles, against the same list with 100, and stock Wagtail's.

Three sides through their whole WSGI stacks, in turn, from SQLite files: ours with 50,000 articles in
one section, ours with 100, and stock Wagtail's ordered list of 50,000, which knows neither pins nor
articles placed from other sections and has no second page. On both of ours ten articles are pinned or
given a place and fifty are placed from another section. The last line is the slowest 95th percentile of
ours with 50,000, and the ratio of its processor time to that with 100 over all pages.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.filled import SECTION, kept_database
from bench.load import Side, running

ARTICLES = 50_000
FEW = 100
ROUNDS = 40
PAGE_SIZE = 20
PLACE = f"/{SECTION.partition('-')[0]}/{SECTION}/"
#: Pages of the public site. ``{middle}``, ``{last}``: of the list.
PAGES = {
    "section, page 1": PLACE,
    "page 2": f"{PLACE}index_2.html",
    "middle page": f"{PLACE}index_{{middle}}.html",
    "last page": f"{PLACE}index_{{last}}.html",
    "feed of the section": f"{PLACE}rss.xml",
    "feed of the site": "/rss.xml",
    "home page": "/",
    "newest article": f"{PLACE}ma1/",
    "oldest article": f"{PLACE}ma{{articles}}/",
}
#: What the other side has too.
PLAIN = ("section, page 1", "home page", "newest article", "oldest article")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    ours = "bench.admin_side"
    theirs = "bench.plain_wagtail.admin_side"
    many, few, plain = (
        str(kept_database(module, articles))
        for module, articles in ((ours, options.articles), (ours, FEW), (theirs, options.articles))
    )
    with (
        running(f"platform, {options.articles}", ours, many, "--public") as first,
        running(f"platform, {FEW}", ours, few, "--public") as second,
        running(f"stock Wagtail, {options.articles}", theirs, plain, "--public") as third,
    ):
        report([first, second, third], [options.articles, FEW, options.articles], options.rounds)


def report(sides: list[Side], articles: list[int], rounds: int) -> None:
    totals = [side.ask(do="place_by_hand")["total"] for side in sides[:2]] + [articles[2]]
    print(f"each page asked for {rounds} times on each side in turn; entries of the list: {totals}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'':<22}" + " | ".join(f"{side.name:^36}" for side in sides))
    print(f"{'':<22}" + " | ".join([f"{'median':>9}{'p95':>8}{'cpu ms':>9}{'queries':>10}"] * 3))
    slowest, cpu = 0.0, [0.0, 0.0]
    for name, page in PAGES.items():
        asked: dict[int, str] = {}
        for number, side in enumerate(sides):
            if number < 2 or name in PLAIN:
                last = -(-totals[number] // PAGE_SIZE)
                asked[number] = page.format(
                    middle=(last + 1) // 2, last=last, articles=articles[number]
                )
                side.forget()
        for turn in range(rounds + 1):
            for number in asked if turn % 2 else reversed(list(asked)):
                sides[number].time([asked[number]])
        line = []
        for number, side in enumerate(sides):
            if number not in asked:
                line.append(" " * 36)
                continue
            del side.cpu[0], side.wall[0]  # the first fills caches
            p95 = quantiles(side.wall, n=20)[-1]
            queries = len(side.ask(do="page", path=asked[number])["queries"])
            line.append(f"{side.wall_ms:>9.1f}{p95:>8.1f}{side.cpu_ms:>9.1f}{queries:>10}")
            if number < 2:
                cpu[number] += side.cpu_ms
            if number == 0:
                slowest = max(slowest, p95)
        print(f"{name:<22}" + " | ".join(line), flush=True)
    print(f"load average {os.getloadavg()[0]:.1f}")
    print(f"slowest p95 {slowest:.0f} ms, ratio of all pages {cpu[0] / cpu[1]:.2f}")


if __name__ == "__main__":
    main()
