"""A city of two sites, served by the real web server on a copy of the migrated database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cms_core.importer.dumps import SiteDump
from tests.sites.outbox.live import ROOT, database_copy, run_module


@dataclass(frozen=True)
class City:
    """The served city. ``environment``: for further commands on the same database."""

    port: int
    environment: dict[str, str]
    folder: Path

    def get(self, host: str, path: str) -> tuple[int, str]:
        """Status and body, without following a redirect to another host's name."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Host": f"{host}:{self.port}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def link(self, host: str, path: str, words: str) -> str:
        """Address of the first link on a page whose text holds ``words``."""
        status, body = self.get(host, path)
        for anchor in LexborHTMLParser(body).css("main a"):
            if words in anchor.text():
                return anchor.attributes["href"] or ""
        raise AssertionError(f"{host}{path} ({status}) has no link with {words}")

    def manage(self, *arguments: str) -> str:
        return run_module("manage", *arguments, environment=self.environment)


def old_site() -> SiteDump:
    """An old site with what is found in such sites; the texts are invented."""
    dump = SiteDump("gov7")
    dump.section(1, "新闻中心", type="1")
    dump.section(2, "旧站动态", parent=1)
    dump.section(3, "没有上级的栏目", parent=999)
    dump.article(
        11,
        2,
        "（示例）旧网站的第一篇稿件",
        '<p style="color:red" onclick="x()">第一段&nbsp;文字。</p><script>alert(1)</script>'
        "<table><tr><td>项目</td><td>数量</td></tr></table>",
    )
    dump.article(12, 2, "（示例）旧网站的第二篇稿件", "<p>第二篇。</p>")
    dump.article(13, 3, "（示例）没有栏目的稿件", "<p>第三篇。</p>")
    return dump


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def city(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker
) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    port = free_port()
    with django_db_blocker.unblock(), database_copy(folder) as copied:
        environment = {**copied, "PORT": str(port), "PUBLIC_PORT": str(port)}
        run_module("tests.journeys.small_city", environment=environment)
        with (folder / "web.log").open("wb") as log:
            web = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "cms_core.wsgi",
                    f"--bind=127.0.0.1:{port}",
                    "--threads=4",
                ],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            city = City(port, environment, folder)
            _wait(city, folder / "web.log")
            yield city
        finally:
            os.killpg(web.pid, 15)
            web.wait(timeout=20)


def _wait(city: City, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if city.get("localhost", "/")[0] == 200:
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the web server did not answer:\n{log.read_text()[-3000:]}")
