"""Visibility of the tables that Django, Wagtail and other packages bring.

Read beside ``manage.py tenancy_map``. Loaded once, when all apps are ready.
"""

from django.apps import apps
from django.db import models
from django.db.models import Q

from .exceptions import CrossTenantWrite
from .scope import Scope
from .visibility import (
    Visibility,
    by_condition,
    closed,
    derived,
    owned_through,
    platform,
    visibility_map,
)


def _not_on_the_root(row: models.Model, scope: Scope) -> None:
    """No permission is ever given on the root page or the root collection: it would cover all tenants."""
    for name in ("page", "collection"):
        target = getattr(row, name, None)
        if target is not None and target.depth == 1:
            raise CrossTenantWrite(f"no permission on the root {name}")


def _own_site_only(row: models.Model, scope: Scope) -> None:
    if getattr(row, "site_id", None) != scope.site_id:
        raise CrossTenantWrite("a redirect belongs to the tenant's own site")


def _own_upload(scope: Scope) -> Q:
    return Q(uploaded_by_user_id=scope.user_id)


DECLARATIONS: dict[str, Visibility] = {
    # Django
    "contenttypes.ContentType": platform("names of models, the same for all"),
    "auth.Permission": platform("names of rights, the same for all"),
    "auth.Group": owned_through("sites_tenancy.OwnGroup"),
    "sessions.Session": platform("read by its secret key only"),
    # Wagtail
    "wagtailcore.Locale": platform("languages, the same for all"),
    "wagtailcore.Site": by_condition(
        lambda scope: Q(pk=scope.site_id), "the site of the open tenant"
    ),
    "wagtailcore.Collection": owned_through("sites_tenancy.OwnCollection", also=Q(depth=1)),
    "wagtailcore.Workflow": owned_through("sites_tenancy.OwnWorkflow"),
    "wagtailcore.Task": owned_through("sites_tenancy.OwnTask"),
    "wagtailcore.WorkflowTask": derived("workflow"),
    "wagtailcore.WorkflowPage": derived("workflow"),
    "wagtailcore.WorkflowContentType": derived("workflow"),
    "wagtailcore.WorkflowState": derived("workflow"),
    "wagtailcore.TaskState": derived("task"),
    "wagtailcore.Revision": owned_through("sites_tenancy.OwnRevision"),
    "wagtailcore.PageLogEntry": owned_through("sites_tenancy.OwnPageLogEntry"),
    "wagtailcore.ModelLogEntry": owned_through("sites_tenancy.OwnModelLogEntry"),
    "wagtailcore.GroupPagePermission": derived("group", write_rule=_not_on_the_root),
    "wagtailcore.GroupCollectionPermission": derived("group", write_rule=_not_on_the_root),
    "wagtailcore.GroupSitePermission": derived("group"),
    "wagtailcore.PageViewRestriction": derived("page"),
    "wagtailcore.CollectionViewRestriction": derived("collection"),
    "wagtailcore.Comment": derived("page"),
    "wagtailcore.CommentReply": derived("comment"),
    "wagtailcore.PageSubscription": derived("page"),
    "wagtailcore.UploadedFile": by_condition(_own_upload, "uploaded by the signed-in user"),
    "wagtailredirects.Redirect": derived("site", write_rule=_own_site_only),
    "wagtailusers.UserProfile": derived("user"),
    "wagtailcore.APIToken": derived("user"),
    "wagtailcore.ReferenceIndex": owned_through("sites_tenancy.OwnReference"),
    "wagtailadmin.Admin": platform("holds the right to open the administration, no rows"),
    "wagtailadmin.EditingSession": owned_through("sites_tenancy.OwnEditingSession"),
    "wagtailadmin.FormState": owned_through("sites_tenancy.OwnFormState"),
    "wagtailimages.Image": closed("replaced by cms_core_media.MediaImage"),
    "wagtailimages.Rendition": closed("replaced by cms_core_media.ImageRendition"),
    "wagtaildocs.Document": closed("replaced by cms_core_media.MediaFile"),
    "wagtailsearch.IndexEntry": closed("the administration searches rows, not an index"),
    "wagtailsearch.SQLiteFTSIndexEntry": closed("the administration searches rows, not an index"),
    "taggit.Tag": owned_through("sites_tenancy.OwnTag"),
    "taggit.TaggedItem": derived("tag"),
    # Sign-in
    "axes.AccessAttempt": platform("failed sign-ins, counted before anybody is known"),
    "axes.AccessAttemptExpiration": platform("when a failed sign-in stops counting"),
    "axes.AccessFailureLog": platform("not written: failures go to the audit trail"),
    "axes.AccessLog": platform("not written: sign-ins go to the audit trail"),
}


def declare_third_party() -> None:
    """Declare every installed table of :data:`DECLARATIONS`; absent packages are skipped."""
    for label, visibility in DECLARATIONS.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        visibility_map.declare(model, visibility)
