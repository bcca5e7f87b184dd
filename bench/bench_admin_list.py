"""A section of 50,000 articles in the administration: opened, filtered, searched.

Every screen through the whole WSGI stack from a SQLite file. The last line is the slowest 95th
percentile in milliseconds of elapsed time.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.load import Side, running

ARTICLES = 50_000
ROUNDS = 20
#: Screens below the section's own address, or the search of all pages.
SCREENS = {
    "opened": "pages/{section}/",
    "by title": "pages/{section}/?ordering=title",
    "filtered": "pages/{section}/?latest_revision_created_at_from=2100-01-01",
    "searched, many hits": "pages/{section}/?q=%E6%A0%A1%E5%9B%AD",
    "searched, few hits": "pages/{section}/?q=49995",
    "opening screen": "",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running("platform", "bench.admin_side", folder, f"--articles={options.articles}") as side,
    ):
        report(side, options.articles, options.rounds)


def report(side: Side, articles: int, rounds: int) -> None:
    section = side.ask(do="section")["id"]
    print(f"{articles} articles in one section, each screen asked for {rounds} times")
    print(f"{'':<24}{'median ms':>10}{'p95 ms':>10}{'queries':>9}")
    slowest = 0.0
    for name, screen in SCREENS.items():
        path = f"/t/bureau/{screen.format(section=section)}"
        side.time([path])
        side.forget()
        for _round in range(rounds):
            side.time([path])
        p95 = quantiles(side.wall, n=20)[-1]
        asked = len(side.ask(do="page", path=path)["queries"])
        print(f"{name:<24}{side.wall_ms:>10.0f}{p95:>10.0f}{asked:>9}", flush=True)
        slowest = max(slowest, p95)
    print(f"slowest p95 {slowest:.0f} ms")


if __name__ == "__main__":
    main()
