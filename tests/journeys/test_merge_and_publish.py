"""The main job: an old site is merged, browsed on its host and as a channel, edited and published."""

import json
import re
import time
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import City, old_site
from tests.journeys.small_city import EDITOR, PASSWORD

# django_db: the city is a copy of the migrated test database.
pytestmark = [pytest.mark.chromium, pytest.mark.django_db]

#: Seconds from the end of publishing until every place shows it.
SHOWN_WITHIN_SECONDS = 2.0
BEYOND_THE_EDGE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def merged(city: City) -> dict:
    """The report of the import."""
    dump = old_site().write(city.folder)
    printed = city.manage("import_site", str(dump), "--tenant", "bureau", "--json")
    return json.loads(printed.strip().splitlines()[-1])


@pytest.fixture
def page(chromium, city: City):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


def article_path(city: City) -> str:
    """Path of the first imported article, found as a visitor finds it."""
    section = city.link("bureau.localhost", "/wzdt/", "旧站动态")
    return city.link("bureau.localhost", section, "第一篇稿件")


def test_the_import_accounts_for_every_row(merged: dict) -> None:
    assert merged["ok"] is True
    counts = merged["counts"]
    assert sum(counts["articles"].values()) == 3
    assert counts["articles"]["lost"] == 0
    assert sum(counts["columns"].values()) >= 3


def test_a_second_import_changes_nothing(city: City, merged: dict) -> None:
    again = json.loads(
        city.manage(
            "import_site", str(city.folder / "old_site.sql"), "--tenant", "bureau", "--json"
        )
        .strip()
        .splitlines()[-1]
    )
    assert again["written"] == {}


def test_the_article_is_clean_on_host_and_channel_and_nowhere_else(
    city: City, merged: dict
) -> None:
    path = article_path(city)
    for host, where in (("bureau.localhost", path), ("localhost", f"/bm/jsj{path}")):
        status, body = city.get(host, where)
        assert status == 200
        assert "第一段" in body
        assert "<td>项目</td>" in body
        assert "alert(1)" not in body
        assert "onclick" not in body
        assert "style=" not in body
    assert city.get("localhost", path)[0] == 404  # the portal has no such page
    assert city.get("unknown.localhost", path)[0] == 404


@dataclass(frozen=True)
class Change:
    """What became of an editor's change. ``unseen``: places that did not show it in time."""

    path: str
    unseen: list[tuple[str, str]]
    problems: list[str]


@pytest.fixture(scope="module")
def changed(chromium, city: City, merged: dict) -> Change:
    """An editor corrects the first article. Each worker of a test run has a city, and a change, of its own."""
    path = article_path(city)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"http://admin.localhost:{city.port}/")
    page.fill("input[name=username]", EDITOR)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/t/bureau/**")
    page.goto(f"http://admin.localhost:{city.port}/t/bureau/pages/search/?q=第一篇稿件")
    edit = re.search(r'href="(/t/bureau/pages/\d+/edit/)"', page.content())
    assert edit is not None, "the search of the administration finds Chinese words inside a title"
    page.goto(f"http://admin.localhost:{city.port}{edit[1]}")
    page.wait_for_selector("[name=title]")
    page.fill("[name=title]", "（示例）改过的标题")
    page.evaluate("document.querySelector('[name=action-publish]').click()")
    # The old site named no source: the checks hold the text back until somebody does.
    page.click("a:has-text('去改正')")
    page.wait_for_selector("[name=source_name]:focus")
    page.fill("[name=source_name]", "（示例）示例市建设局")
    page.evaluate("document.querySelector('[name=action-publish]').click()")
    page.wait_for_selector(".messages .success")
    published = time.monotonic()
    places = [("bureau.localhost", path), ("localhost", f"/bm/jsj{path}"), ("localhost", "/")]
    unseen = list(places)
    while unseen and time.monotonic() - published < SHOWN_WITHIN_SECONDS:
        unseen = [place for place in unseen if "改过的标题" not in city.get(*place)[1]]
    context.close()
    return Change(path, unseen, problems)


def test_an_editor_changes_it_and_everybody_sees_it_at_once(city: City, changed: Change) -> None:
    assert changed.unseen == []
    assert changed.problems == []
    city.manage("seal_audit")  # no scheduler runs in this test
    city.manage("verify_audit", "--json")  # fails unless the trail holds


def test_a_later_import_leaves_the_editors_change(city: City, changed: Change) -> None:
    city.manage("import_site", str(city.folder / "old_site.sql"), "--tenant", "bureau")
    assert "改过的标题" in city.get("bureau.localhost", changed.path)[1]


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_public_pages_are_accessible_and_fit(page, city: City, changed: Change, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    home = f"http://bureau.localhost:{city.port}"
    for path in ("/", "/wzdt/", changed.path, "/nowhere/"):
        page.goto(home + path)
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
        assert page.evaluate(BEYOND_THE_EDGE) is False, path
    assert page.problems == []


def test_pages_carry_their_labels_and_a_strict_policy(page, city: City, changed: Change) -> None:
    response = page.goto(f"http://bureau.localhost:{city.port}{changed.path}")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    labels = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('meta[name]')].map(m => [m.name, m.content]))"
    )
    assert labels["SiteName"] == "示例市建设局"
    assert labels["SiteDomain"] == "bureau.localhost"
    assert labels["ColumnName"] == "旧站动态"
    assert labels["ArticleTitle"] == "（示例）改过的标题"
    assert len(labels["PubDate"]) == len("2026-11-27 22:00")
