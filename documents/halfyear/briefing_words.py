"""What a briefing (汇报材料) says, as sentences and tables over one frozen version. Pure: the same version says the same.

The text stays within what a meeting reads; lists go into the annex. Where the ledger knows nothing the office is asked
to fill in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core.text import shortened
from documents.halfyear.annex import AnnexLine, annex_lines
from documents.halfyear.duty_words import duty_lines
from documents.sentences import TO_FILL, Counted, Sentence, counted, joined, plain, sentence
from models.enums import TimeLimit
from rectification.halfyear.freezing import Frozen, Version
from rectification.labels import closing_noun, late_words, status_label
from rectification.lists.figures import RATE_FORMULA, Figure, Group, Row, Selection, figure_label, rows_behind
from rectification.task.lifecycle import OPEN, RUNNING
from rectification.task.time_limits import day_text

MAX_IN_TEXT: Final = 60
MAX_IN_LIST: Final = 30
MAX_HEARD: Final = 2_600
"""Characters of a paper's sentences; with its headings it stays below 3,000."""


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """What a column of the tables by unit and by source counts."""

    key: str
    figure: Figure
    are_problems: bool

    @property
    def head(self) -> str:
        return figure_label(self.figure, are_problems=self.are_problems)


GROUP_COLUMNS: Final = (
    GroupColumn("total", Figure.TOTAL, are_problems=True),
    GroupColumn("closed", Figure.CLOSED, are_problems=True),
    GroupColumn("running", Figure.RUNNING, are_problems=True),
    GroupColumn("overdue", Figure.OVERDUE, are_problems=True),
    GroupColumn("extended", Figure.EXTENDED, are_problems=True),
    GroupColumn("terminated", Figure.TERMINATED, are_problems=True),
    GroupColumn("plans", Figure.TOTAL, are_problems=False),
    GroupColumn("plans_closed", Figure.CLOSED, are_problems=False),
)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A unit's or source's figures, by the keys of GROUP_COLUMNS."""

    name: str
    figures: Mapping[str, Counted]


@dataclass(frozen=True, slots=True)
class BriefingWords:
    """Everything a briefing says; a title has two lines, `basis` names the version it all stands on."""

    title: str
    full_title: str
    bureau: str
    period: str
    next_period: str
    cut_off: str
    version: str
    overall: tuple[Sentence, ...]
    units: tuple[GroupLine, ...]
    sources: tuple[GroupLine, ...]
    overdue: tuple[Sentence, ...]
    requests: tuple[Sentence, ...]
    achieved: tuple[Sentence, ...]
    duty: tuple[str, ...]
    shortfalls: tuple[Sentence, ...]
    carried_on: tuple[Sentence, ...]
    problem_lines: tuple[AnnexLine, ...]
    plan_lines: tuple[AnnexLine, ...]
    basis: str


def briefing_words(version: Version, *, is_full: bool = False) -> BriefingWords:
    """The words of one frozen version; each list is as long as the paper, short or full, can bear."""
    frozen = _fitting(version.frozen, is_full=is_full)
    label = frozen.term.label
    problems = [row for row in frozen.rows if row.is_problem]
    plans = [row for row in frozen.rows if not row.is_problem]
    return BriefingWords(
        title=f"{frozen.bureau}\n关于{label}问题整改情况的汇报",
        full_title=f"{frozen.bureau}\n关于{label}法治政府建设\n工作情况的汇报",
        bureau=frozen.bureau,
        period=label,
        next_period=frozen.term.next_label,
        cut_off=day_text(frozen.period.cut_off_on),
        version=version.label,
        overall=tuple(_overall(frozen)),
        units=_groups(frozen.figures.by_unit, lambda name: {"unit": name}),
        sources=_groups(frozen.figures.by_source, lambda name: {"source": name}),
        overdue=tuple(late_lines(frozen.rows, frozen.period.cut_off_on, listed=frozen.listed)),
        requests=tuple(_requests(frozen)),
        achieved=tuple(_achieved(frozen)),
        duty=tuple(duty_lines(frozen.duty, listed=frozen.listed)),
        shortfalls=tuple(_shortfalls(frozen)),
        carried_on=tuple(_carried_on(frozen)),
        problem_lines=tuple(annex_lines(problems)),
        plan_lines=tuple(annex_lines(plans)),
        basis=_basis(version),
    )


def _fitting(frozen: Frozen, *, is_full: bool) -> Frozen:
    """The same with as many items a list as the office wants and a meeting still listens to."""
    for listed in range(frozen.listed, 1, -1):
        shorter = replace(frozen, listed=listed)
        if _length(shorter, is_full=is_full) <= MAX_HEARD:
            return shorter
    return replace(frozen, listed=1)


def _length(frozen: Frozen, *, is_full: bool) -> int:
    late = late_lines(frozen.rows, frozen.period.cut_off_on, listed=frozen.listed)
    said = [*_overall(frozen), *late, *_requests(frozen)]
    lines = list(duty_lines(frozen.duty, listed=frozen.listed)) if is_full else []
    if is_full:
        said += [*_achieved(frozen), *_shortfalls(frozen), *_carried_on(frozen)]
    return sum(map(len, [*map(plain, said), *lines]))


def _basis(version: Version) -> str:
    frozen = version.frozen
    cut_off = day_text(frozen.period.cut_off_on)
    chain = f"办理记录{version.chain_count}条，末条校验值{version.chain_head}。"
    if not version.is_frozen:
        return f"数据依据：整改台账截至{cut_off}的数据，尚未冻结，此后可能变化；{chain}"
    return (
        f"数据依据：整改台账{frozen.term.label}冻结数据第{version.number}版，截至{cut_off}，"
        f"{day_text(version.frozen_on)}冻结；{chain}"
    )


def _overall(frozen: Frozen) -> Iterator[Sentence]:
    yield _problems(frozen)
    yield _plans(frozen)
    yield _compared(frozen)
    if frozen.left_out:
        yield sentence("另有仅限指定人员查看的事项{n}项，未列入本材料。", n=frozen.left_out)


def _problems(frozen: Frozen) -> Sentence:
    figures = frozen.figures.problems
    day = day_text(frozen.period.cut_off_on)
    if not figures.total:
        return sentence("截至{day}，整改台账中没有需要整改的问题。", day=day)
    parts = {figure.value: counted(figures, figure, are_problems=True) for figure in Figure}
    sentences = [
        sentence(
            "截至{day}，整改台账共有问题{total}项，其中上期结转{carried}项，本期新增{added}项",
            day=day,
            **parts,
        ),
        sentence("，回头看重开{reopened}项", **parts) if figures.reopened else (),
        sentence("。已销号{closed}项，正在整改{running}项", **parts),
        sentence("，已终止{terminated}项", **parts) if figures.terminated else (),
        sentence("，整改率{rate}（{formula}）。", rate=figures.rate, formula=RATE_FORMULA),
        sentence("正在整改的问题中，已超期{overdue}项", **parts),
        sentence("，节点超期{missed}项", **parts) if figures.missed else (),
        sentence("；经批准延期的问题{extended}项。", **parts),
    ]
    if figures.closed:
        sentences.append(
            sentence("已销号的问题中，按期申请销号{closed_on_time}项，超期申请销号{closed_late}项。", **parts)
        )
    return joined(*sentences)


def _plans(frozen: Frozen) -> Sentence:
    figures = frozen.figures.plans
    if not figures.total:
        return sentence("本期没有列入台账的工作任务。")
    parts = {figure.value: counted(figures, figure, are_problems=False) for figure in Figure}
    return joined(
        sentence(
            "工作任务（另行统计，不计入整改率）共{total}项，已办结{closed}项，正在办理{running}项", **parts
        ),
        sentence("，已终止{terminated}项", **parts) if figures.terminated else (),
        sentence("；已超期{overdue}项，", **parts),
        sentence("节点超期{missed}项，", **parts) if figures.missed else (),
        sentence("经批准延期{extended}项。", **parts),
    )


def _compared(frozen: Frozen) -> Sentence:
    earlier = frozen.earlier
    if earlier is None:
        return sentence("本台账没有上一期数据，不作同比。")
    now = frozen.figures.problems
    told = "，".join(
        f"{figure_label(figure, are_problems=True)}{_change(now.of(figure) - earlier.problems.of(figure))}"
        for figure in (Figure.TOTAL, Figure.CLOSED, Figure.RUNNING, Figure.OVERDUE)
    )
    return sentence(
        "与{label}（截至{day}）相比，{told}；上期整改率为{rate}。",
        label=earlier.label,
        day=day_text(earlier.cut_off_on),
        told=told,
        rate=earlier.problems.rate,
    )


def _change(difference: int) -> str:
    if difference == 0:
        return "持平"
    return f"增加{difference}项" if difference > 0 else f"减少{-difference}项"


def _groups(groups: Sequence[Group], narrow: Callable[[str], dict[str, str]]) -> tuple[GroupLine, ...]:
    return tuple(
        GroupLine(
            group.name or "（未定）",
            {
                column.key: counted(
                    group.problems if column.are_problems else group.plans,
                    column.figure,
                    are_problems=column.are_problems,
                    **narrow(group.name),
                )
                for column in GROUP_COLUMNS
            },
        )
        for group in groups
    )


def late_lines(rows: Sequence[Row], as_of: date, *, listed: int) -> Iterator[Sentence]:
    """What is overdue and why, the longest first, `listed` at most."""
    late = sorted(rows_behind(rows, Selection(Figure.OVERDUE)), key=lambda row: -row.overdue_days)
    if not late:
        yield sentence("截至{day}，没有超期事项。", day=day_text(as_of))
        return
    yield from _listed(late, listed, _late, "项超期事项见附件")


def _late(row: Row) -> str:
    reason = shortened(row.late_reason, MAX_IN_TEXT) or "【请填写超期原因】"
    said = f"{shortened(row.title, MAX_IN_TEXT)}（{row.code}，{_who(row)}）：{_due(row)}，已超期{row.overdue_days}天。"
    return f"{said}原因：{_stopped(reason)}"


def _listed(
    rows: Sequence[Row], most: int, say: Callable[[Row], str], where: str = "项见附件"
) -> Iterator[Sentence]:
    """What is said of each of the first rows, numbered; then how many others there are, and where."""
    for number, row in enumerate(rows[:most], 1):
        yield (f"{number}.{say(row)}",)
    if len(rows) > most:
        yield (f"其余{len(rows) - most}{where}。",)


def _requests(frozen: Frozen) -> Iterator[Sentence]:
    asked = [row for row in frozen.rows if row.needs_decision and row.status in OPEN]
    if not asked:
        yield sentence("本期各责任单位没有提出提请研究事项。")
        return
    yield from _listed(asked, frozen.listed, _wish)


def _wish(row: Row) -> str:
    return f"{_stopped(shortened(row.needs_decision, MAX_IN_TEXT))}（{row.code}，{_who(row)}提出）"


def _achieved(frozen: Frozen) -> Iterator[Sentence]:
    """The planned work that was done in the term."""
    done = rows_behind(frozen.rows, Selection(Figure.CLOSED, are_problems=False))
    if not done:
        return
    yield sentence(
        "列入台账的工作任务办结{n}项。", n=counted(frozen.figures.plans, Figure.CLOSED, are_problems=False)
    )
    yield from _listed(done, frozen.listed, _deed)


def _deed(row: Row) -> str:
    return f"{_stopped(shortened(row.text, MAX_IN_TEXT))}（{row.code}，{day_text(row.ended_on)}办结）"


def _shortfalls(frozen: Frozen) -> Iterator[Sentence]:
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
    title, cause = (shortened(text or "", MAX_IN_LIST) for text in (row.title, row.cause))
    said = f"{title}（{row.code}，{row.unit or '未定单位'}）：{day_text(row.issued_on)}列入整改，{_standing(row)}。"
    return f"{said}原因：{_stopped(cause or TO_FILL)}"


def _standing(row: Row) -> str:
    """How an open problem stands, as a clause."""
    label = status_label(row.status, row.kind)
    again = "，反复出现" if row.is_recurring else ""
    if late := late_words(row.overdue_days, row.missed_days):
        return f"{label}，{'已' if row.overdue_days else ''}{late}{again}"
    if row.status not in RUNNING:
        return f"{day_text(row.submitted_on)}申请{closing_noun(row.kind)}，{label}{again}"
    return f"{label}，{_due(row)}{again}"


def _carried_on(frozen: Frozen) -> Iterator[Sentence]:
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
    moved = "，延期后" if row.extensions else ""
    original = row.original_due_on or row.due_on
    if row.extensions and row.due_on != original:
        return f"原定{day_text(original)}{moved}{day_text(row.deadline_on)}"
    return f"应于{day_text(row.deadline_on)}前{closing_noun(row.kind)}"


def _who(row: Row) -> str:
    return "，".join(part for part in (row.unit, row.officer) if part) or "未定单位"


def _stopped(text: str) -> str:
    text = text.rstrip("，,；;、")
    return text if text.endswith(("。", "！", "？", "……", "】")) else f"{text}。"
