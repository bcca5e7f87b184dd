"""What a try has written is noticed, whichever way the statement is spelled."""

import pytest
from django.db import connection

from sites.tenancy.isolation.visitor import written_tables
from sites.tenancy.models import AdministrativeDivision
from sites.tenancy.scope import system_scope


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize(
    "conflicts",
    [
        {},
        {"ignore_conflicts": True},
        {"update_conflicts": True, "update_fields": ["name"], "unique_fields": ["division_code"]},
    ],
)
def test_rows_inserted_in_bulk_are_noticed(conflicts):
    division = AdministrativeDivision(division_code="430700", name="x", level="city")

    with system_scope("test: write a division"), written_tables() as tables:
        AdministrativeDivision.objects.bulk_create([division], **conflicts)

    assert tables == {AdministrativeDivision._meta.db_table}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO "{}" DEFAULT VALUES',
        "insert or replace into {} default values",
        "REPLACE INTO {} DEFAULT VALUES",
        "UPDATE OR IGNORE {} SET a = 1",
        '\n update "{}" SET a = 1',
        'DELETE FROM "{}"',
    ],
)
def test_every_spelling_of_a_write_is_noticed(statement):
    if connection.vendor != "sqlite":
        pytest.skip("spellings that only SQLite knows")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE spelled (a integer)")
        with written_tables() as tables:
            cursor.execute(statement.format("spelled"))

    assert tables == {"spelled"}
