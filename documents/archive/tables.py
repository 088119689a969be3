"""Every row of the ledger as open files: json for programs, with what its keys mean, and one workbook for people."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final

from openpyxl import Workbook
from pydantic_core import to_jsonable_python
from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from documents.excel.cells import cell_text, to_cell
from documents.pack import Files
from models.all_tables import Base
from models.storage.snapshot import LEFT_OUT
from rectification.labels import column_label, copied_out, row_word

_MACHINES_OWN: Final = ("form_key", "kept_text", "job_run", "heartbeat", "process")
_HELD_BACK: Final = {
    "person": ("password_hash",),
    "outbox_message": (
        "body_text",
        "body_html",
        "frozen",
        "claim_token",
        "lease_until",
    ),  # bodies may sign in
    "evidence": ("own_text",),
}
_KNOWN_BY: Final = {"person": "name", "unit": "name", "rectification_task": "code", "source": "title"}


def exported() -> list[Table]:
    """The tables that go out, by name: none that lets anybody in, and not what is of this machine alone."""
    left_out = {*LEFT_OUT, *_MACHINES_OWN}
    return [table for name, table in sorted(Base.metadata.tables.items()) if name not in left_out]


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns of a table that go out."""
    return [each for each in table.columns if each.name not in _HELD_BACK.get(table.name, ())]


def table_files(session: Session, zone: tzinfo) -> Files:
    """A json file a table, what its keys mean, and all tables as one workbook, with names for numbers."""
    book, tables, meanings = Workbook(write_only=True), Base.metadata.tables, {}
    names = {
        known: dict(session.execute(select(tables[known].c.id, tables[known].c[name])).tuples().all())
        for known, name in _KNOWN_BY.items()
    }
    for table in exported():
        yield f"{table.name}.json", _rows(session, table, book, partial(_shown, names, zone))
        keys = {each.name: _meaning(each) for each in columns_of(table)}
        meanings[table.name] = {"name": word_of(table.name), "keys": keys}
    yield "keys.json", [json.dumps(meanings, ensure_ascii=False, indent=1).encode()]
    saved = io.BytesIO()
    book.save(saved)
    yield "全部数据.xlsx", [saved.getvalue()]


def word_of(name: str) -> str:
    """What a table, or a column of whichever table, is in words."""
    return copied_out(name) or (row_word if name in Base.metadata.tables else column_label)(name)


def heading(column: Column[Any]) -> str:
    """What a column is in words: its table's own where several call different things by one name."""
    return copied_out(f"{column.table.name}.{column.name}") or word_of(column.name)


def _rows(
    session: Session, table: Table, book: Workbook, shown: Callable[[str, Any], str | int]
) -> Iterator[bytes]:
    """The rows by their key, a few at a time, as one json list; each goes onto a sheet as it goes by."""
    columns, start = columns_of(table), "["
    leads = [next((key.column.table.name for key in each.foreign_keys), "") for each in columns]
    found = select(*columns).order_by(*table.primary_key)
    with closing(book.create_sheet(word_of(table.name))) as sheet:
        sheet.freeze_panes, sheet.sheet_format.defaultColWidth = "A2", 16
        sheet.append(list(map(heading, columns)))
        for row in session.execute(found, execution_options={"yield_per": 1_000}).mappings():
            sheet.append(list(map(shown, leads, row.values())))
            told = to_jsonable_python(dict(row), bytes_mode="base64")
            yield f"{start}\n{json.dumps(told, ensure_ascii=False)}".encode()
            start = ","
    yield b"[]\n" if start == "[" else b"\n]\n"


def _shown(names: Mapping[str, Mapping[int, str]], zone: tzinfo, leads: str, value: Any) -> str | int:
    """What stands in a cell: a name in the place of a number, a word of a code, a moment by the office's clock."""
    if isinstance(value, int) and not isinstance(value, bool):
        return names.get(leads, {}).get(value, value)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bytes):
        return f"{len(value)} 字节"
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return to_cell(getattr(value, "word", "") or cell_text(value))


def _meaning(column: Column[Any]) -> dict[str, Any]:
    """Its word, the table it leads to, and the words of what stands in it, where that is one of a list."""
    leads = [("id_of", key.column.table.name) for key in column.foreign_keys]
    listed = getattr(column.type, "enum_class", None) or ()
    values = [("values", {each.value: getattr(each, "word", "") for each in listed})] if listed else []
    return dict([("name", heading(column)), *leads, *values])
