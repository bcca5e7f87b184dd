"""From host and path to a tenant: exactly, or not at all."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from cms_core.pages.models import ArticlePage, BasePage
from sites.tenancy import services
from sites.tenancy.enums import AddressKind, TenantStatus
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.middleware import TenantMiddleware
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import current_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture

pytestmark = pytest.mark.django_db


def get(client: Client, host: str, path_: str = "/", **extra):
    return client.get(path_, headers={"host": host}, **extra)


def text(response) -> str:
    return response.content.decode()


def test_each_host_shows_its_own_tenant(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    for own, other in ((alpha, beta), (beta, alpha)):
        response = get(client, own.host, "/news/a1/")
        assert response.status_code == 200
        assert f"{own.tenant.code} article 1" in text(response)
        assert f"{other.tenant.code} article" not in text(response)
    assert current_scope() is None


def test_host_names_ignore_case_port_and_trailing_dot(client: Client, alpha: TenantFixture) -> None:
    for host in ("ALPHA.LOCALHOST", "alpha.localhost:8000", "alpha.localhost."):
        assert get(client, host).status_code == 200


@pytest.mark.parametrize(
    "host", ["unknown.localhost", "localhost", "127.0.0.1", "alpha.localhost.evil.cn"]
)
def test_an_unknown_host_is_404_and_shows_nobody(
    client: Client, alpha: TenantFixture, host: str
) -> None:
    response = get(client, host)
    assert response.status_code == 404
    assert "alpha" not in text(response).replace(host, "")


def test_the_administration_is_not_on_a_tenants_host(client: Client, alpha: TenantFixture) -> None:
    for path_ in ("/admin/", "/t/alpha/", "/sign-in/", "/pages/", "/django-admin/"):
        assert get(client, alpha.host, path_).status_code == 404


def test_a_preparing_tenant_is_not_public(client: Client, alpha: TenantFixture) -> None:
    Tenant.objects.all()
    with system_scope("test"):
        Tenant.objects.filter(pk=alpha.tenant.pk).update(status=TenantStatus.PREPARING)
    assert get(client, alpha.host).status_code == 404


def test_a_closed_site_shows_its_notice_and_successor(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    with system_scope("test"):
        services.close_tenant(
            actor=None,
            tenant=alpha.tenant,
            notice="并入新网站",
            closed_on=date(2026, 11, 1),
            successor=beta.tenant,
        )
    response = get(client, alpha.host, "/news/a1/")
    assert response.status_code == 410
    assert "并入新网站" in text(response)
    assert "//beta.localhost" in text(response)
    assert "alpha article 1" not in text(response)


def test_after_the_notice_a_closed_site_leads_to_its_successor(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    with system_scope("test"):
        services.close_tenant(
            actor=None,
            tenant=alpha.tenant,
            notice="并入新网站",
            closed_on=timezone.localdate() - timedelta(days=30),
            successor=beta.tenant,
        )
    assert get(client, alpha.host).status_code == 410  # the thirtieth day still shows the notice
    with system_scope("test"):
        Tenant.objects.update(closed_on=timezone.localdate() - timedelta(days=31))
    response = get(client, alpha.host, "/news/")
    assert response.status_code == 301
    assert response["Location"] == f"http://beta.localhost:{settings.PUBLIC_PORT}/"


@pytest.fixture
def channel(alpha: TenantFixture, beta: TenantFixture) -> TenantFixture:
    """beta as a channel of alpha."""
    with system_scope("test"):
        services.move_tenant(
            actor=None, tenant=beta.tenant, host="alpha.localhost", prefix="/bm/beta"
        )
    return beta


def test_a_channel_answers_below_its_prefix_with_its_own_links(
    client: Client, channel: TenantFixture
) -> None:
    response = get(client, "alpha.localhost", "/bm/beta/news/a1/")
    assert response.status_code == 200
    assert "beta article 1" in text(response)
    assert 'href="/bm/beta/news/"' in text(response)
    assert get(client, "alpha.localhost", "/bm/beta/").status_code == 200
    assert get(client, "alpha.localhost", "/bm/betax/").status_code == 404
    assert "alpha article 1" in text(get(client, "alpha.localhost", "/news/a1/"))


def test_a_channel_without_its_slash_is_sent_to_it(client: Client, channel: TenantFixture) -> None:
    response = get(client, "alpha.localhost", "/bm/beta?x=1")
    assert (response.status_code, response["Location"]) == (301, "/bm/beta/?x=1")


def test_the_former_host_redirects_page_by_page_and_counts(
    client: Client, channel: TenantFixture
) -> None:
    response = get(client, "beta.localhost", "/news/a1/?p=2")
    port = settings.PUBLIC_PORT
    assert response.status_code == 301
    assert response["Location"] == f"http://alpha.localhost:{port}/bm/beta/news/a1/?p=2"
    assert Address.objects.get(kind=AddressKind.REDIRECT).hits == 1


def folder_of(tenant: Tenant, folder: str) -> Address:
    with system_scope("test"):
        return services.add_address(
            actor=None,
            tenant=tenant,
            host="alpha.localhost",
            prefix=folder,
            kind=AddressKind.OLD_FOLDER,
        )


def test_the_folder_of_an_old_site_leads_with_its_whole_path(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    folder_of(beta.tenant, "/s.php/gov2")
    port = settings.PUBLIC_PORT
    for path_, wanted in (
        ("/s.php/gov2/item-7.html?p=2", "/s.php/gov2/item-7.html?p=2"),
        ("/s.php/gov2", "/s.php/gov2/"),
    ):
        response = get(client, "alpha.localhost", path_)
        assert response.status_code == 301
        assert response["Location"] == f"http://beta.localhost:{port}{wanted}"
    assert Address.objects.get(kind=AddressKind.OLD_FOLDER).hits == 2
    # Neighbours of the folder are the portal's own; on another host the folder means nothing.
    assert "alpha name" in text(get(client, "alpha.localhost", "/s.php/gov22/item-7.html"))
    assert get(client, "beta.localhost", "/s.php/gov2/item-7.html").status_code == 404


@pytest.mark.parametrize(
    "folder",
    ["", "/", "s.php", "/s.php/", "/../gov2", "/a/b/c/d", "/s.php/gov 2", "/static", "/news"],
)
def test_a_folder_that_would_hide_something_is_refused(
    alpha: TenantFixture, beta: TenantFixture, folder: str
) -> None:
    with pytest.raises(ValidationError):
        folder_of(beta.tenant, folder)
    assert not Address.objects.filter(kind=AddressKind.OLD_FOLDER).exists()


def test_a_folder_belongs_to_one_site_and_is_no_channel(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    folder_of(beta.tenant, "/s.php/gov2")
    with pytest.raises(ValidationError, match="beta name"):
        folder_of(alpha.tenant, "/s.php/gov2")
    with pytest.raises(ValidationError), system_scope("test"):
        services.move_tenant(
            actor=None, tenant=beta.tenant, host="alpha.localhost", prefix="/s.php/gov2"
        )


def test_a_tenant_on_two_addresses_keeps_the_visitor_on_theirs(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    with system_scope("test"):
        services.add_address(
            actor=None, tenant=beta.tenant, host="alpha.localhost", prefix="/bm/beta"
        )
    there = text(get(client, "beta.localhost", "/news/a1/"))
    here = text(get(client, "alpha.localhost", "/bm/beta/news/a1/"))
    assert 'href="/news/"' in there
    assert 'href="/bm/beta/news/"' in here
    canonical = (
        f'<link rel="canonical" href="http://beta.localhost:{settings.PUBLIC_PORT}/news/a1/">'
    )
    assert canonical in there
    assert canonical in here


# --- the scope around a response -------------------------------------------------


def _streaming(request):
    def chunks():
        for article in ArticlePage.objects.order_by("pk").iterator(chunk_size=1):
            yield f"{article.title};"

    return StreamingHttpResponse(chunks())


def _refused(request):
    raise CrossTenantWrite("test")


async def _asynchronous(request):
    return HttpResponse(",".join([page.title async for page in BasePage.objects.filter(depth=2)]))


def _lazy(request):
    return HttpResponse(
        title for title in ArticlePage.objects.order_by("pk").values_list("title", flat=True)
    )


class Urls:
    urlpatterns = [
        path("streaming/", _streaming),
        path("refused/", _refused),
        path("async/", _asynchronous),
        path("lazy/", _lazy),
    ]


@override_settings(ROOT_URLCONF=Urls)
def test_a_streaming_response_is_drawn_inside_its_scope_and_leaves_none(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    first = iter(get(client, alpha.host, "/streaming/").streaming_content)
    assert next(first) == b"alpha article 1;"
    assert current_scope() is None  # between two chunks nothing is open
    second = b"".join(get(client, beta.host, "/streaming/").streaming_content)
    assert second == b"beta article 1;beta article 2;"
    assert b"".join(first) == b"alpha article 2;"
    assert current_scope() is None


@override_settings(ROOT_URLCONF=Urls)
def test_an_async_view_sees_its_tenant(
    client: Client, alpha: TenantFixture, beta: TenantFixture
) -> None:
    assert text(get(client, alpha.host, "/async/")) == "alpha home"
    assert text(get(client, beta.host, "/async/")) == "beta home"


@override_settings(ROOT_URLCONF=Urls)
def test_a_lazy_body_is_drawn_inside_the_scope(client: Client, alpha: TenantFixture) -> None:
    assert text(get(client, alpha.host, "/lazy/")) == "alpha article 1alpha article 2"


@override_settings(ROOT_URLCONF=Urls)
def test_a_cross_tenant_write_is_403_and_a_line_in_the_security_log(
    client: Client, alpha: TenantFixture, caplog: pytest.LogCaptureFixture
) -> None:
    response = get(client, alpha.host, "/refused/")
    assert response.status_code == 403
    assert "cross-tenant write refused" in caplog.text


def test_a_scope_left_open_stops_the_next_request(alpha: TenantFixture) -> None:
    request = RequestFactory().get("/", headers={"host": alpha.host})
    with tenant_scope(alpha.tenant), pytest.raises(RuntimeError, match="left open"):
        TenantMiddleware(lambda inner: HttpResponse())(request)


def test_cache_keys_carry_the_tenant(alpha: TenantFixture, beta: TenantFixture) -> None:
    from django.core.cache import cache

    with tenant_scope(alpha.tenant):
        cache.set("word", "alpha")
    with tenant_scope(beta.tenant):
        assert cache.get("word") is None
    assert cache.get("word") is None
    with tenant_scope(alpha.tenant):
        assert cache.get("word") == "alpha"
