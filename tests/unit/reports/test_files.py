"""Opening files: kinds by content, limits each with its own message, folders, and many files at once."""

import os
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from core.errors import Unreadable
from reports.document import Document
from reports.files import LIMITS, document_from, find_files, sha256
from tests.reports import open_document
from tests.unit.core.test_files import ENCRYPTED
from tests.unit.reports.making import cell, docx, p, scanned_pdf, table, zipped

SAMPLES = Path(__file__).parents[2] / "samples" / "reading"
TEXT = "2023年，我局坚持依法行政，完善制度机制。\n三、存在的不足\n（一）执法力量不足。\n"


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + stream.encode("utf-16-le") + b"\x00" * 600


@pytest.mark.parametrize(
    ("data", "what", "todo"),
    [
        ((SAMPLES / "old.doc").read_bytes(), "Word 97-2003", "另存为 .docx"),
        ((SAMPLES / "old.rtf").read_bytes(), "RTF", "另存为 .docx"),
        ((SAMPLES / "old.odt").read_bytes(), "OpenDocument", "另存为 .docx"),
        (_ole("WpsDocument"), "WPS", "另存为 .docx"),
        *((data, "加密", "取消密码") for data in ENCRYPTED.values()),
        (_ole("Workbook"), "表格", "复制到 Word"),
        (_ole("PowerPoint Document"), "演示文稿", "复制到 Word"),
        (_ole("Something"), "旧格式", "另存为 .docx"),
        (zipped({"OFD.xml": b"<x/>"}), "OFD", "转换"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "表格", "复制到 Word"),
        (zipped({"ppt/presentation.xml": b"<x/>"}), "演示文稿", "复制到 Word"),
        (zipped({"报告.docx": docx(p("正文。"))}), "压缩包", "解压"),
        (b"PK\x05\x06" + b"\x00" * 18, "压缩包", "解压"),
        (b"Rar!\x1a\x07\x00" + b"\x00" * 50, "压缩包", "解压"),
        (b"7z\xbc\xaf\x27\x1c" + b"\x00" * 50, "压缩包", "解压"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "图片", "OCR"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "图片", "OCR"),
        (b"RIFF\x00\x00\x00\x00WEBP" + b"\x00" * 50, "图片", "OCR"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "网页归档", "另存为"),
        (
            b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
            "Word XML",
            "另存为",
        ),
        (b"MZ\x90\x00" + b"\x00" * 100, "程序", "报告文件"),
        (docx(p("正文。"))[:200], "损坏", "重新下载"),
        (b"", "空的", "完整保存"),
    ],
)
@pytest.mark.parametrize("name", ["报告.docx", "报告.txt", "报告"])
def test_a_kind_no_reader_takes_is_refused_by_content_with_what_to_do(
    data: bytes, what: str, todo: str, name: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        document_from(data, name)
    assert what in refusal.value.what
    assert todo in refusal.value.todo
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (TEXT.encode(), "txt"),
        (f"<html><body><p>{TEXT}</p></body></html>".encode(), "html"),
        (f"<html><body><p>{TEXT}</p></body></html>".encode("utf-16"), "html"),
        (docx(p("正文。")), "docx"),
        ((SAMPLES / "web.pdf").read_bytes(), "pdf"),
        (b"\n\n" + (SAMPLES / "web.pdf").read_bytes(), "pdf"),
        (("BMI指数与报告无关。" + TEXT).encode(), "txt"),
    ],
)
@pytest.mark.parametrize("name", ["报告.doc", "报告.PDF", "x"])
def test_a_wrong_ending_does_not_mislead(data: bytes, kind: str, name: str) -> None:
    assert document_from(data, name).format == kind


def test_missing_files_folders_and_empty_files_are_each_refused_in_their_own_words(tmp_path: Path) -> None:
    (tmp_path / "空.docx").touch()
    for path, why in (
        (tmp_path / "没有.docx", "找不到"),
        (tmp_path, "文件夹"),
        (tmp_path / "空.docx", "空的"),
    ):
        with pytest.raises(Unreadable, match=why):
            open_document(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_one_may_not_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "密.txt"
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(Unreadable, match="没有权限"):
        open_document(path)


@pytest.mark.parametrize(
    ("limit", "data", "name", "why"),
    [
        ({"file_bytes": 10}, TEXT.encode(), "a.txt", "文件过大"),
        ({"characters": 10}, TEXT.encode(), "a.txt", "文字过多"),
        ({"characters": 10}, TEXT.encode(), "a.md", "文字过多"),
        ({"characters": 10}, f"<p>{TEXT}</p>".encode(), "a.html", "文字过多"),
        ({"characters": 10}, (SAMPLES / "web.pdf").read_bytes(), "a.pdf", "文字过多"),
        ({"blocks": 2}, TEXT.encode(), "a.txt", "段落过多"),
        ({"blocks": 2}, TEXT.replace("\n", "\n\n").encode(), "a.md", "段落过多"),
        ({"blocks": 2}, docx(p("正文。") * 3), "a.docx", "段落过多"),
        ({"blocks": 2}, ("<div>" + "<p>我局坚持依法行政，完善制度。</p>" * 3).encode(), "a.html", "段落过多"),
        ({"blocks": 2}, (SAMPLES / "web.pdf").read_bytes(), "a.pdf", "段落过多"),
        ({"pages": 2}, scanned_pdf(3), "a.pdf", "页数过多"),
        ({"seconds": 0.0}, docx(p("正文。")), "a.docx", "读取超时"),
        ({"seconds": 0.0}, TEXT.encode(), "a.txt", "读取超时"),
        ({"seconds": 0.0}, TEXT.encode(), "a.md", "读取超时"),
        ({"seconds": 0.0}, f"<p>{TEXT}</p>".encode(), "a.html", "读取超时"),
        ({"seconds": 0.0}, (SAMPLES / "web.pdf").read_bytes(), "a.pdf", "读取超时"),
        ({"members": 1}, docx(p("正文。")), "a.docx", "解压后过大"),
        ({"unpacked_bytes": 100}, docx(p("正文。")), "a.docx", "解压后过大"),
        ({"part_bytes": 100}, docx(p("正文。")), "a.docx", "解压后过大"),
        (
            {"depth": 3},
            docx(table(cell(table(cell(table(cell(table(cell(p("深"))))))))) + p("浅")),
            "a.docx",
            "嵌套过深",
        ),
        ({"html_depth": 5}, f"<div><div><div><div><p>{TEXT}".encode(), "a.html", "嵌套过深"),
    ],
)
def test_each_limit_has_its_own_message(limit: dict[str, float], data: bytes, name: str, why: str) -> None:
    assert document_from(data, name).blocks if "pages" not in limit else True
    with pytest.raises(Unreadable, match=why):
        document_from(data, name, replace(LIMITS, **limit))  # type: ignore[arg-type]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (60 * 1024 * 1024))
    with pytest.raises(Unreadable, match="解压后过大"):
        document_from(out.getvalue(), "a.docx")


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE x [<!ENTITY a "x">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document xmlns:w="w"><w:body/></w:document>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "<!DOCTYPE x ["
        '<!ENTITY a0 "ha">'
        + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
        + "]><x>&a11;</x>",
    ],
)
def test_xml_with_entities_is_refused(xml: str) -> None:
    with pytest.raises(Unreadable):
        document_from(zipped({"word/document.xml": xml.encode()}), "a.docx")


def test_folders_are_walked_for_documents_in_order(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/2.docx",
        "a/1.pdf",
        "a/~$2.docx",
        ".git/x.txt",
        "c.json",
        "a/.隐藏.md",
        "旧.doc",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find_files([tmp_path, tmp_path / "c.json", tmp_path / "b.txt"])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "b.txt",
        "旧.doc",
        "a/1.pdf",
        "a/2.docx",
        "c.json",
    ]


def test_the_fingerprint_is_of_the_bytes() -> None:
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_reading_text_imports_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from reports.files import document_from; document_from('我局坚持依法行政。'.encode(), 'a.txt');"
        "print(sorted({'lxml', 'pypdfium2', 'docx', 'markdown_it', 'pdfplumber'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_document_is_the_same_each_time() -> None:
    first: Document = open_document(SAMPLES / "official.pdf")
    assert open_document(SAMPLES / "official.pdf") == first
