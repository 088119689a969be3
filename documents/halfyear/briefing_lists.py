"""The lists of a briefing: what was achieved, what is late and why, what falls due, what is asked for. Pure.

A list is as long as a meeting bears; the rest is counted and stands in the annex.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from core.text import one_line
from documents.halfyear.duty_words import meeting_name
from documents.sentences import TO_FILL, Sentence, counted, result_words, sentence, whole_sentences
from models.enums import TimeLimit
from rectification.halfyear.freezing import Frozen
from rectification.halfyear.review_days import term_of
from rectification.labels import closing_noun, late_words, status_label
from rectification.lists.figures import Figure, Row, Selection, rows_behind
from rectification.task.lifecycle import OPEN, RUNNING
from rectification.task.time_limits import day_text

MAX_IN_TEXT: Final = 60


def late_lines(rows: Sequence[Row], as_of: date, *, listed: int) -> Iterator[Sentence]:
    """What is overdue, or past its checkpoint in silence, and why: the longest first, `listed` at most."""
    late = [row for row in rows if row.status in OPEN and (row.overdue_days or row.missed_days)]
    if not late:
        yield sentence("截至{day}，没有超期事项。", day=day_text(as_of))
        return
    late.sort(key=lambda row: (-row.overdue_days, -row.missed_days))
    yield from _listed(late, listed, _late, "项超期事项见附件")


def _late(row: Row) -> str:
    said = f"{_named(row)}：{_due(row)}，{late_words(row.overdue_days, row.missed_days)}。"
    cause = whole_sentences(row.cause or "", MAX_IN_TEXT)
    reason = whole_sentences(row.late_reason, MAX_IN_TEXT) or "【请填写超期原因】"
    return f"{said}{cause and f'产生原因：{cause}'}超期原因：{reason}"


def _named(row: Row) -> str:
    return f"{one_line(row.title)}（{row.code}，{_who(row)}）"


def unfinished(frozen: Frozen) -> Iterator[Sentence]:
    """What is late and why; the others that are still open as one number."""
    yield from late_lines(frozen.rows, frozen.period.cut_off_on, listed=frozen.listed)
    open_rows = [row for row in frozen.rows if row.status in OPEN]
    in_time = sum(not (row.overdue_days or row.missed_days) for row in open_rows)
    if in_time:
        yield sentence("未完成的事项中，{n}项尚在时限之内，进展见附件。", n=in_time)
    last = frozen.term.ends_on
    if near := _due_within(frozen, frozen.period.cut_off_on, last):
        yield sentence("其中{n}项应在{day}前完成或检查。", n=len(near), day=day_text(last))
        yield from _listed(near, frozen.listed, lambda row: f"{_named(row)}：{_due(row)}。")


def _due_within(frozen: Frozen, first: date, last: date) -> list[Row]:
    """What is under way and falls due in a stretch, the nearest first."""
    due = [
        (row.deadline_on, row.code, row)
        for row in frozen.rows
        if row.status in RUNNING and row.deadline_on is not None and first <= row.deadline_on <= last
    ]
    return [row for _, _, row in sorted(due, key=lambda each: each[:2])]


def falling_due(frozen: Frozen) -> Iterator[Sentence]:
    """What falls due in the next term, the nearest first."""
    first = frozen.term.ends_on + timedelta(days=1)
    rows = _due_within(frozen, first, term_of(first, frozen.term.cadence).ends_on)
    if not rows:
        yield sentence("{term}没有到期事项。", term=frozen.term.next_label)
        return
    yield sentence("{term}到期或应检查的事项{n}项。", term=frozen.term.next_label, n=len(rows))
    yield from _listed(rows, frozen.listed, lambda row: f"{_named(row)}：{_due(row)}。")


def _listed(
    rows: Sequence[Row], most: int, say: Callable[[Row], str], where: str = "项见附件"
) -> Iterator[Sentence]:
    """What is said of each of the first rows, numbered; then how many others there are, and where."""
    for number, row in enumerate(rows[:most], 1):
        yield (f"{number}.{say(row)}",)
    if len(rows) > most:
        yield (f"其余{len(rows) - most}{where}。",)


def requests(frozen: Frozen) -> Iterator[Sentence]:
    """What the last meeting decided and what became of it; then what is asked of this one."""
    yield from _decided(frozen)
    asked = [row for row in frozen.rows if row.needs_decision and row.status in OPEN]
    if not asked:
        yield sentence("本期各责任单位没有提出提请研究事项。")
        return
    yield sentence("本期各责任单位提请研究{n}项。", n=len(asked))
    yield from _listed(asked, frozen.listed, _wish)


def _decided(frozen: Frozen) -> Iterator[Sentence]:
    heard = frozen.last_heard
    if heard is None or not heard.decided:
        return
    found = {row.code: row for row in frozen.rows}
    rows = [found[code] for code in heard.decided if code in found]
    where = f"{day_text(heard.held_on)}{meeting_name(heard.body)}" + (
        f"（{heard.minutes_no}）" if heard.minutes_no else ""
    )
    ended = sum(row.status not in OPEN for row in rows)
    yield sentence(
        "{where}议定事项{n}项，列入本期台账{here}项，已完成{ended}项，正在办理{left}项。",
        where=where,
        n=len(heard.decided),
        here=len(rows),
        ended=ended,
        left=len(rows) - ended,
    )
    yield from _listed(rows, frozen.listed, lambda row: f"{_named(row)}：{standing(row)}。")


def _wish(row: Row) -> str:
    return f"{whole_sentences(row.needs_decision, MAX_IN_TEXT)}（{row.code}，{_who(row)}提出）"


def achieved(frozen: Frozen, *, are_problems: bool) -> Iterator[Sentence]:
    """What was closed in the term, in the words it was closed with."""
    done = rows_behind(frozen.rows, Selection(Figure.CLOSED, are_problems=are_problems))
    if not done:
        if are_problems:
            yield sentence("本期没有销号的问题。")
        return
    figures = frozen.figures.of(are_problems=are_problems)
    what = "整改销号的问题" if are_problems else "列入台账的工作任务办结"
    yield sentence("{what}{n}项。", what=what, n=counted(figures, Figure.CLOSED, are_problems=are_problems))
    yield from _listed(done, frozen.listed, _deed)


def _deed(row: Row) -> str:
    result = result_words(row.statement, MAX_IN_TEXT) or "【请填写成效】"
    return f"{_named(row)}，{day_text(row.ended_on)}{closing_noun(row.kind)}：{result}"


def shortfalls(frozen: Frozen) -> Iterator[Sentence]:
    """The problems that are still open, in the ledger's own words: the longest overdue first, then what recurs."""
    figures = frozen.figures.problems
    if figures.overdue:
        late = counted(figures, Figure.OVERDUE, are_problems=True)
        yield sentence("部分问题整改滞后，{late}项已超过时限。", late=late)
    problems = rows_behind(frozen.rows, Selection(Figure.RUNNING, are_problems=True))
    recurring = sum(row.is_recurring for row in problems)
    if recurring:
        yield sentence("部分问题反复出现，共{n}项。", n=recurring)
    if not problems:
        yield sentence(TO_FILL)
        return
    urgent = sorted(problems, key=lambda row: (-row.overdue_days, not row.is_recurring))
    yield from _listed(urgent, frozen.listed, _shortfall, "项见附件1")


def _shortfall(row: Row) -> str:
    said = f"{one_line(row.title)}（{row.code}，{row.unit or '未定单位'}）：{day_text(row.issued_on)}列入整改，{standing(row)}。"
    if row.overdue_days or row.missed_days:  # its reasons are told once, with what is unfinished
        return said
    return f"{said}原因：{whole_sentences(row.cause or '', MAX_IN_TEXT) or TO_FILL}"


def standing(row: Row) -> str:
    """How an open problem stands, as a clause."""
    label = status_label(row.status, row.kind)
    if row.ended_on:
        return f"{day_text(row.ended_on)}{label}"
    again = "，反复出现" if row.is_recurring else ""
    if late := late_words(row.overdue_days, row.missed_days):
        return f"{label}，{'已' if row.overdue_days else ''}{late}{again}"
    if row.status not in RUNNING:
        return f"{day_text(row.submitted_on)}申请{closing_noun(row.kind)}，{label}{again}"
    return f"{label}，{_due(row)}{again}"


def carried_on(frozen: Frozen) -> Iterator[Sentence]:
    """What goes on into the next term."""
    problems = counted(frozen.figures.problems, Figure.RUNNING, are_problems=True)
    plans = counted(frozen.figures.plans, Figure.RUNNING, are_problems=False)
    yield sentence(
        "继续推进尚未销号的问题{problems}项、尚未办结的工作任务{plans}项，逐项落实责任和时限。",
        problems=problems,
        plans=plans,
    )
    yield sentence(TO_FILL)


def _due(row: Row) -> str:
    if row.time_limit is TimeLimit.LONG_TERM:
        return f"{day_text(row.deadline_on)}应检查"
    if row.original_due_on not in (None, row.due_on):
        how = "延期至" if row.extensions else "超期后重定为" if row.was_redated else "调整为"
        if row.was_redated and row.extensions:  # missed before it was granted, or after
            how = "经延期、曾超期，现定为"
        return f"原定{day_text(row.original_due_on)}，{how}{day_text(row.deadline_on)}"
    return f"应于{day_text(row.deadline_on)}前{closing_noun(row.kind)}"


def _who(row: Row) -> str:
    return "，".join(part for part in (row.unit, row.officer) if part) or "未定单位"
