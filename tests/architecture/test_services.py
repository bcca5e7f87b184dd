"""An absent service skips a test, and fails it where the run promises the service."""

import socket

import pytest

from tests.services import UnknownService, missing_reason, promised, requires, verdict_on

PROMISE_ALL = {
    "JIYUE_REQUIRE_SERVICES": "postgres,redis,nginx,chromium,java,elasticsearch",
    "PATH": "",
}


@pytest.fixture
def listening_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("name", ["postgres", "redis", "elasticsearch", "chromium", "java"])
def test_absent_service_skips_with_its_name(name):
    verdict = verdict_on(name, {"PATH": ""})

    assert verdict.action == "skip"
    assert name in verdict.reason


@pytest.mark.parametrize("name", ["postgres", "redis", "elasticsearch", "chromium", "java"])
def test_promised_and_absent_service_fails(name):
    assert verdict_on(name, PROMISE_ALL).action == "fail"


def test_program_that_is_named_but_not_there_is_absent():
    assert missing_reason("nginx", {"NGINX_BIN": "/nonexistent/nginx"}) is not None
    assert missing_reason("chromium", {"CHROMIUM_BIN": "/nonexistent/chromium"}) is not None


def test_server_that_answers_is_present(listening_port):
    environ = {"REDIS_URL": f"redis://127.0.0.1:{listening_port}/0"}

    assert verdict_on("redis", environ).action == "run"


def test_server_that_is_named_but_silent_is_absent(listening_port):
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]

    assert "does not answer" in missing_reason(
        "redis", {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    )


def test_postgresql_tests_wait_for_their_own_run():
    on_sqlite = {**PROMISE_ALL, "DATABASE_URL_POSTGRES": "postgres://jiyue@127.0.0.1:1/jiyue"}
    on_postgresql = {**on_sqlite, "DATABASE_URL": "postgres://jiyue@127.0.0.1:1/jiyue"}

    assert verdict_on("postgres", on_sqlite).action == "skip"
    assert verdict_on("postgres", on_postgresql).action == "run"


def test_misspelt_services_are_refused():
    with pytest.raises(UnknownService, match="postgre"):
        promised({"JIYUE_REQUIRE_SERVICES": "postgre,redis"})
    with pytest.raises(UnknownService, match="rabbit"):
        requires("rabbit")


def test_requires_marks_for_every_service():
    @requires("nginx", "redis")
    def needy():
        """A test in need of two services."""

    assert {mark.name for mark in needy.pytestmark} == {"nginx", "redis"}
