"""Rows of the forms of a task: labels and answers over four columns."""

from typing import Final

from documents.word.layout import FormCell

Rows = list[list[FormCell]]
WIDTHS: Final = (29, 49, 29, 49)


def pair(first: str, one: str, second: str, other: str) -> list[FormCell]:
    """Two labels, each with its answer beside it."""
    return [
        FormCell(first, is_label=True, height=_HEIGHT),
        FormCell(one),
        FormCell(second, is_label=True),
        FormCell(other),
    ]


def wide(label: str, text: str, *, height: float = 0, right: str = "") -> list[FormCell]:
    """One label and an answer across the form; `right` is who signed."""
    return [FormCell(label, is_label=True, height=height or _HEIGHT), FormCell(text, span=3, right=right)]


_HEIGHT: Final = 9
