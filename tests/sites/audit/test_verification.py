"""Verification finds every row changed, removed or added behind the platform's back."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from sites.audit.head_copies import copy_heads
from sites.audit.keys import signer
from sites.audit.models import ChainHead, DomainEvent, PendingSeal, SealedEvent
from sites.audit.rules import GENESIS_HASH, Link, head_bytes, link_hash
from sites.audit.sealing import seal_pending
from sites.audit.verification import ProblemCode, verify


@pytest.fixture
def sealed(tenants, record, heads_folder):
    """Five sealed events of A and two of B, heads copied."""
    record(tenants.a, 5)
    record(tenants.b, 2)
    seal_pending()
    copy_heads()
    return tenants


def codes(**options):
    return {problem.code for problem in verify(**options).problems}


def link_at(tenant, sequence):
    return SealedEvent.objects.filter(chain=tenant.pk, sequence=sequence)


def event_at(tenant, sequence):
    return DomainEvent.objects.filter(pk=link_at(tenant, sequence).get().event_id)


def test_an_untouched_trail_holds(sealed, record):
    record(sealed.a, 3)  # not sealed yet, and young
    found = verify()

    assert found.problems == []
    assert (found.chains, found.links, found.copies) == (2, 7, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "tenant.other"},
        {"subject_type": "x.y"},
        {"subject_id": "99"},
        {"actor_id": 8},
        {"actor_id": None},
        {"at": timezone.now() + timedelta(microseconds=1)},
        {"data": {"step": 4}},
        {"ip_digest": "f" * 64},
        {"break_glass_id": 1},
        {"uuid": "00000000-0000-4000-8000-000000000000"},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.usefixtures("behind_the_back")
def test_any_changed_column_of_an_event(sealed, change):
    event_at(sealed.a, 3).update(**change)

    assert codes() == {ProblemCode.CHANGED}


@pytest.mark.usefixtures("behind_the_back")
def test_an_event_given_to_another_tenant(sealed):
    event_at(sealed.a, 3).update(tenant=sealed.b)

    assert ProblemCode.CHANGED in codes()


@pytest.mark.parametrize("sequence", [1, 3, 5])
@pytest.mark.usefixtures("behind_the_back")
def test_a_removed_event(sealed, sequence):
    event_at(sealed.a, sequence).delete()

    assert codes() == {ProblemCode.EVENT_REMOVED}


@pytest.mark.parametrize("sequence", [1, 3])
@pytest.mark.usefixtures("behind_the_back")
def test_an_event_removed_with_its_link(sealed, sequence):
    event_at(sealed.a, sequence).delete()
    link_at(sealed.a, sequence).delete()

    assert ProblemCode.LINK_REMOVED in codes()


@pytest.mark.parametrize(
    "change",
    [{"hash": "1" * 64}, {"previous_hash": "1" * 64}, {"sealed_at": timezone.now()}],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.usefixtures("behind_the_back")
def test_any_changed_column_of_a_link(sealed, change):
    link_at(sealed.a, 3).update(**change)

    assert ProblemCode.CHANGED in codes()


@pytest.mark.usefixtures("behind_the_back")
def test_two_events_that_changed_places(sealed):
    first, second = link_at(sealed.a, 2).get(), link_at(sealed.a, 3).get()
    link_at(sealed.a, 2).update(event_id=-1)
    link_at(sealed.a, 3).update(event_id=first.event_id)
    link_at(sealed.a, 2).update(event_id=second.event_id)

    assert codes() == {ProblemCode.CHANGED}


def rewind(tenant, sequence, *, sign):
    """Cut a chain after ``sequence``, as somebody who knows the code and perhaps the key would."""
    for link in SealedEvent.objects.filter(chain=tenant.pk, sequence__gt=sequence):
        DomainEvent.objects.filter(pk=link.event_id).delete()
        SealedEvent.objects.filter(pk=link.pk).delete()
    digest = link_at(tenant, sequence).get().hash
    head = {"sequence": sequence, "hash": digest, "copied_sequence": sequence}
    if sign:
        message = head_bytes(chain=tenant.pk, sequence=sequence, digest=digest)
        head["signature"] = signer().sign(message)
    ChainHead.objects.filter(chain=tenant.pk).update(**head)


@pytest.mark.usefixtures("behind_the_back")
def test_the_newest_rows_removed(sealed):
    rewind(sealed.a, 3, sign=False)

    assert ProblemCode.HEAD_UNSIGNED in codes()


@pytest.mark.usefixtures("behind_the_back")
def test_the_newest_rows_removed_by_somebody_with_the_key(sealed):
    rewind(sealed.a, 3, sign=True)

    assert codes() == {ProblemCode.COPY_CONTRADICTS}


@pytest.mark.usefixtures("behind_the_back")
def test_a_chain_removed_whole(sealed):
    for link in SealedEvent.objects.filter(chain=sealed.a.pk):
        DomainEvent.objects.filter(pk=link.event_id).delete()
    SealedEvent.objects.filter(chain=sealed.a.pk).delete()
    ChainHead.objects.filter(chain=sealed.a.pk).delete()

    assert codes() == {ProblemCode.COPY_CONTRADICTS}


@pytest.mark.usefixtures("behind_the_back")
def test_a_chain_rewritten_whole_by_somebody_with_the_key(sealed):
    event_at(sealed.a, 2).update(kind="tenant.other")
    previous = GENESIS_HASH
    for row in SealedEvent.objects.filter(chain=sealed.a.pk).order_by("sequence"):
        event = DomainEvent.objects.get(pk=row.event_id)
        link = Link(row.chain, row.sequence, previous, row.event_id, row.sealed_at)
        digest = link_hash(link, event.content())
        SealedEvent.objects.filter(pk=row.pk).update(previous_hash=previous, hash=digest)
        previous = digest
    message = head_bytes(chain=sealed.a.pk, sequence=5, digest=previous)
    ChainHead.objects.filter(chain=sealed.a.pk).update(
        hash=previous, signature=signer().sign(message)
    )

    assert codes() == {ProblemCode.COPY_CONTRADICTS}


@pytest.mark.usefixtures("behind_the_back")
def test_an_added_event_is_found_at_once(sealed):
    DomainEvent.objects.create(tenant=sealed.a, kind="x", subject_type="y", subject_id="1", mac="")

    assert codes() == {ProblemCode.UNSEALED}


@pytest.mark.usefixtures("behind_the_back")
def test_an_added_event_that_waits_to_be_sealed(sealed):
    copied = event_at(sealed.a, 1).get()
    copied.pk = None
    copied.kind = "tenant.other"
    copied.uuid = "00000000-0000-4000-8000-000000000000"
    copied.save(force_insert=True)
    PendingSeal.objects.create(tenant=sealed.a, chain=sealed.a.pk, event_id=copied.pk)
    seal_pending()

    assert ProblemCode.REFUSED in codes()


@pytest.mark.usefixtures("behind_the_back")
def test_an_added_link(sealed):
    row = link_at(sealed.a, 5).get()
    row.pk, row.sequence, row.event_id = None, 6, 999_999
    row.save(force_insert=True)

    assert {ProblemCode.LINK_ADDED, ProblemCode.EVENT_REMOVED} <= codes()


def test_a_sealer_that_stands_still(sealed, record):
    record(sealed.a)

    assert codes(unsealed_after_seconds=3600) == set()
    assert codes(unsealed_after_seconds=0) == {ProblemCode.UNSEALED}


@pytest.mark.usefixtures("behind_the_back")
def test_an_event_removed_before_it_was_sealed(sealed, record):
    (event,) = record(sealed.a)
    DomainEvent.objects.filter(pk=event.pk).delete()
    seal_pending()

    assert codes() == {ProblemCode.REFUSED}


@pytest.mark.usefixtures("behind_the_back")
def test_a_changed_head(sealed):
    ChainHead.objects.filter(chain=sealed.a.pk).update(hash="2" * 64)

    assert codes() == {ProblemCode.HEAD_CHANGED, ProblemCode.HEAD_UNSIGNED}


def test_removed_copies(sealed, heads_folder):
    for path in heads_folder.iterdir():
        path.unlink()

    assert codes() == {ProblemCode.COPIES_REMOVED}


def test_a_changed_copy(sealed, heads_folder):
    (path,) = heads_folder.iterdir()
    path.write_text(path.read_text().replace('"sequence": 5', '"sequence": 4'))

    assert codes() == {ProblemCode.COPY_UNSIGNED, ProblemCode.COPIES_REMOVED}


def test_an_unreadable_copy(sealed, heads_folder):
    (path,) = heads_folder.iterdir()
    path.write_text("nonsense\n" + path.read_text())

    assert codes() == {ProblemCode.COPY_UNREADABLE}


def test_a_head_that_is_not_copied(sealed, record):
    record(sealed.a)
    seal_pending()

    assert codes() == set()
    assert codes(uncopied_after_seconds=0) == {ProblemCode.HEAD_NOT_COPIED}


def run(command, *arguments):
    out = StringIO()
    status = 0
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as exit_:
        status = exit_.code
    return status, out.getvalue().splitlines()


def test_the_command_says_in_status_and_json_whether_the_trail_holds(sealed, request):
    status, lines = run("verify_audit", "--json")
    assert status == 0
    assert json.loads(lines[-1])["holds"] is True

    request.getfixturevalue("behind_the_back")
    event_at(sealed.a, 3).update(kind="tenant.other")

    status, lines = run("verify_audit", "--json")
    assert status == 1
    figures = json.loads(lines[-1])
    assert figures["problems"] == [{"code": "changed", "chain": sealed.a.pk, "place": "3"}]
    status, lines = run("verify_audit")
    assert (status, lines[-1]) == (1, "2 chains, 7 links, 2 copied heads: 1 problems")


def test_the_seal_command(tenants, record, heads_folder):
    record(tenants.a, 2)
    status, lines = run("seal_audit", "--json")

    assert status == 0
    assert json.loads(lines[-1]) == {"holds": True, "sealed": 2, "refused": 0, "heads_copied": 1}
