"""Values and cells: what could start a formula is escaped on the way out and taken back on the way in."""

import re
from datetime import date
from typing import Final

from core.text import INVISIBLE, printable
from rectification.task.time_limits import day_text

MAX_CELL: Final = 32_000  # Excel holds 32,767 UTF-16 units; the rest is room for the escape and the mark
CUT_MARK: Final = "……（过长，全文见系统）"

_STARTS_FORMULA: Final = re.compile(r"'*[=+\-@\t\n＝＋－＠]")
_OOXML_BREAK: Final = re.compile(r"_x000[Dd]_(?:_x000[Aa]_|\n)?|_x000[Aa]_")
_OOXML_ESCAPE: Final = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")


def held(text: str) -> str:
    """The part of a text that a cell can hold: line feeds as the only line ends, nothing unseen, not too long.

    What it gives comes back from a file unchanged.
    """
    clean = _OOXML_BREAK.sub("\n", INVISIBLE.sub("", text))
    while (shorter := printable(_OOXML_ESCAPE.sub("", clean))) != clean:
        clean = shorter
    if _units(clean) <= MAX_CELL:
        return clean
    cut = clean.encode("utf-16-le")[: 2 * (MAX_CELL - len(CUT_MARK))].decode("utf-16-le", errors="ignore")
    return cut + CUT_MARK


def to_cell(text: str) -> str:
    """A text as it is written into a cell; no program takes it for a formula, however the file is passed on."""
    clean = held(text)
    return f"'{clean}" if _STARTS_FORMULA.match(clean) else clean


def from_cell(text: str) -> str:
    """The text that `to_cell` wrote, or that somebody typed."""
    clean = held(text)
    return clean[1:] if clean.startswith("'") and _STARTS_FORMULA.match(clean) else clean


def cell_text(value: object) -> str:
    """Any cell's value as text: a date as 2026年6月30日, a whole number without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return from_cell(str(value)).strip()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2
