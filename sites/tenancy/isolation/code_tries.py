"""Ways around the views: code without a scope, threads, streams, async views, caches, raw statements."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from threading import Thread
from typing import Any

from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import connections
from django.db.models import Count, QuerySet
from django.test import AsyncClient, Client, override_settings
from swapper import load_model
from wagtail.models import Collection, Site

from sites.registry.isolation import Laboratory, Resident
from sites.tenancy.exceptions import CrossTenantWrite, TenantScopeMissing
from sites.tenancy.scope import current_scope, in_scope_of, require_scope, without_scope

from .digest import watched_models

_URLS = "sites.tenancy.isolation.probe_urls"


def check_code_without_scope(laboratory: Laboratory) -> None:
    """Every watched table, by every kind of statement, while no scope is open."""
    surface = "code without scope"
    with without_scope():
        for model in watched_models():
            name = model._meta.label
            manager = model._base_manager
            for what, action in (
                ("read", lambda m=manager: list(m.all()[:1])),
                ("counted", lambda m=manager: m.count()),
                ("looked up", lambda m=manager: m.filter(pk__isnull=False).exists()),
                ("aggregated", lambda m=manager: m.aggregate(Count("pk"))),
                ("deleted", lambda m=manager: m.all()._raw_delete(m.db)),
            ):
                refused = _raises(action, TenantScopeMissing)
                laboratory.expect(surface, refused, f"{name} was {what} without a scope")
    page_model = load_model("wagtailcore", "Page")
    with laboratory.inside(laboratory.own):
        for model in (page_model, Collection):
            raw = model._base_manager.raw(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - a name of ours
            refused = _raises(partial(list, raw), TenantScopeMissing)
            laboratory.expect(
                surface, refused, f"a raw query of {model._meta.label} was let through"
            )


def _raises(action: Callable[[], Any], expected: type[Exception]) -> bool:
    try:
        action()
    except expected:
        return True
    return False


def check_other_keys(laboratory: Laboratory) -> None:
    """Every watched row of the other tenant, by its key: read, counted, updated, deleted."""
    surface = "rows by their key"
    holdings = laboratory.holdings  # type: ignore[attr-defined]
    with laboratory.inside(laboratory.own, "site_administrator"):
        for model in watched_models():
            keys = sorted(holdings.keys.get(model, ()), key=str)[:50]
            if not keys:
                continue
            name = model._meta.label
            rows = model._base_manager.filter(pk__in=keys)
            if model._meta.label_lower in _PUBLIC:
                continue
            laboratory.expect(surface, not rows.exists(), f"{name} is read by its key")
            laboratory.expect(surface, not list(rows.values()), f"{name} is listed by its key")
            laboratory.expect_refusal(surface, partial(_delete, rows, name), f"{name} was deleted")


#: Read by everybody by design, and looked at by their app's own check.
_PUBLIC = frozenset({"cms_core_resources.publishedresource"})


def _delete(rows: QuerySet[Any], name: str) -> None:
    """:raises CrossTenantWrite: no row was there to be deleted."""
    number, _by_model = rows.delete()
    if not number:
        raise CrossTenantWrite(f"{name}: nothing there")


def check_threads(laboratory: Laboratory) -> None:
    """A new thread has no scope, and one that opens its own sees its own."""
    surface = "threads"
    own, other = laboratory.own, laboratory.other
    page_model = load_model("wagtailcore", "Page")

    def bare() -> Any:
        return _raises(lambda: list(page_model._base_manager.all()[:1]), TenantScopeMissing)

    def scoped() -> Any:
        with laboratory.inside(own, "editor"):
            return list(page_model._base_manager.values("title", "slug"))

    with laboratory.inside(other, "editor"):
        laboratory.expect(
            surface, _in_thread(bare) is True, "a new thread read pages without a scope"
        )
        seen = _in_thread(scoped)
        laboratory.expect_clean(
            surface, seen, "a thread in the own scope, started from the other's"
        )
        laboratory.expect(
            surface, own.word in str(seen), "a thread in the own scope sees no own page"
        )
    laboratory.expect(surface, current_scope() is None, "a thread's scope stayed open")


def _in_thread(action: Callable[[], Any]) -> Any:
    """Run in a new thread on this thread's connection, so that it sees what is not committed."""
    shared = connections["default"]
    results: list[Any] = []

    def run() -> None:
        connections["default"] = shared
        results.append(action())

    shared.inc_thread_sharing()
    try:
        thread = Thread(target=run)
        thread.start()
        thread.join()
    finally:
        shared.dec_thread_sharing()
    return results[0] if results else None


def check_streams(laboratory: Laboratory) -> None:
    """A streamed body is drawn in its request's scope, and leaves none open between its parts."""
    surface = "streaming"
    own, other = laboratory.own, laboratory.other
    with override_settings(ROOT_URLCONF=_URLS):
        for resident, stranger in ((own, other), (other, own)):
            parts = []
            for part in _stream_of(resident):
                parts.append(part.decode())
                laboratory.expect(surface, current_scope() is None, "a stream left its scope open")
            text = "".join(parts)
            laboratory.expect(surface, stranger.word not in text, "a stream shows another tenant")
            laboratory.expect(surface, resident.word in text, "a stream shows nothing of its own")
        _interleave(laboratory, surface)
    with laboratory.inside(other):
        scope = require_scope()
    chunks = in_scope_of(scope, iter(lambda: current_scope() is scope, None))
    laboratory.expect(surface, next(chunks), "a stream lost its scope")
    laboratory.expect(surface, current_scope() is None, "a stream's scope reached its reader")
    chunks.close()  # type: ignore[attr-defined]


def _stream_of(resident: Resident) -> Iterator[bytes]:
    response: Any = Client().get("/stream/", headers={"Host": resident.host})
    parts: Iterator[bytes] = iter(response.streaming_content)
    return parts


def _interleave(laboratory: Laboratory, surface: str) -> None:
    """Two streams of two tenants, read in turns on one thread."""
    own, other = laboratory.own, laboratory.other
    streams = {resident.word: _stream_of(resident) for resident in (own, other)}
    texts = dict.fromkeys(streams, "")
    waiting = dict(streams)
    while waiting:
        for word, stream in list(waiting.items()):
            part = next(stream, None)
            if part is None:
                del waiting[word]
            else:
                texts[word] += part.decode()
    laboratory.expect(surface, other.word not in texts[own.word], "streams in turns got mixed")
    laboratory.expect(surface, own.word not in texts[other.word], "streams in turns got mixed")


def check_async_views(laboratory: Laboratory) -> None:
    """Async views of both tenants that wait for each other, and an async stream."""
    surface = "async views"
    own, other = laboratory.own, laboratory.other
    hosts = [own.host, other.host] * 3
    with override_settings(ROOT_URLCONF=_URLS):
        texts = async_to_sync(_ask_together)(hosts, "/async/")
        streamed = async_to_sync(_ask_together)(hosts[:2], "/async-stream/")
    for host, text in zip(hosts + hosts[:2], texts + streamed, strict=True):
        mine, theirs = (own, other) if host == own.host else (other, own)
        laboratory.expect(surface, theirs.word not in text, "an async view shows another tenant")
        laboratory.expect(
            surface, mine.word in text, f"an async view shows nothing of its own: {text[:80]}"
        )
    laboratory.expect(surface, current_scope() is None, "an async view left its scope open")


async def _ask_together(hosts: list[str], path: str) -> list[str]:
    return list(await asyncio.gather(*(_ask(host, path) for host in hosts)))


class _HostClient(AsyncClient):
    """An async client that asks one host; Django's names its own first."""

    host = ""

    async def request(self, **request: Any) -> Any:
        others = [(name, value) for name, value in request["headers"] if name != b"host"]
        request["headers"] = [(b"host", self.host.encode()), *others]
        return await super().request(**request)


async def _ask(host: str, path: str) -> str:
    client = _HostClient()
    client.host = host
    response: Any = await client.get(path)
    if not response.streaming:
        return str(response.content.decode())
    parts = [part async for part in response.streaming_content]
    return b"".join(parts).decode()


def check_cache_keys(laboratory: Laboratory) -> None:
    """What one scope puts into the cache, no other scope finds; root paths are those of the own site."""
    surface = "cache keys"
    own, other = laboratory.own, laboratory.other
    with laboratory.inside(other):
        cache.set("probe", other.word)
        cache.get_or_set("probe-many", other.word)
        paths = Site.get_site_root_paths()
        laboratory.expect(surface, len(paths) == 1, "a site's root paths are not one")
    with laboratory.inside(own):
        for name in ("probe", "probe-many"):
            laboratory.expect(surface, cache.get(name) is None, "a cache entry of another tenant")
            laboratory.expect(
                surface, not cache.get_many([name]), "a cache entry of another tenant"
            )
        cache.delete("probe")
        paths = Site.get_site_root_paths()
        roots = {path.site_id for path in paths}
        laboratory.expect(surface, roots == {own.tenant.site_id}, f"root paths of sites {roots}")
    laboratory.expect(surface, cache.get("probe") is None, "a cache entry without a scope")
    with laboratory.inside(other):
        laboratory.expect(
            surface, cache.get("probe") == other.word, "another tenant emptied the cache"
        )


CHECKS: dict[str, Callable[[Laboratory], None]] = {
    "code without scope": check_code_without_scope,
    "rows by their key": check_other_keys,
    "threads": check_threads,
    "streaming": check_streams,
    "async views": check_async_views,
    "cache keys": check_cache_keys,
}
