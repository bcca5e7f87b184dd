"""A web server for the sample pages, with the mode switch and the strict policy of the product."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse

from cms_core.media.ranges import with_parts
from tests.themes.pages import PAGES, render_sample
from themes.manifest import PORTAL, THEMES, mode_sources
from themes.modes import (
    MODES_COOKIE,
    cookie_value,
    modes_stylesheet,
    parse_modes,
    return_path,
    toggle_mode,
)

FOLDER = Path(__file__).with_name("data")
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:10.000\n第一步，准备材料\n\n00:10.000 --> 00:20.000\n第二步，到窗口\n"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "media-src 'self'; font-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270" width="960" height="540">
<path fill="#e7eff4" d="M0 0h480v270H0z"/><circle cx="392" cy="54" r="22" fill="#b45a4b"/>
<path fill="#17476b" opacity=".2" d="M0 150c60-40 110-70 170-44s70 30 120 6 90-62 190-40v198H0z"/>
<path fill="#17476b" opacity=".3" d="M0 190c80-30 150-30 230-6s170 16 250-14v100H0z"/>
<g fill="none" stroke="#17476b" stroke-width="3"><path d="M40 182h400M60 182v34M420 182v34M240 96v86
M150 182l90-86 90 86"/></g></svg>"""


class SampleSite:
    """WSGI application; ``mourning`` and ``emergency`` stand for the switches of the platform.

    ``/section/`` is a page in the look ``theme``, ``/township/section/`` one in another.
    """

    mourning = False
    emergency: tuple[str, ...] = ()

    def __init__(self, theme: str = PORTAL.code) -> None:
        self.theme = THEMES[theme]
        self.asked_parts: list[str] = []

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        modes = parse_modes(cookies[MODES_COOKIE].value if MODES_COOKIE in cookies else "")
        if path == "/modes/":
            query = parse_qs(environ["QUERY_STRING"])
            value = cookie_value(toggle_mode(modes, query["toggle"][0]))
            age = 3600 if value else 0
            start_response(
                "303 See Other",
                [
                    (
                        "Location",
                        return_path(query.get("next", [environ.get("HTTP_REFERER", "/")])[0]),
                    ),
                    ("Set-Cookie", f"{MODES_COOKIE}={value}; Path=/; SameSite=Lax; Max-Age={age}"),
                ],
            )
            return [b""]
        if path == "/media/v.webm":
            return self._video(environ, start_response)
        kind, body = self.answer(path, modes)
        start_response(
            "200 OK" if kind else "404 Not Found",
            [
                ("Content-Type", kind or "text/plain"),
                ("Content-Security-Policy", POLICY),
                ("Cache-Control", "no-store"),
            ],
        )
        return [body]

    def _video(self, environ, start_response):
        """The sample's video as the product answers it, whole or in parts."""
        request = WSGIRequest(environ)
        file = FileResponse((FOLDER / "captioned.webm").open("rb"), content_type="video/webm")
        response = with_parts(request, file)
        self.asked_parts.append(environ.get("HTTP_RANGE", ""))
        start_response(
            f"{response.status_code} {response.reason_phrase}",
            [(name, value) for name, value in response.items()],
        )
        return response

    def answer(self, path, modes) -> tuple[str, bytes]:
        """Return content type and body of ``path``; an empty type when there is none."""
        look, _, name = path.strip("/").rpartition("/")
        theme = THEMES.get(look, self.theme)
        if name in PAGES:
            page = render_sample(name, theme)
            page = page.replace('name="next" value="', f'name="next" value="{path}?')
            page = page.replace('href="/modes.css"', f'href="/{theme.code}/modes.css"')
            return "text/html; charset=utf-8", page.encode()
        if name == "modes.css":
            text = modes_stylesheet(
                mode_sources(theme), modes, mourning=self.mourning, emergency=self.emergency
            )
            return "text/css; charset=utf-8", text.encode()
        if path == "/media/v.vtt":
            return "text/vtt; charset=utf-8", CAPTIONS.encode()
        if path == "/media/bridge.svg":
            return "image/svg+xml", PICTURE.encode()
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if found:
            kinds = {
                "css": "text/css; charset=utf-8",
                "js": "text/javascript; charset=utf-8",
                "svg": "image/svg+xml",
                "png": "image/png",
            }
            file = Path(found)
            return kinds[file.suffix[1:]], file.read_bytes()
        return "", b"not found"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Say nothing: the tests look at the pages, not at the log."""


@contextmanager
def serve(site: SampleSite) -> Iterator[str]:
    """Serve ``site`` on a free port of this machine and yield its address."""
    server: WSGIServer = make_server("127.0.0.1", 0, site, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
