"""Tenants for tests, made through the services where they exist and otherwise with the fewest rows."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from wagtail.models import Collection, Site

from cms_core.pages.bulk import insert_children
from cms_core.pages.models import ArticlePage, BasePage, HomePage, SectionPage
from sites.tenancy.enums import AddressKind, TenantKind, TenantStatus
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import opening_scope, system_scope


@dataclass(frozen=True)
class TenantFixture:
    """A small open tenant: home, one section, two articles, a group and a collection."""

    tenant: Tenant
    home: HomePage
    section: SectionPage
    articles: list[ArticlePage]
    group: Group
    collection: Collection

    @property
    def host(self) -> str:
        return f"{self.tenant.code}.localhost"


def make_tenant(
    code: str, *, kind: str = TenantKind.DEPARTMENT, parent: Tenant | None = None
) -> TenantFixture:
    """A tenant with live pages. Titles carry the code, so that a leak can be recognised."""
    with system_scope("test fixture"):
        tenant = Tenant.objects.create(
            code=code,
            name=f"{code} name",
            short_name=code,
            kind=kind,
            status=TenantStatus.OPEN,
            parent=parent,
        )
        with opening_scope(tenant):
            locale_id = _locale_id()
            root = BasePage.objects.get(depth=1)
            home = HomePage(title=f"{code} home", slug=code, locale_id=locale_id)
            insert_children(root, [home], actor=None)
            section = SectionPage(
                title=f"{code} section", slug="news", show_in_menus=True, locale_id=locale_id
            )
            insert_children(home, [section], actor=None)
            articles = [
                ArticlePage(title=f"{code} article {n}", slug=f"a{n}", locale_id=locale_id)
                for n in (1, 2)
            ]
            insert_children(section, articles, actor=None)
            group = Group.objects.create(name=f"{code} group")
            collection = Collection.objects.get(depth=1).add_child(name=f"{code} collection")
            tenant.site = Site.objects.create(
                hostname=f"{code}.localhost", root_page_id=home.pk, site_name=code
            )
            tenant.save()
            Address.objects.create(
                tenant=tenant, host=f"{code}.localhost", kind=AddressKind.PRIMARY
            )
    return TenantFixture(tenant, home, section, articles, group, collection)


def _locale_id() -> int:
    from wagtail.models import Locale

    return Locale.get_default().pk
