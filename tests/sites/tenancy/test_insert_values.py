"""The short way of a value into an insert on SQLite ends where Django's own way ends."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.sql import InsertQuery, compiler
from hypothesis import given
from hypothesis import strategies as st

from sites.tenancy.models import Tenant

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**40), 2**40), st.text(max_size=20), st.just("7")
)


class Shouting(models.CharField):  # type: ignore[type-arg]
    def get_prep_value(self, value: object) -> str:
        return str(value).upper()


FIELDS = (
    models.CharField(max_length=9),
    models.TextField(),
    models.BooleanField(),
    models.BigIntegerField(),
    models.PositiveSmallIntegerField(),
    models.JSONField(),
    Shouting(),
    *(field for field in Tenant._meta.local_concrete_fields),
    *(field for field in ContentType._meta.local_concrete_fields),
)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has the short way")
@given(VALUES)
def test_a_value_is_prepared_as_django_prepares_it(value: object) -> None:
    ours = connection.ops.compiler("SQLInsertCompiler")(
        InsertQuery(ContentType), connection, "default"
    )
    for field in FIELDS:
        try:
            expected = compiler.SQLInsertCompiler.prepare_value(ours, field, value)
        except (TypeError, ValueError, ValidationError) as error:
            with pytest.raises(type(error)):
                ours.prepare_value(field, value)
        else:
            prepared = ours.prepare_value(field, value)
            assert (type(prepared), prepared) == (type(expected), expected), field


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has the short way")
def test_the_short_way_is_taken() -> None:
    from sites.tenancy.backends.sqlite3.compiler import _plain_types

    assert str in _plain_types(models.CharField())
    assert int in _plain_types(Tenant._meta.get_field("site"))
    assert not _plain_types(Shouting())
    assert not _plain_types(models.JSONField())
