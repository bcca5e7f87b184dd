"""Saving an article of 50 blocks in the editor, against stock Wagtail with the same form.

Draft, autosave, submission and publication, each of another article, on both sides in turn. The form
is fetched and filled before the clock starts; the clock runs from the posted form to the answer. The
last line is the slowest 95th percentile of ours in milliseconds of elapsed time, and the ratio of
processor time.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.filled import kept_database
from bench.load import Side, running

ARTICLES = 1_000
ROUNDS = 12
WAYS = ("draft", "autosave", "publish", "submit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    modules = ("bench.admin_side", "bench.plain_wagtail.admin_side")
    with tempfile.TemporaryDirectory() as folder:
        # What is saved here must not be there in the next run.
        places = [Path(folder) / module for module in modules]
        for module, place in zip(modules, places, strict=True):
            shutil.copytree(kept_database(module, options.articles), place)
        with (
            running("platform", modules[0], str(places[0])) as ours,
            running("plain", modules[1], str(places[1])) as plain,
        ):
            report([ours, plain], options.rounds)


def report(sides: list[Side], rounds: int) -> None:
    where = {side.name: side.ask(do="places") for side in sides}
    print(f"an article of 50 blocks, each way {rounds} times on each side")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'':<12}{'':<10}{'median ms':>10}{'p95 ms':>9}{'cpu ms':>9}{'queries':>9}")
    slowest, total = 0.0, [0.0, 0.0]
    for way_number, way in enumerate(WAYS):
        found: list[list[dict[str, object]]] = [[], []]
        for turn in range(rounds + 1):
            for number in (0, 1) if turn % 2 else (1, 0):
                side = sides[number]
                place = where[side.name]
                kept = (
                    place.get("reviewed", place["articles"])
                    if way == "submit"
                    else place["articles"]
                )
                # Another article each time: what is in review is not submitted again.
                article = kept[(way_number * (rounds + 1) + turn) % len(kept)]
                saved = side.ask(
                    do="save",
                    how=way,
                    path=f"{place['root']}pages/{article}/edit/",
                    who="editor" if way == "submit" else "writer",
                    round=turn,
                )
                if turn:  # the first fills caches
                    found[number].append(saved)
        for number, side in enumerate(sides):
            wall = [float(saved["wall"]) for saved in found[number]]
            cpu = median(float(saved["cpu"]) for saved in found[number])
            queries = median(len(saved["queries"]) for saved in found[number])
            p95 = quantiles(wall, n=20)[-1]
            total[number] += cpu
            if number == 0:
                slowest = max(slowest, p95)
            print(
                f"{way:<12}{side.name:<10}{median(wall):>10.0f}{p95:>9.0f}{cpu:>9.0f}{queries:>9.0f}",
                flush=True,
            )
    print(f"load average {os.getloadavg()[0]:.1f}")
    print(f"slowest p95 {slowest:.0f} ms, ratio of all ways {total[0] / total[1]:.2f}")


if __name__ == "__main__":
    main()
