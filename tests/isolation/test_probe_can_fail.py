"""Each wall taken down makes the probe report: it is able to fail."""

from contextlib import contextmanager

import pytest
from django.test import override_settings

from cms_core.media.models import MediaFile, MediaImage
from cms_core.pages.models import BasePage
from sites.accounts.models import User
from sites.outbox.task_base import ScopelessTask
from sites.tenancy import guard, references
from sites.tenancy.isolation.probe import ProbeOptions, run_probe
from sites.tenancy.visibility import platform, visibility_map

pytestmark = pytest.mark.django_db


@contextmanager
def declared_as(model, visibility):
    """Declare ``model`` otherwise for a block."""
    before = visibility_map._declared[model]
    visibility_map._declared[model] = visibility
    visibility_map._resolved.clear()
    guard._guarded_keys.cache_clear()
    try:
        yield
    finally:
        visibility_map._declared[model] = before
        visibility_map._resolved.clear()
        guard._guarded_keys.cache_clear()


def probe(*surfaces, role="site_administrator"):
    return run_probe(ProbeOptions(roles=(role,), surfaces=frozenset(surfaces)))


@pytest.mark.parametrize(
    ("model", "surface"),
    [
        (BasePage, "choosers"),
        (MediaImage, "images"),
        (MediaFile, "administration's API"),
        (User, "users"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_table_without_its_guard_leaks(model, surface):
    assert probe(surface).leaks == []

    with declared_as(model, platform("taken off for a test")):
        report = probe(surface)

    assert report.leaks


def test_an_administration_that_asks_nobody_leaks(monkeypatch):
    surface = "another tenant's administration"
    assert probe(surface).leaks == []

    monkeypatch.setattr("sites.accounts.admin_host.may_enter", lambda *, user, tenant: True)

    assert probe(surface).leaks


def test_a_save_without_its_reference_check_leaks(monkeypatch):
    surface = "foreign references in forms"
    assert probe(surface).leaks == []

    monkeypatch.setattr(references, "foreign_references", lambda instance: [])
    monkeypatch.setattr(guard, "_check_references", lambda pairs, label: None)

    assert probe(surface).leaks


def test_cache_keys_without_the_tenant_leak(settings):
    surface = "cache keys"
    assert probe(surface).leaks == []

    plain = dict(settings.CACHES["default"])
    plain.pop("KEY_FUNCTION")
    with override_settings(CACHES={"default": plain}):
        assert probe(surface).leaks


def test_tasks_that_keep_their_callers_scope_leak(monkeypatch):
    surface = "tasks"
    assert probe(surface).leaks == []

    monkeypatch.setattr(ScopelessTask, "__call__", lambda self, *a, **k: self.run_in_scope(*a, **k))

    assert probe(surface).leaks
