"""What the reader told of items beside their words: how sure it is, and who and when the report assigns.

It is kept with the report's hints: an entry with `item` belongs to that item and is shown there.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from reports.checking import is_unsure

if TYPE_CHECKING:
    from models.report import ReportItem
    from reports.parsed import Item, ParsedReport


class Note(StrEnum):
    """The kinds of entries beside the reader's own hints."""

    CHECK = "check"
    ASSIGNED = "assigned"
    MISSED = "missed"


def assigned_words(item: Item) -> str:
    """The report's own words on who and when, each once; empty where it has none."""
    return "；".join(dict.fromkeys(" ".join(words.text.split()) for words in item.assigned))


def notes(parsed: ParsedReport, items: Sequence[tuple[ReportItem, Item]]) -> list[dict[str, Any]]:
    """What is kept with the report: the reader's hints, what may have been missed, and what is told of each item."""
    found = [hint.model_dump(mode="json") for hint in parsed.hints]
    found += [
        {"kind": Note.MISSED, "message": missed.text, "span": missed.span.model_dump()}
        for missed in parsed.missed
    ]
    for kept, item in items:
        if is_unsure(item):
            found.append({"kind": Note.CHECK, "message": "请核对", "item": kept.id})
        if words := assigned_words(item):
            found.append({"kind": Note.ASSIGNED, "message": words, "item": kept.id})
    return found
