"""One side of a comparison: a process that answers requests through its WSGI application.

It reads one JSON object a line from standard input and writes one back, so that two sides can be
asked in turn. No socket and no server stands between the clock and the application.
"""

import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def answer_commands(
    application: WsgiApplication, host: str, *, cookie: str = "", more: dict[str, Any] | None = None
) -> None:
    """Serve commands until standard input ends. ``cookie``: header of every request; ``more``: commands.

    ``{"do": "time", "paths": […]}`` → ``{"cpu": […], "wall": […]}``, milliseconds a request;
    ``{"do": "page", "path": …}`` → ``{"status": …, "body": …, "queries": […]}``.
    """
    commands = {"time": _time, "page": _page, **(more or {})}
    for line in sys.stdin:
        command = json.loads(line)
        answer = commands[command.pop("do")](application, host, cookie=cookie, **command)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def call(
    application: WsgiApplication,
    host: str,
    path: str,
    *,
    cookie: str = "",
    form: bytes | None = None,
) -> tuple[str, bytes]:
    """Status line and body of one GET, or of a POST of the encoded ``form``."""
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(form or b"")),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(form or b""),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    chunks = application(environ, lambda line, headers, info=None: status.append(line))
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    return status[0], body


def _time(
    application: WsgiApplication, host: str, paths: list[str], *, cookie: str
) -> dict[str, list[float]]:
    cpu, wall = [], []
    for path in paths:
        began, began_cpu = time.perf_counter(), time.process_time()
        status, _body = call(application, host, path, cookie=cookie)
        cpu.append((time.process_time() - began_cpu) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
        assert status.startswith("200"), (path, status)
    return {"cpu": cpu, "wall": wall}


def _page(application: WsgiApplication, host: str, path: str, *, cookie: str) -> dict[str, Any]:
    from django.db import connection

    queries: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        status, body = call(application, host, path, cookie=cookie)
    return {"status": status, "body": body.decode(), "queries": queries}
