"""Rows of values inside a tenant: written as the guard lets objects be written, and not otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.models import Image
from wagtail.models import PageLogEntry, Revision

from sites.tenancy.exceptions import CrossTenantWrite, TenantScopeMissing
from sites.tenancy.guarded_rows import insert_objects, insert_rows
from sites.tenancy.models import Canary, Organization, OwnGroup
from sites.tenancy.scope import (
    nobody_scope,
    opening_scope,
    system_scope,
    tenant_scope,
    without_scope,
)

pytestmark = pytest.mark.django_db


@contextmanager
def refused(what: str | None = None) -> Iterator[None]:
    """The block is refused, and the surrounding transaction stays usable."""
    with pytest.raises(CrossTenantWrite, match=what), transaction.atomic():
        yield


def words(tenant) -> list[str]:
    with tenant_scope(tenant):
        return sorted(Canary.objects.filter(tenant=tenant).values_list("word", flat=True))


def test_the_owner_is_filled_and_a_foreign_one_refused(alpha, beta):
    before = words(beta.tenant)
    with tenant_scope(alpha.tenant):
        insert_rows(Canary, ("word",), [("unnamed",), ("unnamed too",)])
        insert_rows(Canary, ("word", "tenant_id"), [("none", None), ("own", alpha.tenant.pk)])
        insert_objects([Canary(word="object")])
        with refused("inserted inside tenant"):
            insert_rows(Canary, ("tenant_id", "word"), [(None, "x"), (beta.tenant.pk, "stolen")])
        with refused("inserted inside tenant"):
            insert_objects([Canary(word="stolen", tenant=beta.tenant)])

    assert {"unnamed", "unnamed too", "none", "own", "object"} <= set(words(alpha.tenant))
    assert words(beta.tenant) == before


def test_keys_cannot_leave_the_tenant(alpha, beta):
    now = timezone.now()
    columns = ("content_type_id", "label", "action", "timestamp", "page_id", "revision_id")
    with system_scope("test"):
        foreign = Revision.objects.get(object_id=str(beta.home.pk))
    with tenant_scope(alpha.tenant):
        own = Revision.objects.get(object_id=str(alpha.home.pk))
        type_id = own.content_type_id
        entry = (type_id, "x", "wagtail.create", now)
        assert insert_rows(PageLogEntry, columns, [(*entry, alpha.home.pk, own.pk)])
        with refused("not visible"):
            insert_rows(
                PageLogEntry,
                columns,
                [(*entry, alpha.home.pk, own.pk), (*entry, alpha.home.pk, foreign.pk)],
            )
        with refused("not visible"):
            insert_rows(PageLogEntry, columns, [(*entry, beta.home.pk, None)])


def test_many_keys_are_all_seen_or_refused(alpha, beta):
    """They are counted, not looked up: one that is another's, or nobody's, still counts as missing."""
    now = timezone.now()
    columns = ("content_type_id", "label", "action", "timestamp", "page_id", "revision_id")
    made = ("content_type_id", "base_content_type_id", "object_id", "created_at", "content")

    def revisions(tenant, home, count):
        with tenant_scope(tenant):
            type_id = ContentType.objects.get_for_model(home).pk
            row = (type_id, type_id, str(home.pk), now, {})
            return type_id, insert_rows(Revision, made, [row] * count)

    type_id, own = revisions(alpha.tenant, alpha.home, 15)
    _type, foreign = revisions(beta.tenant, beta.home, 1)
    _type, more = revisions(alpha.tenant, alpha.home, 15)
    with tenant_scope(alpha.tenant):

        def log(keys):
            rows = [(type_id, "x", "wagtail.edit", now, alpha.home.pk, key) for key in keys]
            insert_rows(PageLogEntry, columns, rows)

        log(own)
        log(own + more)
        with refused("not visible"):
            log(own + foreign + more)
        with refused("not visible"):
            log([*more, more[-1] + 1])
        assert PageLogEntry.objects.filter(action="wagtail.edit").count() == 15 + 30


def test_a_tables_own_rule_is_asked_for_every_row(alpha, beta):
    columns = ("old_path", "site_id", "redirect_page_id", "created_at")
    now, page = timezone.now(), alpha.home.pk
    with tenant_scope(alpha.tenant):
        site = alpha.tenant.site_id
        insert_rows(Redirect, columns, [("/a", site, page, now)])
        with refused("own site"):
            insert_rows(Redirect, columns, [("/b", site, page, now), ("/c", None, page, now)])
        with refused("own site"):
            insert_rows(Redirect, columns, [("/d", beta.tenant.site_id, page, now)])
        assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/a"]


def test_rows_of_packages_get_their_owner(alpha, beta):
    with tenant_scope(alpha.tenant):
        keys = insert_rows(Group, ("name",), [("one",), ("two",)])
        assert set(Group.objects.filter(name__in=["one", "two"]).values_list("pk", flat=True)) == {
            *keys
        }
    with tenant_scope(beta.tenant):
        assert not Group.objects.filter(pk__in=keys).exists()
    with opening_scope(beta.tenant):
        (key,) = insert_rows(Group, ("name",), [("three",)])
    with system_scope("test"):
        (platforms,) = insert_rows(Group, ("name",), [("four",)])
        assert OwnGroup.objects.get(target_id=key).tenant_id == beta.tenant.pk
        assert not OwnGroup.objects.filter(target_id=platforms).exists()


def test_what_no_tenant_writes_is_refused(alpha):
    with tenant_scope(alpha.tenant):
        with refused("platform only"):
            insert_rows(Organization, ("code", "name"), [("x", "x")])
        with refused("not used"):
            insert_rows(Image, ("title",), [("x",)])
    with nobody_scope(), refused():
        insert_rows(Canary, ("word", "tenant_id"), [("x", alpha.tenant.pk)])
    with without_scope(), pytest.raises(TenantScopeMissing):
        insert_rows(Canary, ("word", "tenant_id"), [("x", alpha.tenant.pk)])


def test_a_time_of_the_clock_must_be_named(alpha):
    with tenant_scope(alpha.tenant), pytest.raises(ValueError, match="clock"):
        insert_rows(Redirect, ("old_path", "site_id"), [("/a", alpha.tenant.site_id)])
