"""Looks and notices for the isolation probe, and the ways to them."""

from datetime import timedelta

from django.utils import timezone
from swapper import load_model

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Resident,
    Try,
    register_isolation_cases,
)

from .enums import NoticeKind
from .models import LookVersion, NavigationEntry, PlatformNotice, SiteNotice
from .notices import NoticeRow, propose_platform_notice, propose_site_notice
from .selectors import notices_in_force, site_look
from .services import LookRow, NavigationRow, put_live, save_draft


def furnish(resident: Resident) -> None:
    """A former, a live and a drafted look with logo and navigation; a proposed and a running notice."""
    administrator = resident.people["site_administrator"]
    section = load_model("wagtailcore", "Page").objects.filter(depth=3, live=True).first()
    for colour, word in (("#17476b", resident.public_word), ("#1d5a46", resident.word)):
        draft = save_draft(
            actor=administrator,
            row=LookRow(
                theme="portal",
                logo_id=resident.first("image"),
                brand=colour,
                navigation=(
                    *((NavigationRow(section_id=section.pk),) if section else ()),
                    NavigationRow(word[:20], url=f"https://{word}.invalid/"),
                ),
            ),
        )
        resident.note("look", draft)
        if word == resident.public_word:
            put_live(actor=administrator, draft=draft)
    resident.note("look", *LookVersion.objects.order_by("number"))
    resident.note("navigation_entry", *NavigationEntry.objects.all())
    now = timezone.now()
    proposed = propose_site_notice(
        actor=administrator,
        row=NoticeRow(
            NoticeKind.EMERGENCY,
            reason=resident.text("reason"),
            ends_at=now + timedelta(days=1),
            headline=resident.text("headline")[:60],
            text=resident.text("full text"),
        ),
    )
    running = SiteNotice.objects.create(
        kind=NoticeKind.EMERGENCY,
        headline=resident.public_text("bar")[:60],
        text=resident.public_text("full text of the bar"),
        reason=resident.text("reason"),
        ends_at=now + timedelta(days=1),
        proposed_by=administrator,
        confirmed_by=resident.people["editor"],
        confirmed_at=now,
    )
    resident.note("site_notice", proposed, running)


def tries(own: Resident, other: Resident) -> list[Try]:
    """The other site's images, sections, versions and notices through every form of ours."""
    base = {"theme": "portal", "brand": "", "deep": "", "seal": ""}
    rows = {"navigation-TOTAL_FORMS": "1", "navigation-INITIAL_FORMS": "0"}
    section = {"navigation-0-section": other.first("section"), "navigation-0-sort_order": "1"}
    found = [
        Try("look", "tenant_admin", "look/", data=base | rows | {"logo": other.first("image")}),
        Try("look", "tenant_admin", "look/", data=base | rows | section),
        Try("look", "tenant_admin", "look/", is_own=True),
        Try("notices", "tenant_admin", "notices/", is_own=False),
        Try("notices", "public", "emergency/", is_own=True),
        Try("look", "public", "look.css"),
        Try("look", "public", "site-logo"),
    ]
    for key in other.ids["look"]:
        found.append(Try("look", "tenant_admin", f"look/{key}/", data={"action": "live"}))
        found.append(Try("look", "tenant_admin", f"look/{key}/", data={"action": "back"}))
    for key in other.ids["site_notice"]:
        found.append(Try("notices", "tenant_admin", f"notices/{key}/", data={"action": "confirm"}))
        found.append(
            Try(
                "notices", "tenant_admin", f"notices/{key}/", data={"action": "lift", "reason": "x"}
            )
        )
    return found


def check_rows(laboratory: Laboratory) -> None:
    """Foreign logos, sections and notices in code; a site writes no notice of the platform."""
    own, other = laboratory.own, laboratory.other
    surface = "look in code"
    with laboratory.inside(own, "site_administrator"):
        administrator = own.people["site_administrator"]
        for model in (LookVersion, NavigationEntry, SiteNotice):
            laboratory.expect_clean(surface, list(model.objects.values()), model.__name__)
        laboratory.expect_clean(surface, site_look(), "the look in force")
        laboratory.expect_clean(surface, notices_in_force(fresh=True), "the notices in force")
        laboratory.expect_refusal(
            surface,
            lambda: save_draft(
                actor=administrator, row=LookRow("portal", logo_id=other.first("image"))
            ),
            "a foreign logo",
        )
        laboratory.expect_refusal(
            surface,
            lambda: NavigationEntry.objects.create(
                look_id=own.first("look"), sort_order=1, section_id=other.first("section")
            ),
            "a foreign section in the navigation",
        )
        laboratory.expect_refusal(
            surface,
            lambda: PlatformNotice.objects.create(
                kind=NoticeKind.MOURNING,
                reason="x",
                ends_at=timezone.now() + timedelta(days=1),
                proposed_by=administrator,
                is_for_all=True,
            ),
            "a site wrote a notice of the platform",
        )
        laboratory.expect_refusal(
            surface,
            lambda: propose_platform_notice(
                actor=administrator,
                row=NoticeRow(
                    NoticeKind.MOURNING, reason="x", ends_at=timezone.now() + timedelta(days=1)
                ),
                tenants=None,
            ),
            "a site administrator proposed a notice for all sites",
        )


register_isolation_cases(
    "cms_core_appearance",
    IsolationCases(
        furnish=furnish,
        tries=tries,
        checks={"look in code": check_rows},
        arguments=(
            Argument(r"^look/", "pk", kinds=("look",)),
            Argument(r"^look/", "path", values=("", "site-logo"), most=2),
            Argument(r"^notices/", "pk", kinds=("site_notice",)),
            Argument(r"^platform/notices/", "pk", values=("1",)),
        ),
        fields={r"(^|-)logo$": "image", r"^navigation-\d+-section$": "section"},
        unfurnished={
            "cms_core_appearance.PlatformNotice": "rows of the platform, read by every site by design",
            "cms_core_appearance.PlatformNoticeTarget": "rows of the platform, read by every site by design",
        },
    ),
)
