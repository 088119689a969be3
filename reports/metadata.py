"""Who reports, on which year, under which title, and when it was signed: each by the evidence of all places that tell."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.han import HAN
from reports.bodies import ORG_END, bare, government_of, is_org, is_place, same_body, tidy
from reports.choosing import Candidate, Choice, choose
from reports.document import Document
from reports.frame import Frame
from reports.numerals import read_date, years
from reports.parsed import Head, Heads
from reports.readers.furniture import search_facts
from reports.sections import Kind, kind_of_heading
from reports.source import Source, Stretch
from reports.title import QUOTED, org_in

_RED_HEAD = re.compile(rf"^([{HAN}]{{2,40}}{ORG_END})文件$")
_ASKED = re.compile(rf"受([{HAN}]{{2,24}}{ORG_END})(?:的)?委托")
_ACTING = re.compile(
    rf"(?:现将|(?:^|[，,。：:])(?!现将))(?:关于)?([{HAN}]{{2,24}}?{ORG_END})(?=[12]\d{{3}}年|[（(]以下简称|坚持|以|紧紧?围绕|紧扣|认真|深入|全面|在|始终|立足|聚焦|严格|按照|关于|贯彻)",
    re.MULTILINE,
)
_NOW = re.compile(r"现[将就把]")
_DAY_LINE = re.compile(r"[（(]?[12].{5,14}[日\d][)）]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
_SESSION = re.compile(r"[—–-]{1,2}\s*[12]\d{3}年.{3,8}日在.*")
_PUBLISHED = re.compile(r"[^。；，]*20\d\d[-./年]\d{1,2}[-./月]\d{1,2}[^。；，]*$")
_CITED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*〉")
_SHORT, _EARLY = 60, 6


@dataclass(frozen=True, slots=True)
class Metadata:
    """What stands around the text; `broken` is where the date was read from digits that had run together."""

    title: Choice[str] | None
    org: Choice[str] | None
    year: Choice[int] | None
    issued: Choice[date] | None
    broken: Stretch | None = None

    def named(self) -> tuple[tuple[str, Choice[Any] | None], ...]:
        """Each under the name people know it by."""
        return (
            ("标题", self.title),
            ("报告单位", self.org),
            ("报告年度", self.year),
            ("成文日期", self.issued),
        )

    def heads(self) -> Heads:
        """How surely each was read, as it leaves this room."""
        return Heads(
            title=_head(self.title), org=_head(self.org), year=_head(self.year), issued=_head(self.issued)
        )


def _head(choice: Choice[Any] | None) -> Head:
    if choice is None:
        return Head()
    return Head(
        confidence=choice.confidence, runner_up="" if choice.runner_up is None else str(choice.runner_up)
    )


def metadata_of(document: Document, source: Source, frame: Frame) -> Metadata:
    """Title, body, year and date, each with how surely it was read and what came second."""
    found = frame.title
    title = found.value.text if found else ""
    second = found.runner_up.text if found and found.runner_up else None
    days = list(_days(document, source, frame))
    issued = choose([Candidate(day, points) for day, points, _ in days])
    return Metadata(
        Choice(title, found.confidence, second) if found else None,
        _org(document, source, frame, title),
        choose(_years(title, frame, issued.value if issued else None), doubt=0.4),
        issued,
        next((broken for day, _, broken in days if issued and day == issued.value), None),
    )


def _org(document: Document, source: Source, frame: Frame, title: str) -> Choice[str] | None:
    """The body most places agree on, in the fullest form given: as signed, else as named elsewhere."""
    found = list(_orgs(document, source, frame, title))
    choice = choose(found, agree=same_body, doubt=0.4)
    if choice is None:
        return None
    best = choice.value
    for other in (each.value for each in found):
        if len(bare(other)) > len(bare(best)) and same_body(best, other):
            best = other
    return Choice(best, choice.confidence, choice.runner_up)


def _orgs(document: Document, source: Source, frame: Frame, title: str) -> Iterator[Candidate[str]]:
    signed = frame.signature.value.names if frame.signature else ()
    titled = org_in(title)
    named: list[tuple[float, Iterable[str]]] = [
        (3.0, signed),
        (1.0 if is_place(titled) else 2.5, [titled]),
        (0.5, [government_of(titled, source.text) or ""] if is_place(titled) and not signed else ()),
        (1.2, [document.source]),
    ]
    for line in frame.opening:
        named.append((1.5, [search_facts(line.text).source]))
        if not line.cells:
            named.append((1.5, _RED_HEAD.findall(line.text.strip())))
            named.append((1.0, [line.text]))
    for line in frame.body[:4]:
        named.append((2.5, _ASKED.findall(line.text[:200])))
        named.append((1.0, _ACTING.findall(line.text[:200])))
    for points, names in named:
        for name in dict.fromkeys(map(tidy, names)):
            if is_org(name) or (name and name == titled):
                yield Candidate(name, points)


def _years(title: str, frame: Frame, issued: date | None) -> Iterator[Candidate[int]]:
    """The title's year, those the opening and the headings of what was done speak of, and the one before the signing."""
    for value in years(QUOTED.sub("", title))[:1]:
        yield Candidate(value, 3.0)
    for line in [*frame.opening, *frame.body[:3]]:
        words = _CITED.sub("", line.text[:160])
        yield from (Candidate(value, 0.5 + bool(_NOW.search(words))) for value in years(words)[:2])
    for line in frame.body:
        if len(line.text) <= _SHORT and (named := years(line.text)):
            ahead = kind_of_heading(line.text, None, outermost=True) is Kind.PLANS
            yield Candidate(named[0] - ahead, 0.7)
    if issued:
        yield Candidate(issued.year - (issued.month <= _EARLY), 1.0)


def _days(document: Document, source: Source, frame: Frame) -> Iterator[tuple[date, float, Stretch | None]]:
    """The dates of issue: under the signature, under the title, as the page's 成文日期, as its 发布日期."""
    signed = frame.signature.value if frame.signature else None
    if signed and signed.date:
        where = source.lines[signed.lines[-1]].stretch
        yield signed.date.day, 6.0, where if signed.date.broken else None
    if document.made_on:
        yield document.made_on, 3.0, None
    if document.posted_on:
        yield document.posted_on, 1.5, None
    above = {line.index for line in frame.opening}
    ends = [line for line in source.lines[: frame.second] if not line.cells and len(line.text) <= 160]
    for line in {line.index: line for line in (*frame.opening, *ends[:6], *ends[-6:])}.values():
        text, facts = line.text.strip(), search_facts(line.text)
        if facts.made_on:
            yield facts.made_on, 3.0, None
        if facts.posted_on:
            yield facts.posted_on, 1.5, None
        alone = _DAY_LINE.fullmatch(text) or _SESSION.match(text)
        printed = alone or (len(text) <= _SHORT and _PUBLISHED.match(text))
        if line.index in above and printed and (read := read_date(printed[0])):
            yield read.day, 4.0 if alone else 1.0, line.stretch if read.broken else None
