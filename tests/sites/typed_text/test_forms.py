"""The rule holds in every text field of every form, and before anybody reads a request."""

import pytest
from django import forms
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory

from sites.typed_text.middleware import TypedTextMiddleware
from tests.tenants import make_tenant


class Everything(forms.Form):
    title = forms.CharField(max_length=5)
    text = forms.CharField(widget=forms.Textarea, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False, strip=False)


def test_fields_by_kind():
    form = Everything(
        {
            "title": "预\u200b\u202e算\x00",
            "text": "一\x0b二\x07",
            "hidden": "一\n二\ufeff",
            "password": "a\u200bb",
        }
    )

    assert form.is_valid()
    assert form.cleaned_data == {
        "title": "预算",
        "text": "一\n二",
        "hidden": "一\n二",
        "password": "a\u200bb",
    }


def test_a_title_of_nothing_is_missing():
    form = Everything({"title": "\u200b \u2060"})

    assert form.errors["title"].as_data()[0].code == "required"


def test_requests_are_harmless_before_anybody_reads_them():
    seen = {}

    def view(request):
        seen.update(request.GET.items())
        seen.update({f"cookie {name}": value for name, value in request.COOKIES.items()})
        middleware.process_view(request, view, (), {})
        seen.update(request.POST.items())
        return HttpResponse()

    middleware = TypedTextMiddleware(view)
    request = RequestFactory().post(
        "/?q=%E9%A2%84%E2%80%8B%E7%AE%97%00",
        {"reason": "因\x00为", "old_password": "a\u200bb", "plain": "x"},
    )
    request.COOKIES["sessionid"] = "a\x00b"
    middleware(request)

    assert seen == {
        "q": "预算",
        "cookie sessionid": "ab",
        "reason": "因为",
        "old_password": "a\u200bb",
        "plain": "x",
    }
    plain = QueryDict("a=1&a=2")
    request = RequestFactory().get("/")
    request.GET = plain
    middleware(request)
    assert request.GET is plain


@pytest.mark.parametrize("path", ["/%00", "/news/%00/", "/feed%0a/", "/documents/1/%00"])
def test_no_page_has_an_address_with_control_characters(db, path):
    made = make_tenant("alpha")

    assert Client(headers={"host": made.host}).get(path).status_code == 404


def test_a_form_that_is_too_large_is_told_so(db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    client = Client(headers={"host": "admin.localhost"})

    answer = client.post("/sign-in/", {"username": "a" * 2_000_000})

    assert answer.status_code == 400
    assert "超过 1 MB" in answer.content.decode()
    assert "您写的内容还在表单里" in answer.content.decode()


class Days(forms.Form):
    day = forms.DateField(required=False)
    moment = forms.DateTimeField(required=False)


@pytest.mark.parametrize(
    ("value", "is_possible"),
    [("0001-01-01", False), ("0999-12-31", False), ("1078-05-01", True), ("2026-11-28", True),
     ("2999-12-31", True), ("3000-01-01", False), ("9999-12-31", False)],
)  # fmt: skip
def test_days_that_somebody_can_mean(value, is_possible):
    assert Days({"day": value}).is_valid() is is_possible
    assert Days({"moment": f"{value} 12:00"}).is_valid() is is_possible
    assert Days({}).is_valid()
