"""Opening hundreds of sites: stock Wagtail through its ordinary calls, ours from a list in one run.

Both sides open the same: a site with home, five sections, a folder for files and four roles with equal
rights, each site whole or not at all. Stock Wagtail does it by ``add_child``, ``Group``,
``GroupPagePermission``, ``GroupCollectionPermission`` and ``Site``; ours by ``manage.py open_tenants``'
own functions, from the text of the CSV on: list checked, guard on, revisions, history, review policy and
audit events written, which the other side does without. Each count begins with an empty database.

``--alone``: ours goes on to larger counts, which tells whether it is linear. ``DATABASE_URL_POSTGRES``
with ``--postgresql`` measures there. The last line is the ratio at the largest of ``--counts``.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SIDES = {"plain": "bench.opening_plain", "ours": "bench.opening_ours"}
#: Runs of each side, of which the middle one counts: a second of ours is easily disturbed, a minute of
#: the other side less so.
ROUNDS = {"plain": 1, "ours": 3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="100,300", help="sites on both sides")
    parser.add_argument("--alone", default="", help="further counts for ours alone: 1000,3000")
    parser.add_argument("--postgresql", action="store_true", help="at DATABASE_URL_POSTGRES")
    options = parser.parse_args()
    url = os.environ["DATABASE_URL_POSTGRES"] if options.postgresql else ""
    counts = _numbers(options.counts)
    print(f"{'PostgreSQL' if url else 'SQLite'}, load average {os.getloadavg()[0]:.1f}")
    print(f"{'side':<8}{'sites':>7}{'seconds':>10}{'cpu s':>9}{'ms a site':>11}{'rows':>9}")
    ratio = 0.0
    for count in counts:
        taken = {
            side: median(_measure(side, count, url) for _round in range(ROUNDS[side]))
            for side in SIDES
        }
        ratio = taken["plain"] / taken["ours"]
        print(f"{'':<8}{count:>7}  {ratio:.1f} times faster", flush=True)
    each = [_measure("ours", count, url) / count for count in _numbers(options.alone)]
    if len(each) > 1:
        print(
            f"a site at the largest count takes {each[-1] / each[0]:.2f} times as long as at the first"
        )
    print(f"load average {os.getloadavg()[0]:.1f}")
    print(f"ratio {ratio:.1f}")


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip()]


def _measure(side: str, count: int, url: str) -> float:
    """Seconds that one side takes for ``count`` sites in a process of its own; prints its line."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": folder, "JIYUE_ENV": "test", "PORT": "80"}
        environment.pop("DATABASE_URL", None)
        name = f"bench_{uuid.uuid4().hex[:12]}"
        if url:
            _sql(url, f'CREATE DATABASE "{name}"')
            own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
            environment["DATABASE_URL" if side == "ours" else "PLAIN_DATABASE_URL"] = own
        try:
            answer = subprocess.run(
                [sys.executable, "-m", SIDES[side], str(count)],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            raise SystemExit(error.stderr) from error
        finally:
            if url:
                _sql(url, f'DROP DATABASE "{name}"')
    seconds, cpu, rows = (float(part) for part in answer.stdout.splitlines()[-1].split())
    each = 1000 * seconds / count
    print(
        f"{side:<8}{count:>7}{seconds:>10.2f}{cpu:>9.2f}{each:>11.1f}{rows:>9.0f}",
        flush=True,
    )
    return seconds


def _sql(url: str, statement: str) -> Any:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement)  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
