"""Rows written past Django's slow way: for the platform only, whole, and the same as Django writes."""

import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from wagtail.models import Collection

from sites.audit.models import DomainEvent
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.models import Canary, OwnGroup
from sites.tenancy.plain_rows import insert_plain_rows, reserve_keys
from sites.tenancy.scope import system_scope, tenant_scope


def test_a_tenant_writes_none(alpha):
    with tenant_scope(alpha.tenant), pytest.raises(CrossTenantWrite, match="platform only"):
        insert_plain_rows(Group, ("name",), [("g",)])


def test_a_row_without_an_owner_is_refused(alpha):
    with system_scope("test"), pytest.raises(CrossTenantWrite, match="no owner"):
        insert_plain_rows(Canary, ("word", "tenant_id"), [("a", alpha.tenant.pk), ("b", None)])


def test_wrong_columns_are_named(alpha):
    with system_scope("test"), pytest.raises(ValueError, match="no column colour"):
        insert_plain_rows(Group, ("name", "colour"), [("g", "red")])


def test_keys_come_back_in_order_and_values_as_django_reads_them(alpha):
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    names = [uuid.uuid4() for _ in range(3)]
    rows = [
        (alpha.tenant.pk, name, f"kind-{place}", "a.b", "1", moment, {"k": ["五", place]}, "", "m")
        for place, name in enumerate(names)
    ]
    columns = (
        "tenant_id", "uuid", "kind", "subject_type", "subject_id", "at", "data", "ip_digest", "mac",
    )  # fmt: skip
    with system_scope("test"):
        keys = insert_plain_rows(DomainEvent, columns, rows)

        found = [DomainEvent.objects.get(pk=key) for key in keys]

    assert [event.uuid for event in found] == names
    assert [event.kind for event in found] == ["kind-0", "kind-1", "kind-2"]
    assert found[2].data == {"k": ["五", 2]}
    assert (found[0].at, found[0].actor_id) == (moment, None)


def test_more_rows_than_one_statement_takes(alpha):
    with system_scope("test"):
        keys = insert_plain_rows(Group, ("name",), [(f"g{number}",) for number in range(21_000)])
        insert_plain_rows(
            OwnGroup, ("target_id", "tenant_id"), [(key, alpha.tenant.pk) for key in keys]
        )

    with tenant_scope(alpha.tenant):
        assert Group.objects.filter(name__startswith="g").count() == 21_000


def test_keys_name_the_rows_also_after_gaps(alpha):
    """After deletions, a refused statement and rows of another way: each key is its row's."""
    with system_scope("test"):
        last = insert_plain_rows(Group, ("name",), [(f"a{n}",) for n in range(5)])[-1]
        Group.objects.filter(pk=last).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_plain_rows(Group, ("name",), [("b0",), ("a1",)])
        alone = Group.objects.create(name="b1")
        keys = insert_plain_rows(Group, ("name",), [(f"c{n}",) for n in range(2_500)])

        found = dict(Group.objects.filter(pk__in=keys).values_list("pk", "name"))

    assert [found[key] for key in keys] == [f"c{n}" for n in range(2_500)]
    assert min(keys) > alone.pk > last


AWKWARD = [
    "",
    "NULL",
    "null",
    "{a,b}",
    'a"b',
    "a\\b",
    '\\"',
    "a,b",
    " a ",
    "%s %%",
    "五\n六",
    "'; --",
    "\t{}",
]


def test_signs_that_a_statement_knows_are_text(alpha):
    with system_scope("test"):
        keys = insert_plain_rows(Group, ("name",), [(f"g{text}",) for text in AWKWARD])
        rows = [
            (alpha.tenant.pk, "k", "a.b", text, {"k": [text, None, 1.5, True]}) for text in AWKWARD
        ]
        columns = ("tenant_id", "kind", "subject_type", "subject_id", "data")
        moment = datetime(2026, 1, 2, tzinfo=UTC)
        events = insert_plain_rows(
            DomainEvent, (*columns, "at", "uuid"), [(*row, moment, uuid.uuid4()) for row in rows]
        )

        names = Group.objects.in_bulk(keys)
        found = DomainEvent.objects.in_bulk(events)

    assert [names[key].name for key in keys] == [f"g{text}" for text in AWKWARD]
    assert [found[key].subject_id for key in events] == AWKWARD
    assert [found[key].data for key in events] == [{"k": [t, None, 1.5, True]} for t in AWKWARD]


def test_reserved_keys_are_nobody_elses(alpha):
    with system_scope("test"), transaction.atomic():
        before = insert_plain_rows(Group, ("name",), [("a",)])
        mine = reserve_keys(Group, 3)
        insert_plain_rows(Group, ("id", "name"), [(key, f"b{key}") for key in mine])
        after = [Group.objects.create(name="c").pk, *insert_plain_rows(Group, ("name",), [("d",)])]

        assert Group.objects.get(pk=mine[1]).name == f"b{mine[1]}"

    assert len({*before, *mine, *after}) == 6
    with tenant_scope(alpha.tenant), pytest.raises(CrossTenantWrite):
        reserve_keys(Group, 1)


def test_keys_that_are_given_come_back(alpha):
    with system_scope("test"):
        groups = insert_plain_rows(Group, ("name",), [("a",), ("b",)])
        keys = insert_plain_rows(
            OwnGroup, ("tenant_id", "target_id"), [(alpha.tenant.pk, pk) for pk in groups]
        )
    assert keys == groups


def test_defaults_are_filled(alpha):
    with system_scope("test"):
        root = Collection.objects.get(depth=1)
        (key,) = insert_plain_rows(
            Collection, ("path", "depth", "name"), [(root._get_path(root.path, 2, 99), 2, "c")]
        )
        assert Collection.objects.get(pk=key).numchild == 0
