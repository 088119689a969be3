"""Generated sentences whose figures know the rows behind them.

A sentence is a fixed Chinese template over ledger data; a figure in it keeps what was counted, so that a page can
link it to its rows. Paper takes the words alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Final

from core.text import one_line
from rectification.labels import NOT_ALL_DONE
from rectification.lists.figures import Figure, Selection, Tally

DRAFT_MARK: Final = "【草稿】本材料由系统依据台账数据自动生成，请审核、修改后使用。"
TO_FILL: Final = "【请填写】"
_SENTENCE: Final = re.compile(r"[^。！？；;]+[。！？；;]*[”’）]*")


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure as printed, and the rows it counts."""

    value: int
    selection: Selection

    def __str__(self) -> str:
        return str(self.value)


Sentence = tuple[str | Counted, ...]


def sentence(template: str, **parts: object) -> Sentence:
    """`template` with its {fields} filled in; figures stay whole."""
    return tuple(_pieces(template, parts))


def stopped(text: str) -> str:
    """Somebody's words as a sentence, with its full stop; nothing where there are none."""
    text = text.rstrip("，,；;、")
    return text if not text or text.endswith(("。", "！", "？", "……", "】")) else f"{text}。"


def whole_sentences(text: str, most: int | None = None) -> str:
    """The first sentences of somebody's words, as many as `most` characters hold; one at least, and none is cut."""
    lines = filter(None, map(one_line, text.splitlines()))
    first, *rest = _SENTENCE.findall("".join(map(stopped, lines))) or [""]
    for each in rest:
        if most is not None and len(first) + len(each) > most:
            break
        first += each
    return stopped(first)


def result_words(statement: str, most: int | None = None) -> str:
    """What a task was closed with; why not all of its count was done is told whole, however much the rest is shortened."""
    said, _, reason = statement.partition(NOT_ALL_DONE)
    return whole_sentences(said, most) + (f"没有全部完成的原因：{whole_sentences(reason)}" if reason else "")


def plain(said: Sentence) -> str:
    """The words alone."""
    return "".join(str(piece) for piece in said)


def joined(*sentences: Sentence) -> Sentence:
    """Sentences as one paragraph."""
    return tuple(piece for said in sentences for piece in said)


def figures_in(*sentences: Sentence) -> Iterator[Counted]:
    """The figures of sentences, in their order."""
    for said in sentences:
        yield from (piece for piece in said if isinstance(piece, Counted))


def counted(
    tally: Tally,
    figure: Figure,
    *,
    are_problems: bool,
    unit: str | None = None,
    source: str | None = None,
) -> Counted:
    """One figure of a tally, tied to its rows."""
    return Counted(tally.of(figure), Selection(figure, are_problems, unit, source))


def _pieces(template: str, parts: dict[str, object]) -> Iterator[str | Counted]:
    for words, name, _, _ in Formatter().parse(template):
        if words:
            yield words
        if name is not None:
            part = parts[name]
            yield part if isinstance(part, Counted) else str(part)
