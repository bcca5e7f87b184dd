"""The public article page against a plain Wagtail project that prints the same.

Both answer through their whole WSGI stack, in turn, from a SQLite file. Before the clock starts, the
visible text and the links of every measured page are compared. The ratio is that of the medians of
processor time a page: elapsed time, printed beside it, says more about the machine's other work.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import content
from bench.load import Side, running, take_turns
from bench.printed import links, visible_text

ROUNDS = 20
MANY_TENANTS = 60


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in ("one", "many", "plain")}
        for place in places.values():
            place.mkdir()
        with (
            running("platform, 1 tenant", "bench.jiyue_side", str(places["one"])) as one,
            running(
                "plain Wagtail, 1 site", "bench.plain_wagtail.side", str(places["plain"])
            ) as plain,
        ):
            paths = [article.path for article in content.measured_articles()]
            for path in paths:
                compare(one, plain, path)
            with running(
                f"platform, {MANY_TENANTS} tenants",
                "bench.jiyue_side",
                str(places["many"]),
                f"--tenants={MANY_TENANTS}",
                f"--like={places['one']}",
            ) as many:
                take_turns([one, plain, many], paths, ROUNDS)
                report([one, plain, many], paths)


def compare(ours: Side, plain: Side, path: str) -> None:
    """Both sides print the same text and the same links at ``path``, or the comparison is void."""
    left, right = ours.ask(do="page", path=path), plain.ask(do="page", path=path)
    for side, answer in ((ours, left), (plain, right)):
        assert answer["status"].startswith("200"), (side.name, path, answer["status"])
    assert visible_text(left["body"]) == visible_text(right["body"]), (
        path,
        visible_text(left["body"]),
        visible_text(right["body"]),
    )
    assert links(left["body"]) == links(right["body"]), (
        path,
        links(left["body"]),
        links(right["body"]),
    )


def report(sides: list[Side], paths: list[str]) -> None:
    """Print the load, every side and the ratio of the first to the second."""
    print(
        f"{content.ARTICLES} articles, {len(paths)} of them asked for {ROUNDS} times on each side in"
        " turn; same text and links on both"
    )
    print(f"{'':<24}{'cpu ms':>9}{'wall ms':>9}{'queries':>9}{'kB':>7}")
    for side in sides:
        page = side.ask(do="page", path=paths[0])
        size = len(page["body"].encode()) / 1000
        print(
            f"{side.name:<24}{side.cpu_ms:>9.2f}{side.wall_ms:>9.2f}{len(page['queries']):>9}{size:>7.1f}"
        )
    print(f"ratio {sides[0].cpu_ms / sides[1].cpu_ms:.2f}")


if __name__ == "__main__":
    main()
