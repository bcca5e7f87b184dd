"""A file is what its bytes say; what lies, runs or bursts is refused with words."""

import socket
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from cms_core.media.checking import check_upload
from cms_core.media.exceptions import FileRefused
from tests.cms_core.media import samples
from tests.cms_core.media.samples import (
    old_office,
    pdf,
    picture,
    relation,
    upload,
    word,
    zipped,
)

PROGRAM = b"MZ" + bytes(200)
PAGE = b"<!-- x --><html><script>alert(1)</script></html>"
DRAWING = (
    b"<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
)
OFD = zipped({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<x/>"})
SHEET = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"})

HONEST = [
    ("报告.pdf", pdf()),
    ("报告.ofd", OFD),
    ("通知.docx", word()),
    (
        "通知.docx",
        word(
            word___rels__settings_dot_rels=relation("attachedTemplate", "file:///C:/a/Normal.dotm")
        ),
    ),
    ("名单.xlsx", SHEET),
    ("名单.et", SHEET),
    ("旧文.doc", old_office("Root Entry", "WordDocument")),
    ("旧文.wps", old_office("Root Entry", "WordDocument")),
    ("旧表.xls", old_office("Root Entry", "Workbook")),
    ("表.csv", "姓名,数量\n示例,3\n".encode("gb18030")),
    ("说明.txt", "第一行\n".encode("utf-16")),
    ("附件.zip", zipped({"通知.docx": word(), "表.csv": "a,b"})),
]

LYING = [
    ("a.docx", PROGRAM, "program"),
    ("a.pdf", PAGE, "page"),
    ("a.txt", PAGE, "page"),
    ("a.csv", DRAWING, "svg"),
    ("a.docx", pdf(), "mismatch"),
    ("a.xlsx", word(), "mismatch"),
    ("a.pdf", b"junk" + pdf(), "mismatch"),
    ("a.docx", zipped({"x": "y"}), "mismatch"),
    ("a.docx", b"", "empty"),
    ("a.doc", word(), "mismatch"),
    ("a.txt", bytes(range(256)) * 8, "mismatch"),
    ("a.zip", zipped({"META-INF/MANIFEST.MF": "x"}), "program"),
    ("a.docm", word(), "extension"),
    ("a.svg", DRAWING, "extension"),
    ("a.exe", PROGRAM, "extension"),
    ("报告.pdf.exe", PROGRAM, "extension"),
    ("noextension", pdf(), "extension"),
    # macros and what else runs in an office file
    ("a.docx", word(word__vbaProject_dot_bin=b"x"), "macros"),
    ("a.docx", word(word__VBAPROJECT_dot_BIN=b"x"), "macros"),
    ("a.xlsx", zipped({"[Content_Types].xml": "x.sheet.macroEnabled.main", "xl/workbook.xml": ""}), "macros"),
    ("a.doc", old_office("WordDocument", "Macros"), "macros"),
    ("a.xls", old_office("Workbook", "_VBA_PROJECT_CUR"), "macros"),
    ("a.docx", word(word__activeX__activeX1_dot_xml=b"x"), "active"),
    ("a.docx", word(word__embeddings__a_dot_bin=old_office("\x01Ole10Native")), "packaged"),
    ("a.docx", word(word___rels__settings_dot_rels=relation("attachedTemplate", "http://x.example/a.dotm")), "fetched"),
    ("a.docx", word(word___rels__document_dot_rels=relation("oleObject", "\\\\host\\share\\x")), "fetched"),
    ("a.docx", word(word___rels__a_dot_rels="<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>"), "entities"),
    # archives
    ("a.docx", samples.zip_bomb(), "bomb"),
    ("a.zip", zipped({f"{n}.txt": "" for n in range(5001)}), "bomb"),
    ("a.zip", samples.zip_with_lying_size(), "damaged"),
    *(
        ("a.zip", samples.zip_with_damaged_packing(method), "damaged")
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    ),
    ("a.zip", zipped({"a.txt": b"x"}).replace(b"a.txt", b"\0.txt"), "damaged"),
    ("a.zip", samples.zip_with_shared_bytes(), "bomb"),
    ("a.zip", zipped({"in.zip": zipped({"x": "y"})}), "nested"),
    ("a.zip", zipped({"in.txt": zipped({"x": "y"})}), "nested"),
    ("a.zip", zipped({"通知.docx": word(word__vbaProject_dot_bin=b"x")}), "macros"),
    ("a.zip", zipped({"安装.EXE": b"x"}), "dangerous"),
    ("a.zip", zipped({"照片.jpg": PROGRAM}), "dangerous"),
    ("a.zip", zipped({"index.html": b"x"}), "dangerous"),
    ("a.zip", zipped({"../../etc/passwd": b"x"}), "path"),
    ("a.zip", zipped({"a.txt": b"x" * 9000})[:120], "mismatch"),
    # PDF
    ("a.pdf", pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "pdf_script"),
    ("a.pdf", pdf("/OpenAction<</S/Java#53cript/J#53(x)>>"), "pdf_script"),
    ("a.pdf", pdf(packed="1 0 <</S/JavaScript/JS(x)>>"), "pdf_script"),
    ("a.pdf", pdf("/OpenAction<</S/Launch/F(cmd.exe)>>"), "pdf_action"),
    ("a.pdf", pdf("/AcroForm<</XFA 3 0 R>>"), "pdf_action"),
    ("a.pdf", pdf("/EmbeddedFiles<</Names[(a)<</F(setup.exe)>>]>>"), "pdf_program"),
    ("a.pdf", pdf("/Names<</UF<FEFF0061002E006200610074>>>"), "pdf_program"),
    ("a.pdf", pdf(packed="x" * 90_000_000), "pdf_bomb"),
    ("a.pdf", pdf(trailer="/Encrypt 9 0 R"), "pdf_locked"),
    ("a.pdf", pdf()[:-6], "damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body"), HONEST, ids=[name for name, _body in HONEST])
def test_honest_files_pass_unchanged(name: str, body: bytes):
    checked = check_upload(upload(body, name), pictures_only=False)

    assert checked.read() == body
    assert checked.name == name


@pytest.mark.parametrize(
    ("name", "body", "code"), LYING, ids=[f"{code}-{n}" for n, (_n, _b, code) in enumerate(LYING)]
)
def test_what_lies_runs_or_bursts_is_refused(name: str, body: bytes, code: str):
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused) as refusal:
            check_upload(upload(body, name), pictures_only=False)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert refusal.value.code == code
    assert name in refusal.value.words
    assert refusal.value.words.endswith("。")
    assert peak < 200_000_000


def test_refusal_names_found_and_expected_type():
    with pytest.raises(FileRefused) as refusal:
        check_upload(upload(b"Rar!\x1a\x07\x00" + bytes(50), "年报.pdf"), pictures_only=False)

    assert "年报.pdf" in refusal.value.words
    assert "RAR" in refusal.value.words
    assert "PDF" in refusal.value.words
    assert "另存为" in refusal.value.words


def test_too_large_is_told_before_the_content_is_read():
    large = upload(PROGRAM, "a.pdf")  # its content would be refused with another reason
    large.size = 101 * 1024 * 1024

    with pytest.raises(FileRefused) as refusal:
        check_upload(large, pictures_only=False)
    assert refusal.value.code == "too_large"
    assert "100 MB" in refusal.value.words


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../x/通知.pdf", "通知.pdf"),
        ("C:\\a\\报告.PDF", "报告.pdf"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("setup.exe.pdf", "setup_exe.pdf"),
        ("index.php.pdf", "index_php.pdf"),
        ("2026.11.28 第1.2号.pdf", "2026.11.28 第1.2号.pdf"),
        (".pdf.pdf", "pdf.pdf"),
        ("长" * 300 + ".pdf", "长" * 56 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, stored: str):
    sent = upload(pdf(), "x.pdf")
    checked = check_upload(sent, pictures_only=False, name=given)

    assert checked.name == stored


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.png", samples.pixel_bomb(), "picture_bomb"),
        ("a.gif", samples.moving("GIF"), "moving"),
        ("a.webp", samples.moving("WEBP"), "moving"),
        ("a.png", samples.moving("PNG"), "moving"),
        ("a.png", DRAWING, "svg"),
        ("a.jpg", PAGE, "page"),
        ("a.jpg", picture("PNG"), "mismatch"),
        ("a.png", picture("PNG", (300, 300))[:200], "damaged"),
        ("a.jpg", picture("JPEG", (900, 900))[:700], "damaged"),
        ("a.pdf", pdf(), "extension"),
        ("a.svg", DRAWING, "extension"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(40), "extension"),
        ("a.jpg", b"\0\0\0\x18ftypheic" + bytes(40), "mismatch"),
    ],
)
def test_bad_pictures_are_refused(name: str, body: bytes, code: str):
    with pytest.raises(FileRefused) as refusal:
        check_upload(upload(body, name), pictures_only=True)

    assert refusal.value.code == code
    assert name in refusal.value.words


class FakeClamd:
    """Speaks INSTREAM: finds the word EICAR."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.answer = answer
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _peer = self.server.accept()
        with connection, connection.makefile("rb") as incoming:
            assert incoming.read(10) == b"zINSTREAM\0"
            received = b""
            while size := int.from_bytes(incoming.read(4), "big"):
                received += incoming.read(size)
            connection.sendall(self.answer(received))


@pytest.fixture
def clamd() -> Iterator[Callable[[Callable[[bytes], bytes]], str]]:
    servers = []

    def start(answer: Callable[[bytes], bytes]) -> str:
        servers.append(FakeClamd(answer))
        return servers[-1].address

    yield start
    for server in servers:
        server.server.close()


def test_scanner_is_asked_about_every_byte(clamd):
    def answer(received: bytes) -> bytes:
        return b"stream: Eicar-Test FOUND\0" if b"EICAR" in received else b"stream: OK\0"

    long = "甲" * 100_000
    with override_settings(CLAMD_SOCKET=clamd(answer)):
        check_upload(upload(long.encode(), "a.txt"), pictures_only=False)
    with (
        override_settings(CLAMD_SOCKET=clamd(answer)),
        pytest.raises(FileRefused, match="Eicar-Test") as refusal,
    ):
        check_upload(upload((long + "EICAR").encode(), "a.txt"), pictures_only=False)
    assert refusal.value.code == "malware"


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0"])
def test_scanner_without_a_clear_answer_stops_the_upload(clamd, answer: bytes):
    with (
        override_settings(CLAMD_SOCKET=clamd(lambda _received: answer)),
        pytest.raises(FileRefused) as refusal,
    ):
        check_upload(upload(b"text", "a.txt"), pictures_only=False)
    assert refusal.value.code == "scanner_away"


def test_scanner_that_is_away_stops_the_upload(tmp_path):
    with (
        override_settings(CLAMD_SOCKET=str(tmp_path / "no.ctl")),
        pytest.raises(FileRefused) as refusal,
    ):
        check_upload(upload(b"text", "a.txt"), pictures_only=False)
    assert refusal.value.code == "scanner_away"
