"""Staff of real sites come in by an act of their own, and nothing of the practice site gets out."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from cms_core.pages.models import ArticlePage, HomePage
from cms_core.practice import services
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.models import Membership, User
from sites.accounts.practice import GUEST_ROLES, join_practice
from sites.accounts.services import revoke_membership
from sites.audit.models import DomainEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope, tenant_scope
from tests.sites.accounts.people import browser, fresh, house, member, platform_person, signed_in


@pytest.fixture
def practice(db) -> Tenant:
    with system_scope("test"):
        return services.open_practice_site(actor=None, host="lianxi.localhost")


@pytest.fixture
def here(db):
    return house("alpha")


def test_an_editor_comes_in_and_finds_the_mark_and_the_time(practice, here):
    editor = member(here.tenant, RoleCode.EDITOR)
    client = signed_in(editor)

    assert client.get("/t/lianxi/").status_code == 404
    assert "练习站点" in client.get("/?all=1").content.decode()
    door = client.get("/practice/").content.decode()
    assert "00:00" in door
    answer = client.post("/practice/")

    assert (answer.status_code, answer["Location"]) == (302, "/t/lianxi/")
    screen = client.get("/t/lianxi/").content.decode()
    assert "data-practice" in screen
    assert "00:00" in screen
    assert "data-practice" not in client.get("/t/alpha/").content.decode()
    with tenant_scope(practice):
        roles = Membership.objects.filter(user=editor).values_list("role", flat=True)
        kinds = list(DomainEvent.objects.filter(kind="account.practice_joined"))
        assert set(roles) == {role.value for role in GUEST_ROLES}
        assert [event.actor_id for event in kinds] == [editor.pk]
    client.post("/practice/")
    with tenant_scope(practice):
        assert Membership.objects.filter(user=editor).count() == len(GUEST_ROLES)
        assert DomainEvent.objects.filter(kind="account.practice_joined").count() == 1


def test_whoever_managed_the_account_still_does(practice, here):
    editor = member(here.tenant, RoleCode.EDITOR)
    join_practice(user=editor, tenant=practice)

    with system_scope("test"):
        assert User.objects.get(pk=editor.pk).managed_by_id == here.tenant.pk
    # one site of one's own still opens by itself
    assert signed_in(fresh(editor)).get("/")["Location"] == "/t/alpha/"


def test_who_leaves_the_own_site_is_out_at_once(practice, here):
    editor = member(here.tenant, RoleCode.EDITOR)
    join_practice(user=editor, tenant=practice)
    client = signed_in(editor)
    assert client.get("/t/lianxi/").status_code == 200

    with opening_scope(here.tenant):
        revoke_membership(
            actor=None, membership=Membership.objects.get(user=editor, tenant=here.tenant)
        )

    assert client.get("/t/lianxi/").status_code == 404
    assert client.post("/practice/").status_code == 403


def test_platform_staff_and_strangers_do_not_come_in(practice, here):
    for role in PlatformRoleCode:
        person = platform_person(role)
        assert signed_in(person).post("/practice/").status_code == 403
        with pytest.raises(PermissionDenied):
            join_practice(user=person, tenant=practice)
    assert browser().post("/practice/").status_code == 302
    with pytest.raises(PermissionDenied):
        join_practice(user=member(here.tenant, RoleCode.EDITOR), tenant=here.tenant)


def test_without_a_practice_site_there_is_no_door(here):
    client = signed_in(member(here.tenant, RoleCode.EDITOR))

    assert client.get("/practice/").status_code == 404
    assert "/practice/" not in client.get("/?all=1").content.decode()


def test_guests_learn_each_others_names_alone(practice, here):
    one = member(here.tenant, RoleCode.EDITOR, name="erste")
    other = member(house("beta").tenant, RoleCode.EDITOR, name="zweite")
    with system_scope("test"):
        User.objects.filter(pk=other.pk).update(
            email="secret@example.gov.cn", display_name="另一位同事"
        )
    for user in (one, other):
        join_practice(user=user, tenant=practice)
    with tenant_scope(practice, other):
        article = ArticlePage.objects.live().first()
        article.save_revision(user=other, log_action=True)
    client = signed_in(one)
    paths = (
        "",
        "users/",
        f"users/{other.pk}/",
        f"pages/{article.pk}/history/",
        f"pages/{article.pk}/edit/",
        "reports/site-history/",
        "reports/locked/",
        "review/",
        "explain/",
        f"explain/person/{other.pk}/",
        "desk/figures/",
        "api/v3/whoami/",
    )

    seen = {path: client.get(f"/t/lianxi/{path}") for path in paths}

    assert [p for p, a in seen.items() if "secret@example" in a.content.decode()] == []
    assert "另一位同事" in seen[f"pages/{article.pk}/history/"].content.decode()
    assert seen["users/"].status_code in (302, 403)


def test_an_address_that_is_gone_says_why(practice, here):
    editor = member(here.tenant, RoleCode.EDITOR)
    join_practice(user=editor, tenant=practice)
    client = signed_in(editor)
    with tenant_scope(practice):
        former = ArticlePage.objects.first().pk
    services.reset_practice_site(actor=None)

    answer = client.get(f"/t/lianxi/pages/{former}/edit/")
    posted = client.post(f"/t/lianxi/pages/{former}/edit/", {"title": "x"})

    assert answer.status_code == posted.status_code == 404
    assert "恢复原样" in answer.content.decode()
    assert "恢复原样" in posted.content.decode()
    assert "恢复原样" not in client.get("/t/alpha/pages/999999/edit/").content.decode()


def test_the_public_pages_are_marked_and_kept_from_search(practice, here):
    public = Client(headers={"host": "lianxi.localhost"})
    with tenant_scope(practice):
        home = HomePage.objects.get()
        article = ArticlePage.objects.live().first()
        path = article.url_path.removeprefix(home.url_path)

    for address in ("/", f"/{path}", "/wzdt/"):
        answer = public.get(address)
        text = answer.content.decode()
        assert answer.status_code == 200, address
        assert "练习站点" in text
        assert 'name="robots" content="noindex, nofollow"' in text
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "rss.xml" not in text
    for address in ("/sitemap.xml", "/rss.xml", "/atom.xml", "/tzgg/rss.xml"):
        assert public.get(address).status_code == 404
    assert "Disallow: /\n" in public.get("/robots.txt").content.decode()
    assert "X-Robots-Tag" not in Client(headers={"host": here.host}).get("/").headers


def test_nobody_lists_it(practice, here):
    operator = signed_in(platform_person(PlatformRoleCode.OPERATOR))

    for address in ("/", "/wzdt/", "/zhanqun/"):
        assert "lianxi" not in Client(headers={"host": here.host}).get(address).content.decode()
    assert "练习站点" not in operator.get("/platform/figures/").content.decode()
    assert not Tenant.objects.served().filter(pk=practice.pk).exists()


@pytest.mark.parametrize("field", ["parent", "edition_of"])
def test_it_stands_alone(practice, here, field):
    with system_scope("test"), pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=practice.pk).update(**{field: here.tenant})


def test_it_sends_no_mail(practice, here, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    backend = mail.get_connection("sites.tenancy.mail.SiteMailBackend")
    message = mail.EmailMessage("x", "y", "a@example.gov.cn", ["b@example.gov.cn"])

    with tenant_scope(practice):
        assert backend.send_messages([message]) == 0
    with tenant_scope(here.tenant), pytest.raises(ConnectionRefusedError):
        backend.send_messages([message])
