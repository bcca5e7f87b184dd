"""Every address of a URL configuration, filled with the keys of both tenants."""

import sys
from types import ModuleType

import pytest
from django.urls import include, path, re_path

from sites.registry.isolation import Argument, Resident
from sites.tenancy.isolation.addresses import address_templates
from sites.tenancy.isolation.filling import filled


def view(request):
    raise NotImplementedError


@pytest.fixture
def urlconf():
    module = ModuleType("tests.isolation.temporary_urls")
    inner = ([path("<int:page_id>/edit/<str:what>/", view, name="edit")], "pages")
    module.urlpatterns = [
        path("", view),
        path("pages/", include(inner)),
        path("images/<int:pk>/", view),
        re_path(r"^files/(\d+)/(?P<name>.*)$", view),
    ]
    sys.modules[module.__name__] = module
    yield module.__name__
    del sys.modules[module.__name__]


@pytest.fixture
def residents():
    def resident(number, is_own):
        found = Resident(None, "", "", "", "", is_own)
        found.note("page", number, number + 1)
        found.note("image", number + 10)
        return found

    return resident(100, True), resident(500, False)


RULES = (
    Argument(r"^pages/", "page_id", kinds=("page",)),
    Argument(r"^pages/", "what", values=("title",)),
    Argument(r"^images/", "pk", kinds=("image",)),
)


def by_route(urlconf):
    return {template.route: template for template in address_templates(urlconf)}


def test_routes_and_regular_expressions_are_written_down(urlconf):
    forms = [template.form for template in address_templates(urlconf)]

    assert forms[:3] == ["", "pages/%(page_id)s/edit/%(what)s/", "images/%(pk)s/"]
    assert forms[3].startswith("files/%(")


def test_names_carry_their_namespaces(urlconf):
    template = by_route(urlconf)["pages/<int:page_id>/edit/<str:what>/"]

    assert template.name == "pages:edit"
    assert template.arguments == (("page_id", "int"), ("what", "str"))


def test_one_argument_takes_the_keys_of_both(urlconf, residents):
    template = by_route(urlconf)["images/<int:pk>/"]

    assert list(filled(template, *residents, RULES)) == [
        ("images/510/", True),
        ("images/110/", False),
    ]


def test_several_arguments_are_mixed(urlconf, residents):
    template = by_route(urlconf)["pages/<int:page_id>/edit/<str:what>/"]
    addresses = dict(filled(template, *residents, RULES))

    assert addresses["pages/500/edit/title/"] is True
    assert addresses["pages/100/edit/title/"] is False


def test_an_unknown_argument_is_guessed(urlconf, residents):
    template = by_route(urlconf)["images/<int:pk>/"]
    addresses = dict(filled(template, *residents, ()))

    assert {"images/500/", "images/510/"} <= set(addresses)
