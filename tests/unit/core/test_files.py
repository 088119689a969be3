"""The store takes office files and pictures, judged by content, keeps each once, and loses nothing."""

import functools
import hashlib
import io
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound, Refused
from core.files import FileStore, tidy_name
from core.filetypes import ENDINGS, OFFICE, true_kind

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def package(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence", max_bytes=4096)


def ole(*entries: str) -> bytes:
    """An old Office file with these entries in its directory, spelt as they are."""
    made = [
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + b"\x02" + bytes(61)
        for name in entries
    ]
    return OLE[:8] + bytes(504) + b"".join(made)


def parts(**content: bytes) -> bytes:
    """A .docx with these parts beside its text."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<x/>")
        for name, data in content.items():
            archive.writestr(
                f"word/embeddings/{name}.bin" if name != "types" else "[Content_Types].xml", data
            )
    return made.getvalue()


def sheet(kind: int, name: bytes, *, wide: bool = False) -> bytes:
    """Excel's record of a sheet in an old workbook."""
    told = bytes((len(name) // (1 + wide), wide)) + name
    return ole("Workbook") + struct.pack("<HHIBB", 0x85, 6 + len(told), 1024, 0, kind) + told


def slides(packed: bytes) -> bytes:
    """An old presentation with an OLE file in it."""
    data = zlib.compress(packed)
    return ole("PowerPoint Document") + struct.pack("<HHII", 0x10, 0x1011, len(data), len(packed)) + data


MACRO_FLAG = bytes.fromhex("1f00ff0314000000020000040c000000030000000100000002000000")
RUNNING = {
    "VBA in .doc": (ole("Root Entry", "_VBA_PROJECT"), "a.doc"),
    "VBA in .xls, another spelling": (ole("_Vba_Project"), "a.xls"),
    "a packed program in .doc": (ole("ObjectPool", "\x01Ole10Native"), "a.doc"),
    "a control in .doc": (ole("OCXNAME"), "a.doc"),
    "a macro sheet in .xls": (sheet(1, b"Macro1"), "a.xls"),
    "a macro sheet with a Chinese name": (sheet(1, "宏表".encode("utf-16-le"), wide=True), "a.xls"),
    "VBA in .ppt": (ole("PowerPoint Document") + MACRO_FLAG, "a.ppt"),
    "a packed program in .ppt": (slides(ole("\x01Ole10Native")), "a.ppt"),
    "VBA under another name": (parts(data=ole("_VBA_PROJECT")), "a.docx"),
    "VBA by its declaration alone": (
        parts(types='<Override ContentType="application/vnd.ms-office.vbaProject"/>'.encode("utf-16")),
        "a.docx",
    ),
    "VBA in a workbook within": (parts(book=package("xl/workbook.xml", "xl/vbaProject.bin")), "a.docx"),
    "a package within": (parts(object1=ole("\x01Ole10Native")), "a.docx"),
    "zips within zips": (functools.reduce(lambda inner, _: parts(next=inner), range(6), parts()), "a.docx"),
}


@pytest.mark.parametrize(("content", "name"), RUNNING.values(), ids=RUNNING)
def test_macros_and_programs_are_found_by_what_they_are(store: FileStore, content: bytes, name: str) -> None:
    with pytest.raises(Refused, match="含有宏或嵌入的程序"):
        keep(store, content, name)
    assert list(store.folder.glob("*")) == []


HARMLESS = {
    "sheets of cells": (sheet(0, b"Sheet1"), "a.xls"),
    "the words in a text": (ole("WordDocument") + "_VBA_PROJECT VBA".encode("utf-16-le"), "a.doc"),
    "a chart's workbook": (parts(chart=package("[Content_Types].xml", "xl/workbook.xml")), "a.docx"),
    "a drawing of another program": (parts(drawing=ole("VisioDocument")), "a.docx"),
    "slides with a drawing": (slides(ole("VisioDocument")), "a.ppt"),
}


@pytest.mark.parametrize(("content", "name"), HARMLESS.values(), ids=HARMLESS)
def test_what_only_looks_like_a_macro_is_taken(store: FileStore, content: bytes, name: str) -> None:
    assert keep(store, content, name)


@given(st.binary(max_size=300), st.integers(0, 5))
def test_a_damaged_office_file_is_refused_or_taken_never_an_error(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, where: int
) -> None:
    store = FileStore(tmp_path_factory.getbasetemp() / "damaged", max_bytes=1 << 20)
    whole = parts(data=ole("VisioDocument"), types=b"<x/>")
    cut = where * len(whole) // 6
    for content, name in (
        (whole[:cut] + noise + whole[cut + len(noise) :], "a.docx"),
        (OLE + noise, "a.doc"),
    ):
        with suppress(Refused):
            keep(store, content, name)


def keep(store: FileStore, content: bytes, name: str) -> str:
    return store.keep(io.BytesIO(content), name).media_type


ACCEPTED = [
    (b"%PDF-1.4\n", "回证.pdf", "application/pdf"),
    (package("[Content_Types].xml", "word/document.xml"), "a.docx", f"{OFFICE}.wordprocessingml.document"),
    (package("word\\document.xml"), "印象笔记.docx", f"{OFFICE}.wordprocessingml.document"),
    (package("xl/workbook.xml"), "a.xlsx", f"{OFFICE}.spreadsheetml.sheet"),
    (package("ppt/presentation.xml"), "a.pptx", f"{OFFICE}.presentationml.presentation"),
    (package("OFD.xml"), "公文.OFD", "application/ofd"),
    (OLE, "旧.doc", "application/x-ole-storage"),
    (OLE, "旧.wps", "application/x-ole-storage"),
    (OLE + b"\xec\xa5\xc1\x00" + bytes(6) + b"\xf0\x12" + bytes(90), "旧.doc", "application/x-ole-storage"),
    (
        OLE + b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\xe1\x00",
        "旧.xls",
        "application/x-ole-storage",
    ),
    (b"\xff\xd8\xff\xe0" + bytes(20), "照片.JPG", "image/jpeg"),
    (PNG, "截图.png", "image/png"),
    (b"GIF89a" + bytes(9), "a.gif", "image/gif"),
    (b"BM" + bytes(60), "a.bmp", "image/bmp"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
    (b"\x00\x00\x00\x18ftypheic" + bytes(9), "a.heic", "image/heic"),
    ("整改说明\n一、情况".encode(), "说明.txt", "text/plain"),
    ("整改说明\n一、情况".encode("gb18030"), "说明.txt", "text/plain"),
    (b"\xef\xbb\xbfa,b\r\n1,2\r\n", "表.csv", "text/plain"),
]


@pytest.mark.parametrize(("content", "name", "media_type"), ACCEPTED)
def test_office_files_and_pictures_are_known_by_content(
    store: FileStore, content: bytes, name: str, media_type: str
) -> None:
    assert keep(store, content, name) == media_type


REFUSED = [
    (b"MZ\x90\x00" + bytes(60), "安装.exe"),
    (b"MZ\x90\x00" + bytes(60), "说明.docx"),
    (b"MZ\x90\x00", "说明.txt"),
    (b"\x7fELF" + bytes(60), "说明.pdf"),
    (b"#!/bin/sh\nrm -rf /\n", "说明.txt"),
    (b"<html><script>alert(1)</script>", "说明.txt"),
    (b"\xef\xbb\xbf  <!DOCTYPE html>", "说明.txt"),
    (b"@ECHO OFF\r\ndel *.*", "说明.txt"),
    (b"alert(1)", "脚本.js"),
    (b"Set x = 1", "脚本.vbs"),
    (b"{\\rtf1}", "说明.txt"),
    (OLE, "安装.msi"),
    (b"%PDF-1.4\n", "回证.exe"),
    (b"%PDF-1.4\n", "回证"),
    (package("xl/workbook.xml"), "a.docx"),
    (package("word/document.xml", "word/vbaProject.bin"), "a.docx"),
    (package("word/document.xml", "word/VBAPROJECT.BIN"), "a.docx"),
    (package("xl/workbook.xml", "xl\\macrosheets\\sheet1.xml"), "a.xlsx"),
    (package("word/document.xml", "word/activeX/activeX1.xml"), "a.docx"),
    (package("evil.exe"), "材料.zip"),
    (b"PK\x03\x04broken", "a.docx"),
    (b"Rar!\x1a\x07\x00", "a.rar"),
    (b"\x00\x01\x02\x03", "a.txt"),
    (b"", "空.pdf"),
]


@pytest.mark.parametrize(("content", "name"), REFUSED)
def test_what_could_run_or_is_not_what_it_says_is_refused(
    store: FileStore, content: bytes, name: str
) -> None:
    with pytest.raises(Refused):
        keep(store, content, name)
    assert list(store) == []
    assert list(store.folder.glob("*")) == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("length", range(4090, 4097))
def test_long_text_is_text_wherever_the_sample_ends(tmp_path: Path, encoding: str, length: int) -> None:
    store = FileStore(tmp_path, max_bytes=1 << 20)
    content = b"a" * (length - 4090) + ("整改" * 4000).encode(encoding)
    assert keep(store, content, "说明.txt") == "text/plain"


def test_the_cap_is_kept_to_the_byte(store: FileStore) -> None:
    assert keep(store, PNG.ljust(4096, b"\0"), "a.png")
    with pytest.raises(Refused, match="太大"):
        keep(store, PNG.ljust(4097, b"\0"), "b.png")
    assert len(list(store)) == 1


def test_the_same_bytes_are_kept_once_and_for_the_owner_alone(store: FileStore) -> None:
    first = store.keep(io.BytesIO(PNG), "一.png")
    second = store.keep(io.BytesIO(PNG), "二.png")
    assert first.sha256 == second.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (first.file_name, second.file_name) == ("一.png", "二.png")
    assert list(store) == [first.sha256]
    assert store.path(first.sha256).stat().st_mode & 0o077 == 0


def test_a_file_cut_short_on_disk_is_mended_by_the_next_upload(store: FileStore) -> None:
    kept = store.keep(io.BytesIO(PNG), "一.png")
    store.path(kept.sha256).write_bytes(PNG[:5])
    assert store.is_intact(kept.sha256) is False
    store.keep(io.BytesIO(PNG), "一.png")
    assert store.is_intact(kept.sha256) is True


def test_a_failed_upload_leaves_nothing_behind(store: FileStore) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        store.keep(Broken(), "a.pdf")
    assert list(store.folder.iterdir()) == []


def test_destroying_is_final_and_says_what_it_did(store: FileStore) -> None:
    kept = store.keep(io.BytesIO(PNG), "一.png")
    assert store.destroy(kept.sha256) is True
    assert store.destroy(kept.sha256) is False
    assert store.is_intact(kept.sha256) is None


@pytest.mark.parametrize("bad", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 63 + "/"])
def test_only_a_hash_names_a_file(store: FileStore, bad: str) -> None:
    with pytest.raises(NotFound):
        store.path(bad)


@given(st.text(max_size=300))
def test_any_name_becomes_a_plain_one(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    store = FileStore(tmp_path_factory.getbasetemp() / "names", max_bytes=4096)
    kept = store.keep(io.BytesIO(PNG), f"{name}.png")
    assert kept.file_name.endswith(".png")
    assert len(kept.file_name) <= 200
    assert not set(kept.file_name) & set('/\\<>:"|?*\n\r\t\0')


def test_every_type_has_its_endings_once() -> None:
    assert all(ending == ending.lower() for endings in ENDINGS.values() for ending in endings)


@pytest.mark.parametrize(
    ("content", "name", "media_type", "said"),
    [
        (PNG, "截图.jpg", "image/png", "实为 PNG 图片"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "微信图片.JPG", "image/webp", "实为 WEBP 图片"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "照片.png", "image/jpeg", "实为 JPEG 图片"),
        (PNG, "截图.png", "image/png", ""),
    ],
)
def test_a_picture_is_taken_by_its_content_under_any_pictures_name(
    store: FileStore, content: bytes, name: str, media_type: str, said: str
) -> None:
    kept = store.keep(io.BytesIO(content), name)
    assert (kept.media_type, kept.file_name) == (media_type, name)
    assert true_kind(kept.media_type, kept.file_name) == said


def test_a_picture_under_an_office_name_stays_refused(store: FileStore) -> None:
    with pytest.raises(Refused, match="扩展名与内容不符"):
        keep(store, PNG, "报告.docx")


ROOM = bytes(200)
BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
OLDER_BOF = b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(4)
FILEPASS = b"\x2f\x00\x36\x00\x01\x00" + ROOM
PACKAGE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED = {
    "加密.docx": OLE + PACKAGE + ROOM,
    "加密.xlsx": OLE + PACKAGE + ROOM,
    "新格式.doc": OLE + PACKAGE + "WordDocument".encode("utf-16-le") + ROOM,
    "加密.doc": OLE + b"\xec\xa5\xc1\x00" + bytes(6) + b"\xf0\x13" + ROOM,
    "加密.wps": OLE + b"\xec\xa5\xc1\x00" + bytes(6) + b"\x00\x01" + ROOM,
    "加密.xls": OLE + BOF + FILEPASS,
    "写保护又加密.xls": OLE + BOF + b"\x86\x00\x00\x00" + FILEPASS,
    "更旧.xls": OLE + OLDER_BOF + FILEPASS,
    "加密.ppt": OLE + b"\x00\x00\xf6\x0f\x20\x00\x00\x00\x14\x00\x00\x00\xdf\xc4\xd1\xf3" + ROOM,
}


@pytest.mark.parametrize("name", ENCRYPTED)
def test_an_encrypted_office_file_says_so(store: FileStore, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        keep(store, ENCRYPTED[name], name)
    assert "已加密" in refusal.value.line
    assert "请去掉打开密码后再上传" in refusal.value.line


@given(st.text(min_size=1, max_size=400))
def test_a_tidy_name_fits_every_file_system(name: str) -> None:
    tidy = tidy_name(name)
    assert 0 < len(tidy.encode()) <= 200
    assert "/" not in tidy
    tidy.encode().decode()


def test_what_was_stored_again_since_is_not_taken_back(store: FileStore) -> None:
    first = store.keep(io.BytesIO(PNG), "a.png")
    again = store.keep(io.BytesIO(PNG), "b.png")
    store.take_back(first)
    assert store.is_intact(first.sha256)
    store.take_back(again)
    assert store.is_intact(again.sha256) is None
