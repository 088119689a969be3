"""Nesting: a stretch cut at its enumerators and hung together as a tree of list entries and unmarked paragraphs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.enumeration import Mark, in_sequence, inline, leading
from reports.source import Line, Stretch

_SENTENCE_ENDS = "。；;：:！!？?…"
_CLOSERS = " \u3000”’）)】"


@dataclass(slots=True)
class Branch:
    """A list entry with everything under it, or (without a mark) an unmarked paragraph or lead-in.

    `start` is after the enumerator; `first_end` is where the entry's own first words end, before anything nested.
    """

    mark: Mark | None
    start: int
    end: int
    first_end: int
    children: list["Branch"] = field(default_factory=list)

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.start, self.end)


def marks_in(text: str, pieces: Iterable[tuple[Line, Stretch]]) -> list[Mark]:
    """The enumerators in a run of lines that belong to a sequence."""
    found: list[Mark] = []
    for line, part in pieces:
        if line.cells:
            continue
        head = leading(line) if part.start == line.start else None
        if head:
            found.append(head)
        start = head.at.end if head else part.start
        found.extend(inline(text, Stretch(start, part.end)))
        if not head and part.start > line.start and found and found[-1].at.start == part.start:
            continue
    return in_sequence(found)


def grow(pieces: Iterable[tuple[Line, Stretch]], marks: list[Mark]) -> list[Branch]:
    """The outermost entries and unmarked paragraphs, in order.

    Depth comes from the order in which styles of marks appear, never from the styles themselves.
    """
    top: list[Branch] = []
    open_: list[Branch] = []
    waiting = iter(marks)
    mark = next(waiting, None)
    latest = {(found.style, found.value): found.at.start for found in marks}
    unfinished = False
    for line, part in pieces:
        inside: list[Mark] = []
        while mark and (mark.at.start < part.end or (mark.leads and mark.at.start == part.start)):
            if mark.at.start >= part.start:
                inside.append(mark)
            mark = next(waiting, None)
        head_end = inside[0].at.start if inside else part.end
        if not inside or (head_end > part.start and not inside[0].leads):
            _continue(top, open_, Stretch(part.start, head_end), unfinished=unfinished)
        unfinished = line.text.rstrip(_CLOSERS)[-1:] not in _SENTENCE_ENDS
        for place, found in enumerate(inside):
            end = inside[place + 1].at.start if place + 1 < len(inside) else part.end
            if found.style == "besides" and not _goes_on(open_, latest, found.at.start):
                open_.clear()
            _enter(top, open_, found, end)
    return top


def _goes_on(open_: list[Branch], latest: dict[tuple[str, int], int], at: int) -> bool:
    """Whether the outermost list that is open has a next entry further down."""
    outer = open_[0].mark if open_ else None
    return outer is not None and latest.get((outer.style, outer.value + 1), -1) > at


def _continue(top: list[Branch], open_: list[Branch], words: Stretch, *, unfinished: bool) -> None:
    """An unmarked paragraph goes on with the deepest entry that opens a paragraph; with none it stands free.

    `unfinished`: the line before broke off inside a sentence, so whatever was open goes on.
    """
    while not unfinished and open_ and not (open_[-1].mark and open_[-1].mark.leads):
        open_.pop()
    if not open_:
        top.append(Branch(None, words.start, words.end, words.end))
        return
    for branch in open_:
        branch.end = words.end


def _enter(top: list[Branch], open_: list[Branch], mark: Mark, end: int) -> None:
    same = next(
        (depth for depth, branch in enumerate(open_) if branch.mark and branch.mark.style == mark.style), None
    )
    if same is not None:
        del open_[same:]
    elif mark.leads:
        while open_ and not (open_[-1].mark and open_[-1].mark.leads):
            open_.pop()
    branch = Branch(mark, mark.at.end, end, end)
    (open_[-1].children if open_ else top).append(branch)
    open_.append(branch)
    for above in open_:
        above.end = end
