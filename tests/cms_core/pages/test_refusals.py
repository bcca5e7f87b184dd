"""What a visitor reads who may not see something: the site's own page, nothing of the staff's."""

from django.core.exceptions import PermissionDenied
from django.test import Client

from cms_core.pages.models import BasePage
from tests.tenants import make_tenant


def test_a_refusal_on_a_public_host_wears_the_sites_look(db, monkeypatch):
    made = make_tenant("alpha")

    def refuse(page, request, *args, **kwargs):
        raise PermissionDenied("internal reason")

    monkeypatch.setattr(BasePage, "serve", refuse)
    answer = Client(headers={"host": made.host}).get("/")

    html = answer.content.decode()
    assert answer.status_code == 403
    assert "这个网址不对外开放" in html
    assert "alpha name" in html
    assert "internal reason" not in html
    assert "站点管理员" not in html
