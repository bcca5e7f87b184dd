"""Parts of files: what a player asks for, what it gets, and that it is the tenant's own."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.media.models import MediaFile
from cms_core.media.ranges import RangeNotThere, part_of
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import create_article
from sites.tenancy.scope import tenant_scope
from tests.tenants import make_tenant

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(range(256)) * 400


@given(st.text("0123456789-, bytes=", max_size=24), st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_no_header_asks_for_what_is_not_there(header, size):
    for asked in (header, f"bytes={header}"):
        try:
            part = part_of(asked, size)
        except RangeNotThere:
            continue
        assert part is None or 0 <= part[0] <= part[1] < size


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", (0, 99)),
        ("bytes=0-0", (0, 0)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=5-2", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=-", None),
    ],
)
def test_parts(header, part):
    assert part_of(header, 100) == part


@pytest.fixture
def video(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    owner = make_tenant("owner")
    with tenant_scope(owner.tenant):
        file = MediaFile.objects.create(title="v", file=ContentFile(MP4, name="v.mp4"))
        body = [("attachment", {"file": file.pk, "title": ""})]
        row = ArticleRow(key="a", parent_id=owner.section.pk, title="a", slug="a", body=body)
        create_article(actor=None, parent=owner.section, row=row)
        return file.url, owner.host


def asked(host, url, **headers):
    answer = Client(SERVER_NAME=host).get(url, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, body


def test_a_player_gets_the_part_it_asks_for(video):
    url, host = video

    whole, body = asked(host, url)
    assert (whole.status_code, body) == (200, MP4)
    assert whole["Accept-Ranges"] == "bytes"
    assert whole["Content-Type"] == "video/mp4"
    assert "inline" in whole.get("Content-Disposition", "inline")

    part, body = asked(host, url, range="bytes=70000-")
    assert (part.status_code, body) == (206, MP4[70000:])
    assert part["Content-Range"] == f"bytes 70000-{len(MP4) - 1}/{len(MP4)}"
    assert part["Content-Length"] == str(len(body))

    same, body = asked(host, url, range="bytes=0-9", **{"if-range": whole["ETag"]})
    assert (same.status_code, body) == (206, MP4[:10])
    other, body = asked(host, url, range="bytes=0-9", **{"if-range": '"another"'})
    assert (other.status_code, body) == (200, MP4)

    behind, body = asked(host, url, range=f"bytes={len(MP4)}-")
    assert (behind.status_code, body) == (416, b"")
    assert behind["Content-Range"] == f"bytes */{len(MP4)}"


def test_no_part_of_another_site_s_file(video):
    url, _host = video
    stranger = make_tenant("stranger")

    assert asked(stranger.host, url, range="bytes=0-9")[0].status_code == 404
