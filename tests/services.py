"""Which services a test run has, and what happens to a test whose service is not there.

A test names what it needs by a mark of the service's name, or by ``requires`` for several::

    @pytest.mark.redis
    def test_broker_redelivers(): ...

    @requires("nginx", "chromium", "java")
    def test_client_certificate_page(): ...

Where the service is absent the test skips with the reason; where ``JIYUE_REQUIRE_SERVICES`` (names
separated by commas) promises it, its absence is a failure: continuous integration cannot pass by
skipping.

========================= =======================================================================
service                   present when
========================= =======================================================================
``postgres``              the default database of the run is PostgreSQL (``DATABASE_URL``); promised
                          in the run on SQLite, the test is left to the run on PostgreSQL that
                          ``make test`` adds, and fails where ``DATABASE_URL_POSTGRES`` is missing too
``redis``                 ``REDIS_URL`` names a server that accepts connections
``elasticsearch``         ``ELASTICSEARCH_URL`` names a server that accepts connections
``nginx``                 ``NGINX_BIN``, or else ``nginx`` in PATH, is a program
``java``                  ``JAVA_BIN``, or else ``java`` in PATH, is a program (the HTML checker, whose
                          jar comes with the development requirements, runs on it)
``chromium``              ``CHROMIUM_BIN``, or else ``chromium`` in PATH, is a program
========================= =======================================================================
"""

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

Test = TypeVar("Test")

SERVICE_NAMES = ("postgres", "redis", "elasticsearch", "nginx", "chromium", "java")


class UnknownService(ValueError):
    """``JIYUE_REQUIRE_SERVICES`` or a test names a service that does not exist here."""


@dataclass(frozen=True)
class Verdict:
    """What to do with a test: ``action`` is "run", "skip" or "fail", ``reason`` says why."""

    action: str
    reason: str = ""


def requires(*names: str) -> Callable[[Test], Test]:
    """Mark a test, or a class of tests, as needing the named services.

    Raises ``UnknownService`` for a name that is not in ``SERVICE_NAMES``.
    """
    _refuse_unknown(names)

    def mark(test: Test) -> Test:
        for name in names:
            test = getattr(pytest.mark, name)(test)
        return test

    return mark


def promised(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Names of the services that this run promises; ``UnknownService`` for a name we do not know."""
    names = frozenset(filter(None, environ.get("JIYUE_REQUIRE_SERVICES", "").split(",")))
    _refuse_unknown(names)
    return names


def verdict_on(name: str, environ: Mapping[str, str] = os.environ) -> Verdict:
    """Whether a test that needs the service ``name`` runs, skips or fails in this environment."""
    reason = missing_reason(name, environ)
    if reason is None:
        return Verdict("run")
    if name not in promised(environ):
        return Verdict("skip", f"{name} is not there: {reason}")
    if name == "postgres" and environ.get("DATABASE_URL_POSTGRES"):
        return Verdict("skip", "left to the run on PostgreSQL")
    return Verdict("fail", f"{name} is required in this run and not there: {reason}")


def missing_reason(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Why the service ``name`` cannot be used, or None where it can."""
    match name:
        case "postgres":
            url = environ.get("DATABASE_URL", "")
            return (
                None if url.startswith("postgres") else "DATABASE_URL names no PostgreSQL database"
            )
        case "redis":
            return _unreachable("REDIS_URL", environ.get("REDIS_URL", ""))
        case "elasticsearch":
            return _unreachable("ELASTICSEARCH_URL", environ.get("ELASTICSEARCH_URL", ""))
        case "nginx" | "chromium" | "java":
            return None if program(name, environ) else f"{name.upper()}_BIN and PATH hold no {name}"
    raise UnknownService(name)


def program(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Path of the program of the service ``name`` ("nginx", "chromium", "java"), or None."""
    named = environ.get(f"{name.upper()}_BIN")
    # /usr/sbin is where Debian puts nginx, and not in every user's PATH.
    path = os.pathsep.join([environ.get("PATH", os.defpath), "/usr/sbin"])
    return shutil.which(named) if named else shutil.which(name, path=path)


@lru_cache
def _unreachable(variable: str, url: str) -> str | None:
    """Why no connection to ``url`` can be made, or None; asked once a process for each address."""
    if not url:
        return f"{variable} is not set"
    address = urlsplit(url)
    try:
        socket.create_connection(
            (address.hostname or "127.0.0.1", address.port or 0), timeout=3
        ).close()
    except OSError as error:
        return f"{variable}={url} does not answer ({error})"
    return None


def _refuse_unknown(names: frozenset[str] | tuple[str, ...]) -> None:
    unknown = sorted(set(names) - set(SERVICE_NAMES))
    if unknown:
        raise UnknownService(f"{', '.join(unknown)}: known are {', '.join(SERVICE_NAMES)}")
