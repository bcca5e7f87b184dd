"""A site's administrator changes its look, sees it first, puts it live and goes back."""

import io
import re
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model

from cms_core.appearance.models import LookVersion, NavigationEntry
from cms_core.appearance.selectors import draft_look, site_look
from cms_core.appearance.services import LookRow, NavigationRow, go_back, put_live, save_draft
from cms_core.pages.services import publish_page
from sites.accounts.enums import RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts import people

GREEN, BROWN, PALE = "#1d5a46", "#843c12", "#99bbdd"


def visitor(site) -> Client:
    return Client(headers={"host": site.host})


def picture(site, administrator):
    body = io.BytesIO()
    Image.new("RGB", (600, 200), (20, 140, 60)).save(body, "PNG")
    with tenant_scope(site.tenant, administrator):
        return get_image_model().objects.create(
            title="logo",
            file=ContentFile(body.getvalue(), name=f"{site.tenant.code}-logo.png"),
            collection=site.collection,
        )


def form(**values) -> dict:
    given = {"theme": "portal", "brand": "", "deep": "", "seal": "", "logo": ""}
    rows = {"navigation-TOTAL_FORMS": "10", "navigation-INITIAL_FORMS": "0"}
    return given | rows | values


def test_draft_preview_live_and_back(alpha, administrator):
    logo = picture(alpha, administrator)
    desk, public = people.signed_in(administrator), visitor(alpha)
    before = public.get("/").content
    assert public.get("/look.css").content == b""

    answer = desk.post(
        "/t/alpha/look/",
        form(
            brand=GREEN,
            logo=str(logo.pk),
            **{
                "navigation-0-section": str(alpha.section.pk),
                "navigation-0-sort_order": "2",
                "navigation-0-title": "新闻",
                "navigation-1-url": "https://www.example.gov.cn/",
                "navigation-1-title": "省政府",
                "navigation-1-sort_order": "1",
            },
            action="preview",
        ),
    )
    with tenant_scope(alpha.tenant, administrator):
        draft = draft_look()
    assert answer.headers["Location"] == f"/t/alpha/look/{draft.pk}/preview/"
    assert desk.get(answer.headers["Location"]).status_code == 200

    # The preview shows it and leads back into itself; visitors see nothing yet.
    base = f"/t/alpha/look/{draft.pk}/site/"
    seen = desk.get(base).content.decode()
    assert seen.index("省政府") < seen.index(f'href="{base}news/"')
    assert f'href="{base}look.css"' in seen
    assert f"--brand:{GREEN}" in desk.get(f"{base}look.css").content.decode()
    assert desk.get(f"{base}site-logo").headers["Content-Type"] == "image/png"
    assert "alpha article" in desk.get(f"{base}news/a1/").content.decode()
    assert desk.get(f"{base}nothing/").status_code == 404
    cache.clear()
    assert public.get("/").content == before

    desk.post(f"/t/alpha/look/{draft.pk}/", {"action": "live"})
    cache.clear()  # as after the seconds that it may be old
    live = public.get("/").content.decode()
    assert re.findall(r'<nav class="nav".*?</nav>', live, re.DOTALL)[0].count("<li>") == 3
    assert '<img class="logo" src="/site-logo"' in live
    assert f"--brand:{GREEN}" in public.get("/look.css").content.decode()
    assert public.get("/site-logo").status_code == 200

    with tenant_scope(alpha.tenant, administrator):
        first = LookVersion.objects.get(number=1)
    desk.post(f"/t/alpha/look/{first.pk}/", {"action": "back"})
    cache.clear()
    assert public.get("/").content == before
    assert public.get("/look.css").content == b""
    assert public.get("/site-logo").status_code == 404

    # And forward again to what was left, in one action; each step is on record.
    with tenant_scope(alpha.tenant, administrator):
        go_back(actor=administrator, version=LookVersion.objects.get(number=2))
        numbers = list(LookVersion.objects.values_list("number", "state", "copied_from"))
        kinds = DomainEvent.objects.filter(kind__startswith="look.").order_by("pk")
        assert numbers == [
            (4, "live", 2),
            (3, "former", 1),
            (2, "former", None),
            (1, "former", None),
        ]
        assert NavigationEntry.objects.filter(look__number=4).count() == 2
        assert [row.kind for row in kinds] == [
            "look.draft_saved",
            "look.put_live",
            "look.went_back",
            "look.went_back",
        ]


def test_a_pale_colour_is_refused_with_a_pair_a_figure_and_a_way_out(alpha, administrator):
    desk = people.signed_in(administrator)
    answer = desk.post("/t/alpha/look/", form(brand=PALE))
    text = answer.content.decode()
    assert re.search(
        rf"“主色”{PALE} 在“[^”]+”#[0-9a-f]{{6}} 上的对比度是 1\.\d\d，至少要 4\.5。", text
    )
    nearest = re.search(r"最接近的合格颜色是 (#[0-9a-f]{6})", text)
    assert nearest
    assert f'value="{PALE}"' in text  # nothing of what was written is lost
    assert "cms_core_appearance/colours.js" in text
    assert text.count('data-pick="用调色板选"') == 3
    assert '<details class="look-navigation">' in text  # empty, so folded
    filled = desk.post("/t/alpha/look/", form(**{"navigation-0-url": "javascript:x"}))
    assert '<details class="look-navigation" open>' in filled.content.decode()
    with tenant_scope(alpha.tenant, administrator):
        assert not LookVersion.objects.exists()
    assert desk.post("/t/alpha/look/", form(brand=nearest[1])).status_code == 302


@pytest.mark.parametrize(
    "values",
    [
        {"theme": "nothing"},
        {"brand": "red"},
        {"brand": "#12345"},
        {"deep": "#fff;}body{display:none"},
        {"navigation-0-url": "javascript:alert(1)", "navigation-0-title": "x"},
        {"navigation-0-url": "https://x.example/"},
        {"navigation-0-section": "999999"},
        {"logo": "999999"},
    ],
)
def test_bad_input_is_said_and_not_kept(alpha, administrator, values):
    answer = people.signed_in(administrator).post("/t/alpha/look/", form(**values))
    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    with tenant_scope(alpha.tenant, administrator):
        assert not LookVersion.objects.exists()


def test_more_entries_than_fit_are_refused(alpha, administrator):
    with tenant_scope(alpha.tenant, administrator), pytest.raises(ValidationError):
        save_draft(
            actor=administrator,
            row=LookRow("portal", navigation=[NavigationRow("x", url="https://x.example/")] * 11),
        )


def test_another_sites_logo_section_and_versions_are_out_of_reach(alpha, beta, administrator):
    other = people.member(beta.tenant, RoleCode.SITE_ADMINISTRATOR)
    theirs = picture(beta, other)
    with tenant_scope(beta.tenant, other):
        version = save_draft(actor=other, row=LookRow("portal", brand=BROWN))
    with tenant_scope(alpha.tenant, administrator):
        with pytest.raises(CrossTenantWrite):
            save_draft(actor=administrator, row=LookRow("portal", logo_id=theirs.pk))
        with pytest.raises(ValidationError):
            save_draft(
                actor=administrator,
                row=LookRow("portal", navigation=[NavigationRow(section_id=beta.section.pk)]),
            )
        assert not LookVersion.objects.exists()
    desk = people.signed_in(administrator)
    for address in (f"look/{version.pk}/preview/", f"look/{version.pk}/site/"):
        assert desk.get(f"/t/alpha/{address}").status_code == 404
    assert desk.post(f"/t/alpha/look/{version.pk}/", {"action": "live"}).status_code == 404
    with tenant_scope(beta.tenant, other):
        put_live(actor=other, draft=version)
    cache.clear()
    assert BROWN.encode() not in visitor(alpha).get("/look.css").content
    assert BROWN.encode() in visitor(beta).get("/look.css").content


def test_editors_neither_change_nor_see_drafts(alpha, administrator):
    editor = people.member(alpha.tenant, RoleCode.EDITOR)
    with tenant_scope(alpha.tenant, administrator):
        draft = save_draft(actor=administrator, row=LookRow("portal", brand=GREEN))
    with tenant_scope(alpha.tenant, editor), pytest.raises(PermissionDenied):
        put_live(actor=editor, draft=draft)
    desk = people.signed_in(editor)
    for address in ("look/", f"look/{draft.pk}/preview/", f"look/{draft.pk}/site/look.css"):
        assert desk.get(f"/t/alpha/{address}").status_code in {302, 403}
    assert visitor(alpha).get(f"/look/{draft.pk}/site/").status_code == 404


def test_of_two_who_put_the_same_draft_live_one_is_told(alpha, administrator, second):
    with tenant_scope(alpha.tenant, administrator):
        draft = save_draft(actor=administrator, row=LookRow("portal", brand=GREEN))
        put_live(actor=administrator, draft=LookVersion.objects.get(pk=draft.pk))
        with pytest.raises(ValidationError):
            put_live(actor=second, draft=draft)
        assert LookVersion.objects.filter(state="live").count() == 1


def test_a_section_taken_offline_leaves_the_navigation(alpha, administrator):
    with tenant_scope(alpha.tenant, administrator):
        row = LookRow("portal", navigation=[NavigationRow(section_id=alpha.section.pk)])
        put_live(actor=administrator, draft=save_draft(actor=administrator, row=row))
        assert [link.title for link in site_look().navigation] == ["alpha section"]
        publish_page(actor=administrator, page=alpha.section, changes={"title": "renamed"})
        cache.clear()
        assert [link.title for link in site_look().navigation] == ["renamed"]
        alpha.section.unpublish()
        cache.clear()
        assert site_look().navigation == ()


def test_the_colours_are_asked_for_again_cheaply(alpha, administrator):
    with tenant_scope(alpha.tenant, administrator):
        put_live(
            actor=administrator,
            draft=save_draft(actor=administrator, row=LookRow("portal", brand=GREEN)),
        )
    cache.clear()
    public = visitor(alpha)
    first = public.get("/look.css")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = public.get("/look.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with mock.patch("cms_core.appearance.selectors._versions") as asked:
        public.get("/look.css")
        asked.assert_not_called()


def test_a_logo_whose_file_is_gone_leaves_the_name(alpha, administrator):
    logo = picture(alpha, administrator)
    with tenant_scope(alpha.tenant, administrator):
        logo.file.storage.delete(logo.file.name)
        put_live(
            actor=administrator,
            draft=save_draft(actor=administrator, row=LookRow("portal", logo_id=logo.pk)),
        )
    cache.clear()
    page = visitor(alpha).get("/").content.decode()
    assert "site-logo" not in page
    assert "alpha name" in page
