"""Staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "sites.accounts"
    label = "sites_accounts"
    verbose_name = _("Staff accounts")
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def ready(self) -> None:
        from sites.registry.platform_pages import platform_pages

        from . import checks, receivers  # noqa: F401  (registers them)
        from .certificates import certificate_providers
        from .menu_addresses import keep_menus_in_their_site

        certificate_providers.discover()
        platform_pages.discover()
        keep_menus_in_their_site()


class TenantUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user screens, replaced by those of a tenant's people; groups have no screen at all."""

    user_viewset = "sites.accounts.viewsets.PeopleViewSet"
    group_viewset = "sites.accounts.viewsets.NoGroupsViewSet"
