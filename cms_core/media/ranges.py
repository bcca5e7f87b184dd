"""Parts of a file (RFC 9110, 14): a player asks for the piece of a video that it is about to show.

Without them a reader cannot move within a video, and some browsers do not play it at all.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_ONE_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})")
_CHUNK = 64 * 1024


class RangeNotThere(ValueError):
    """The asked part begins behind the end of the file."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one part that ``header`` asks of a file of ``size`` bytes.

    ``None``: the whole file is the answer, as it is to several parts at once, which no player needs.

    >>> part_of("bytes=10-", 100), part_of("bytes=-5", 100), part_of("bytes=0-1,5-6", 100)
    ((10, 99), (95, 99), None)

    :raises RangeNotThere: nothing of the part is in the file.
    """
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["first"]:
        length = min(int(match["last"]), size)
        if not length:
            raise RangeNotThere(header)
        return size - length, size - 1
    first = int(match["first"])
    last = min(int(match["last"]), size - 1) if match["last"] else size - 1
    if match["last"] and int(match["last"]) < first:
        return None  # no range at all, says the standard
    if first >= size:
        raise RangeNotThere(header)
    return first, last


def with_parts(request: HttpRequest, response: FileResponse) -> HttpResponseBase:
    """``response`` as it is, or the part of it that ``request`` asks for."""
    size = response.headers.get("Content-Length")
    file: Any = response.file_to_stream
    if response.status_code != 200 or size is None or file is None or not file.seekable():
        return response
    response["Accept-Ranges"] = "bytes"
    asked = request.headers.get("Range")
    if request.method != "GET" or asked is None or not _is_still(request, response):
        return response
    try:
        part = part_of(asked, int(size))
    except RangeNotThere:
        response.close()
        refusal = HttpResponse(status=416)
        refusal["Content-Range"] = f"bytes */{size}"
        return refusal
    if part is None:
        return response
    first, last = part
    response.status_code = 206
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    response.streaming_content = _bytes_of(file, first, last)
    return response


def _is_still(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the reader's earlier parts are of the same file."""
    known = request.headers.get("If-Range")
    return known is None or known in (
        response.headers.get("ETag"),
        response.headers.get("Last-Modified"),
    )


def _bytes_of(file: Any, first: int, last: int) -> Iterator[bytes]:
    file.seek(first)
    left = last - first + 1
    while left and (chunk := file.read(min(_CHUNK, left))):
        left -= len(chunk)
        yield chunk
