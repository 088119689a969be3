"""Whose paper a text is, and of when: what its head, title and signature say, never what it merely mentions."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
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
    rf"(?P<place>(?:{_PLACE}){{1,3}}|[省市县区])(?P<trade>[{HAN}、]{{0,16}}?)"
    r"(?P<sort>委员会|总局|局|委(?!员)|厅|[大支总]队|中心|人民政府|办公室)"
)
_COUNTY: Final = ("县", "区", "旗")
_BUREAU: Final = ("局", "会", "委")
_SERVES_ALL: Final = re.compile(
    r"司法|审计|财政|编|人力资源|政务|审批|数据|信访|保密|档案|督查|政法|纪|监察|组织|宣传|依法治|公安|统计"
)
"""What bodies do for every bureau of their government: their papers stand in every file."""
_PROSE: Final = re.compile(r"[，。；]|[：:]$")
_CODE: Final = re.compile(
    r"(?:任务|整改|台账|问题|销号|事项)[^\n\d]{0,8}?(?<![\d-])(?P<code>20\d\d-\d{3,4})(?![\d-])"
)


def strangers(text: str, own: Sequence[str], *, also_above: bool = False) -> list[str]:
    """The bodies whose paper this is, where it is not ours and names us nowhere; `own` are our names, the full one first.

    A neighbouring bureau is one, and whoever is of another county. Bodies above, those that serve every bureau, and
    what may be under a bureau are none, the first two only unless `also_above`.
    """
    us = _BODY.match(own[0]) if own else None
    ours = [name for name in own if (found := _BODY.match(name)) and found["place"][1:]]
    if us is None or _names_us(text, us, ours):
        return []
    head = [found for line in titles_of(text) if (found := _BODY.match(line))]
    last = [line[: _LONGEST + 1] for line in _lines(text)[-_END:]]
    signed = [
        found
        for line, below in pairwise((*last, ""))
        if (found := _BODY.match(line)) and any(day.exact for day in days_in(line[found.end() :] or below))
    ]
    others = (each for each in (*head, *signed) if not any(same_body(each[0], name) for name in ours))
    return list(dict.fromkeys(each[0] for each in others if not _is_usual(each, us, own[0], also_above)))


def titles_of(text: str) -> list[str]:
    """The lines a paper opens with, as far as they are no prose."""
    return [line for line in _lines(text)[:_HEAD] if len(line) <= _LONGEST and not _PROSE.search(line)]


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _names_us(text: str, us: re.Match[str], ours: Sequence[str]) -> bool:
    short = re.escape(us[0][us.end("place") - 1 :])
    return any(name in text for name in ours) or bool(
        re.search(rf"(?:(?<![{HAN}])|(?<=[对与和及给向由请经到为将按同])){short}|你[局委]", text)
    )


def _is_usual(body: re.Match[str], us: re.Match[str], ours: str, also_above: bool) -> bool:
    """Whether papers of this body stand in many files of ours without being wrong there."""
    place, home = body["place"], us["place"]
    if place.endswith(home) or home.endswith(place) or (place[1:] and place[:-1] in ours):
        if not body["sort"].endswith(_BUREAU) or same_body(f"{body['trade']}局", f"{us['trade']}局"):
            return True
        return not also_above and bool(_SERVES_ALL.search(body["trade"]))
    is_above = not place.endswith(_COUNTY) and (home.endswith(_COUNTY) or "省" in place)
    return is_above and not also_above


def signed_on(text: str, *, anywhere: bool = False) -> date | None:
    """The latest day that a line outside tables ends with, as signatures do; else, if `anywhere`, the latest day named."""
    lines = [line.strip() for line in narrow(text).splitlines() if "|" not in line]
    named = [(line, day) for line in lines for day in days_in(line[-_LONGEST:]) if day.exact]
    ends = [day.day for line, day in named if not line[-_LONGEST:][day.end :].strip("）)。 印发")]
    every = [day.day for day in days_in(text) if day.exact and anywhere]
    return max(ends or every, default=None)


def task_codes(text: str, own: str) -> list[str]:
    """The numbers of other tasks that stand at the head of a paper; none where our own does, too."""
    head = "\n".join(_lines(narrow(text))[:_HEAD])
    found = dict.fromkeys(each["code"] for each in _CODE.finditer(head))
    return [] if any(own.endswith(code) for code in found) else list(found)
