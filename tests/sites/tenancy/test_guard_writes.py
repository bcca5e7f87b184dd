"""What a tenant can write: its own rows, referring to its own rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    ReferenceIndex,
    Revision,
    Workflow,
)

from cms_core.media.models import MediaImage, MediaTag
from cms_core.pages.models import ArticlePage, BasePage
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.expressions import ByKey
from sites.tenancy.models import Address, Canary, Organization, OwnGroup, OwnRevision, Tenant
from sites.tenancy.scope import opening_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture

pytestmark = pytest.mark.django_db


@contextmanager
def refused() -> Iterator[None]:
    """The block is refused, and the surrounding transaction stays usable."""
    with pytest.raises(CrossTenantWrite), transaction.atomic():
        yield


def stored_title(pk: int) -> str:
    with system_scope("test"):
        return BasePage.objects.get(pk=pk).title


def test_updates_and_deletes_touch_own_rows_only(alpha: TenantFixture, beta: TenantFixture) -> None:
    with tenant_scope(alpha.tenant):
        assert ArticlePage.objects.update(title="changed") == 2
        assert BasePage.objects.filter(pk=beta.home.pk).update(title="stolen") == 0
        assert ArticlePage.objects.filter(pk=beta.articles[0].pk).update(summary="stolen") == 0
        assert BasePage.objects.filter(pk=beta.home.pk).delete()[0] == 0
        assert Group.objects.filter(pk=beta.group.pk).delete()[0] == 0
        assert Collection.objects.filter(pk=beta.collection.pk).update(name="stolen") == 0
    assert stored_title(beta.home.pk) == "beta home"
    assert stored_title(beta.articles[0].pk) == "beta article 1"


def test_the_shared_root_is_read_and_not_written(alpha: TenantFixture) -> None:
    with tenant_scope(alpha.tenant):
        assert BasePage.objects.filter(depth=1).count() == 1
        assert BasePage.objects.filter(depth=1).update(title="mine") == 0


def test_saving_another_tenants_object_is_refused(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with system_scope("test"):
        foreign = BasePage.objects.get(pk=beta.home.pk)
        foreign_article = ArticlePage.objects.get(pk=beta.articles[0].pk)
    foreign.title = "stolen"
    foreign_article.summary = "stolen"
    for row in (foreign, foreign_article):
        with tenant_scope(alpha.tenant), refused():
            row.save(clean=False)
    assert stored_title(beta.home.pk) == "beta home"


def test_the_owner_is_filled_and_a_foreign_one_refused(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant):
        assert Canary.objects.create(word="x").tenant_id == alpha.tenant.pk
        assert Canary.objects.bulk_create([Canary(word="y")])[0].tenant_id == alpha.tenant.pk
        with refused():
            Canary.objects.create(word="z", tenant=beta.tenant)
        with refused():
            Canary.objects.bulk_create([Canary(word="z", tenant=beta.tenant)])


def test_the_owner_is_frozen(alpha: TenantFixture, beta: TenantFixture) -> None:
    with tenant_scope(alpha.tenant):
        row = Canary.objects.create(word="x")
        with refused():
            Canary.objects.update(tenant=beta.tenant)
        with refused():
            Canary.objects.update(tenant_id=F("id"))
        row.tenant = beta.tenant
        with refused():
            row.save()


def test_foreign_keys_cannot_leave_the_tenant(alpha: TenantFixture, beta: TenantFixture) -> None:
    with system_scope("test"):
        tag = Revision.objects.filter(object_id=str(beta.home.pk)).get()
    with tenant_scope(alpha.tenant):
        with refused():
            BasePage.objects.filter(pk=alpha.home.pk).update(live_revision=tag)
        with refused():
            BasePage.objects.filter(pk=alpha.home.pk).update(live_revision_id=F("id"))
        with refused():
            MediaImage.objects.create(
                title="x", file="x.png", width=1, height=1, collection_id=beta.collection.pk
            )
        with refused():
            GroupPagePermission.objects.bulk_create(
                [
                    GroupPagePermission(
                        group_id=beta.group.pk, page_id=alpha.home.pk, permission_id=1
                    )
                ]
            )
        assert BasePage.objects.filter(pk=alpha.home.pk).update(live_revision=None) == 1


def test_bulk_updates_are_checked_value_by_value(alpha: TenantFixture, beta: TenantFixture) -> None:
    with system_scope("test"):
        foreign = Revision.objects.get(object_id=str(beta.home.pk))
    with tenant_scope(alpha.tenant):
        own = Revision.objects.get(object_id=str(alpha.home.pk))
        pages = list(BasePage.objects.filter(depth__gt=1))
        for page in pages:
            page.live_revision = own
        assert BasePage.objects.bulk_update(pages, ["live_revision"]) == len(pages)
        pages[1].live_revision = foreign
        with refused():
            BasePage.objects.bulk_update(pages, ["live_revision"])
        for page in pages:
            page.live_revision = None
        assert BasePage.objects.bulk_update(pages, ["live_revision"]) == len(pages)


def test_numbers_by_key_are_checked_value_by_value(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with system_scope("test"):
        foreign = Revision.objects.get(object_id=str(beta.home.pk)).pk
    with tenant_scope(alpha.tenant):
        own = Revision.objects.get(object_id=str(alpha.home.pk)).pk
        first, second = BasePage.objects.filter(depth__gt=1).values_list("pk", flat=True)[:2]
        some = BasePage.objects.filter(pk__in=[first, second])
        with refused():
            some.update(live_revision=ByKey({first: own, second: foreign}))

        assert some.update(live_revision=ByKey({first: None, second: own})) == 2
        assert dict(some.values_list("pk", "live_revision_id")) == {first: None, second: own}


@pytest.mark.parametrize("model", [GroupPagePermission, GroupCollectionPermission])
def test_no_permission_is_given_on_the_shared_root(alpha: TenantFixture, model) -> None:
    from django.contrib.auth.models import Permission

    permission = Permission.objects.get(codename="change_basepage")
    with tenant_scope(alpha.tenant):
        if model is GroupPagePermission:
            row = model(
                group=alpha.group, page=BasePage.objects.get(depth=1), permission=permission
            )
        else:
            row = model(
                group=alpha.group, collection=Collection.objects.get(depth=1), permission=permission
            )
        with refused():
            row.save()


def test_directory_rows_are_written_by_the_platform_only(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant):
        assert Tenant.objects.filter(code="beta").exists()  # public columns are read by all
        for attempt in (
            lambda: Tenant.objects.filter(code="beta").update(name="stolen"),
            lambda: Address.objects.create(tenant=alpha.tenant, host="evil.localhost"),
            lambda: Address.objects.all().delete(),
            lambda: Organization.objects.create(code="x", name="x", kind="department"),
        ):
            with refused():
                attempt()
    with system_scope("test"):
        assert Tenant.objects.get(code="beta").name == "beta name"


def test_third_party_rows_get_their_owner_one_by_one_and_in_bulk(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant):
        one = Group.objects.create(name="one")
        many = Group.objects.bulk_create([Group(name="two"), Group(name="three")])
        workflow = Workflow.objects.create(name="review")
        assert OwnGroup.objects.filter(target__in=[one, *many]).count() == 3
        revision = alpha.home.save_revision()
        assert OwnRevision.objects.filter(target=revision).exists()
    with tenant_scope(beta.tenant):
        assert not Group.objects.filter(name__in=["one", "two", "three"]).exists()
        assert not Workflow.objects.filter(pk=workflow.pk).exists()
        assert not Revision.objects.filter(pk=revision.pk).exists()


def test_an_insert_that_hides_its_keys_is_refused_for_owned_rows(alpha: TenantFixture) -> None:
    with tenant_scope(alpha.tenant), refused():
        Group.objects.bulk_create([Group(name="four")], ignore_conflicts=True)
    with system_scope("test"):
        assert not Group.objects.filter(name="four").exists()


def test_rows_inserted_with_ignored_conflicts_are_found_by_their_natural_key(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant):
        page = ArticlePage.objects.get(pk=alpha.articles[0].pk)
        page.body = [("paragraph", f'<p><a linktype="page" id="{alpha.home.pk}">x</a></p>')]
        page.save()
        ReferenceIndex.create_or_update_for_object(page)
        ReferenceIndex.create_or_update_for_object(page)
        own = ReferenceIndex.get_references_to(alpha.home)
        assert own.filter(object_id=str(page.pk)).count() == 1
    with tenant_scope(beta.tenant):
        assert not ReferenceIndex.objects.filter(object_id=str(page.pk)).exists()


def test_what_the_platform_makes_belongs_to_no_tenant(alpha: TenantFixture) -> None:
    with system_scope("test"):
        Group.objects.create(name="platform")
    with tenant_scope(alpha.tenant):
        assert not Group.objects.filter(name="platform").exists()


def test_an_opening_scope_owns_what_it_makes(alpha: TenantFixture, beta: TenantFixture) -> None:
    with opening_scope(alpha.tenant):
        Group.objects.create(name="opened")
        assert Canary.objects.create(word="x").tenant_id == alpha.tenant.pk
        assert Group.objects.filter(name="beta group").exists()
    with tenant_scope(alpha.tenant):
        assert Group.objects.filter(name="opened").exists()


def test_tag_names_are_free_in_every_tenant(alpha: TenantFixture, beta: TenantFixture) -> None:
    for fixture in (alpha, beta):
        with tenant_scope(fixture.tenant):
            MediaTag.objects.create(name="环保")
            assert MediaTag.objects.filter(name="环保").count() == 1


def test_rich_text_and_streamfield_cannot_refer_to_foreign_rows(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    article = ArticlePage.objects.model
    with tenant_scope(alpha.tenant):
        page = article.objects.get(pk=alpha.articles[0].pk)
        page.body = [("paragraph", f'<p><a linktype="page" id="{beta.home.pk}">x</a></p>')]
        with refused():
            page.save()
        with refused():  # a draft is checked like a live row
            page.save_revision(clean=False)
        page.body = [("paragraph", f'<p><a linktype="page" id="{alpha.home.pk}">x</a></p>')]
        page.save()
        assert page.save_revision().pk


def test_pages_cannot_move_into_another_tenant(alpha: TenantFixture, beta: TenantFixture) -> None:
    with system_scope("test"):
        foreign_home = BasePage.objects.get(pk=beta.home.pk)
    with tenant_scope(alpha.tenant):
        page = BasePage.objects.get(pk=alpha.articles[0].pk)
        with refused():
            page.move(foreign_home, pos="last-child")
    with system_scope("test"):
        moved = BasePage.objects.get(pk=alpha.articles[0].pk)
        assert moved.get_parent().pk == alpha.section.pk
        assert BasePage.find_problems() == ([], [], [], [], [])
