"""Many pages changed at once: moved, published. Each call is one transaction, all or none."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry

from cms_core.content_checks.services import held_back
from cms_core.workflow.policy_selectors import is_under_review
from sites.audit.services import record_events
from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.scope import current_tenant_id
from sites.tenancy.selectors import public_address

from .models import BasePage
from .publication import refresh_below
from .selectors import forget_private_paths
from .tree import Transplant, transplant
from .withdrawal import locked_rows, refuse_home

#: Pages published in one transaction: each is a whole publication with its history, resource and
#: events (about 40 statements), so this many hold the database's one writer for some seconds.
MOST_PUBLISHED = 100
_BATCH = 500


@transaction.atomic
def move_pages(*, actor: Any, pages: Sequence[BasePage], target: BasePage) -> int:
    """Move ``pages`` with all below them under ``target``; old public addresses lead to the new ones.

    The statements for tree, addresses and redirects grow with batches, not with pages.

    :returns: how many pages were moved, those below included.
    :raises ValidationError: a home, a page above the target, a taken slug, a type that may not stand
        there, or too many at once. Nothing was moved then.
    """
    for page in pages:
        refuse_home(page)
    holder = BasePage.objects.select_for_update().get(pk=target.pk)
    if holder.is_recycled or holder.depth < HOME_DEPTH:
        raise ValidationError(_("Pages cannot be moved there. Choose another place."))
    rows = locked_rows(pages, with_below=True)
    wanted = {page.pk for page in pages}
    roots = [
        row
        for row in sorted(rows, key=lambda row: row.path)
        if row.pk in wanted and row.path[: -BasePage.steplen] != holder.path
    ]
    _refuse_impossible(roots, holder)
    before = {row.pk: row.url_path for row in rows if row.live}
    sources = {row.pk: row.path[: -BasePage.steplen] for row in roots}
    transplant(holder, [Transplant(root, root.slug) for root in roots])
    forget_private_paths()
    _redirect(before)
    refresh_below(*roots)
    parents = dict(
        BasePage.objects.filter(path__in=set(sources.values())).values_list("path", "title")
    )
    now = timezone.now()
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type_id=root.content_type_id,
                label=str(root)[:255],
                action="wagtail.move",
                timestamp=now,
                user_id=getattr(actor, "pk", actor),
                page_id=root.pk,
                data={
                    "source": {"title": parents.get(sources[root.pk], "")},
                    "destination": {"id": holder.pk, "title": holder.title},
                },
            )
            for root in roots
        ],
        batch_size=_BATCH,
    )
    if roots:
        record_events(
            kind="page_moved",
            subjects=[(root, {"parent": holder.pk}) for root in roots],
            actor=actor,
        )
    return sum(1 for row in rows if any(row.path.startswith(root.path) for root in roots)) or len(
        roots
    )


def _refuse_impossible(roots: Sequence[BasePage], holder: BasePage) -> None:
    for place, root in enumerate(roots):
        if holder.path.startswith(root.path):
            raise ValidationError(
                _("“%(title)s” cannot move below itself.") % {"title": root.title}
            )
        if place and root.path.startswith(roots[place - 1].path):
            raise ValidationError(
                _("“%(title)s” lies below another chosen page.") % {"title": root.title}
            )
        allowed = root.specific_class.allowed_parent_page_models()
        if holder.specific_class not in allowed:
            raise ValidationError(
                _("“%(title)s” cannot stand there: pages of this type have another place.")
                % {"title": root.title}
            )
    slugs = [root.slug for root in roots]
    taken = set(
        BasePage.objects.filter(
            path__range=BasePage._get_children_path_interval(holder.path),
            depth=holder.depth + 1,
            slug__in=slugs,
        ).values_list("slug", flat=True)
    ) | {slug for slug in slugs if slugs.count(slug) > 1}
    if taken:
        titles = "、".join(root.title for root in roots if root.slug in taken)
        raise ValidationError(
            _("These addresses are taken there: %(titles)s.") % {"titles": titles[:300]}
        )


def _redirect(before: dict[int, str]) -> None:
    """Old public addresses of moved pages lead to them, as Wagtail does page by page."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    address = public_address(tenant.pk)
    if address is None or tenant.site_id is None:
        return
    made = []
    for pk, url_path in before.items():
        path = Redirect.normalise_path(f"{address.prefix}/{url_path.split('/', 2)[2]}")
        made.append(
            Redirect(
                old_path=path,
                site_id=tenant.site_id,
                redirect_page_id=pk,
                automatically_created=True,
            )
        )
    for start in range(0, len(made), _BATCH):
        some = made[start : start + _BATCH]
        Redirect.objects.filter(
            automatically_created=True, old_path__in=[item.old_path for item in some]
        ).delete()
        Redirect.objects.bulk_create(some, ignore_conflicts=True)


@transaction.atomic
def publish_pages(*, actor: Any, pages: Sequence[BasePage]) -> int:
    """Publish the newest draft of each, all or none. A page under review is refused by its review.

    :raises ValidationError: more than :data:`MOST_PUBLISHED`.
    :raises ReviewRequired: one of them must be reviewed first.
    """
    if len(pages) > MOST_PUBLISHED:
        raise ValidationError(
            _(
                "At most %(most)d pages are published at once, because each is a whole publication. "
                "Nothing was published. Choose fewer."
            )
            % {"most": MOST_PUBLISHED}
        )
    for page in pages:
        revision = page.get_latest_revision() or page.specific.save_revision(user=actor)
        _refuse_findings(actor, page, revision)
        page.publish(revision, user=actor, skip_permission_checks=True)
    return len(pages)


def _refuse_findings(actor: Any, page: BasePage, revision: Any) -> None:
    """:raises ValidationError: the checks hold the draft back. A page under review is its review's matter."""
    if is_under_review(page):
        return
    held = held_back(actor=actor, revision=revision)
    if held:
        raise ValidationError(
            ngettext(
                "“%(title)s” is held back by %(count)d finding of the checks. Open it and choose “Save and "
                "check”.",
                "“%(title)s” is held back by %(count)d findings of the checks. Open it and choose “Save and "
                "check”.",
                len(held),
            )
            % {"title": page.title, "count": len(held)}
        )
