"""Reads: the look in force, its versions, and the notices in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Prefetch, Q
from django.utils import timezone
from swapper import load_model

from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_tenant_id
from themes.manifest import DEPARTMENT, PORTAL, THEMES, TOWNSHIP, Theme

from .enums import LookState, NoticeKind
from .models import LookVersion, NavigationEntry, PlatformNotice, SiteNotice
from .rules import chosen_tokens

#: Seconds that other processes may still show the former look after a switch.
LOOK_SECONDS = 10
#: Seconds that a notice may be late in a process that did not switch it.
NOTICE_SECONDS = 2
#: Box of the logo in pixels at double density: 240 by 72 on the page.
LOGO_FILTER = "max-480x144"
_LOOK = "site_look"
_NOTICES = "notices"
_THEME_OF_KIND = {TenantKind.DEPARTMENT: DEPARTMENT, TenantKind.TOWNSHIP: TOWNSHIP}


@dataclass(frozen=True, slots=True)
class Logo:
    """The logo as pages print it; its bytes lie under the fixed address ``/site-logo``.

    ``file_name``: in the storage of renditions. ``stamp``: changes with the picture.
    """

    width: int
    height: int
    file_name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class LookLink:
    """An entry of the chosen navigation. ``section_path`` and ``url_path``: of a section of one's own."""

    title: str
    url: str = ""
    section_path: str = ""
    url_path: str = ""
    is_listed_when_empty: bool = False


@dataclass(frozen=True, slots=True)
class SiteLook:
    """How one site looks. ``number``: of the version, 0 where nobody has chosen anything.

    ``tokens``: the site's own colours, from token name to hex. ``navigation``: empty for the sections
    that are shown in menus.
    """

    number: int
    theme_code: str
    logo: Logo | None = None
    tokens: tuple[tuple[str, str], ...] = ()
    navigation: tuple[LookLink, ...] = ()

    @property
    def theme(self) -> Theme:
        return THEMES.get(self.theme_code, PORTAL)


@dataclass(frozen=True, slots=True)
class NoticeInForce:
    """One notice as visitors see it. ``is_platform``: made by the platform, not by the site."""

    kind: str
    headline: str
    text: str
    starts_at: datetime
    ends_at: datetime
    is_platform: bool

    def is_in_force(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


# --- look -----------------------------------------------------------------------


def default_theme_code(kind: str) -> str:
    """The theme of a site that has chosen none: the one made for its kind."""
    return _THEME_OF_KIND.get(TenantKind(kind), PORTAL).code


def site_look() -> SiteLook:
    """The live look of the open tenant. Cached for :data:`LOOK_SECONDS`."""
    found: SiteLook | None = cache.get(_LOOK)
    if found is None:
        version = _versions().filter(state=LookState.LIVE).first()
        found = look_of(version) if version is not None else _usual_look()
        cache.set(_LOOK, found, LOOK_SECONDS)
    return found


def forget_site_look() -> None:
    """Show a new look at once in this process."""
    cache.delete(_LOOK)


def _usual_look() -> SiteLook:
    kind = Tenant.objects.values_list("kind", flat=True).get(pk=current_tenant_id())
    return SiteLook(0, default_theme_code(kind))


def look_of(version: LookVersion) -> SiteLook:
    """What pages show of one version, live or draft. No query for a row of :func:`look_versions`."""
    return SiteLook(
        number=version.number,
        theme_code=version.theme,
        logo=_logo(version),
        tokens=tuple(chosen_tokens(colours_of(version)).items()),
        navigation=tuple(_link(entry) for entry in version.entries.all() if _leads(entry)),
    )


def colours_of(version: LookVersion) -> dict[str, str]:
    return {"brand": version.brand, "deep": version.deep, "seal": version.seal}


def _logo(version: LookVersion) -> Logo | None:
    if version.logo is None:
        return None
    try:
        rendition = version.logo.get_rendition(LOGO_FILTER)
    except OSError:  # the file is gone: the name of the site stands alone
        return None
    # Half of its pixels: sharp on a screen of double density.
    return Logo(
        max(1, rendition.width // 2),
        max(1, rendition.height // 2),
        rendition.file.name,
        f"{rendition.pk}-{rendition.width}x{rendition.height}",
    )


def _leads(entry: NavigationEntry) -> bool:
    return bool(entry.url) or (entry.section is not None and entry.section.live)


def _link(entry: NavigationEntry) -> LookLink:
    section = entry.section
    if section is None:
        return LookLink(entry.title, url=entry.url)
    kept = getattr(section, "sectionpage", None)
    return LookLink(
        entry.title or section.title,
        section_path=section.path,
        url_path=section.url_path,
        is_listed_when_empty=bool(getattr(kept, "is_listed_when_empty", False)),
    )


def _versions() -> Any:
    entries = NavigationEntry.objects.select_related("section__sectionpage").order_by(
        "sort_order", "pk"
    )
    return LookVersion.objects.select_related("logo").prefetch_related(
        Prefetch("entries", queryset=entries)
    )


def look_versions() -> Any:
    """All versions of the open tenant's look, newest first, with logo and entries. Two queries."""
    return _versions().select_related("changed_by", "live_by").order_by("-number", "-pk")


def draft_look() -> LookVersion | None:
    """The draft of the open tenant's look."""
    draft: LookVersion | None = _versions().filter(state=LookState.DRAFT).first()
    return draft


def live_look() -> LookVersion | None:
    """The live version of the open tenant's look; ``None`` until one is put live."""
    live: LookVersion | None = _versions().filter(state=LookState.LIVE).first()
    return live


def navigable_sections() -> Any:
    """Live sections of the open tenant that a navigation entry may lead to, in the tree's order."""
    pages = load_model("wagtailcore", "Page").objects
    return pages.filter(live=True, depth__in=(3, 4), sectionpage__isnull=False).order_by(
        "path", "pk"
    )


# --- notices --------------------------------------------------------------------


def notices_in_force(
    now: datetime | None = None, *, kind: str = "", fresh: bool = False
) -> tuple[NoticeInForce, ...]:
    """What is in force on the open tenant's pages now, the platform's first, then the newest.

    The rows are cached for :data:`NOTICE_SECONDS`; begin and end are told by the clock at each call,
    so that a notice ends by itself. ``fresh``: ask the rows anew.
    """
    now = now or timezone.now()
    found: tuple[NoticeInForce, ...] | None = None if fresh else cache.get(_NOTICES)
    if found is None:
        found = _showable(now)
        cache.set(_NOTICES, found, NOTICE_SECONDS)
    return tuple(
        notice for notice in found if notice.is_in_force(now) and kind in {"", notice.kind}
    )


def is_in_mourning(now: datetime | None = None) -> bool:
    """Whether the open tenant's pages are grey now."""
    return bool(notices_in_force(now, kind=NoticeKind.MOURNING))


def forget_notices() -> None:
    """Show a switched notice of the open tenant at once in this process."""
    cache.delete(_NOTICES)


def _showable(now: datetime) -> tuple[NoticeInForce, ...]:
    tenant_id = current_tenant_id()
    everywhere = PlatformNotice.objects.may_show(now).filter(
        Q(is_for_all=True) | Q(targets__tenant_id=tenant_id)
    )
    here = SiteNotice.objects.may_show(now)
    return tuple(
        NoticeInForce(
            row.kind,
            row.headline,
            row.text,
            row.starts_at or row.confirmed_at,
            row.ends_at,
            isinstance(row, PlatformNotice),
        )
        for row in (
            *everywhere.distinct().order_by("-confirmed_at", "-pk"),
            *here.order_by("-confirmed_at", "-pk"),
        )
    )
