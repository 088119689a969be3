"""Damaged and odd files of every format: a document or a refusal that says what to do, soon, and nothing else.

`RECTIFY_FUZZ=20000` sets how many mutated files are read in all; each is made from its number alone, so the number
in a failure makes the file again: `mutated(format, number)`.
"""

import io
import os
import random
import re
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from reports.document import Document
from reports.files import document_from
from tests.unit.reports.making import abstract, cell, docx, item, level, num, p, table

SAMPLES = Path(__file__).parents[2] / "samples" / "reading"
CASES = int(os.environ.get("RECTIFY_FUZZ", "400"))
LONGEST_SECONDS = 10.0
HEAD = "某某区水务局关于2023年法治政府建设情况的报告\n\n发布日期：2024-01-18  来源：区水务局\n\n"
LINES = [
    "2023年，我局坚持依法行政，完善制度机制，办理行政许可365件，现将有关情况报告如下。",
    "三、存在的不足和原因",
    "（一）执法力量不足。持证执法人员仅9名，难以满足日常巡查需要，取证能力也有待提高。",
    "（二）普法形式单一，主要原因是经费偏少。",
    "四、2024年工作打算",
    "一是充实执法队伍；二是创新普法形式；三是完善协作机制。",
    "某某区水务局",
    "2024年1月15日",
]
FORMATS = ("txt", "utf-16", "gb18030", "md", "html", "docx", "pdf", "web.pdf")
TOKENS = (
    *(
        "<table>",
        "</td>",
        "<ol start=9999999999>",
        "<li>",
        "<div style='display:none'>",
        "<!--",
        "&#x110000;",
        "&nbsp;",
    ),
    *(
        "\x00",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "　",
        "\t",
        "\f",
        "\r",
        "— 3 —",
        "#" * 7,
        "|" * 9,
        "- " * 60,
        "> " * 60,
    ),
    *(
        "<w:p>",
        "</w:tbl>",
        '<w:ilvl w:val="99"/>',
        '<w:numId w:val="-1"/>',
        '<w:gridSpan w:val="999999"/>',
        "<w:br/>",
    ),
    *(
        "endobj",
        "/Length 99999999",
        "/Rotate 90",
        "0 0 0 0 re",
        "999999999999",
        "-1",
        "1e999",
        "NaN",
        "１２",
        "①",
    ),
)


def _html() -> str:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    rows = "<tr><td rowspan=2>任务</td><td colspan=2>措施</td></tr><tr><td>甲</td><td>乙</td></tr>"
    listed = f"<ol start=2>{''.join(f'<li>{line}' for line in LINES[2:4])}</ol>"
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><meta name=PubDate content='2024-01-18'></head><body><div>{body}{listed}<table>{rows}</table></div></body></html>"


def _docx() -> bytes:
    lists = abstract(0, level(0, "chineseCounting", "（%1）"), level(1, "decimal", "%1.%2")) + num(1, 0)
    styles = '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="heading 1"/><w:basedOn w:val="h"/></w:style>'
    merged = cell(p("甲"), '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>') + cell(p("乙"))
    body = (
        "".join(p(line, '<w:pStyle w:val="h"/>') for line in LINES)
        + item(LINES[2])
        + item(LINES[3], level=1)
        + table(merged, cell(p(""), '<w:gridSpan w:val="2"/><w:vMerge/>') + cell(p("丙")))
        + '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType="end"/>'
        "<w:lastRenderedPageBreak/><w:t>尾</w:t></w:r><w:ins><w:r><w:t>增</w:t></w:r></w:ins></w:p>"
    )
    return docx(body, lists, styles)


@cache
def seed_file(kind: str) -> bytes:
    """An undamaged file of the kind."""
    text = HEAD + "\n".join(LINES) + "\n\n序号\t任务\n1\t普法\n\n扫一扫在手机打开当前页\n"
    listed = "\n".join(f"{count}. {line}" for count, line in enumerate(LINES, 1))
    makers: dict[str, Callable[[], bytes]] = {
        "txt": text.encode,
        "utf-16": lambda: text.encode("utf-16-le"),
        "gb18030": lambda: text.encode("gb18030"),
        "md": f"# {HEAD}## 三、不足\n\n{listed}\n\n| 任务 | 时限 |\n|---|---|\n| **普法** | 6月 |\n".encode,
        "html": lambda: _html().encode(),
        "docx": _docx,
        "pdf": (SAMPLES / "official.pdf").read_bytes,
        "web.pdf": (SAMPLES / "web.pdf").read_bytes,
    }
    return makers[kind]()


def mutated(kind: str, number: int) -> bytes:
    """The file of that number: a seed file damaged in one to six ways."""
    chance = random.Random(f"{kind}:{number}")
    data = seed_file(kind)
    if kind == "docx" and chance.random() < 0.8:
        return _rezipped(data, chance)
    return _damaged(data, chance)


def _rezipped(data: bytes, chance: random.Random) -> bytes:
    """A sound zip around damaged parts, or the damage would end at the checksums."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as changed:
        names = archive.namelist()
        victim = chance.choice(names)
        for name in names:
            content = archive.read(name)
            if name == victim:
                content = (
                    _shuffled_elements(content, chance)
                    if chance.random() < 0.7
                    else _damaged(content, chance)
                )
            changed.writestr(name, content)
    return out.getvalue()


def _shuffled_elements(data: bytes, chance: random.Random) -> bytes:
    """Well-formed XML with elements dropped, doubled or moved and attributes given odd values."""
    from lxml import etree

    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 6)):
        elements = list(root.iter())
        one, other = chance.choice(elements), chance.choice(elements)
        parent = one.getparent()
        if chance.random() < 0.4 and one.attrib:
            one.set(
                chance.choice(list(one.attrib)),
                chance.choice(("", "-1", "99999999999", "x", "0", "9", "none")),
            )
        elif parent is not None and chance.random() < 0.5:
            parent.remove(one)
        elif one not in other.iterancestors() and one is not other and parent is not None:
            other.append(one)
    return etree.tostring(root)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.randrange(len(changed) + 1) for _ in range(2))
        match chance.randrange(8):
            case 0:
                for _ in range(chance.randint(1, 40)):
                    if changed:
                        changed[chance.randrange(len(changed))] = chance.randrange(256)
            case 1:
                del changed[at:]
            case 2:
                del changed[at : min(to, at + 200)]
            case 3:
                changed[at:at] = changed[at : min(to, at + 500)] * chance.randint(1, 20)
            case 4:
                changed[at:at] = chance.choice(TOKENS).encode("utf-8", "surrogatepass")
            case 5:
                pieces = re.split(rb"(?<=\n)|(?<=>)", bytes(changed))
                chance.shuffle(pieces)
                changed = bytearray(b"".join(pieces))
            case 6:
                pieces = bytes(changed).split(b"\n")
                changed = bytearray(b"\n".join(piece for piece in pieces if chance.random() < 0.8))
            case _:
                changed[at:at] = chance.randbytes(chance.randint(1, 60))
    return bytes(changed)


def read_or_refused(data: bytes, name: str) -> Document | None:
    """The document, which must be sound, or None where the file was refused with all it should say."""
    started = time.perf_counter()
    refusal, document = None, None
    try:
        document = document_from(data, name)
    except Unreadable as error:
        refusal = error
    assert time.perf_counter() - started < LONGEST_SECONDS
    if refusal is not None:
        assert len(refusal.parts) == 3
    if document is not None:
        _assert_sound(document)
    return document


def _assert_sound(document: Document) -> None:
    assert document.blocks
    assert [block.paragraph for block in document.blocks] == list(range(1, len(document.blocks) + 1))
    for block in document.blocks:
        assert bool(block.text) != bool(block.rows)
        assert not re.search(r"[\x00-\x1f\x7f\u200b\ufeff]", block.text)
        assert block.text == block.text.strip()
        assert len({len(row) for row in block.rows}) <= 1
        assert not any(re.search(r"[\x00-\x09\x0b-\x1f]", each) for row in block.rows for each in row)
        assert block.heading is None or 1 <= block.heading <= 9
        assert block.depth >= 0
        assert block.page is None or block.page >= 1


@pytest.mark.parametrize("kind", FORMATS)
def test_the_undamaged_files_are_read(kind: str) -> None:
    assert read_or_refused(seed_file(kind), f"报告.{kind}") is not None


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", FORMATS)
def test_a_damaged_file_is_read_or_refused(kind: str) -> None:
    for number in range(CASES // len(FORMATS)):
        data = mutated(kind, number)
        try:
            read_or_refused(data, f"报告.{kind}")
        except BaseException as error:
            error.add_note(f"mutated({kind!r}, {number})")
            raise


@given(st.text(max_size=400) | st.lists(st.sampled_from([*LINES, *TOKENS, "\n"]), max_size=40).map("\n".join))
@pytest.mark.parametrize("ending", ["txt", "md", "html"])
def test_any_text_is_read_or_refused(ending: str, text: str) -> None:
    read_or_refused(text.encode("utf-8", "replace"), f"a.{ending}")


@given(
    st.binary(max_size=600),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xfe", b"<html>", b"{\\rtf"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, opening: bytes) -> None:
    read_or_refused(opening + data, "a.bin")


@given(
    st.lists(
        st.tuples(st.sampled_from(LINES), st.integers(min_value=-1, max_value=10), st.sampled_from("0123")),
        min_size=1,
    )
)
def test_a_word_file_keeps_every_paragraph_whatever_its_lists(paragraphs: list[tuple[str, int, str]]) -> None:
    lists = (
        abstract(0, level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2.%3"))
        + num(1, 0)
        + num(2, 0)
    )
    document = read_or_refused(
        docx("".join(item(text, name, at) for text, at, name in paragraphs), lists), "a.docx"
    )
    assert document is not None
    assert [block.text for block in document.blocks] == [text for text, _, _ in paragraphs]
