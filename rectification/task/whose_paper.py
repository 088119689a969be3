"""Whose paper a text is, and of when: what its head, title and signature say, never what it merely mentions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.days import days_in
from core.han import HAN
from core.numerals import narrow
from reports.bodies import same_body

_HEAD: Final = 4
_END: Final = 8
_LONGEST: Final = 45
_PLACE: Final = rf"[{HAN}]{{1,7}}?(?:省|自治区|自治州|地区|市|州|盟|县|区|旗)(?!场|政|容|域|划)"
_BODY: Final = re.compile(
    rf"(?P<place>(?:{_PLACE})+|[省市县区])(?P<trade>[{HAN}、]{{2,16}}?)(?:委员会|总局|局|委|厅)"
)
_SERVES_ALL: Final = re.compile(
    r"司法|审计|财政|编|人力资源|政务|审批|数据|信访|保密|档案|督查|政法|纪|监察|组织|宣传|依法治|公安|统计"
)
"""What bodies do for every bureau of their government: their papers stand in every file."""
_CODE: Final = re.compile(
    r"(?:任务|整改|台账|问题|销号|事项)[^\n\d]{0,8}?(?<![\d-])(?P<code>20\d\d-\d{3,4})(?![\d-])"
)


@dataclass(frozen=True, slots=True)
class Body:
    """A bureau as it is named: whole, the place it is of, and its trade."""

    name: str
    place: str
    trade: str

    @property
    def is_of_county(self) -> bool:
        return self.place[-1] in "县区旗"


def strangers(text: str, own: Sequence[str], *, also_above: bool = False) -> list[str]:
    """The bureaus whose paper this is, where it is not ours and names us nowhere; `own` are our names, the full one first.

    A neighbouring bureau is one, or ours of another place. Bodies above, and those that serve every bureau, are none,
    unless `also_above`.
    """
    us = next(_bodies([own[0]]), None) if own else None
    if us is None or _names_us(text, us, own):
        return []
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    head = [line for line in lines[:_HEAD] if len(line) <= _LONGEST]
    ours = [each for each in own if each.endswith(("局", "委", "委员会"))]
    return list(
        dict.fromkeys(
            body.name
            for body in (*_bodies(head), *_bodies(_signatures(lines[-_END:])))
            if not any(same_body(body.name, name) for name in ours)
            and (also_above or not _is_usual(body, us))
        )
    )


def _bodies(lines: Sequence[str]) -> Iterator[Body]:
    """Those that lines begin with."""
    for line in lines:
        if found := _BODY.match(line):
            yield Body(found[0], found["place"], found["trade"])


def _signatures(lines: Sequence[str]) -> list[str]:
    """Lines that are a name and nothing else but the day, which may stand below."""
    return [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=False)
        if (found := _BODY.match(line)) and _is_day(line[found.end() :] or below)
    ]


def _is_day(text: str) -> bool:
    return len(text) <= _LONGEST and any(day.exact for day in days_in(text))


def _names_us(text: str, us: Body, own: Sequence[str]) -> bool:
    short = re.escape(us.name[len(us.place) - 1 :])
    return any(us.trade in name and name in text for name in own) or bool(
        re.search(rf"(?<![{HAN}]){short}|你[局委]", text)
    )


def _is_usual(body: Body, us: Body) -> bool:
    """Whether papers of this body stand in many files of ours without being wrong there."""
    if len(body.place) > 1 and not (body.place.endswith(us.place) or us.place.endswith(body.place)):
        return us.is_of_county > body.is_of_county or ("省" in body.place and not body.is_of_county)
    return bool(_SERVES_ALL.search(body.trade)) or same_body(f"{body.trade}局", f"{us.trade}局")


def signed_on(text: str) -> date | None:
    """The latest day a line ends with that belongs to no table: the signature's, as a rule."""
    lines = (line.strip()[-_LONGEST:] for line in narrow(text).splitlines() if "|" not in line)
    return max(
        (
            day.day
            for line in lines
            for day in days_in(line)
            if day.exact and not line[day.end :].strip("）)。 印发")
        ),
        default=None,
    )


def task_codes(text: str, own: str) -> list[str]:
    """The numbers of other tasks that the text names as such; none where it names our own, too."""
    found = dict.fromkeys(each["code"] for each in _CODE.finditer(narrow(text)))
    return [] if any(own.endswith(code) for code in found) else list(found)
