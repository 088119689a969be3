"""The report's title among the lines above its parts and what the page calls itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.han import HAN
from reports.bodies import bare as bare_name
from reports.bodies import is_org, is_place
from reports.choosing import Candidate, Choice, choose
from reports.enumeration import leading
from reports.numerals import years
from reports.readers.furniture import search_titles
from reports.signature import is_issue_line
from reports.source import Line
from reports.surroundings import is_annex, is_furniture

ABOUT_LAW = re.compile(r"法治|依法行政|依法治|法制|依法履职")
NOT_A_REPORT = re.compile(r"整改|情况$|履职|职责")  # what stands below a report under a heading like a title
QUOTED = re.compile(r"(?<=.)《[^《》]{2,60}》")  # what a title only cites: its years are another paper's
_AND_PLANS = r"(?:暨|及|和|与|以及)(?:20\d\d年度?|二[〇○零].{2}年度?|下一?年度?|下一?步)?(?:的?(?:重点|主要|法治政府|法治|建设|推进))*工作?(?:计划|打算|安排|思路|要点|重点|谋划|展望)"
_END = re.compile(
    rf"(?:报告[表书]?|总结|汇报|年报|情况|小结|综述)(?:[（(【\[][^（()）】\]]{{1,20}}[)）】\]]|(?<!报告){_AND_PLANS})?$"
)
_GOES_ON = re.compile(
    rf"(?:{_AND_PLANS}(?:的?(?:报告|汇报))?|的?(?:自查|自评|总结|年度|专题|工作|情况)*(?:报告|汇报|总结)|[（(]20\d\d年度?[)）])"
)
_HEAD = re.compile(
    r"(?:关于|推进|[12]\d{3}|[一二][〇○零]|法治|依法|年度?|的|建设|工作|情况|报告|贯彻|落实|履行|全面|政府)"
)
_ORG_FIRST = re.compile(
    r"(?:关于|(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年度?)?(?P<org>.{2,60}?)(?:关于|(?=[12]\d{3}\s*年|[一二][〇○Ｏ零一二三四五六七八九]{3}年|(?:法治|依法|推进|贯彻|落实|年度|上年度|本年度)))"
)
_PARTY = re.compile(r"中共.{2,24}?(?:委员会|党组|党委|工委|[县区市州省镇乡]委(?!员))[ 、和与]*(?=.{3})")
_SITE = re.compile(r"\s*[-_|｜－—–]+\s*")
_SITE_END = re.compile(r"(?:网站?|门户|平台|公报|文件|栏目|频道)$")
_LABEL = re.compile(r"(?:信息)?(?:标 ?题|题目|名称)\s*[：:]\s*")
_GAP = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}\d])|(?<=\d)\s+(?=[{HAN}])")
_TOP, _MOST_LINES, _LONGEST = 40, 4, 90
_DOUBT = 1.0


@dataclass(frozen=True, slots=True)
class Title:
    """The title's words, and its lines where it stands among the text."""

    text: str
    lines: tuple[int, ...] = ()


def is_title(text: str) -> bool:
    """Whether a line reads as the title of a report, or its last line."""
    text = text.strip().strip("《》“”")
    return 4 <= len(text) <= _LONGEST and bool(_END.search(text)) and not re.search(r"[。；！？]|如下", text)


def title_of(lines: Sequence[Line], headlines: Sequence[str]) -> Choice[Title] | None:
    """The title; `headlines` are what the page around the text calls it."""
    fields = [title for line in lines[:_TOP] if line.cells for title in search_titles(line.text)]
    found = [*_in_lines(lines), *_on_page((*fields, *headlines))]
    choice = choose(found, agree=lambda one, other: one.text == other.text, doubt=_DOUBT)
    if choice is None or choice.value.lines:
        return choice
    standing = next(
        (each.value for each in found if each.value.lines and each.value.text == choice.value.text), None
    )
    return Choice(standing or choice.value, choice.confidence, choice.runner_up)


def org_in(title: str) -> str:
    """The body or place a title names first; empty where it names none."""
    match = _ORG_FIRST.match(title)
    name = _PARTY.sub("", match["org"]).strip() if match else ""
    bare = bare_name(name)
    return name if is_org(name) else bare if is_org(bare) or is_place(bare) else ""


def whole(lines: Sequence[Line], index: int) -> tuple[int, ...]:
    """The lines of the title that has its main words in this line."""
    starts = range(max(0, index - _MOST_LINES + 1), index + 1)
    runs = [run for start in starts for run in _runs(lines, start) if index in run]
    return max(
        runs, key=lambda run: _points(_joined(lines, run)) + _join_points(lines, run), default=(index,)
    )


def _in_lines(lines: Sequence[Line]) -> Iterator[Candidate[Title]]:
    for start in range(min(_TOP, len(lines))):
        line = lines[start]
        mark = leading(line)
        if start and mark and mark.style != "bullet":
            return
        for run in _runs(lines, start):
            text = _joined(lines, run)
            if len(text) > _LONGEST:
                break
            shown = any(lines[index].block.centred or lines[index].block.heading == 1 for index in run)
            points = (
                _points(text)
                + _join_points(lines, run)
                + 0.5 * shown
                + 0.5 * (start == 0)
                - 0.15 * min(start, 12)
            )
            yield Candidate(Title(text, run), points)


def _runs(lines: Sequence[Line], start: int) -> Iterator[tuple[int, ...]]:
    """Lines that might be one title, from this one on: one to four."""
    for end in range(start, min(len(lines), start + _MOST_LINES)):
        line, text = lines[end], lines[end].text.strip()
        issued = is_issue_line(text) and not is_title(text)
        if line.cells or issued or is_annex(line) or (is_furniture(line) and not _LABEL.match(text)):
            return
        if end > start and (leading(line) or len(text) > 60):
            return
        yield tuple(range(start, end + 1))


def _on_page(headlines: Sequence[str]) -> Iterator[Candidate[Title]]:
    """A page's names for itself come with the site's and the column's: each part of them may be the title."""
    for rank, headline in enumerate(headlines):
        for part in {_tidy(headline): None, **{_tidy(part): None for part in _SITE.split(headline)}}:
            if part:
                yield Candidate(Title(part), _points(part) + 0.5 - 0.2 * min(rank, 5))


def _points(text: str) -> float:
    """How much the words read as a report's title."""
    points = 0.5
    points += (
        2.0 * bool(_END.search(text)) + 1.5 * bool(ABOUT_LAW.search(text)) + bool(years(QUOTED.sub("", text)))
    )
    points += bool(org_in(text)) + 0.5 * bool(_HEAD.match(text) or org_in(text))
    points -= 3.0 * bool(
        re.search(r"[。；！？>|]|如下|^[一二三四五六七八九十（(]+[、)）]", text)
    ) + 1.5 * bool(re.search("[，：:]", text))
    points -= 3.0 * bool(
        re.search(r"当前位置|首页|[年度]情况$|(?:履行|职责|履职).*情况$", text) and not ABOUT_LAW.search(text)
    )
    points -= (
        1.5 * (len(text) < 6)
        + 2.0 * (len(text) > 70)
        + 2.0 * bool(is_org(text) or is_place(text) or _SITE_END.search(text))
    )
    return points


def _join_points(lines: Sequence[Line], run: tuple[int, ...]) -> float:
    """What speaks for and against the lines being one title, and not a title beside something else."""
    points = 0.0
    for place in range(1, len(run)):
        upper, lower = _joined(lines, run[:place]), _joined(lines, run[place:])
        if _GOES_ON.fullmatch(lower) or _GOES_ON.match(_joined(lines, run[place : place + 1])):
            points += 1.5
        elif is_title(upper) and ABOUT_LAW.search(upper):
            points -= 4.0
        elif is_org(upper):
            points += 0.5 if not org_in(lower) or upper.startswith("中共") else -2.5
        elif _HEAD.match(lower) and len(upper) <= 40:
            points += 0.5 if not is_title(lower) or not org_in(lower) else -2.5
        else:
            points -= 2.5
    return points


def _joined(lines: Sequence[Line], run: Sequence[int]) -> str:
    return _tidy("".join(lines[index].text.strip() for index in run))


def _tidy(title: str) -> str:
    title = _GAP.sub("", _LABEL.sub("", title.strip())).strip()
    return title[1:-1] if re.fullmatch(r"《[^《》]+》", title) else title
