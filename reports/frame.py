"""Where the report proper begins and ends in its file: title, signature, annexes, a second report, page furniture."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.choosing import Choice
from reports.enumeration import leading
from reports.numerals import years
from reports.signature import Signature, is_issue_line, signature_of
from reports.source import Line, Source
from reports.surroundings import is_annex, is_furniture, opens_tail
from reports.title import ABOUT_LAW, NOT_A_REPORT, Title, is_title, org_in, title_of, whole

_OPENING = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines of the file by what they are.

    `body` are the lines of the report the file opens with, annexes included, furniture left out; `opening` those
    above its first part, furniture included; `second` is where another report begins.
    """

    title: Choice[Title] | None
    signature: Choice[Signature] | None
    body: tuple[Line, ...]
    opening: tuple[Line, ...]
    second: int | None = None


def frame_of(source: Source, headlines: Sequence[str] = ()) -> Frame:
    """Title, body and signature of the report the file opens with; `headlines` are the page's own names for it."""
    lines = source.lines
    title = title_of(lines, headlines)
    first = title.value.lines[-1] + 1 if title and title.value.lines else 0
    second = _find_second(lines, first)
    limit = second if second is not None else len(lines)
    marked = [line.index for line in lines[first:limit] if _opens_part(line)]
    titled = org_in(title.value.text) if title else ""
    signature = signature_of(lines, marked[0] + 1 if marked else first + 1, limit, titled)
    signed = signature.value.lines if signature else ()
    end = signed[-1] + 1 if signed else _tail(lines, marked[-1] if marked else first, limit)
    opened = marked[0] if marked else first
    kept = [line for line in lines[first:end] if not is_furniture(line) and line.index not in signed]
    kept = [line for line in kept if line.index >= opened or not is_issue_line(line.text)]
    return Frame(
        title=title,
        signature=signature,
        body=(*kept, *_annexes(lines, end, limit)),
        opening=lines[: min(marked[0], first + _OPENING) if marked else first + 3],
        second=second,
    )


def _opens_part(line: Line) -> bool:
    mark = leading(line)
    return line.block.heading is not None or (mark is not None and mark.style not in ("bullet", "besides"))


def _find_second(lines: Sequence[Line], first: int) -> int | None:
    """Where another report of the same kind begins after the first has had its parts."""
    parts = 0
    for line in lines[first:]:
        if line.cells:
            continue
        if _opens_part(line) and not (line.block.heading == 1 and is_title(line.text)):
            parts += 1
        elif parts >= 2 and _titles_a_report(line):
            start = whole(lines, line.index)[0]
            following = [later for later in lines[line.index + 1 : line.index + 16] if not later.cells]
            begins = any((mark := leading(later)) and mark.value == 1 for later in following)
            if (
                begins
                and len(following) > 2
                and not is_annex(lines[start])
                and not is_annex(lines[start - 1])
            ):
                return start
    return None


def _titles_a_report(line: Line) -> bool:
    text = line.text.strip()
    wanted = is_title(text) and ABOUT_LAW.search(text) and years(text) and not NOT_A_REPORT.search(text)
    return bool(wanted) and leading(line) is None and not is_furniture(line) and not is_annex(line)


def _tail(lines: Sequence[Line], after: int, limit: int) -> int:
    """Without a signature the report ends where the page's links begin."""
    return next((line.index for line in lines[after + 1 : limit] if opens_tail(line)), limit)


def _annexes(lines: Sequence[Line], end: int, limit: int) -> list[Line]:
    start = next((line.index for line in lines[end:limit] if is_annex(line)), limit)
    return [line for line in lines[start:limit] if not is_furniture(line)]
