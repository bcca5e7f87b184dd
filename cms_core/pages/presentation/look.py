"""Which look a site wears."""

from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant
from themes.manifest import DEPARTMENT, PORTAL, TOWNSHIP, Theme

_LOOKS = {
    TenantKind.DEPARTMENT: DEPARTMENT,
    TenantKind.TOWNSHIP: TOWNSHIP,
}


def theme_of(tenant: Tenant) -> Theme:
    """The look of a site: the one made for its kind, the portal's for every other kind."""
    return _LOOKS.get(TenantKind(tenant.kind), PORTAL)
