"""回头看核查清单: the tasks drawn to be looked at again, as a workbook to take along."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from documents.excel.workbook import ColumnHead, Table, add_table, new_book, to_bytes
from rectification.lists.look_backs import CheckRow
from rectification.task.time_limits import day_text

NAME: Final = "回头看核查清单"
_HEADS: Final = (
    ColumnHead("序号", 5, is_centred=True),
    ColumnHead("编号", 11, is_centred=True),
    ColumnHead("任务", 18),
    ColumnHead("具体问题", 34),
    ColumnHead("责任单位", 11, is_centred=True),
    ColumnHead("销号日期", 13, is_centred=True),
    ColumnHead("抽取原因", 11, is_centred=True),
    ColumnHead("核查期限", 13, is_centred=True),
    ColumnHead("核查情况", 28),
    ColumnHead("结论", 9, is_centred=True),
    ColumnHead("核查人", 9, is_centred=True),
)


def write_check_list(bureau: str, day: date, rows: Sequence[CheckRow]) -> bytes:
    """The workbook's file; what was not looked at yet has room to write in."""
    book = new_book(f"{bureau}{NAME}")
    lines: list[tuple[str | int, ...]] = [(number, *_line(row)) for number, row in enumerate(rows, 1)]
    title = f"{bureau}整改任务“回头看”核查清单"
    add_table(book, Table(NAME, title, f"填报单位：{bureau}", f"截至{day_text(day)}", _HEADS, lines))
    return to_bytes(book)


def _line(row: CheckRow) -> tuple[str, ...]:
    verdict = ("重新整改" if row.has_reopened else "属实") if row.checked_on else ""
    return (
        row.code,
        row.title,
        row.text,
        row.unit,
        day_text(row.closed_on),
        row.reason,
        day_text(row.due_on),
        row.finding,
        verdict,
        row.checked_by,
    )
