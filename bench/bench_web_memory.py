"""Memory of a web process after 10,000 pages, beside that of a plain Wagtail process.

Each side is a gunicorn server started as the demo starts it (one worker, eight threads). The figure
is the worker's PSS, in which memory shared with other processes counts by its share. The ratio is
ours to plain.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import content
from bench.load import ROOT

PAGES = 10_000
CLIENTS = 4
LIMIT_MB = 250
START_SECONDS = 120


def main() -> None:
    paths = ["/"] + [f"/{section.slug}/" for section in content.sections() if not section.parent]
    paths += [article.path for article in content.articles()]
    sides = {
        "platform": ("bench.jiyue_side", "cms_core.wsgi", "cms_core.settings"),
        "plain Wagtail": (
            "bench.plain_wagtail.side",
            "bench.plain_wagtail.wsgi",
            "bench.plain_wagtail.settings",
        ),
    }
    print(f"{PAGES} pages by {CLIENTS} clients: home, sections and all {content.ARTICLES} articles")
    print(
        f"{'':<16}{'at start':>10}{'after 1,000':>13}{f'after {PAGES:,}':>14}   MB PSS of the worker"
    )
    figures = {}
    for name, (builder, application, settings) in sides.items():
        with tempfile.TemporaryDirectory() as folder:
            _run("-m", builder, folder, "--build-only")
            with _serving(application, settings, folder) as (port, worker):
                start = _pss_mb(worker)
                _ask(port, paths, 1_000)
                early = _pss_mb(worker)
                _ask(port, paths, PAGES - 1_000)
                figures[name] = _pss_mb(worker)
                print(f"{name:<16}{start:>10.0f}{early:>13.0f}{figures[name]:>14.0f}")
    ours, plain = figures.values()
    assert ours < LIMIT_MB, f"{ours:.0f} MB is over {LIMIT_MB} MB"
    print(f"ratio {ours / plain:.2f}")


def _environment(settings: str, folder: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "DJANGO_SETTINGS_MODULE": settings,
        "JIYUE_ENV": "test",
        "DATA_DIR": folder,
        "PORT": str(port),
        "PYTHONWARNINGS": "ignore::UserWarning",
    }


def _run(*arguments: str) -> None:
    environment = _environment("", "", 80)
    del environment["DJANGO_SETTINGS_MODULE"]
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)


@contextmanager
def _serving(application: str, settings: str, folder: str) -> Iterator[tuple[int, int]]:
    """The port and the worker's process id of a server that answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}"]
    master = subprocess.Popen(
        [*command, "--workers=1", "--threads=8", "--log-level=warning"],
        cwd=ROOT,
        env=_environment(settings, folder, port),
        # A hang-up of the terminal would make it load its worker anew, in the middle of the count.
        start_new_session=True,
    )
    try:
        _wait(port)
        children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()
        yield port, int(children[0])
    finally:
        master.terminate()
        master.wait(timeout=30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _ask(port, ["/"], 1)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _ask(port: int, paths: list[str], count: int) -> None:
    """``count`` pages in turn of ``paths``, spread over the clients."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        shares = [range(first, count, CLIENTS) for first in range(min(CLIENTS, count))]
        for finished in [clients.submit(_ask_share, port, paths, share) for share in shares]:
            finished.result()


def _ask_share(port: int, paths: list[str], share: range) -> None:
    for number in share:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        path = paths[number % len(paths)]
        connection.request("GET", path, headers={"Host": content.HOST})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 200, (path, answer.status)


def _pss_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("the kernel tells no PSS")


if __name__ == "__main__":
    main()
