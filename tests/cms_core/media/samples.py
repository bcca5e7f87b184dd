"""Files made by code: honest ones, and ones that lie."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def upload(body: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def zipped(parts: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return body.getvalue()


def word(**parts: bytes | str) -> bytes:
    """A docx of the fewest parts; more by name, ``__`` for a slash, ``_dot_`` for a dot."""
    more = {
        name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()
    }
    base: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'/>",
    }
    return zipped(base | more)


def relation(kind: str, target: str, mode: str = "External") -> str:
    return RELATIONS.format(
        f'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/>'
    )


def old_office(*names: str) -> bytes:
    """An OLE file as far as its directory: the header and one entry for each name."""
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    for name in names:
        body += (name + "\0").encode("utf-16-le").ljust(128, b"\0")
    return body


def pdf(dictionary: str = "", *, packed: str = "", trailer: str = "") -> bytes:
    """A PDF with one object; ``packed`` stands in a packed object stream."""
    body = f"%PDF-1.7\n1 0 obj\n<</Type/Catalog {dictionary}>>\nendobj\n".encode()
    if packed:
        data = zlib.compress(packed.encode())
        body += (
            b"2 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n"
            % len(data)
        )
        body += data + b"\nendstream\nendobj\n"
    return body + f"trailer\n<</Root 1 0 R {trailer}>>\nstartxref\n0\n%%EOF\n".encode()


def picture(
    kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object
) -> bytes:
    body = io.BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else 120).save(body, kind, **options)
    return body.getvalue()


def photograph() -> bytes:
    """A JPEG as a telephone writes it: on its side, with place, owner, XMP and a profile of its own."""
    taken = Image.new("RGB", (80, 60), (10, 200, 10))
    taken.paste((200, 10, 10), (0, 0, 40, 60))  # the left half is red
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right
    exif[0x010F] = "SecretMaker"
    exif[0x8825] = {1: "N", 2: (29.0, 1.0, 2.0), 3: "E", 4: (111.0, 41.0, 3.0)}
    body = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretOwner</x:xmpmeta>"
    taken.save(body, "JPEG", exif=exif, icc_profile=profile, xmp=xmp, comment=b"SecretComment")
    return body.getvalue()


def pixel_bomb() -> bytes:
    """A PNG of some hundred bytes that claims 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))
        )

    head = struct.pack("!LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def moving(kind: str) -> bytes:
    body = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(body, kind, save_all=True, append_images=frames[1:])
    return body.getvalue()


def zip_bomb() -> bytes:
    """60 MB of nothing in 60 kB."""
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": bytes(60_000_000)})


def zip_with_damaged_packing(method: int) -> bytes:
    """An archive whose directory is whole and whose packed bytes are not."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.txt", bytes(range(256)) * 4)
    damaged = bytearray(buffer.getvalue())
    start = 30 + len("a.txt") + 20
    damaged[start : start + 40] = b"\xff" * 40
    return bytes(damaged)


def zip_with_lying_size() -> bytes:
    """A zip whose directory tells a tenth of what an entry holds."""
    body = bytearray(zipped({"a.txt": b"x" * 100_000}))
    at = body.rindex(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<L", 10_000)
    return bytes(body)


def zip_with_shared_bytes() -> bytes:
    """A zip whose entries all lie over the same bytes."""
    body = bytearray(zipped({"a.txt": b"x" * 5000}))
    directory_at = body.rindex(b"PK\x01\x02")
    end_at = body.rindex(b"PK\x05\x06")
    entry = bytes(body[directory_at:end_at])
    end = bytearray(body[end_at:])
    end[8:10] = end[10:12] = struct.pack("<H", 3)
    end[12:16] = struct.pack("<L", len(entry) * 3)
    return bytes(body[:directory_at]) + entry * 3 + bytes(end)
