"""Who signed under the text, and when: names and dates that stand in lines of their own below the report's parts."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.han import HAN
from core.numerals import narrow
from reports.bodies import ORG_END, is_org, same_body, tidy
from reports.choosing import Candidate, Choice, choose
from reports.enumeration import leading
from reports.numerals import ReadDate, read_date
from reports.source import Line
from reports.surroundings import is_annex, is_furniture

_DATE_LINE = re.compile(
    r"^[（(]?(?:[12一二][\d〇○Ｏ零一二三四五六七八九]{3}\s*[年./\-－—]\s*(?:元|[\d〇○零一二三四五六七八九十]{1,3})\s*[月./\-－—]\s*[\d〇○零一二三四五六七八九十廿卅]{1,3}\s*[日号]?"
    r"|20\d\d\d{2,4}日?|20\d\d年\d{2,4}日?|20\d\d\d{1,2}月\d{1,2}日?|[12一二][\d〇○零一二三四五六七八九]{3}\s*年\s*[\d〇○零一二三四五六七八九十]{1,2}\s*月|年\s*月\s*日)[)）]?(?:印发|发布|印|制)?(?:抄[送报][:：].*)?$"
)
_BOTH = re.compile(
    rf"^(?P<org>[{HAN}（）()、]{{2,40}}{ORG_END})\s*(?P<date>[12一二][\d〇○零一二三四五六七八九]{{3}}\s*[年.\-/].{{2,10}}[日号\d])$"
)
_ISSUE_LINE = re.compile(
    r"[（(]?[^。；，]{0,30}[12]\d{3}[-./年]\d{1,2}[-./月]\d{1,2}日?[^。；，]{0,30}[)）]?|.{1,12}(?:[〔\[【]\s*20\d\d\s*[〕\]】]\s*\d*\s*号?|[（(]20\d\d[)）]\s*\d+\s*号).{0,20}"
)
_DIGITS = re.compile(r"[\d〇○零一二三四五六七八九十年月\s./-]+")
_ENDED = re.compile(
    r"(?:特此|专此|以上|现予|谨此)[^。]{0,4}(?:报告|汇报|公告|公示|公开)|请[予批]?.{0,6}(?:审议|审阅|批评指正)"
)
_LONGEST, _MOST_NAMES = 60, 4
_DOUBT = 1.5


@dataclass(frozen=True, slots=True)
class Signature:
    """The names as printed, the date where one was read, and the lines both stand in."""

    names: tuple[str, ...]
    date: ReadDate | None
    lines: tuple[int, ...]


def is_issue_line(text: str) -> bool:
    """Whether a line between title and text says only when and under which number the paper was issued."""
    return is_date_line(text) or bool(_ISSUE_LINE.fullmatch(text.strip()))


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else, broken ones and the blank of a form (年 月 日) among them."""
    return bool(_DATE_LINE.match(narrow(text.strip())))


def signature_of(lines: Sequence[Line], start: int, limit: int, titled: str) -> Choice[Signature] | None:
    """The signature below the parts; `titled` is the body the title names."""
    solid = [index for index in range(start, limit) if not is_furniture(lines[index])]
    opened = [index for index in range(start, limit) if leading(lines[index]) or lines[index].block.heading]
    annex = next((index for index in range(start, limit) if is_annex(lines[index])), limit)
    found = []
    for each in _signatures(lines, start, limit):
        above, end = min(each.lines), max(each.lines) + 1
        points = 2.0 * bool(each.names) + 2.0 * bool(each.date) + 0.3 * lines[above].block.centred
        if each.names and titled:
            points += 2.0 if any(same_body(titled, tidy(name)) for name in each.names) else -0.5
        points += 0.5 * bool(above > start and _ENDED.search(lines[above - 1].text[-30:]))
        if _any(solid, end, max(annex, end)):
            points -= 1.0 + 3.0 * _any(opened, end, annex)
        else:
            points += 1.5
        points -= 3.0 * (above > annex)
        found.append(Candidate(each, points))
    return choose(found, doubt=_DOUBT)


def _any(indexes: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the indexes, in order, stands in the range."""
    place = bisect_left(indexes, start)
    return place < len(indexes) and indexes[place] < end


def _signatures(lines: Sequence[Line], start: int, limit: int) -> Iterator[Signature]:
    """Every group of names, with the date below or above it, and every date alone."""
    index = start
    while index < limit:
        text = narrow(lines[index].text.strip())
        if lines[index].cells or len(text) > _LONGEST:
            index += 1
        elif both := _BOTH.match(text):
            yield Signature((both["org"],), read_date(both["date"]), (index,))
            index += 1
        elif names := _names(lines, index, limit):
            held = [line for _, held in names for line in held]
            below = held[-1] + 1
            while (
                below < limit
                and below - held[-1] <= 2
                and not _dated(lines, below, limit)
                and is_furniture(lines[below])
            ):
                below += 1
            dated = _dated(lines, below, limit) or (_dated(lines, index - 1, index) if index > start else ())
            yield Signature(
                tuple(name for name, _ in names), _read(lines, dated), tuple(sorted({*held, *dated}))
            )
            index = held[-1] + 1
        elif dated := _dated(lines, index, limit):
            yield Signature((), _read(lines, dated), dated)
            index = dated[-1] + 1
        else:
            index += 1


def _names(lines: Sequence[Line], index: int, limit: int) -> list[tuple[str, tuple[int, ...]]]:
    """The names in lines that follow one another, from this one on; a name may be broken over two lines."""
    found: list[tuple[str, tuple[int, ...]]] = []
    while index < limit and len(found) < _MOST_NAMES and (name := _name(lines, index, limit)):
        found.append(name)
        index = name[1][-1] + 1
    return found


def _name(lines: Sequence[Line], index: int, limit: int) -> tuple[str, tuple[int, ...]] | None:
    line, text = lines[index], lines[index].text.strip()
    if line.cells or line.block.heading or len(text) > _LONGEST or leading(line):
        return None
    below = lines[index + 1].text.strip() if index + 1 < limit and not lines[index + 1].cells else ""
    if 0 < len(below) < 6 and len(text) < 20 and not is_org(text) and is_org(text + below):
        return text + below, (index, index + 1)
    return (text, (index,)) if is_org(text) else None


def _dated(lines: Sequence[Line], index: int, limit: int) -> tuple[int, ...]:
    """The lines of a date that begins here; narrow columns break a date over two or three."""
    joined = ""
    for last in range(index, min(limit, index + 3)):
        text = narrow(lines[last].text.strip())
        if lines[last].cells or len(text) > _LONGEST:
            break
        joined += text
        if _DATE_LINE.match(joined):
            return tuple(range(index, last + 1))
        if not _DIGITS.fullmatch(text):
            break
    return ()


def _read(lines: Sequence[Line], dated: Sequence[int]) -> ReadDate | None:
    return read_date("".join(lines[index].text.strip() for index in dated)) if dated else None
