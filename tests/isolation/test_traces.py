"""Traces: what counts as giving something away."""

import io
import json
import zipfile

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from PIL import Image

from sites.registry.isolation import Resident
from sites.tenancy.isolation.traces import OTHER_COLOUR, OWN_COLOUR, receive, trace_of

WORD = "zqprivatewordofprobe"
PUBLIC = "zqpublicwordofprobes"


@pytest.fixture
def other():
    return Resident(None, "other.invalid", WORD, PUBLIC, "needle", False)


def traced(response, other, asked="/t/own/pages/", public_too=True):
    return trace_of(receive(response), other, asked=asked, public_too=public_too)


def picture(colour, size=(5, 7)):
    body = io.BytesIO()
    Image.new("RGB", size, colour).save(body, "JPEG")
    return HttpResponse(body.getvalue(), content_type="image/jpeg")


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(f"<td>{WORD.upper()}</td>"),
        HttpResponse(json.dumps({"title": f"<{WORD}>"}), content_type="application/json"),
        HttpResponse("", headers={"Location": f"/news/draft-{WORD}/"}),
        HttpResponse("", headers={"Content-Disposition": f'attachment; filename="{WORD}.txt"'}),
        StreamingHttpResponse([WORD[:5].encode(), WORD[5:].encode()]),
    ],
    ids=["page", "json", "redirect", "file name", "stream"],
)
def test_the_private_word_is_found_wherever_it_stands(response, other):
    assert traced(response, other)


def test_a_cookie_is_read(other):
    response = HttpResponse("")
    response.set_cookie("messages", WORD)

    assert traced(response, other)


def test_a_spreadsheet_is_unpacked(other):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{WORD}</t>")

    assert traced(HttpResponse(body.getvalue()), other)


def test_a_picture_is_known_by_its_colour(other):
    assert traced(picture(OTHER_COLOUR), other)
    assert not traced(picture(OWN_COLOUR), other)


def test_a_repeated_question_is_no_leak(other):
    page = HttpResponse(f'<input name="q" value="{WORD}">')

    assert not traced(page, other, asked=f"/t/own/pages/search/?q={WORD}")
    assert traced(HttpResponse(f"{WORD} and draft {WORD}x"), other, asked="/t/own/?q=something")


def test_what_is_public_by_design_leaks_only_where_it_has_no_business(other):
    page = HttpResponse(f"<li>{PUBLIC}</li>")

    assert traced(page, other, public_too=True)
    assert not traced(page, other, public_too=False)
