"""Who reports, on which year, under which title, and when it was signed."""

import re
from dataclasses import dataclass
from datetime import date

from core.han import HAN
from reports.document import Document
from reports.frame import ORG_END, Frame, is_org
from reports.numerals import ReadDate, read_date, years
from reports.sections import Kind, kind_of_heading
from reports.source import Line, Source, Stretch

_TITLE_ORG = re.compile(
    r"^(?:关于|(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年度?)?(?P<org>.{2,40}?)(?:关于|(?=[12]\d{3}\s*年|[一二][〇○Ｏ零一二三四五六七八九]{3}年|(?:法治|依法|推进|贯彻|落实|年度|上年度|本年度)))"
)
_LABELLED_ORG = re.compile(
    rf"(?:发文机关|发布机构|发布单位|发文单位|来源|信息来源|文章来源|供稿单位|报告单位|填报单位)\s*[：:]\s*([{HAN}（）()]{{3,40}})"
)
_MADE = re.compile(
    r"(?:成文日期|生成日期|发文日期|印发日期|制发日期|签发日期)[\s：:|｜]*([^\s　|]{6,14}(?:\s?\d{1,2}\s?[月日]){0,2})"
)
_POSTED = re.compile(
    r"(?:发布日期|发布时间|公开日期|发表时间|更新时间|信息时间|时间|日期)[\s：:|｜]*([^\s　|]{6,14})"
)
_PLACE = re.compile(r"(?:县|区|市|州|盟|旗|省|镇|乡|街道?|苏木)$")
_PARTY = re.compile(r"^中共.{2,24}?(?:委员会|党组|党委|工委|[县区市州省镇乡]委(?!员))[ 、和与]*(?=.{3})")
_GOVERNMENT = r"(?:人民政府|街道办事处|办事处|政府|管理委员会|管委会)"
_RED_HEAD = re.compile(rf"^(?P<org>[{HAN}]{{2,40}}{ORG_END})文件$")
_QUOTED = re.compile(r"(?<=.)《[^《》]{2,60}》")  # what a title only cites: its years are another paper's
_SITE = re.compile(r"[-_—|－].{0,24}(?:政府|网|门户|平台|公开).{0,10}$")
_BODY_ORG = re.compile(
    rf"(?:现将|(?:^|[，,。：:])(?!现将))(?:关于)?([{HAN}]{{2,24}}?{ORG_END})(?=[12]\d{{3}}年|坚持|以|紧紧?围绕|紧扣|认真|深入|全面|在|始终|立足|聚焦|严格|按照|关于|贯彻)"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What stands around the text; `broken` is where a date was read from digits that had run together."""

    title: str
    org: str
    year: int | None
    issued: date | None
    broken: Stretch | None = None


def title_of(document: Document, source: Source, frame: Frame) -> str:
    """The report's own heading, its lines joined; else what the page calls itself, without the site's name."""
    joined = "".join(source.lines[index].text.strip() for index in frame.title)
    title = joined or _SITE.sub("", document.headline)
    title = re.sub(r"^(?:标题|题目|名称)\s*[：:]\s*", "", title.strip())
    title = re.sub(rf"(?<=[{HAN}])\s+(?=[{HAN}\d])|(?<=\d)\s+(?=[{HAN}])", "", title).strip()
    return title[1:-1] if re.fullmatch(r"《[^《》]+》", title) else title


def metadata_of(document: Document, source: Source, frame: Frame) -> Metadata:
    """Title, body, year and date; each from the best place that gives it."""
    title = title_of(document, source, frame)
    issued, broken = _issued(document, source, frame)
    return Metadata(title, _org(document, source, frame, title), _year(title, frame, issued), issued, broken)


def _org(document: Document, source: Source, frame: Frame, title: str) -> str:
    match = _TITLE_ORG.match(title)
    titled = _PARTY.sub("", re.sub(r"[（(].*$", "", match["org"]).strip()) if match else ""
    if titled and not is_org(titled) and not _PLACE.search(titled):
        titled = ""
    given = frame.signature or titled
    opening = "\n".join(line.text for line in frame.opening[:12])
    others = [titled, document.source, *_LABELLED_ORG.findall(opening)]
    others += [line.text for line in frame.opening if not line.cells and is_org(line.text)]
    others += [red["org"] for line in frame.opening if (red := _RED_HEAD.match(line.text.strip()))]
    body = "\n".join(line.text[:200] for line in [*frame.opening[-4:], *frame.body[:3]])
    others += _BODY_ORG.findall(body)
    if not given:
        given = next((other for other in others if other and is_org(other)), "")
    return _fullest(given, others, source)


def _fullest(name: str, others: list[str], source: Source) -> str:
    """The longest form of the same name the document gives; a bare place becomes its government where that is named."""
    best = re.sub(r"\s", "", name)
    for other in others:
        other = re.sub(r"\s", "", other)
        if len(other) > len(best) and best and _abbreviates(best, other):
            best = other
    if best and _PLACE.search(best):
        match = re.search(rf"{re.escape(best)}{_GOVERNMENT}", source.text)
        if match:
            best = match[0]
    return best


def _abbreviates(short: str, long: str) -> bool:
    """Whether the short name is made of characters of the long one, in order, to the same last character."""
    if short[-1] != long[-1] or not is_org(long):
        return (
            bool(_PLACE.search(short))
            and long.startswith(short)
            and bool(re.fullmatch(_GOVERNMENT, long[len(short) :]))
        )
    rest = iter(long)
    return all(char in rest for char in short)


def _year(title: str, frame: Frame, issued: date | None) -> int | None:
    """The title's year; where that is the year of signing and the text tells of the year before, the latter."""
    told = _told_years(frame)
    if titled := years(_QUOTED.sub("", title)):
        first = titled[0]
        if (
            issued
            and first == issued.year
            and issued.month <= 6
            and told
            and told.count(first - 1) > told.count(first)
        ):
            return first - 1
        return first
    if told:
        return max(set(told), key=lambda value: (told.count(value), -value))
    return issued.year - 1 if issued and issued.month <= 6 else issued.year if issued else None


def _told_years(frame: Frame) -> list[int]:
    """Years the opening and the headings of what was done speak of."""
    found: list[int] = []
    for line in [*frame.opening, *frame.body[:3]]:
        found += years(line.text[:160])[:2]
    for line in frame.body:
        if len(line.text) <= 45 and (named := years(line.text)):
            kind = kind_of_heading(line.text, None, outermost=True)
            found += [value - 1 if kind is Kind.PLANS else value for value in named[:1]]
    return found


def _issued(document: Document, source: Source, frame: Frame) -> tuple[date | None, Stretch | None]:
    if frame.signed:
        return frame.signed.day, _where(source, frame.signed, frame.signed_line)
    lines = [line for line in source.lines[: frame.second] if not line.cells and len(line.text) <= 160]
    head = [*frame.opening, *lines[:6], *lines[-6:]]
    for labelled in (_MADE, _POSTED):
        given = document.made_on if labelled is _MADE else document.posted_on
        if given:
            return given, None
        for line in [*head, *(line for line in frame.opening if line.cells)]:
            match = labelled.search(line.text)
            if match and (read := read_date(match[1])):
                return read.day, line.stretch if read.broken else None
    return _dated_under_title(frame)


def _where(source: Source, read: ReadDate, line: int | None) -> Stretch | None:
    return source.lines[line].stretch if read.broken and line is not None else None


def _dated_under_title(frame: Frame) -> tuple[date | None, Stretch | None]:
    """A date that opens a line of its own, or of page data, above the text."""
    for line in frame.opening:
        if _is_date_line(line) and (read := read_date(line.text)):
            return read.day, line.stretch if read.broken else None
    return None, None


def _is_date_line(line: Line) -> bool:
    text = line.text.strip()
    if re.fullmatch(r"[（(]?[12].{5,14}[日\d][)）]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?", text):
        return True
    return bool(
        re.match(
            r"20\d\d[-./年].{3,8}\s*(?:\d{1,2}:\d\d(?::\d\d)?)?\s*(?:来源|作者|点击|浏览|阅读|字体|字号|发布)",
            text,
        )
    )
