"""Page types of government sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "cms_core.pages"
    label = "cms_core_pages"
    verbose_name = _("Pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from sites.registry.home_defaults import home_defaults

        from . import comparisons
        from .edit_conflicts import note_newest
        from .fields import tell_wrong_choices
        from .publication import connect

        connect()
        page_published.connect(note_newest, dispatch_uid="note_newest")
        home_defaults.discover()
        tell_wrong_choices()
        comparisons.register()
