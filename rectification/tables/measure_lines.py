"""Measures as a table's cell lists them, a line each: 1. 修订办案规程（陈路，2026年3月31日前）; written and read back."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from core.days import day_of
from core.errors import NotFound, Refused
from models.enums import Verb
from rectification.casework import NewMeasure
from rectification.lists.case_file import MeasureLine
from rectification.office.people_by_name import person_called
from rectification.task.time_limits import day_text
from rectification.verb_forms import FORMS

_NUMBER: Final = re.compile(r"\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳])\s*")
_FURTHER: Final = re.compile(r"[；;。]\s*(?=[\d（(①-⑳])")
_NOTES: Final = re.compile(r"(.+)（([^（）]+)）", re.DOTALL)


def measures_cell(measures: Sequence[MeasureLine]) -> str:
    """The measures of a task, numbered where there are several."""
    lines = [measure_line(measure) for measure in measures]
    return lines[0] if len(lines) == 1 else numbered(lines)


def numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))


def measure_line(measure: MeasureLine) -> str:
    """One measure on one line, with its owner, its date, and the day it was done."""
    day = f"{day_text(measure.due_on)}前" if measure.due_on else ""
    done = f"{day_text(measure.done_on)}完成" if measure.done_on else ""
    notes = "，".join(note for note in (measure.owner, day, done) if note)
    text = " ".join(measure.text.split("\n"))
    return f"{text}（{notes}）" if notes else text


def split_measures(text: str) -> list[str]:
    """The measures of a cell, without their numbers: a line each, or "1.明确专人；2.建立清单" on one line."""
    pieces = (piece for line in text.split("\n") for piece in _numbered_apart(line))
    return [line for piece in pieces if (line := _without_number(piece))]


def _without_number(line: str) -> str:
    return _NUMBER.sub("", line, count=1).strip()


def _numbered_apart(line: str) -> list[str]:
    """A line cut where its numbers go on; one that does not begin with a number is left as it is."""
    pieces, start, last = [], 0, _number_at(line, 0)
    for found in _FURTHER.finditer(line) if last else ():
        if last and _number_at(line, found.end()) == last + 1:
            pieces.append(line[start : found.start()])
            start, last = found.end(), last + 1
    return [*pieces, line[start:].rstrip("；;") if pieces else line]


def _number_at(line: str, place: int) -> int | None:
    found = _NUMBER.match(line, place)
    digits = re.search(r"\d+", unicodedata.normalize("NFKC", found[0])) if found else None
    return int(digits[0]) if digits else None


def changed_measures(measures: Sequence[MeasureLine], text: str) -> tuple[list[str], list[MeasureLine]]:
    """What a changed cell adds (as lines), and which measures it does without.

    Raises: Refused, where it leaves out one that was done.
    """
    standing = [_without_number(measure_line(measure)) for measure in measures]
    wanted: list[str] = []
    gone: list[MeasureLine] = []
    for raw in text.split("\n"):
        wanted += [line] if (line := _without_number(raw)) in standing else split_measures(raw)
    for measure, line in zip(measures, standing, strict=True):
        if line in wanted:
            wanted.remove(line)
        elif measure.done_on is not None:
            raise Refused(
                f"措施“{measure.text[:20]}”已经完成", "完成的措施不能改动或删去", "请恢复原来的内容"
            )
        else:
            gone.append(measure)
    return wanted, gone


def read_measure(session: Session, bureau_id: int, line: str) -> NewMeasure:
    """A measure from its line; brackets at the end that hold neither a name nor a date belong to its text.

    Raises: Refused, where the line says it was done, or is longer than the form takes.
    """
    FORMS[Verb.MEASURE].must_fit({"text": line})
    found = _NOTES.fullmatch(line)
    if found is None:
        return NewMeasure(line)
    owner: int | None = None
    due: date | None = None
    for note in re.split(r"[，,、]", found[2]):
        clean = note.strip()
        if clean.endswith("完成") and day_of(clean.removesuffix("完成")):
            raise Refused("措施的完成情况不能在表中登记", "", "请由责任人在系统中登记完成")
        if day := day_of(clean):
            due = day
        elif person_id := _person(session, bureau_id, clean):
            owner = person_id
        else:
            return NewMeasure(line)
    return NewMeasure(found[1].strip(), due, owner)


def _person(session: Session, bureau_id: int, text: str) -> int | None:
    try:
        return person_called(session, bureau_id, text).id
    except NotFound:
        return None
