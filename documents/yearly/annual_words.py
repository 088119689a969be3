"""Drafts for the next annual report: 存在的不足 and 下一年度安排, each sentence with the tasks it stands on. Pure.

Nothing is said that the ledger does not hold; the office rewrites what it wants to say otherwise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.text import one_line
from documents.halfyear.duty_words import duty_lines
from documents.sentences import Sentence, counted, joined, result_words, sentence, whole_sentences
from models.enums import TimeLimit
from rectification.labels import status_label
from rectification.lists.figures import RATE_FORMULA, Figure, Row, Selection, rows_behind, tally
from rectification.office.sources import OWN_REPORT
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text
from rectification.task.titles import is_neutral
from rectification.yearly.drafts import AnnualDraft

MAX_WORDS: Final = 90


@dataclass(frozen=True, slots=True)
class Traced:
    """A sentence and the codes of the tasks it stands on."""

    said: Sentence
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnualWords:
    """What the drafts of one reporting year say; `results` is what became of each shortcoming and plan the report before
    promised to see to, `duty` is the fact sheet (第一责任人履职、述法)."""

    promised: tuple[Traced, ...]
    results_head: str
    results: tuple[Traced, ...]
    shortcomings: tuple[Traced, ...]
    plans: tuple[Traced, ...]
    duty: tuple[str, ...]


def annual_words(draft: AnnualDraft) -> AnnualWords:
    """The words of one reporting year."""
    return AnnualWords(
        promised=tuple(_promised(draft.rows)),
        results_head=_results_head(draft.rows),
        results=tuple(_results(draft.rows)),
        shortcomings=tuple(_shortcomings(draft.rows)),
        plans=tuple(_plans(draft)),
        duty=tuple(duty_lines(draft.duty)),
    )


def _promised(rows: Sequence[Row]) -> Iterator[Traced]:
    """What became of what the last report promised, and of what else was found."""
    yield from _of_source(rows, OWN_REPORT, "报告提出并列入台账的不足", are_problems=True)
    yield from _of_source(rows, OWN_REPORT, "报告提出并列入台账的工作安排", are_problems=False)
    others = {(row.source_order, row.source) for row in rows if row.source != OWN_REPORT}
    for _, source in sorted(others):
        yield from _of_source(rows, source, f"{source}发现的问题", are_problems=True)
        yield from _of_source(rows, source, f"{source}的工作任务", are_problems=False)
    problems = [row for row in rows if row.is_problem]
    if problems:
        figures = tally(problems)
        said = sentence(
            "全年在账的问题共{total}项，全年整改率{rate}（{formula}）。",
            total=counted(figures, Figure.TOTAL, are_problems=True),
            rate=figures.rate,
            formula=RATE_FORMULA,
        )
        yield Traced(said, _codes(problems))


def _results(rows: Sequence[Row]) -> Iterator[Traced]:
    """Each shortcoming and plan of a report, and what else ended: closed with what words, or how far it has come."""
    for row in rows:
        if row.source == OWN_REPORT or row.ended_on:
            yield Traced((f"{_named(row)}{_became(row)}",), (row.code,))


def _results_head(rows: Sequence[Row]) -> str:
    own = sum(row.source == OWN_REPORT for row in rows)
    others = sum(row.source != OWN_REPORT and row.ended_on is not None for row in rows)
    return f"逐项成效和进展（报告提出的{own}项，其他来源本年销号、办结、终止的{others}项）"


def _became(row: Row) -> str:
    if row.ended_on:
        done = f"，{day_text(row.ended_on)}{status_label(row.status, row.kind)}"
        return f"{done}。{result_words(row.statement)}"
    late = f"，已超过时限{row.overdue_days}天" if row.overdue_days else ""
    return f"，{'正在整改' if row.is_problem else '正在办理'}{late}。{whole_sentences(row.progress)}"


def _of_source(rows: Sequence[Row], source: str, what: str, *, are_problems: bool) -> Iterator[Traced]:
    found = rows_behind(rows, Selection(Figure.TOTAL, are_problems, source=source))
    if not found:
        return
    figures = tally(found)
    done = "整改销号" if are_problems else "办结"
    parts = {
        figure.value: counted(figures, figure, are_problems=are_problems, source=source)
        for figure in (Figure.TOTAL, Figure.CLOSED, Figure.TERMINATED)
    }
    said = joined(
        sentence("{what}{total}项，已{done}{closed}项", what=what, done=done, **parts),
        sentence("，经批准终止{terminated}项", **parts) if figures.terminated else (),
        sentence("。"),
    )
    yield Traced(said, _codes(found))


def _shortcomings(rows: Sequence[Row]) -> Iterator[Traced]:
    """Longest overdue first, then what recurs, then what is still under way."""
    problems = [row for row in rows if row.is_problem and row.status in OPEN]
    for row in sorted(problems, key=lambda row: (-row.overdue_days, not row.is_recurring)):
        yield Traced((f"{whole_sentences(row.text, MAX_WORDS)}{_state(row)}",), (row.code,))


def _state(row: Row) -> str:
    again = "反复出现，长效机制还不健全" if row.is_recurring else ""
    if row.overdue_days:
        said = f"该问题{again + '，' if again else ''}至今没有完成整改，已超过时限{row.overdue_days}天"
        return f"{said}，原因是：{whole_sentences(row.late_reason)}" if row.late_reason else f"{said}。"
    return f"该问题{again or '正在整改'}。"


def _plans(draft: AnnualDraft) -> Iterator[Traced]:
    """What to carry into the next year: every open task once."""
    for row in draft.rows:
        if row.status in OPEN:
            yield Traced((_plan(row, draft.as_of, draft.year + 1),), (row.code,))


def _plan(row: Row, as_of: date, next_year: int) -> str:
    words = _named(row)
    if row.time_limit is TimeLimit.LONG_TERM:
        return f"长期抓好{words}{'的整改' if row.is_problem else ''}，{next_year}年每半年至少检查一次。"
    if row.is_problem:
        return f"继续整改{words}，{_by(row, as_of, next_year)}完成整改并销号。"
    return f"继续推进{words}，{_by(row, as_of, next_year)}办结。"


def _by(row: Row, as_of: date, next_year: int) -> str:
    """Until when: the date it has; where that has passed it is told, and the next one is asked for."""
    if row.deadline_on and row.deadline_on >= as_of:
        return f"于{day_text(row.deadline_on)}前"
    passed = f"原定{day_text(row.deadline_on)}，" if row.deadline_on else ""
    return f"{passed}于{next_year}年【请填写时限】前"


def _codes(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row.code for row in rows)


def _named(row: Row) -> str:
    """A task by its name, or by its first sentence where the name says only where it comes from; and what it is."""
    title = one_line(row.title)
    name = (whole_sentences(row.text, 0).rstrip("。；") if is_neutral(title) else title).translate(
        {ord("“"): "‘", ord("”"): "’"}
    )
    what = "问题" if row.is_problem else "工作"
    return f"“{name}”{'' if name.endswith(what) else what}"
