"""Sealing: one chain a tenant, without gaps, signed; copies of the heads outside the database."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.test.utils import CaptureQueriesContext

from sites.audit import sealing
from sites.audit.head_copies import CopiedHead, copy_heads, read_copies
from sites.audit.keys import is_signed
from sites.audit.models import ChainHead, DomainEvent, PendingSeal, SealedEvent
from sites.audit.rules import GENESIS_HASH, head_bytes
from sites.audit.sealing import seal_pending
from sites.audit.services import record_platform_event
from sites.tenancy.scope import system_scope, tenant_scope


@pytest.fixture
def whole_database():
    with system_scope("a test reads what the sealer wrote"):
        yield


def test_each_tenant_has_a_chain_of_its_own(tenants, record, whole_database):
    record(tenants.a, 2)
    record(tenants.b, 1)
    record_platform_event(kind="tenant.opened", subject=tenants.a, actor=None)

    assert seal_pending().sealed == 4
    chains = SealedEvent.objects.order_by("chain", "sequence").values_list("chain", "sequence")
    assert list(chains) == [(0, 1), (tenants.a.pk, 1), (tenants.a.pk, 2), (tenants.b.pk, 1)]
    assert not PendingSeal.objects.exists()


def test_links_point_back_and_go_on_where_the_last_batch_ended(
    tenants, record, whole_database, monkeypatch
):
    monkeypatch.setattr(sealing, "BATCH", 2)
    record(tenants.a, 5)
    seal_pending()
    record(tenants.a, 1)
    seal_pending()

    links = list(SealedEvent.objects.order_by("sequence"))
    assert [link.sequence for link in links] == [1, 2, 3, 4, 5, 6]
    assert [link.previous_hash for link in links] == [
        GENESIS_HASH,
        *[link.hash for link in links[:-1]],
    ]
    head = ChainHead.objects.get()
    assert (head.sequence, head.hash) == (6, links[-1].hash)


def test_a_head_is_signed(tenants, record, whole_database):
    record(tenants.a)
    seal_pending()
    head = ChainHead.objects.get()

    def check(sequence, key_id=head.key_id, signature=head.signature):
        message = head_bytes(chain=head.chain, sequence=sequence, digest=head.hash)
        return is_signed(message, key_id=key_id, signature=signature)

    assert check(1)
    assert not check(2)
    assert not check(1, signature="00" * 64)
    assert not check(1, signature="nonsense")
    assert not check(1, key_id="0" * 16)
    assert not check(1, key_id="../signing_key")


def test_nothing_to_seal_makes_no_head(tenants, whole_database):
    assert seal_pending().sealed == 0
    assert not ChainHead.objects.exists()


def test_a_tenant_sees_its_own_chain_only(tenants, record):
    record(tenants.a)
    record(tenants.b)
    seal_pending()
    with tenant_scope(tenants.a):
        for model in (DomainEvent, SealedEvent, ChainHead):
            assert [row.tenant_id for row in model.objects.all()] == [tenants.a.pk]


def test_sealed_places_cannot_be_changed(tenants, record, whole_database):
    record(tenants.a)
    seal_pending()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SealedEvent.objects.update(hash="2")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SealedEvent.objects.all().delete()


def test_an_event_that_the_platform_did_not_write_is_refused_and_holds_up_nobody(
    tenants, record, whole_database
):
    forged = DomainEvent.objects.create(
        tenant=tenants.a, kind="x", subject_type="y", subject_id="1", mac="0" * 64
    )
    PendingSeal.objects.create(tenant=tenants.a, chain=tenants.a.pk, event_id=forged.pk)
    record(tenants.a, 2)

    report = seal_pending()

    assert (report.sealed, report.refused) == (2, 1)
    assert PendingSeal.objects.get().is_refused
    assert seal_pending() == sealing.SealReport(0, 0)


def test_an_event_moved_to_another_chain_is_refused(tenants, record, whole_database):
    record(tenants.a)
    PendingSeal.objects.update(chain=tenants.b.pk)

    assert seal_pending().refused == 1


def test_queries_do_not_grow_with_the_batch(tenants, record, whole_database):
    from django.db import connection

    counts = []
    for size in (1, 50):
        record(tenants.a, size)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            seal_pending()
        counts.append(len(queries))

    assert counts[1] <= counts[0]


def test_moved_heads_are_copied_once(tenants, record, heads_folder):
    record(tenants.a, 2)
    record(tenants.b)
    seal_pending()

    assert copy_heads() == 2
    assert copy_heads() == 0
    record(tenants.a)
    seal_pending()
    assert copy_heads() == 1
    assert [(copy.chain, copy.sequence) for copy in read_copies()] == [
        (tenants.a.pk, 2),
        (tenants.b.pk, 1),
        (tenants.a.pk, 3),
    ]


def test_an_unfinished_line_is_written_again(tenants, record, heads_folder):
    record(tenants.a)
    seal_pending()
    copy_heads()
    (path,) = heads_folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert len(list(read_copies())) == 1

    record(tenants.a)
    seal_pending()
    copy_heads()

    copies = list(read_copies())
    assert [copy.sequence for copy in copies] == [1, 2]
    assert all(isinstance(copy, CopiedHead) for copy in copies)
    assert all(json.loads(line) for line in path.read_text().splitlines())
