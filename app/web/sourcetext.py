"""A report's text cut into stretches, so that a page can show where each item, hint and leftover stands."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rectification.intake.report_page import ItemRow, Place, ReportDetail


class Look(StrEnum):
    """What a marked stretch is; where several claim one place, the first of these has it."""

    ITEM = "item"
    MISSED = "missed"
    LEFTOVER = "leftover"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class TextMark:
    """One place in the text: `anchor` is its name there, `back` that of its entry in the list."""

    look: Look
    anchor: str
    back: str
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text. `mark` is what it is shown as; `begins` are the marks that begin here."""

    text: str
    mark: TextMark | None = None
    begins: tuple[TextMark, ...] = ()


def stretches(text: str, detail: ReportDetail) -> list[Stretch]:
    """The whole text in order."""
    marks = [mark for mark in _marks(detail) if 0 <= mark.place[0] < mark.place[1] <= len(text)]
    cuts = sorted({0, len(text), *(edge for mark in marks for edge in mark.place)})
    seen: set[str] = set()
    found = []
    for start, end in pairwise(cuts):
        here = [mark for mark in marks if mark.place[0] <= start < mark.place[1]]
        here.sort(key=lambda mark: list(Look).index(mark.look))
        begins = tuple(mark for mark in here if mark.place[0] == start and mark.anchor not in seen)
        seen |= {mark.anchor for mark in begins}
        found.append(Stretch(text[start:end], here[0] if here else None, begins))
    return found


def _marks(detail: ReportDetail) -> list[TextMark]:
    marks = [
        TextMark(Look.ITEM, f"at-{item.id}", f"item-{item.id}", _label(item), place)
        for item in detail.items
        for place in item.spans
    ]
    for look, label, remarks in (
        (Look.MISSED, "可能遗漏", detail.missed),
        (Look.LEFTOVER, "", detail.leftovers),
        (Look.HINT, "", detail.hints),
    ):
        marks += [
            TextMark(look, f"at-{look}-{number}", f"{look}-{number}", label, remark.span)
            for number, remark in enumerate(remarks, 1)
            if remark.span
        ]
    return marks


def _label(item: ItemRow) -> str:
    return f"{item.kind.word}{item.position}{'（请核对）' if item.needs_check else ''}"
