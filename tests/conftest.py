"""What all tests share: service marks, the second database, a browser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import set_script_prefix

from tests.services import SERVICE_NAMES, program, promised, verdict_on

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TESTS = Path(__file__).parent
RUN_ON_BOTH_DATABASES = (TESTS / "sites", TESTS / "isolation")
LONGEST_TEST = TESTS / "isolation" / "test_probe.py"

# Without the flags on background traffic the browser calls home at every start.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the sandbox cannot be had as root, which is who runs continuous integration
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a misspelt JIYUE_REQUIRE_SERVICES, compile the translations, part the workers' files."""
    promised()
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        settings.MEDIA_ROOT = settings.MEDIA_ROOT / worker
    else:
        subprocess.run(
            [sys.executable, TESTS.parent / "deploy" / "compile_messages.py"], check=True
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give ``both_databases`` to the tests of tenancy and of its neighbours."""
    for item in items:
        is_twice = any(folder in item.path.parents for folder in RUN_ON_BOTH_DATABASES)
        if is_twice and item.get_closest_marker("one_database") is None:
            item.add_marker(pytest.mark.both_databases)
    # The longest test first: begun last, it would leave the other worker idle for minutes.
    items.sort(key=lambda item: item.path != LONGEST_TEST)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose service is not there."""
    for name in SERVICE_NAMES:
        if item.get_closest_marker(name) is None:
            continue
        verdict = verdict_on(name)
        if verdict.action == "skip":
            pytest.skip(verdict.reason)
        if verdict.action == "fail":
            pytest.fail(verdict.reason, pytrace=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Start from a database that is migrated already (``tests.migrated_database``)."""
    from tests.migrated_database import kept_migrations

    with kept_migrations():
        yield


@pytest.fixture(autouse=True)
def no_prefix_of_the_last_request() -> None:
    """A server sets the prefix of addresses at each request; a test may ask for one before its first."""
    set_script_prefix("/")


@pytest.fixture
def redis_url() -> str:
    """Address of the Redis server; for tests marked ``redis``."""
    return os.environ["REDIS_URL"]


@pytest.fixture
def nginx_program() -> str:
    """Path of nginx; for tests marked ``nginx``."""
    path = program("nginx")
    assert path is not None, "the test lacks the mark nginx"
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """A Chromium browser; for tests marked ``chromium``.

    Playwright keeps an event loop running in the thread of the test while it lives. It therefore
    lives no longer than the module, where Django is told that its blocking calls are meant.
    """
    from playwright.sync_api import sync_playwright

    path = program("chromium")
    assert path is not None, "the test lacks the mark chromium"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
