"""Staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "sites.accounts"
    label = "sites_accounts"
    verbose_name = _("Staff accounts")
    default_auto_field = "django.db.models.BigAutoField"
