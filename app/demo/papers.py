"""The evidence of the demonstration, made from the story's words: Word papers, tables, printed pdf, photographs."""

import io
import random
from datetime import date
from pathlib import PurePath
from typing import Final

from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFilter

from app.demo.story import HERE
from documents.word.layout import OfficialPaper, steady
from rectification.task.time_limits import day_text

_PHOTO: Final = 480, 360


def made(name: str, text: str, bureau: str, dated: date) -> bytes:
    """A file by its ending; `text` is what it says, of a table with “ | ” between the cells. A photograph says nothing."""
    what = PurePath(name)
    said = text.strip().format(day=day_text(dated), month=f"{dated.year}年{dated.month}月", year=dated.year)
    lines = said.split("\n")
    match what.suffix:
        case ".docx":
            return _paper(what.stem, lines, bureau, dated)
        case ".xlsx":
            return _table(what.stem, lines, bureau, dated)
        case ".pdf":
            return _printed([what.stem, *lines, "", bureau, day_text(dated)])
        case _:
            return _photo(name)


def _paper(title: str, lines: list[str], bureau: str, dated: date) -> bytes:
    paper = OfficialPaper(title)
    paper.title(f"{bureau}\n{title}")
    for line in lines:
        if line[1:2] == "、":
            paper.heading(1, line)
        else:
            paper.paragraph(line)
    paper.sign_off(bureau, dated)
    return paper.to_bytes()


def _table(title: str, lines: list[str], bureau: str, dated: date) -> bytes:
    """A table as a clerk types it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([title])
    sheet.append([f"填报单位：{bureau}", day_text(dated)])
    for line in lines:
        sheet.append([cell.strip() for cell in line.split("|")])
    for letter, width in zip("ABCDEF", (8, 22, 30, 30, 20, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    stored = io.BytesIO()
    book.save(stored)
    return steady(stored.getvalue())


def _printed(lines: list[str]) -> bytes:
    """A page of pdf in a font every reader has (Adobe's STSong-Light), so that none is carried along."""
    broken = (line[at : at + 28] for line in lines for at in range(0, len(line) or 1, 28))
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in broken)
    content = f"BT /F 16 Tf 24 TL 72 770 Td\n{shown}ET"
    page = (HERE / "page.pdf.txt").read_text("ascii").splitlines()
    parts = (*page, f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    pdf, places = "%PDF-1.4\n", ""
    for number, part in enumerate(parts, 1):
        places += f"{len(pdf):010} 00000 n \n"
        pdf += f"{number} 0 obj\n{part}\nendobj\n"
    table = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{places}"
    end = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(pdf)}\n%%EOF\n"
    return (pdf + table + end).encode("ascii")


def _photo(name: str) -> bytes:
    """A bar over a road as a telephone would see it: the same name gives the same picture."""
    chance = random.Random(name)  # noqa: S311  (a picture, no secret)
    width, height = _PHOTO
    picture = Image.linear_gradient("L").resize(_PHOTO).point(lambda grey: 120 + grey // 3).convert("RGB")
    draw = ImageDraw.Draw(picture)
    horizon, pole = height // 2 + chance.randint(-20, 20), chance.randint(40, 110)
    draw.rectangle((0, horizon, width, height), fill="darkseagreen")
    draw.polygon([(220, horizon), (260, horizon), (width - 50, height), (50, height)], fill="dimgrey")
    draw.line(
        (pole, height - 40, pole, horizon - 64, width - pole, horizon - 64, width - pole, height - 40),
        fill="firebrick",
        width=9,
    )
    stored = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(stored, "JPEG", quality=70)
    return stored.getvalue()
