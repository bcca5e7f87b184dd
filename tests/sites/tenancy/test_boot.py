"""The boot proof fails when the guard is not there, and starts without a database."""

import pytest
from django.db import OperationalError

from sites.tenancy import boot
from sites.tenancy.models import Canary
from sites.tenancy.scope import system_scope
from sites.tenancy.visibility import platform, visibility_map


@pytest.mark.django_db
def test_the_guard_is_proven() -> None:
    assert boot.prove_guard() is True


@pytest.mark.django_db
def test_without_the_guard_the_process_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(visibility_map._resolved, Canary, platform("switched off by the test"))
    with pytest.raises(boot.GuardNotInPlace):
        boot.prove_guard()


@pytest.mark.django_db
def test_a_foreign_canary_is_noticed() -> None:
    with system_scope("test"):
        first = Canary.objects.order_by("pk").first()
        Canary.objects.exclude(pk=first.pk).update(tenant_id=first.tenant_id)
    with pytest.raises(boot.GuardNotInPlace):
        boot.prove_guard()


def test_with_the_database_away_the_compiled_half_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(boot, "_prove_rows", away)
    assert boot.prove_guard() is False
