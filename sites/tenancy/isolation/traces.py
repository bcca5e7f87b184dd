"""Reading answers: does a response give away what belongs to the other tenant?"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from PIL import Image, UnidentifiedImageError

from sites.registry.isolation import Resident

#: Colour of every picture of a tenant, (red, green, blue): by it a copy of any size is known.
OWN_COLOUR = (20, 140, 60)
OTHER_COLOUR = (215, 25, 135)
_NEAR = 24


@dataclass
class Received:
    """An answered request, as text.

    ``text``: headers, cookies and body, lower case; spreadsheets unpacked. ``body``: the page as it
    came. ``is_stock_error``: it failed in another package's view. ``colour``: mean colour
    where the body is a picture. ``location``: where a redirect leads.
    """

    status: int
    text: str
    body: str = ""
    location: str = ""
    content_type: str = ""
    colour: tuple[int, int, int] | None = None
    error: str = ""
    is_stock_error: bool = False
    written: frozenset[str] = field(default_factory=frozenset)


def receive(response: Any) -> Received:
    """Read ``response`` to its end."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    content_type = response.headers.get("Content-Type", "")
    colour = None
    if content_type.startswith("image/") and "svg" not in content_type:
        colour = mean_colour(body)
        text = ""
    elif body[:2] == b"PK":
        text = _unpacked(body)
    else:
        text = body.decode("utf-8", errors="replace")
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return Received(
        status=response.status_code,
        body=text,
        text=f"{headers}\n{response.cookies.output()}\n{text}".lower(),
        location=response.headers.get("Location", ""),
        content_type=content_type,
        colour=colour,
    )


def _unpacked(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    except zipfile.BadZipFile:
        parts = [body]
    return "\n".join(part.decode("utf-8", errors="replace") for part in parts)


def mean_colour(body: bytes) -> tuple[int, int, int] | None:
    """Mean colour of a picture, ``None`` where it is none."""
    try:
        with Image.open(io.BytesIO(body)) as picture:
            pixel = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
    except (UnidentifiedImageError, OSError):
        return None
    return (pixel[0], pixel[1], pixel[2]) if isinstance(pixel, tuple) else None


def is_near(colour: tuple[int, int, int] | None, wanted: tuple[int, int, int]) -> bool:
    return colour is not None and all(
        abs(a - b) <= _NEAR for a, b in zip(colour, wanted, strict=True)
    )


def without_echo(text: str, asked: str) -> str:
    """``text`` without what the request itself said: a search page repeats its question."""
    said = {part for part in re.split(r"[\s?&=/]+", unquote(asked)) if len(part) > 8}
    for part in sorted(said, key=len, reverse=True):
        for form in {part, quote(part)}:
            text = text.replace(form.lower(), "")
    return text


def trace_of(
    received: Received, other: Resident, *, asked: str, public_too: bool, at_home: bool = False
) -> str:
    """What ``received`` gives away of ``other``, in a few words; empty where it is clean.

    ``asked``: path and query of the request. ``public_too``: at this place even what is public by
    design has no business (the administration of another tenant). ``at_home``: the other tenant's own
    host answered, whose pictures are its visitors' to see.
    """
    text = received.text
    words = [("private", other.word)] + ([("public", other.public_word)] if public_too else [])
    if any(word in text for _kind, word in words):
        text = without_echo(text, asked)
    for kind, word in words:
        place = text.find(word)
        if place >= 0:
            around = re.sub(r"\s+", " ", text[max(0, place - 60) : place + 40])
            return f"{kind} text: …{around}…"
    if not at_home and is_near(received.colour, OTHER_COLOUR):
        return "a picture"
    return ""
