"""Whatever a visitor or a site administrator sends, no screen answers with a server error."""

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import lxml.html
import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.test import Client

from cms_core.pages.services import create_article
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.sites.accounts.people import house, member, signed_in

PUBLIC = (
    "/", "/news/", "/news/a1/", "/news/index_2.html", "/rss.xml", "/news/atom.xml", "/sitemap.xml", "/wzdt/",
    "/sitemap-2.xml", "/modes/", "/modes.css", "/look.css", "/site-logo", "/emergency/", "/zhanqun/",
    "/guanyu/", "/robots.txt", "/api/v2/pages/", "/api/v2/pages/find/", "/api/v2/images/find/",
    "/documents/1/x.txt", "/media/x.png",
)  # fmt: skip
#: Below the site's administration; {article} and {section} are pages of it.
SCREENS = (
    "", "desk/write/", "desk/figures/", "review/", "review/urgent/", "review/export/", "review/policy/",
    "look/", "look/notices/", "site_notices/", "checks/", "checks/terms/", "checks/leaders/", "checks/leaders/new/",
    "office-import/", "planned/", "withdrawals/", "recycle-bin/", "reports/missing-labels/", "people/",
    "pages/{section}/", "pages/{article}/edit/", "pages/{article}/unpublish/", "pages/{article}/delete/",
    "pages/{article}/history/", "pages/add/cms_core_pages/articlepage/{section}/", "pages/search/",
    "pages/search/results/", "bulk/cms_core_pages/basepage/publish/", "bulk/cms_core_pages/basepage/move/",
    "bulk/cms_core_pages/basepage/unpublish/", "bulk/cms_core_pages/basepage/delete/", "images/", "images/add/",
    "documents/", "choose-page/", "choose-page/search/", "images/chooser/", "documents/chooser/",
    "redirects/", "redirects/add/", "reports/site-history/", "reports/locked/",
)  # fmt: skip
NAMES = (
    "q", "p", "page", "kind", "section", "ordering", "start", "end", "period", "file", "all", "mine", "next",
    "toggle", "width", "id", "childOf", "child_of", "fields", "search", "order", "type", "limit", "offset",
    "locale", "html_path", "parent", "page_type", "unit", "person", "by", "created_at_from", "owner", "status",
    "tag", "collection_id", "latest_revision_created_at_from", "content_type", "action", "user", "timestamp_from",
)  # fmt: skip
VALUES = (
    b"", b"0", b"-1", b"1", b"9" * 25, b"1e309", b"NaN", "²".encode(), "٣".encode(), b"\x00", b"a\x00b", b"%00",
    b"\xff\xfe\xfd", b"\xed\xa0\x80", "\u202eabc".encode(), "\u200b".encode(), b"'", b'"><script>', b"../../x",
    b"all", b"[]", b"{}", b"[" * 3000, b"null", b"0001-01-01", b"9999-12-31", b"2026-02-30", b"2026-13",
    b"2026-11-28T25:00", b"1;2", b"a" * 10_000, b"*", b"descendants", b"-title", b"random", b"//host", b"\r\nX: y",
    b"&a=b", b"%", b"_", b"\\", b"(", b"1,2,x", b"true", b"xlsx", b"csv", b"\x1b[0m", "预算".encode(),
)  # fmt: skip


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Attack:
    """Sends what a seed says; keeps each server error with its address and reason."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.failures: list[str] = []
        self.reason: Any = None
        got_request_exception.connect(self._note)

    def _note(self, sender: Any, **kwargs: Any) -> None:
        import traceback

        self.reason = "".join(traceback.format_exc().splitlines(keepends=True)[-5:])

    def value(self) -> bytes:
        if self.dice.random() < 0.7:
            return self.dice.choice(VALUES)
        return self.dice.randbytes(self.dice.randint(0, 40))

    def query(self, names: Any = NAMES) -> str:
        chosen = [self.dice.choice(names) for _ in range(self.dice.randint(1, 5))]
        return "&".join(f"{name}={quote_from_bytes(self.value())}" for name in chosen)

    def send(self, client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
        client.raise_request_exception = False
        answer = client.get(path) if data is None else client.post(path, data)
        if answer.status_code >= 500:
            self.failures.append(f"{path[:300]} {str(data)[:600]}\n{self.reason}")
        return answer

    def fill(self, client: Client, path: str) -> None:
        """Each form of the screen, with half of its fields falsified."""
        answer = self.send(client, path)
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            return
        for form in lxml.html.fromstring(answer.content).forms:
            action = urlsplit(form.action or path)
            if (form.method or "GET").upper() != "POST" or "sign-out" in action.path:
                continue
            sent = {name: value or "" for name, value in form.form_values()}
            for name in [*form.inputs.keys(), "action"]:
                if name and self.dice.random() < 0.5:
                    sent[name] = self.value().decode("utf-8", "surrogateescape")
            sent = {name: text.encode("utf-8", "replace").decode() for name, text in sent.items()}
            self.send(client, action.path + (f"?{action.query}" if action.query else ""), sent)


def attack(times: int, seed: int) -> list[str]:
    here = house("alpha")
    client = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    visitor = Client(headers={"host": here.host})
    with tenant_scope(here.tenant):
        article = create_article(actor=None, parent=here.section, row=article_row(0))
    places = {"article": article.pk, "section": here.section.pk}
    screens = [f"/t/alpha/{screen.format(**places)}" for screen in SCREENS]
    attacker = Attack(seed)
    for _ in range(times):
        attacker.send(visitor, f"{attacker.dice.choice(PUBLIC)}?{attacker.query()}")
        attacker.send(visitor, f"/{quote_from_bytes(attacker.value())}/")
        screen = attacker.dice.choice(screens)
        attacker.send(client, f"{screen}?{attacker.query()}")
        if attacker.dice.random() < 0.4:
            attacker.fill(client, screen)
    return attacker.failures


def test_no_input_is_a_server_error(db):
    assert attack(10, seed=1) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_no_input_of_many_is_a_server_error(db, seed):
    assert attack(200, seed=seed) == []
