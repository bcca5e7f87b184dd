"""The tenancy app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "sites.tenancy"
    label = "sites_tenancy"
    verbose_name = _("Sites")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declarations come before the first query; models of all apps are loaded by now.
        from . import checks, references  # noqa: F401  (registers them)
        from .isolation import checks as isolation_checks  # noqa: F401  (registers them)
        from .third_party import declare_third_party
        from .visibility import visibility_map

        declare_third_party()
        visibility_map.collect()
        references.connect()
