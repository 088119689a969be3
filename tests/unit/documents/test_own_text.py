"""What a file says by itself is read for the closure checks, and no file stops its own upload."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from documents.own_text import MOST, own_text
from rectification.task.proof import BLANK
from tests.unit.documents.excel.test_reading import saved
from tests.unit.reports.making import cell, docx, p, scanned_pdf, table

HEAD, SIGNED = "清河县水利局文件", "2026年5月20日"


def kept(folder: Path, content: bytes) -> Path:
    """A file as the store keeps it: under its hash, without an ending."""
    path = folder / "0123abcd"
    path.write_bytes(content)
    return path


def test_a_word_file_is_read_with_its_tables_line_by_line(tmp_path: Path) -> None:
    body = p(HEAD) + table(cell(p("序号")) + cell(p("案卷")), cell(p("1")) + cell(p("清水罚1号"))) + p(SIGNED)
    assert own_text(kept(tmp_path, docx(body)), "台账.docx").splitlines() == [
        HEAD,
        "序号 | 案卷",
        "1 | 清水罚1号",
        SIGNED,
    ]


def test_a_workbook_is_read_by_its_rows(tmp_path: Path) -> None:
    path = saved(tmp_path / "表.xlsx", (HEAD, None), ("序号", "案卷"), (1, "清水罚1号"))
    assert own_text(kept(tmp_path, path.read_bytes()), "台账.XLSX").splitlines() == [
        HEAD,
        "序号 | 案卷",
        "1 | 清水罚1号",
    ]


def test_text_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    path = kept(tmp_path, f"{HEAD}\r\n{SIGNED}\r\n".encode("gb18030"))
    assert own_text(path, "说明.txt").splitlines() == [HEAD, SIGNED]


def test_a_printed_pdf_is_read(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "samples/writers/B/b05_yinggang_customs_2021.pdf"
    text = own_text(path, path.name)
    assert text.startswith("盈港海关文件")
    assert len(text) > 1_000


def test_of_a_long_text_beginning_and_end_are_kept(tmp_path: Path) -> None:
    lines = [HEAD, *(f"第{number}条 归档前由专人核对。" for number in range(3_000)), SIGNED]
    text = own_text(kept(tmp_path, "\n".join(lines).encode()), "办法.txt")
    assert len(text) == MOST
    assert text.startswith(HEAD)
    assert text.endswith(SIGNED)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("照片.jpg", b"\xff\xd8\xff\xe0" + bytes(400)),
        ("扫描.pdf", scanned_pdf()),
        ("坏.pdf", b"%PDF-1.7\n" + bytes(400)),
        ("坏.docx", b"PK\x03\x04 broken"),
        ("坏.xlsx", b"PK\x03\x04 broken"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("空.txt", b""),
    ],
)
def test_what_holds_no_readable_text_says_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    assert own_text(kept(tmp_path, content), name) == ""


def test_a_file_that_is_gone_says_nothing(tmp_path: Path) -> None:
    assert own_text(tmp_path / "没有", "表.xlsx") == ""
    assert own_text(tmp_path / "没有", "文.docx") == ""


@pytest.mark.parametrize("part", ["word/document.xml", "xl/workbook.xml"])
def test_a_file_that_unpacks_without_end_says_nothing(tmp_path: Path, part: str) -> None:
    path = tmp_path / "弹"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, b"<a>" + bytes(80 << 20))
    assert own_text(path, "弹.docx" if part.startswith("word") else "弹.xlsx") == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04"]), st.sampled_from(["a.pdf", "a.docx", "a.xlsx", "a.txt", "a"]))  # fmt: skip
def test_no_bytes_raise(tmp_path: Path, content: bytes, magic: bytes, name: str) -> None:
    assert len(own_text(kept(tmp_path, magic + content), name)) <= MOST


def picture(side: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, side), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("说明.txt", b" \r\n."),
        ("说明.txt", "无".encode()),
        ("说明.docx", docx(p(""))),
        ("现场.png", picture(1)),
        ("现场.jpg", picture(40)),
    ],
)
def test_a_file_that_holds_nothing_says_so(tmp_path: Path, name: str, content: bytes) -> None:
    assert own_text(kept(tmp_path, content), name) == BLANK


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path / "表.xlsx", ("序号", None))
    assert own_text(kept(tmp_path, path.read_bytes()), "台账.xlsx") == BLANK


def test_pictures_and_scans_are_not_empty(tmp_path: Path) -> None:
    assert own_text(kept(tmp_path, picture(400)), "现场.png") == ""
    assert own_text(kept(tmp_path, scanned_pdf()), "案卷.pdf") == ""
    word = Document()
    word.add_picture(BytesIO(picture(400)))
    word.save(str(tmp_path / "照片.docx"))
    assert own_text(tmp_path / "照片.docx", "照片.docx") == ""
