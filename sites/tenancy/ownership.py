"""Side tables that say which tenant owns a row of another package.

The tables of Wagtail and Django stay as they are; each owner row is made by the insert compiler
(``sites.tenancy.guard.record_ownership``), bulk creation included.
"""

from django.db import models

from .visibility import own


class Ownership(models.Model):
    """``target`` belongs to ``tenant``."""

    tenant = models.ForeignKey(
        "sites_tenancy.Tenant", on_delete=models.CASCADE, related_name="+", db_index=True
    )
    #: The target becomes visible only by this row, so its visibility cannot be asked for.
    tenant_visibility = own(free_references=True)

    class Meta:
        abstract = True


def _target(model: str) -> models.OneToOneField:
    return models.OneToOneField(
        model, primary_key=True, on_delete=models.CASCADE, related_name="tenant_ownership"
    )


class OwnGroup(Ownership):
    target = _target("auth.Group")


class OwnCollection(Ownership):
    target = _target("wagtailcore.Collection")


class OwnWorkflow(Ownership):
    target = _target("wagtailcore.Workflow")


class OwnTask(Ownership):
    target = _target("wagtailcore.Task")


class OwnRevision(Ownership):
    target = _target("wagtailcore.Revision")


class OwnPageLogEntry(Ownership):
    target = _target("wagtailcore.PageLogEntry")


class OwnModelLogEntry(Ownership):
    target = _target("wagtailcore.ModelLogEntry")


class OwnTag(Ownership):
    target = _target("taggit.Tag")


class OwnReference(Ownership):
    target = _target("wagtailcore.ReferenceIndex")


class OwnEditingSession(Ownership):
    target = _target("wagtailadmin.EditingSession")


class OwnFormState(Ownership):
    target = _target("wagtailadmin.FormState")
