"""Locale and translation key, the way Wagtail bootstraps a custom page model."""

from django.db import migrations
from wagtail.models import (
    BootstrapLocaleField,
    BootstrapTranslatableModel,
    BootstrapTranslationKeyField,
)


class Migration(migrations.Migration):
    dependencies = [
        ("cms_core_pages", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        BootstrapLocaleField("cms_core_pages.BasePage"),
        BootstrapTranslationKeyField("cms_core_pages.BasePage"),
        BootstrapTranslatableModel("cms_core_pages.BasePage"),
    ]
