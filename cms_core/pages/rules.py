"""Pure rules of pages: what leads out of government, what a video and its captions must be."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

#: Domains of government bodies: .gov.cn, and .政务 with its form for machines
#: (国办发〔2017〕47号 三(三): names of government websites end in .gov.cn; .政务 is CONAC's).
_GOVERNMENT_DOMAINS = ("gov.cn", "政务", "xn--zfr164b")
_VIDEO_PATH = re.compile(r"/(?!/)[^\s?#\\]*\.(?:mp4|webm)", re.IGNORECASE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_government_target(url: str) -> bool:
    """Whether ``url`` is a website of government, by its name."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    return any(host == name or host.endswith(f".{name}") for name in _GOVERNMENT_DOMAINS)


def video_path_problem(path: str) -> object | None:
    """What is wrong with the address of a video on this site, for the editor; ``None``: nothing."""
    if _VIDEO_PATH.fullmatch(path) and "/../" not in path:
        return None
    return _(
        "Give the address on this site, beginning with / and ending in .mp4 or .webm. Videos of other "
        "sites cannot be shown: visitors' browsers ask nobody but this site."
    )


def is_webvtt(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is WebVTT (W3C WebVTT, 4.1)."""
    line = head.removeprefix(_BYTE_ORDER_MARK).split(b"\n", 1)[0].rstrip(b"\r")
    return line == b"WEBVTT" or line.startswith((b"WEBVTT ", b"WEBVTT\t"))


def keywords_of(text: str) -> tuple[str, ...]:
    """The keywords of a field, parted by any of the usual signs, each once, in order."""
    return tuple(dict.fromkeys(word for word in re.split(r"[;；,，、\s]+", text) if word))
