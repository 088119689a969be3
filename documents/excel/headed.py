"""Rows from outside: under which heads each cell stands, wherever on the sheet the heads are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from core.text import folded
from documents.excel.reading import ReadCell, ReadSheet

_HEAD_WITHIN: Final = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its sheet or table, its number, and by column name the letters people see over them.

    `written` are the heads as they stand there.
    """

    sheet: str
    row: int
    letters: Mapping[str, str]
    is_hidden: bool = False
    written: Mapping[str, str] = field(default_factory=dict)

    def cell(self, head: str) -> str:
        """A cell as people say it: E 列（具体问题）."""
        letter, written = self.letters.get(head, ""), self.written.get(head) or head
        own = f"“{written}”" if folded(written) != folded(head) else ""
        return f"{letter} 列{own}（{head}）" if letter else f"“{head}”栏"


@dataclass(frozen=True, slots=True)
class HeadedRow:
    """A row that holds something, its cells by head."""

    place: Place
    cells: Mapping[str, ReadCell]

    @property
    def texts(self) -> dict[str, str]:
        return {head: cell.text for head, cell in self.cells.items()}

    @property
    def problems(self) -> dict[str, str]:
        """Why a cell cannot be taken, by head."""
        return {head: cell.problem for head, cell in self.cells.items() if cell.problem}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person who looks at the sheet cannot see."""
        cleaned = "、".join(head for head, cell in self.cells.items() if cell.is_cleaned)
        said = (
            "这一行在表中是隐藏的" if self.place.is_hidden else "",
            f"已去掉看不见的字符（{cleaned}）" if cleaned else "",
        )
        return tuple(words for words in said if words)


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """The rows under the heads of a sheet. `written` are all the heads, folded, as they stand there."""

    written: frozenset[str]
    rows: tuple[HeadedRow, ...]


def headed_table(sheet: ReadSheet, heads: Mapping[str, str], needed: Collection[str]) -> HeadedTable | None:
    """The table of a sheet whose head row has all `needed`; None where there is none.

    `heads` gives each name a head may be written by, and what it is called here.
    """
    known = {folded(written): head for written, head in heads.items()}
    above: dict[int, str] = {}
    for n, row in enumerate(sheet.rows[:_HEAD_WITHIN]):
        written = {column: folded(text).strip("*※:") for column, text in enumerate(row.texts, 1) if text}
        texts = {**above, **written}  # a head over two rows stands in the upper one
        places: dict[str, int] = {}
        for column in sorted(texts):
            if head := known.get(texts[column]):
                places.setdefault(head, column)
        if all(head in places for head in needed):
            return HeadedTable(frozenset(texts.values()), tuple(rows_under(sheet, n, places)))
        above = written
    return None


def rows_under(sheet: ReadSheet, head: int, places: Mapping[str, int]) -> Iterator[HeadedRow]:
    """The rows below the heads, whose columns `places` tells, but for empty ones and where a long table says its heads again."""
    letters = {name: str(get_column_letter(column)) for name, column in places.items()}
    written = {name: sheet.rows[head][column].text for name, column in places.items()}
    for row in sheet.rows[head + 1 :]:
        cells = {name: row[column] for name, column in places.items()}
        texts = [cell.text for cell in cells.values()]
        if texts != [*written.values()] and (any(texts) or any(cell.problem for cell in cells.values())):
            yield HeadedRow(Place(sheet.name, row.number, letters, row.is_hidden, written), cells)
