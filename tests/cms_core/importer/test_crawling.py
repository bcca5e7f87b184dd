"""The crawler reads what belongs to the old site and nothing that the web must not reach."""

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cms_core.importer.crawling.crawl import MANIFEST, Crawl, read_manifest
from cms_core.importer.crawling.enums import CrawlOutcome
from cms_core.importer.crawling.fetcher import FetchError, GuardedFetcher
from cms_core.importer.crawling.rules import belongs, canonical, is_file, is_open_to_all
from cms_core.importer.exceptions import SourceError

HOME = [ip_network("127.0.0.0/8")]
Answer = tuple[int, dict[str, str], bytes]


class OldServer:
    """A web server of the test: path with query → status, headers, body."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {"/robots.txt": (404, {}, b"")}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                status, headers, body = outer.pages.get(self.path, (404, {}, b"gone"))
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Not to the test's output."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def page(self, path: str, *links: str, **headers: str) -> None:
        body = "".join(f'<a href="{link}">x</a>' for link in links)
        self.pages[path] = (200, headers, f"<html>{path}{body}</html>".encode())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def old() -> Iterator[OldServer]:
    server = OldServer()
    yield server
    server.close()


@pytest.fixture
def crawl(old: OldServer, tmp_path: Path) -> Callable[..., Crawl]:
    def made(start: str = "/", **options: Any) -> Crawl:
        fetcher = GuardedFetcher(allowed=HOME, wait_seconds=5)
        return Crawl(
            old.url + start, tmp_path / "copy", fetcher, sleep=lambda _seconds: None, **options
        )

    return made


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
        *("::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:0a00:0001::", "2001:0:7f00:1::1"),
    ],
)
def test_what_the_web_must_not_reach_is_closed(address: str) -> None:
    assert not is_open_to_all(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_open(address: str) -> None:
    assert is_open_to_all(address)


def test_a_network_that_the_operator_allowed_is_open_and_no_other() -> None:
    allowed = [ip_network("10.20.0.0/16")]
    assert is_open_to_all("10.20.3.4", allowed)
    assert is_open_to_all("::ffff:10.20.3.4", allowed)
    assert not is_open_to_all("10.21.3.4", allowed)


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_as_itself(address: Any) -> None:
    assert is_open_to_all(f"::ffff:{address}") == is_open_to_all(str(address))
    assert is_open_to_all(str(address)) <= bool(address.is_global)


def test_addresses_have_one_way_to_be_written() -> None:
    base = "http://old.example.cn/a/b.jsp"
    assert canonical("c.jsp?x=1&JSESSIONID=9#top", base) == "http://old.example.cn/a/c.jsp?x=1"
    assert canonical("/d;jsessionid=ABC?y=2", base) == "http://old.example.cn/d?y=2"
    assert canonical("HTTP://OLD.example.cn:80") == "http://old.example.cn/"
    assert canonical("/新闻/", base) == "http://old.example.cn/%E6%96%B0%E9%97%BB/"
    for none in ("javascript:void(0)", "mailto:a@b.cn", "ftp://x/", "http://u:p@x/", "http://x:0/"):
        assert canonical(none, base) == ""
    assert canonical("http://[::1", base) == ""


@given(st.text(max_size=60))
def test_writing_an_address_twice_changes_nothing(text: str) -> None:
    once = canonical(text, "http://old.example.cn/a/")
    assert canonical(once) == once


def test_a_site_is_its_origin_and_folder() -> None:
    start = "http://www.old.cn/town/index.html"
    assert belongs("https://old.cn/town/news/1.html", start)
    assert not belongs("http://old.cn/city/1.html", start)
    assert not belongs("http://old.cn.evil.example/town/", start)
    assert not belongs("http://www.old.cn:8080/town/", start)
    assert is_file("http://x/a/B.PDF?v=1")
    assert not is_file("http://x/a.b/c")


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/"])
def test_the_servers_own_network_is_refused(old: OldServer, url: str) -> None:
    port = old.url.rpartition(":")[2]
    with pytest.raises(FetchError, match="not on the public internet") as refused:
        GuardedFetcher().get(url.format(port=port))
    assert refused.value.is_refused
    assert old.asked == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    old: OldServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the address that is connected to is the one that was judged."""
    port = int(old.url.rpartition(":")[2])
    answers = iter(["203.0.113.9", "127.0.0.1", "127.0.0.1"])

    def changing(*_arguments: Any, **_options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    fetcher = GuardedFetcher(allowed=[ip_network("203.0.113.0/24")], wait_seconds=0.2)
    with pytest.raises(FetchError, match=r"does not answer|refuses"):
        fetcher.get(f"http://rebinding.example:{port}/")
    with pytest.raises(FetchError, match="not on the public internet"):
        fetcher.get(f"http://rebinding.example:{port}/")
    assert old.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "http://", "http://user:pw@x/", "nonsense"]
)
def test_only_addresses_of_the_web_are_asked(url: str) -> None:
    with pytest.raises(FetchError, match="no address of the web"):
        GuardedFetcher().get(url)


def test_a_bomb_is_left_alone(old: OldServer) -> None:
    bomb = gzip.compress(b"\0" * 3_000_000)
    old.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    with pytest.raises(FetchError, match="larger than"):
        GuardedFetcher(allowed=HOME, most_bytes=1_000_000).get(old.url + "/bomb")


def test_unknown_and_closed_hosts_are_said_in_words() -> None:
    fetcher = GuardedFetcher(allowed=HOME, wait_seconds=2)
    with pytest.raises(FetchError, match="host name is not known"):
        fetcher.get("http://nobody.invalid/")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="refuses the connection"):
        fetcher.get(f"http://127.0.0.1:{port}/")


def test_a_site_is_read_once_and_kept(old: OldServer, crawl: Callable[..., Crawl]) -> None:
    old.page(
        "/", "/news/", "b.html", "/b.html#part", "http://elsewhere.example/", "x.pdf", "/moved"
    )
    old.page("/news/", "/", "/news/1.html", "/missing")
    old.page("/news/1.html")
    old.page("/b.html")
    old.pages["/moved"] = (302, {"Location": "/late.html"}, b"")
    old.page("/late.html")

    counts = crawl().run()

    assert counts == {CrawlOutcome.KEPT: 5, CrawlOutcome.REDIRECT: 1, CrawlOutcome.FAILED: 1}
    assert sorted(old.asked) == sorted(set(old.asked)), "nothing is asked for twice"
    folder = crawl().folder
    kept = {entry.url: entry for entry in read_manifest(folder) if entry.file}
    assert (folder / kept[f"{old.url}/news/1.html"].file).read_bytes() == old.pages["/news/1.html"][
        2
    ]


def test_a_redirect_into_the_servers_network_leads_nowhere(
    old: OldServer, crawl: Callable[..., Crawl]
) -> None:
    old.pages["/"] = (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b"")
    assert crawl().run() == {CrawlOutcome.REDIRECT: 1}
    assert old.asked == ["/robots.txt", "/"]


def test_robots_are_kept_to(old: OldServer, crawl: Callable[..., Crawl]) -> None:
    rules = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n"
    old.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, rules)
    old.page("/", "/private/1.html", "/open.html")
    old.page("/open.html")
    slept: list[float] = []
    running = crawl()
    running.sleep = slept.append
    assert running.run() == {CrawlOutcome.KEPT: 2, CrawlOutcome.FORBIDDEN: 1}
    assert slept[1:] == [7.0, 7.0]
    assert "/private/1.html" not in old.asked


def test_a_killed_crawl_goes_on_where_it_stopped(
    old: OldServer, crawl: Callable[..., Crawl]
) -> None:
    old.page("/", *(f"/{n}.html" for n in range(9)))
    for n in range(9):
        old.page(f"/{n}.html", f"/{n}-deep.html")
        old.page(f"/{n}-deep.html")

    class Killed(BaseException):
        pass

    def killed(done: int, _total: int) -> None:
        if done == 5:
            raise Killed

    with pytest.raises(Killed):
        crawl(progress=killed).run()
    folder = crawl().folder
    with (folder / MANIFEST).open("a") as manifest:
        manifest.write('{"url": "half a li')
    first = len(old.asked)
    assert crawl().run() == {CrawlOutcome.KEPT: 19}
    assert len(old.asked) == first + 14 + 1  # robots.txt once more
    urls = [json.loads(line)["url"] for line in (folder / MANIFEST).read_text().splitlines()]
    assert len(urls) == len(set(urls)) == 19


def test_limits_stop_in_words_and_keep_what_was_read(
    old: OldServer, crawl: Callable[..., Crawl]
) -> None:
    old.page("/", "/1.html", "/2.html")
    old.page("/1.html")
    old.page("/2.html")
    with pytest.raises(SourceError, match="--most-pages"):
        crawl(most_pages=2).run()
    assert crawl().run()[CrawlOutcome.KEPT] == 3


def test_an_overloaded_site_is_given_time(old: OldServer, crawl: Callable[..., Crawl]) -> None:
    old.page("/", "/busy.html")
    old.pages["/busy.html"] = (503, {"Retry-After": "9"}, b"")
    slept: list[float] = []
    running = crawl()
    running.sleep = slept.append
    with pytest.raises(SourceError, match="overloaded"):
        running.run()
    assert slept.count(9.0) == 2
    old.page("/busy.html")
    assert crawl().run()[CrawlOutcome.KEPT] == 2


def test_a_folder_of_another_site_is_refused(old: OldServer, crawl: Callable[..., Crawl]) -> None:
    old.page("/")
    crawl().run()
    other = crawl()
    other.start = "http://other.example/"
    with pytest.raises(SourceError, match="holds the site"):
        other.run()


def test_a_crawled_site_is_imported_and_its_addresses_lead_to_the_pages(
    old: OldServer, tmp_path: Path, town: Any, settings: Any
) -> None:
    text = "示例县人民政府关于公布示例项目名单的通知，各乡镇人民政府、县级各部门请遵照执行。" * 3
    old.page("/", "/tzgg/", "/tzgg/201403/1.html?from=home", "/新闻/2.html")
    old.page("/tzgg/", "201403/1.html")
    for path in (
        "/tzgg/201403/1.html",
        "/tzgg/201403/1.html?from=home",
        "/%E6%96%B0%E9%97%BB/2.html",
    ):
        html = f"<title>{path}号文件</title><div><p>{text}</p><a href='/tzgg/'>通知公告</a></div>"
        old.pages[path] = (200, {"Content-Type": "text/html; charset=gb2312"}, html.encode("gbk"))
    settings.IMPORT_NETWORKS = HOME
    folder = tmp_path / "copy"
    call_command("crawl_site", old.url, str(folder), pause=0, stdout=StringIO())

    def merge() -> dict[str, Any]:
        printed = StringIO()
        call_command("import_site", str(folder), tenant="town", json=True, stdout=printed)
        report: dict[str, Any] = json.loads(printed.getvalue())
        return report

    assert merge()["counts"]["articles"] == {
        "imported": 0,
        "repaired": 3,  # no time of publishing
        "skipped": 2,  # home and list
        "lost": 0,
    }
    visitor = Client(headers={"host": "town.localhost"})
    for path in (
        "/tzgg/201403/1.html",
        "/%E6%96%B0%E9%97%BB/2.html",
        "/tzgg/201403/1.html?from=home",
    ):
        answer = visitor.get(path, follow=True)
        assert answer.status_code == 200, path
        assert answer.redirect_chain, path
        assert text in answer.text
    assert merge()["written"] == {}
