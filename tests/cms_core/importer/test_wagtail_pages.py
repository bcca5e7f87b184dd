"""Another Wagtail site is copied over its own API, which runs here, and imported."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cms_core.importer.crawling.fetcher import GuardedFetcher
from cms_core.importer.crawling.wagtail_api import COPY, WagtailCopy, files_in, read_copy
from cms_core.importer.exceptions import SourceError
from cms_core.importer.sources import open_source
from tests.cms_core.importer.test_crawling import HOME, OldServer

API = "/api/v2/"
TEXT = "示例县人民政府关于公布示例项目名单的通知，请各单位遵照执行。"


def page(number: int, parent: int | None, title: str, path: str, **fields: Any) -> dict[str, Any]:
    """As ``/api/v2/pages/ID/`` of Wagtail 6 to 8 answers."""
    return {
        "id": number,
        "meta": {
            "type": "home.StandardPage",
            "detail_url": f"http://old/api/v2/pages/{number}/",
            "html_url": f"https://old.example.cn{path}",
            "slug": path.strip("/").rpartition("/")[2],
            "show_in_menus": True,
            "seo_title": "",
            "search_description": "",
            "first_published_at": "2021-03-04T01:30:00Z",
            "alias_of": None,
            "parent": {"id": parent, "meta": {}, "title": "x"} if parent else None,
        },
        "title": title,
        **fields,
    }


PAGES = [
    page(3, None, "示例县人民政府", "/"),
    page(4, 3, "新闻", "/news/"),
    page(5, 4, "一条新闻", "/news/one/", date="2020-02-03", intro=f"<p>{TEXT}</p>", body=[
        {"type": "heading", "value": "第一节", "id": "a"},
        {"type": "paragraph", "value": f'<p>{TEXT}<a linktype="page" id="6">章程</a>'
         '<a linktype="document" id="9">附件</a><embed embedtype="image" id="7" alt="图" format="left"/></p>',
         "id": "b"},
        {"type": "image", "value": 7, "id": "c"},
        {"type": "columns", "value": {"left": [{"type": "paragraph", "value": "左栏", "id": "e"}]}, "id": "d"},
    ]),
    page(6, 3, "章程", "/about/", body=f"<p>{TEXT}</p>", tags=["章程", "机构"]),
]  # fmt: skip


@pytest.fixture
def other() -> Any:
    server = OldServer()

    def answer(path: str, found: object) -> None:
        body = json.dumps(found).encode()
        server.pages[API + path] = (200, {"Content-Type": "application/json"}, body)

    for place in (0, 20):
        listed = [{"id": entry["id"], "meta": {}} for entry in PAGES][place:]
        answer(
            f"pages/?limit=20&offset={place}&order=id",
            {"meta": {"total_count": len(PAGES)}, "items": listed},
        )
    for entry in PAGES:
        answer(f"pages/{entry['id']}/", entry)
    picture = {"id": 7, "meta": {"download_url": "/media/images/seven.jpg"}, "title": "seven"}
    answer("images/7/", picture)
    yield server
    server.close()


@pytest.fixture
def copied(other: OldServer, tmp_path: Path) -> Path:
    copy(other, tmp_path / "copy")
    return tmp_path / "copy"


def copy(other: OldServer, folder: Path, start: str = API) -> int:
    fetcher = GuardedFetcher(allowed=HOME, wait_seconds=5)
    return WagtailCopy(other.url + start, folder, fetcher, sleep=lambda _seconds: None).run()


def test_pages_become_sections_and_articles(copied: Path) -> None:
    source = open_source(copied)
    [site] = source.sites()
    assert (site.code, site.name, site.articles) == ("old.example.cn", "示例县人民政府", 2)
    news, about = source.sections(site.code)
    assert (news.name, news.kind, news.old_urls) == ("新闻", "list", ("/news/",))
    assert (about.name, about.kind, about.parent_key) == ("章程", "single", "")
    one, charter = source.articles(site.code)
    assert (one.title, one.section_key, one.summary) == ("一条新闻", "4", TEXT)
    assert (one.published_at or one).isoformat() == "2020-02-03T00:00:00+08:00"
    assert (charter.published_at or charter).isoformat() == "2021-03-04T01:30:00+00:00"
    assert (charter.section_key, charter.keywords) == ("6", "章程,机构")
    body = one.body_html or ""
    assert body.index("<h2>第一节</h2>") < body.index(TEXT) < body.index("左栏")
    assert 'href="/about/"' in body
    assert 'href="/documents/9/"' in body
    assert body.count('src="/media/images/seven.jpg"') == 2
    assert [row.title for row in source.set_aside(site.code)] == ["示例县人民政府"]
    source.close()


def test_a_copy_goes_on_and_asks_for_nothing_twice(other: OldServer, copied: Path) -> None:
    lines = (copied / COPY).read_bytes().splitlines(keepends=True)
    (copied / COPY).write_bytes(b"".join(lines[:2]) + b'{"kind": "pages", "id": 5, "me')
    other.asked.clear()
    assert copy(other, copied) == 4
    assert f"{API}pages/3/" not in other.asked
    assert other.asked.count(f"{API}pages/5/") == 1
    numbers = [(kind, entry["id"]) for kind, entry in read_copy(copied)]
    assert len(numbers) == len(set(numbers)) == 5


@pytest.mark.parametrize(
    ("start", "message"),
    [("/nothing/", "status 404"), ("/robots.txt", "status 404"), ("/web/", "API")],
)
def test_another_address_is_refused_in_words(
    other: OldServer, tmp_path: Path, start: str, message: str
) -> None:
    other.pages["/web/pages/?limit=20&offset=0&order=id"] = (200, {}, b"<html></html>")
    with pytest.raises(SourceError, match=message):
        copy(other, tmp_path / "copy", start)


def test_the_folder_of_another_site_is_refused(other: OldServer, copied: Path) -> None:
    text = (copied / COPY).read_text().replace("127.0.0.1", "elsewhere.example")
    (copied / COPY).write_text(text)
    with pytest.raises(SourceError, match="holds the site"):
        copy(other, copied)


def test_a_damaged_line_is_named(copied: Path) -> None:
    lines = (copied / COPY).read_text().splitlines()
    (copied / COPY).write_text("\n".join([lines[0], "{broken", *lines[1:]]) + "\n")
    with pytest.raises(SourceError, match="Line 2"):
        open_source(copied)


def test_files_are_found_wherever_they_are_named() -> None:
    value = {"hero_image": 3, "date": 2020, "live": True, "body": [{"type": "file", "value": 4}]}
    assert list(files_in(value)) == [("images", 3), ("documents", 4)]


@pytest.mark.django_db
def test_the_copy_is_imported(other: OldServer, tmp_path: Path, town: Any, settings: Any) -> None:
    settings.IMPORT_NETWORKS = HOME
    folder = str(tmp_path / "copy")
    call_command("crawl_site", other.url + API, folder, wagtail=True, pause=0, stdout=StringIO())
    printed = StringIO()
    call_command("import_site", folder, tenant="town", json=True, stdout=printed)
    counts = json.loads(printed.getvalue())["counts"]
    assert sum(counts["articles"].values()) == 3
    assert counts["articles"]["lost"] == 0
    assert counts["redirects"]["imported"] == 3
    settings.IMPORT_NETWORKS = []
    with pytest.raises(CommandError, match="not on the public internet"):
        call_command(
            "crawl_site", other.url + API, str(tmp_path / "b"), wagtail=True, stdout=StringIO()
        )
