"""The whole probe: nothing leaks, nothing is left, enough was tried."""

import pytest
from django.apps import apps

from sites.tenancy.isolation.probe import ROLES, run_probe
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope

pytestmark = pytest.mark.django_db


def rows_of_all_tables():
    with system_scope("test: count the rows of every table"):
        return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_nothing_leaks_and_nothing_is_left():
    before = rows_of_all_tables()

    report = run_probe()

    assert [str(leak) for leak in report.leaks] == []
    assert [str(error) for error in report.errors] == []
    assert report.shortfalls(ROLES) == []
    assert rows_of_all_tables() == before
    assert not Tenant.objects.filter(code__startswith="probe-").exists()
