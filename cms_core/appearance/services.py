"""Writes of a site's look: draft, put live, go back. Each is one transaction with one audit event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.audit.services import record_event
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_tenant_id
from themes.manifest import THEMES
from themes.tokens import theme_colours

from .enums import LookState
from .events import AppearanceEvent
from .models import LookVersion, NavigationEntry
from .permissions import require_may_change_look
from .rules import LEAST_CONTRAST, NAVIGATION_LIMIT, ContrastFault, contrast_faults
from .selectors import (
    default_theme_code,
    draft_look,
    forget_site_look,
    live_look,
    look_of,
    navigable_sections,
)

#: What readers know the tokens as.
TOKEN_NAMES: Mapping[str, Any] = {
    "--brand": gettext_lazy("main colour"),
    "--deep": gettext_lazy("dark colour"),
    "--seal": gettext_lazy("accent colour"),
    "--paper": gettext_lazy("ground of the page"),
    "--surface": gettext_lazy("ground of cards"),
    "--sunk": gettext_lazy("ground of quiet boxes"),
    "--tint": gettext_lazy("tinted ground"),
    "--seal-tint": gettext_lazy("tinted ground of warnings"),
    "--on-brand": gettext_lazy("text on the main colour"),
    "--on-deep": gettext_lazy("text on the dark colour"),
    "--on-deep2": gettext_lazy("quiet text on the dark colour"),
    "--on-seal": gettext_lazy("text on the accent colour"),
    "--ink": gettext_lazy("text"),
    "--ink2": gettext_lazy("secondary text"),
    "--ink3": gettext_lazy("quiet text"),
    "--ochre": gettext_lazy("ochre text"),
}


@dataclass(frozen=True, slots=True)
class NavigationRow:
    """An entry as it comes from the form: a section's key, or an address elsewhere with its wording."""

    title: str = ""
    section_id: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class LookRow:
    """Everything a version holds. ``logo_id``: key of an image of one's own."""

    theme: str
    logo_id: int | None = None
    brand: str = ""
    deep: str = ""
    seal: str = ""
    navigation: Sequence[NavigationRow] = field(default_factory=tuple)


def fault_text(fault: ContrastFault) -> str:
    """The words about a pair of colours that are too alike."""
    words = _(
        "“%(text)s” %(text_colour)s on “%(ground)s” %(ground_colour)s has a contrast of %(ratio)s; "
        "%(least)s is needed."
    ) % {
        "text": TOKEN_NAMES.get(fault.text, fault.text),
        "text_colour": fault.text_colour,
        "ground": TOKEN_NAMES.get(fault.ground, fault.ground),
        "ground_colour": fault.ground_colour,
        # Cut off, not rounded: 4.496 must not read as 4.50.
        "ratio": f"{int(fault.ratio * 100) / 100:.2f}",
        "least": LEAST_CONTRAST,
    }
    if fault.nearest:
        words += _("The nearest colour that passes is %(colour)s.") % {"colour": fault.nearest}
    return words


def check_look(row: LookRow) -> None:
    """Whether a look may be kept.

    :raises ValidationError: by field: an unknown theme, colours too alike, a navigation that leads
        nowhere or is too long.
    """
    errors: dict[str, list[str]] = {}
    theme = THEMES.get(row.theme)
    if theme is None:
        errors["theme"] = [_("Choose one of the looks.")]
    else:
        colours = {"brand": row.brand, "deep": row.deep, "seal": row.seal}
        for fault in contrast_faults(colours, theme_colours(theme)):
            errors.setdefault(fault.field, []).append(fault_text(fault))
    navigation = _navigation_errors(row.navigation)
    if navigation:
        errors["navigation"] = navigation
    if errors:
        raise ValidationError(errors)


def _navigation_errors(rows: Sequence[NavigationRow]) -> list[str]:
    if len(rows) > NAVIGATION_LIMIT:
        return [
            _("At most %(count)d entries fit into the navigation.") % {"count": NAVIGATION_LIMIT}
        ]
    found = []
    for place, row in enumerate(rows, start=1):
        if bool(row.section_id) == bool(row.url):
            found.append(
                _("Entry %(place)d: choose a section or write an address, one of the two.")
                % {"place": place}
            )
        elif row.url and not row.title.strip():
            found.append(_("Entry %(place)d: an address needs its wording.") % {"place": place})
        elif row.url and not row.url.startswith(("https://", "http://")):
            found.append(
                _("Entry %(place)d: an address begins with https:// or http://.") % {"place": place}
            )
    wanted = {row.section_id for row in rows if row.section_id}
    if wanted:
        known = set(navigable_sections().filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted - known:
            found.append(_("A chosen section is not one of this site, or is not public."))
    return found


@transaction.atomic
def save_draft(*, actor: Any, row: LookRow) -> LookVersion:
    """Keep ``row`` as the draft of the open tenant's look; visitors see nothing of it.

    :raises PermissionDenied: ``actor`` does not change the look here.
    :raises ValidationError: see :func:`check_look`.
    :raises CrossTenantWrite: the logo or a section belongs to another site.
    """
    require_may_change_look(actor)
    check_look(row)
    _keep_the_first(actor)
    draft = draft_look() or LookVersion(number=_next_number(), state=LookState.DRAFT)
    draft.theme = row.theme
    draft.logo_id = row.logo_id
    draft.brand, draft.deep, draft.seal = row.brand.lower(), row.deep.lower(), row.seal.lower()
    draft.changed_by = actor
    draft.copied_from = None
    draft.save()
    draft.entries.all().delete()
    for place, entry in enumerate(row.navigation, start=1):
        NavigationEntry.objects.create(
            look=draft,
            sort_order=place,
            title=entry.title.strip(),
            section_id=entry.section_id,
            url=entry.url,
        )
    _record(AppearanceEvent.DRAFT_SAVED, draft, actor)
    look_of(draft)  # draws the logo in its size now, so that no visitor's request writes a row
    return draft


def look_faults(row: LookRow) -> list[str]:
    """What is wrong with the theme and colours of a look, in words."""
    theme = THEMES.get(row.theme)
    if theme is None:
        return [_("Choose one of the looks.")]
    colours = {"brand": row.brand, "deep": row.deep, "seal": row.seal}
    return [fault_text(fault) for fault in contrast_faults(colours, theme_colours(theme))]


@transaction.atomic
def adopt_look(*, actor: Any, row: LookRow) -> LookVersion:
    """Give the open tenant its first look, live at once: the platform's work when it opens a site.

    :raises ValidationError: a fault of theme or colours, or the site has chosen a look.
    """
    faults = look_faults(row)
    if faults:
        raise ValidationError(faults)
    if LookVersion.objects.exists():
        raise ValidationError(_("The site has chosen its look already."))
    now = timezone.now()
    version = LookVersion.objects.create(
        number=1,
        state=LookState.LIVE,
        theme=row.theme,
        brand=row.brand.lower(),
        deep=row.deep.lower(),
        seal=row.seal.lower(),
        changed_by=actor,
        live_from=now,
        live_by=actor,
    )
    _record(AppearanceEvent.PUT_LIVE, version, actor)
    transaction.on_commit(forget_site_look)
    return version


@transaction.atomic
def discard_draft(*, actor: Any) -> None:
    """Throw the draft away. :raises PermissionDenied: see :func:`save_draft`."""
    require_may_change_look(actor)
    draft = draft_look()
    if draft is not None:
        _record(AppearanceEvent.DRAFT_DISCARDED, draft, actor)
        draft.delete()


@transaction.atomic
def put_live(*, actor: Any, draft: LookVersion) -> LookVersion:
    """Show the draft to visitors.

    :raises PermissionDenied: see :func:`save_draft`.
    :raises ValidationError: it is no draft any more: somebody else was faster.
    """
    require_may_change_look(actor)
    now = timezone.now()
    LookVersion.objects.filter(state=LookState.LIVE).update(state=LookState.FORMER)
    changed = LookVersion.objects.filter(pk=draft.pk, state=LookState.DRAFT).update(
        state=LookState.LIVE, live_from=now, live_by=actor
    )
    if not changed:
        raise ValidationError(_("This draft was put live or thrown away meanwhile. Look again."))
    draft.refresh_from_db()
    _record(AppearanceEvent.PUT_LIVE, draft, actor)
    transaction.on_commit(forget_site_look)
    return draft


@transaction.atomic
def go_back(*, actor: Any, version: LookVersion) -> LookVersion:
    """Show an earlier version again, at once: a copy of it under a new number. The draft stays.

    :raises PermissionDenied: see :func:`save_draft`.
    :raises ValidationError: the version was never live.
    """
    require_may_change_look(actor)
    if version.state != LookState.FORMER:
        raise ValidationError(_("Only a version that was live before can be shown again."))
    LookVersion.objects.filter(state=LookState.LIVE).update(state=LookState.FORMER)
    copy = LookVersion.objects.create(
        number=_next_number(),
        state=LookState.LIVE,
        theme=version.theme,
        logo_id=version.logo_id,
        brand=version.brand,
        deep=version.deep,
        seal=version.seal,
        copied_from=version.number,
        changed_by=actor,
        live_from=timezone.now(),
        live_by=actor,
    )
    for entry in version.entries.all():
        NavigationEntry.objects.create(
            look=copy,
            sort_order=entry.sort_order,
            title=entry.title,
            section_id=entry.section_id,
            url=entry.url,
        )
    _record(AppearanceEvent.WENT_BACK, copy, actor)
    transaction.on_commit(forget_site_look)
    return copy


def _keep_the_first(actor: Any) -> None:
    """Before the first draft: what visitors see without any choice, to go back to."""
    if live_look() is not None or LookVersion.objects.exists():
        return
    kind = Tenant.objects.values_list("kind", flat=True).get(pk=current_tenant_id())
    LookVersion.objects.create(
        number=1,
        state=LookState.LIVE,
        theme=default_theme_code(kind),
        changed_by=actor,
        live_from=timezone.now(),
    )


def _next_number() -> int:
    newest = LookVersion.objects.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def _record(event: AppearanceEvent, version: LookVersion, actor: Any) -> None:
    record_event(
        kind=event,
        subject=version,
        actor=actor,
        data={
            "number": version.number,
            "theme": version.theme,
            "copied_from": version.copied_from,
            "colours": [version.brand, version.deep, version.seal],
            "logo_id": version.logo_id,
        },
    )
