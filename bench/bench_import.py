"""Importing an old site, against stock Wagtail making as many pages one at a time.

A dump in the gov8 shape is generated and imported into a fresh SQLite as the command does it:
reading, cleaning, pages, revisions, public faces, audit and old addresses. Stock Wagtail gets the
texts clean already and makes each page with ``add_child`` and ``save_revision().publish()``. Figures
are processor time of one process. ``--largest 500`` adds bigger dumps, to see that memory stays flat.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.load import ROOT
from bench.old_site_dump import write_dump

ARTICLES = 4_000
PLAIN_ARTICLES = 400
#: Articles a second on one core that the platform promises.
PROMISED = 300
#: How much more memory the largest dump may need than the smallest.
MOST_GROWTH = 1.2
_MB = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="of the measured dump")
    parser.add_argument("--plain", type=int, default=PLAIN_ARTICLES, help="pages of stock Wagtail")
    parser.add_argument("--largest", type=int, default=0, help="MB of the largest dump")
    parser.add_argument("--profile", default="", help="file for a profile of our side")
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(
        f"{'':<22}{'articles':>9}{'cpu s':>8}{'elapsed s':>11}{'a second':>10}{'before':>8}{'peak MB':>9}"
    )
    sizes = [size for size in (20, 100, 500) if size <= options.largest]
    if options.largest and options.largest not in sizes:
        sizes.append(options.largest)
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "old_site.sql"
        write_dump(dump, lambda articles, _size: articles >= options.articles)
        ours = _side(
            f"platform, {dump.stat().st_size / _MB:.0f} MB", "jiyue", dump, options.profile
        )
        plain = _side("stock Wagtail", "plain", options.plain)
        for size in sizes:
            write_dump(dump, lambda _articles, written, size=size: written >= size * _MB)
            measured.append(_side(f"platform, {size} MB", "jiyue", dump))
    if len(measured) > 1:
        growth = measured[-1]["memory_peak"] / measured[0]["memory_peak"]
        print(f"peak memory of the largest dump to that of the smallest: {growth:.2f}")
        assert growth < MOST_GROWTH, f"memory grows with the dump: {growth:.2f}"
    pace = ours["articles"] / ours["cpu"]
    if pace < PROMISED:
        print(f"under the promised {PROMISED} articles a second")
    print(f"{pace:.0f} articles a second, ratio {pace / (plain['articles'] / plain['cpu']):.1f}")


def _side(name: str, side: str, what: object, profile: str = "") -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        if side == "jiyue":
            # In a process of its own: the migrations leave half a gigabyte behind.
            _run("bench.jiyue_side", folder, "--build-only")
        answer = _run("bench.import_side", side, folder, str(what), f"--profile={profile}")
    cost: dict[str, Any] = json.loads(answer.splitlines()[-1])
    print(
        f"{name:<22}{cost['articles']:>9}{cost['cpu']:>8.1f}{cost['wall']:>11.1f}"
        f"{cost['articles'] / cost['cpu']:>10.0f}{cost['memory_before']:>8.0f}{cost['memory_peak']:>9.0f}",
        flush=True,
    )
    return cost


def _run(module: str, *arguments: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-W", "ignore::UserWarning", "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


if __name__ == "__main__":
    main()
