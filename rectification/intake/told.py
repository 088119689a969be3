"""What the reader told of items beside their words: how sure it is, and who and when the report assigns.

It is kept with the report's hints: an entry with `item` belongs to that item and is shown there.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from models.report import ReportItem
from reports.gathering import CHECK_BELOW
from reports.parsed import Item, ParsedReport


class Note(StrEnum):
    """The kinds of entries beside the reader's own hints."""

    CHECK = "check"
    ASSIGNED = "assigned"
    MISSED = "missed"


def needs_check(item: Item, parsed: ParsedReport) -> bool:
    """请核对: whether an item was read less surely than can be let go; all of them where the rules read alone."""
    return parsed.ruled or item.confidence < CHECK_BELOW


def assigned_words(item: Item) -> str:
    """The report's own words on who and when, each once; empty where it has none."""
    return "；".join(dict.fromkeys(" ".join(words.text.split()) for words in item.assigned))


def notes(parsed: ParsedReport, items: Sequence[tuple[ReportItem, Item]]) -> list[dict[str, Any]]:
    """What is kept with the report: the reader's hints, what may have been missed, and what is told of each item."""
    found = [hint.model_dump(mode="json") for hint in parsed.hints]
    if parsed.ruled:
        found.append({"kind": Note.CHECK, "message": "读取模型缺失或版本不符，只按规则读取，请逐条核对"})
    found += [
        {"kind": Note.MISSED, "message": missed.text, "span": missed.span.model_dump()}
        for missed in parsed.missed
    ]
    for kept, item in items:
        if needs_check(item, parsed):
            found.append({"kind": Note.CHECK, "message": "请核对", "item": kept.id})
        if words := assigned_words(item):
            found.append({"kind": Note.ASSIGNED, "message": words, "item": kept.id})
    return found
