"""What a file handed in as evidence says by itself, for the closure checks to look at; it goes nowhere else."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from core.text import one_line
from documents.excel.reading import read_sheets
from rectification.task.proof import BLANK
from reports.files import Wordless, document_from, read_bytes
from reports.limits import Limits

MOST: Final = 20_000
_END: Final = 4_000
"""So much of a long text is its end, where a paper is signed."""
_LIMITS: Final = Limits(markup=500_000, pages=100, blocks=10_000, characters=500_000, seconds=5.0)
_WORD: Final = re.compile(r"[^\W_]")
_HARDLY_ANY: Final = 3
_SMALLEST: Final = 50
_LARGEST_TABLE: Final = 4 << 20


def own_text(path: Path, name: str) -> str:
    """The text of a docx, pdf, xlsx or txt, line by line, cells divided by “ | ”; `name` is what the file was called.

    BLANK for one that holds hardly a word, or a picture of a few dots. Empty for any other picture, a scan, an old
    format, and for what cannot be read in a few seconds: nothing is raised.
    """
    try:
        text = _said(path, name)
    except Exception:  # noqa: BLE001  (a hostile file: what no reader foresaw must stop no upload)
        return BLANK if _is_speck(path) else ""
    return text if len(text) <= MOST else f"{text[: MOST - _END - 1]}\n{text[-_END:]}"


def _said(path: Path, name: str) -> str:
    is_table = name.lower().endswith((".xlsx", ".et"))
    try:
        text = "\n".join(filter(None, map(one_line, _sheets(path) if is_table else _blocks(path, name))))
    except Wordless:
        text = ""
    return text if len(_WORD.findall(text)) >= _HARDLY_ANY or _holds_pictures(path) else BLANK


def _is_speck(path: Path) -> bool:
    try:
        with Image.open(path) as picture:
            return max(picture.size) < _SMALLEST
    except Exception:  # noqa: BLE001  (no picture, or a hostile one)
        return False


def _holds_pictures(path: Path) -> bool:
    """Whether the words may stand in pictures: a pdf may be a scan."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    with zipfile.ZipFile(path) as archive:
        return any("/media/" in each or "/embeddings/" in each for each in archive.namelist())


def _sheets(path: Path) -> Iterator[str]:
    if path.stat().st_size <= _LARGEST_TABLE:
        for sheet in read_sheets(path):
            yield from (" | ".join(filter(None, row.texts)) for row in sheet.rows)


def _blocks(path: Path, name: str) -> Iterator[str]:
    for block in document_from(read_bytes(path, _LIMITS), name, _LIMITS).blocks:
        yield f"{block.number}{block.text}"
        yield from (" | ".join(row) for row in block.rows)
