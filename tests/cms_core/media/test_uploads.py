"""Every way in passes the check; what is stored and shown carries nothing but pixels."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from PIL import Image
from wagtail.models import APIToken, CollectionViewRestriction

from cms_core.media.exceptions import FileRefused
from cms_core.media.models import MediaFile, MediaImage
from sites.accounts.enums import RoleCode
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope
from tests.cms_core.media.samples import pdf, photograph, picture, upload, word
from tests.sites.accounts.people import house, member, signed_in

pytestmark = pytest.mark.django_db
SECRETS = (b"Secret", b"Exif", b"http://ns.adobe.com", b"adobe:ns:meta", b"ICC_PROFILE")


@pytest.fixture
def town(tmp_path, settings) -> Tenant:
    settings.MEDIA_ROOT = tmp_path
    made = house("town")
    return made.tenant


@pytest.fixture
def editor(town: Tenant) -> Any:
    return member(town, RoleCode.EDITOR)


@pytest.fixture
def desk(editor: Any) -> Client:
    return signed_in(editor)


def _bytes(file: Any) -> bytes:
    return Path(file.path).read_bytes()


def inside(tenant: Tenant, user: Any = None) -> Any:
    return tenant_scope(tenant, user)


def test_a_photograph_is_turned_upright_and_loses_what_the_camera_wrote(town):
    with inside(town):
        image = MediaImage.objects.create(
            title="x", file=ContentFile(photograph(), name="现场.JPG"), collection=_collection()
        )
        rendition = image.get_rendition("max-50x50|format-webp")
        stored, shown = _bytes(image.file), _bytes(rendition.file)

    assert (image.width, image.height) == (60, 80)
    with Image.open(io.BytesIO(stored)) as upright:
        assert upright.getexif() == {}
        assert set(upright.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        red, green, _blue = upright.convert("RGB").getpixel((30, 10))
        assert red > 150 > green
        red, green, _blue = upright.convert("RGB").getpixel((30, 70))
        assert green > 150 > red
    for body in (stored, shown):
        assert not [secret for secret in SECRETS if secret in body]


@pytest.mark.parametrize(
    ("body", "name", "stored_as", "mode"),
    [
        (picture("GIF", mode="P"), "a.gif", ".png", "RGB"),
        (picture("JPEG", mode="CMYK"), "a.jpeg", ".jpg", "RGB"),
        (picture("PNG", mode="I;16"), "a.png", ".png", "L"),
        (picture("PNG", mode="LA"), "a.png", ".png", "RGBA"),
        (picture("WEBP"), "a.webp", ".webp", "RGB"),
        (picture("AVIF"), "a.avif", ".avif", "RGB"),
        (picture("PNG", (6000, 40)), "a.png", ".png", "RGB"),
    ],
)
def test_every_kind_of_picture_is_made_anew(town, body, name, stored_as, mode):
    with inside(town):
        image = MediaImage.objects.create(
            title="x", file=ContentFile(body, name=name), collection=_collection()
        )
        with Image.open(image.file.path) as stored:
            assert stored.mode == mode
            assert max(stored.size) <= 2720

    assert image.file.name.startswith(f"{town.pk}/original_images/")
    assert image.file.name.endswith(stored_as)


def test_code_that_forgot_the_check_cannot_store(town):
    with inside(town):
        with pytest.raises(FileRefused), transaction.atomic():
            MediaFile.objects.create(
                title="x",
                file=ContentFile(b"MZ" + bytes(99), name="a.pdf"),
                collection=_collection(),
            )
        with pytest.raises(FileRefused):
            MediaImage(title="x").file.save("a.png", ContentFile(pdf()), save=False)
        assert not MediaFile.objects.exists()


@pytest.mark.parametrize("way", ["add", "multiple", "chooser"])
@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "images",
            (photograph(), "好.jpg"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "坏.png"),
        ),
        ("documents", (word(), "好.docx"), (word(word__vbaProject_dot_bin=b"x"), "坏.docx")),
    ],
)
def test_each_screen_takes_the_good_and_refuses_the_bad(town, desk, editor, way, kind, good, bad):
    model = MediaImage if kind == "images" else MediaFile

    answers = [_send(desk, town, kind, way, body, name) for body, name in (bad, good)]

    assert "坏" in answers[0]
    assert "另存为" in answers[0]
    with inside(town, editor):
        assert [row.title for row in model.objects.all()] == ["好"]
        stored = model.objects.get()
        if kind == "images":
            assert b"Secret" not in _bytes(stored.file)
            assert stored.description == "两位工作人员在现场"


@pytest.mark.parametrize(
    ("kind", "body", "name", "status"),
    [
        ("images", photograph(), "a.jpg", 201),
        ("images", pdf(), "a.jpg", 422),
        ("documents", pdf(), "a.pdf", 201),
        ("documents", b"<html><script>1</script>", "a.pdf", 422),
    ],
)
def test_the_programming_interface_asks_the_same(town, editor, kind, body, name, status):
    with inside(town, editor):
        _token, key = APIToken.create_token(user=editor, name="t")

    answer = signed_in(editor).post(
        f"/t/town/api/v3/{kind}/",
        {"title": "x", "collection_id": _collection_id(town), "file": upload(body, name)},
        headers={"host": settings.ADMIN_HOST, "authorization": f"Bearer {key}"},
    )

    assert answer.status_code == status, answer.content


def _send(desk: Client, tenant: Tenant, kind: str, way: str, body: bytes, name: str) -> str:
    base = f"/t/{tenant.code}/{kind}/"
    data: dict[str, Any] = {"title": "好", "collection": _collection_id(tenant)}
    if kind == "images":
        data["description"] = "两位工作人员在现场"
    if way == "multiple":
        answer = desk.post(f"{base}multiple/add/", {**data, "files[]": upload(body, name)})
        told = json.loads(answer.content)
        if told["success"] and kind == "images":
            # The second step of the screen: what the picture shows.
            key = told["image_id"]
            answer = desk.post(
                f"{base}multiple/{key}/",
                {f"image-{key}-{field}": value for field, value in (data | {"tags": ""}).items()},
            )
            assert json.loads(answer.content)["success"], answer.content
        return told.get("error_message", "")
    prefix = (
        ""
        if way == "add"
        else ("image-chooser-upload-" if kind == "images" else "document-chooser-upload-")
    )
    place = "add/" if way == "add" else "chooser/create/"
    sent = {f"{prefix}{field}": value for field, value in data.items()}
    sent |= {f"{prefix}file": upload(body, name), f"{prefix}tags": ""}
    answer = desk.post(f"{base}{place}", sent)
    text = answer.content.decode()
    if answer.get("Content-Type", "").startswith("application/json"):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text


def _collection() -> Any:
    from wagtail.models import Collection

    return Collection.objects.filter(depth=2).first()


def _collection_id(tenant: Tenant) -> int:
    with inside(tenant):
        return int(_collection().pk)


def test_pictures_are_served_to_their_own_site_only(town, editor, desk, monkeypatch):
    # Whether a public page shows the picture is asked by the room of pages, and tested there.
    monkeypatch.setattr("cms_core.pages.wagtail_hooks.is_shown", lambda thing, request: True)
    other = house("other").tenant
    with inside(town, editor):
        image = MediaImage.objects.create(
            title="x", file=ContentFile(picture(), name="a.png"), collection=_collection()
        )
        rendition = image.get_rendition("width-20")
        original = image.file.name
        address = f"/media/{rendition.file.name}"
    site = Client(headers={"host": "town.localhost"})
    foreign = Client(headers={"host": "other.localhost"})

    answer = site.get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert b"".join(answer.streaming_content)[:4] == b"\x89PNG"
    assert desk.get(f"/t/town{address}").status_code == 200
    assert site.get(f"/media/{original}").status_code == 404
    assert site.get("/media/../db.sqlite3").status_code == 404
    assert foreign.get(address).status_code == 404
    assert desk.get(f"/t/other{address}", follow=True).status_code == 404
    with inside(town):
        closed = _collection().add_child(name="closed")
        CollectionViewRestriction.objects.create(
            collection=closed, restriction_type="password", password="x"
        )
        MediaImage.objects.update(collection=closed)
    assert site.get(address).status_code == 404
    assert other.pk != town.pk


@pytest.mark.parametrize(
    ("body", "name", "content_type", "is_inline"),
    [
        (pdf(), "报告.pdf", "application/pdf", True),
        (
            word(),
            "通知.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            False,
        ),
        (b"text", "a.txt", "text/plain", False),
    ],
)
def test_files_are_served_as_what_they_are(town, monkeypatch, body, name, content_type, is_inline):
    # Whether a public page offers the file is asked by the room of pages, and tested there.
    monkeypatch.setattr("cms_core.pages.wagtail_hooks.is_shown", lambda thing, request: True)
    with inside(town):
        file = MediaFile.objects.create(
            title="x", file=ContentFile(body, name=name), collection=_collection()
        )
        address = file.url

    answer = Client(headers={"host": "town.localhost"}).get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"].partition(";")[0] == content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.get("Content-Disposition", "inline").startswith(
        "inline" if is_inline else "attachment"
    )
    assert b"".join(answer.streaming_content) == body
