"""Each wall taken down makes the probe report: it is able to fail."""

from contextlib import contextmanager

import pytest
from django.test import override_settings

from cms_core.media.models import MediaFile, MediaImage
from cms_core.pages.models import BasePage
from sites.accounts.models import User
from sites.outbox.task_base import ScopelessTask
from sites.tenancy import guard, references
from sites.tenancy.isolation.probe import ProbeOptions, open_laboratory, try_everything
from sites.tenancy.visibility import platform, visibility_map

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def laboratory(django_db_setup, django_db_blocker):
    """One pair of tenants for all tests of the module: each try is undone by itself."""
    with django_db_blocker.unblock(), open_laboratory() as opened:
        yield opened


@pytest.fixture
def leaks(laboratory):
    """Leaks of one surface, found as the site administrator."""

    def find(surface):
        options = ProbeOptions(roles=("site_administrator",), surfaces=frozenset({surface}))
        return [str(leak) for leak in try_everything(laboratory, options).leaks]

    return find


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


@pytest.mark.parametrize(
    ("model", "surface"),
    [
        (BasePage, "choosers"),
        (MediaImage, "rows by their key"),
        (MediaFile, "media in code"),
        (User, "reports"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_table_without_its_guard_leaks(leaks, model, surface):
    with declared_as(model, platform("taken off for a test")):
        assert leaks(surface)


def test_an_administration_that_asks_nobody_leaks(leaks, monkeypatch):
    monkeypatch.setattr("sites.accounts.admin_host.may_enter", lambda *, user, tenant: True)

    assert leaks("another tenant's administration")


def test_a_save_without_its_reference_check_leaks(leaks, monkeypatch):
    monkeypatch.setattr(references, "foreign_references", lambda instance: [])
    monkeypatch.setattr(guard, "_check_references", lambda *arguments: None)

    assert leaks("foreign references in forms")


def test_cache_keys_without_the_tenant_leak(leaks, settings):
    plain = dict(settings.CACHES["default"])
    plain.pop("KEY_FUNCTION")

    with override_settings(CACHES={"default": plain}):
        assert leaks("cache keys")


def test_tasks_that_keep_their_callers_scope_leak(leaks, monkeypatch):
    monkeypatch.setattr(ScopelessTask, "__call__", lambda self, *a, **k: self.run_in_scope(*a, **k))

    assert leaks("tasks")


def test_with_every_wall_in_place_the_same_surfaces_are_clean(leaks):
    assert leaks("tasks") == leaks("cache keys") == leaks("images") == []
