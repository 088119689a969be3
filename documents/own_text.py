"""What a file handed in as evidence says by itself, for the closure checks to look at; it goes nowhere else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import RectifyError
from core.text import one_line
from documents.excel.reading import read_sheets
from reports.files import document_from, read_bytes
from reports.limits import Limits

MOST: Final = 20_000
_END: Final = 4_000
"""So much of a long text is its end, where a paper is signed."""
_LIMITS: Final = Limits(markup=500_000, pages=100, blocks=10_000, characters=500_000, seconds=5.0)
_LARGEST_TABLE: Final = 4 << 20


def own_text(path: Path, name: str) -> str:
    """The text of a docx, pdf, xlsx or txt, line by line, cells divided by “ | ”; `name` is what the file was called.

    Empty for a picture, a scan, an old format, and for what cannot be read in a few seconds: nothing is raised.
    """
    is_table = name.lower().endswith((".xlsx", ".et"))
    try:
        text = "\n".join(filter(None, map(one_line, _sheets(path) if is_table else _blocks(path, name))))
    except RectifyError:
        return ""
    except Exception:  # noqa: BLE001  (a hostile file: what no reader foresaw must stop no upload)
        return ""
    return text if len(text) <= MOST else f"{text[: MOST - _END - 1]}\n{text[-_END:]}"


def _sheets(path: Path) -> Iterator[str]:
    if path.stat().st_size <= _LARGEST_TABLE:
        for sheet in read_sheets(path):
            yield from (" | ".join(filter(None, row.texts)) for row in sheet.rows)


def _blocks(path: Path, name: str) -> Iterator[str]:
    for block in document_from(read_bytes(path, _LIMITS), name, _LIMITS).blocks:
        yield f"{block.number}{block.text}"
        yield from (" | ".join(row) for row in block.rows)
