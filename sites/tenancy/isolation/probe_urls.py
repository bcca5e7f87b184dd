"""Addresses that exist only while the probe looks at streams and async views."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from swapper import load_model


def _titles() -> list[str]:
    page_model = load_model("wagtailcore", "Page")
    return list(page_model._base_manager.order_by("pk").values_list("title", flat=True))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """The titles of all visible pages, asked for while they are sent."""

    def parts() -> Iterator[str]:
        yield "pages:"
        for title in _titles():
            yield f"{title}\n"

    return StreamingHttpResponse(parts(), content_type="text/plain")


async def together(request: HttpRequest) -> HttpResponse:
    """The titles of all visible pages, after giving way to others."""
    await asyncio.sleep(0.02)
    before = await sync_to_async(_titles)()
    await asyncio.sleep(0.02)
    after = [title async for title in _titles_async()]
    return HttpResponse("\n".join([*before, *after]), content_type="text/plain")


async def _titles_async() -> AsyncIterator[str]:
    page_model = load_model("wagtailcore", "Page")
    async for title in page_model._base_manager.order_by("pk").values_list("title", flat=True):
        yield title


async def async_stream(request: HttpRequest) -> StreamingHttpResponse:
    """The same, streamed."""
    return StreamingHttpResponse(_titles_async(), content_type="text/plain")


urlpatterns = [
    path("stream/", stream),
    path("async/", together),
    path("async-stream/", async_stream),
]
