"""The real nginx with the shipped configuration, in front of a server that repeats what it receives."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.certificates import Certificate, make_certificate
from tests.services import program

pytestmark = pytest.mark.nginx

RENDER = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "render.py"
ADMIN_HOST = "admin.example.gov.cn"
SECONDS_TO_START = 10
#: A slow machine wins tries back while it asks; this many cannot all be won back.
MOST_TRIES = 80


class _Echo(BaseHTTPRequestHandler):
    """Answers with the request's headers, in lower case, as JSON."""

    def do_GET(self):
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Nothing: the tests read the answers."""


@dataclass(frozen=True)
class Front:
    """A running nginx and what is needed to talk to it."""

    http_port: int
    https_port: int
    staff: Certificate
    stranger: Certificate

    def get(self, path="/", *, host="www.example.gov.cn", headers=None, certificate=None):
        """One request over TLS; returns the status, the headers and the body."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if certificate:
            context.load_cert_chain(certificate.certificate_file, certificate.key_file)
        with (
            socket.create_connection(("127.0.0.1", self.https_port), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            connection = http.client.HTTPSConnection(host)
            connection.sock = secured
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def received(self, **request):
        """What the application receives of a request that nginx lets through."""
        status, _, body = self.get(**request)
        assert status == 200
        return json.loads(body)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_listens(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nginx does not listen on {port}")


@pytest.fixture(scope="module")
def front(tmp_path_factory, request) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "static").mkdir()
    (folder / "static" / "theme.0123456789ab.css").write_text("body{}")
    server_certificate = make_certificate(folder, "server")
    authority = make_certificate(folder, "authority")
    application = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    values = {
        "LISTEN_ADDRESS": "127.0.0.1",
        "HTTP_PORT": _free_port(),
        "HTTPS_PORT": _free_port(),
        "UPSTREAM": f"127.0.0.1:{application.server_port}",
        "STATIC_ROOT": folder / "static",
        "CERTIFICATE": server_certificate.certificate_file,
        "CERTIFICATE_KEY": server_certificate.key_file,
        "CLIENT_CA": authority.certificate_file,
        "ADMIN_HOST": ADMIN_HOST,
        "RUN_DIR": folder,
    }
    rendered = subprocess.run(
        [sys.executable, RENDER, *(f"{name}={value}" for name, value in values.items())],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    (folder / "nginx.conf").write_text(rendered)
    # pytest's folders are closed to the unprivileged user that nginx's workers become under root.
    as_root = ["-g", "user root; daemon off;"] if os.geteuid() == 0 else ["-g", "daemon off;"]
    process = subprocess.Popen(
        [
            program("nginx"),
            "-p",
            folder,
            "-e",
            folder / "error.log",
            "-c",
            folder / "nginx.conf",
            *as_root,
        ]
    )
    try:
        _wait_until_it_listens(values["HTTPS_PORT"], process)
        yield Front(
            http_port=values["HTTP_PORT"],
            https_port=values["HTTPS_PORT"],
            staff=make_certificate(folder, "zhang-san", issuer=authority),
            stranger=make_certificate(
                folder, "stranger", issuer=make_certificate(folder, "elsewhere")
            ),
        )
    finally:
        process.terminate()
        process.wait(timeout=10)
        application.shutdown()
        application.server_close()
        shutil.rmtree(folder, ignore_errors=True)


def test_forwarding_headers_of_a_visitor_reach_nobody(front):
    received = front.received(
        headers={
            "X-Forwarded-For": "10.0.0.1",
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "for=10.0.0.1",
        }
    )

    assert received["x-forwarded-for"] == "127.0.0.1"
    assert received["x-forwarded-proto"] == "https"
    assert "x-forwarded-host" not in received
    assert "forwarded" not in received


def test_host_is_passed_on_as_it_came(front):
    assert front.received(host="fagaiwei.example.gov.cn")["host"] == "fagaiwei.example.gov.cn"


def test_plain_http_is_sent_to_tls_with_its_path(front):
    connection = http.client.HTTPConnection("127.0.0.1", front.http_port, timeout=5)
    connection.request("GET", "/zwgk/?page=2", headers={"Host": "www.example.gov.cn"})
    answer = connection.getresponse()

    assert answer.status == 308
    assert answer.headers["Location"] == "https://www.example.gov.cn/zwgk/?page=2"


def test_verified_certificate_names_its_holder_to_the_administration(front):
    received = front.received(host=ADMIN_HOST, certificate=front.staff)

    assert received["x-client-certificate-subject"] == "CN=zhang-san"
    assert int(received["x-client-certificate-serial"], 16) == front.staff.certificate.serial_number


def test_claimed_certificate_is_dropped(front):
    """Headers typed by a visitor are no certificate, on either kind of host."""
    for host in (ADMIN_HOST, "www.example.gov.cn"):
        received = front.received(
            host=host,
            headers={
                "X-Client-Certificate-Subject": "CN=zhang-san",
                "X-Client-Certificate-Serial": "01",
            },
        )

        assert "x-client-certificate-subject" not in received
        assert "x-client-certificate-serial" not in received


def test_certificate_of_an_unknown_authority_is_refused(front):
    status, _, _ = front.get(host=ADMIN_HOST, certificate=front.stranger)

    assert status == 400


def test_static_files_are_served_without_the_application(front):
    status, headers, body = front.get("/static/theme.0123456789ab.css")

    assert (status, body) == (200, b"body{}")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_tries_to_sign_in_are_limited(front):
    """One address has about ten tries at once, then one every two seconds."""
    statuses = []
    while 429 not in statuses and len(statuses) < MOST_TRIES:
        statuses.append(front.get("/sign-in/", host=ADMIN_HOST)[0])

    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


def test_too_large_a_body_is_refused_before_the_application(front):
    status, _, _ = front.get(headers={"Content-Length": str(33 * 1024 * 1024)})

    assert status == 413


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["HTTP_PORT=80"], "missing"),
        (["ADMIN_HOST"], "render.py"),
    ],
)
def test_incomplete_values_are_refused(arguments, complaint):
    run = subprocess.run(
        [sys.executable, RENDER, *arguments], check=False, capture_output=True, text=True
    )

    assert run.returncode == 2
    assert complaint in run.stderr
