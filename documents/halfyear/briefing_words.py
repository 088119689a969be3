"""What a briefing (汇报材料) says, as sentences and tables over one frozen version. Pure: the same version says the same.

The text stays within what a meeting reads; lists go into the annex. Where the ledger knows nothing the office is asked
to fill in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from documents.halfyear.annex import AnnexLine, annex_lines
from documents.halfyear.briefing_lists import (
    achieved,
    carried_on,
    falling_due,
    requests,
    shortfalls,
    unfinished,
)
from documents.halfyear.duty_words import duty_lines
from documents.sentences import Counted, Sentence, counted, joined, plain, sentence
from rectification.halfyear.freezing import Frozen, Version
from rectification.lists.figures import (
    RATE_FORMULA,
    Figure,
    Group,
    by_number,
    figure_label,
    origins,
    scope_text,
    sums,
)
from rectification.task.time_limits import day_text

MAX_HEARD: Final = 2_550
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
    """Everything a briefing says; a title has two lines, `checks` (核验单) name the version it stands on and its sums."""

    title: str
    full_title: str
    bureau: str
    period: str
    next_period: str
    cut_off: str
    version: str
    dated: str
    overall: tuple[Sentence, ...]
    results: tuple[Sentence, ...]
    achieved: tuple[Sentence, ...]
    overdue: tuple[Sentence, ...]
    falling_due: tuple[Sentence, ...]
    requests: tuple[Sentence, ...]
    shortfalls: tuple[Sentence, ...]
    carried_on: tuple[Sentence, ...]
    duty: tuple[str, ...]
    units: tuple[GroupLine, ...]
    sources: tuple[GroupLine, ...]
    problem_lines: tuple[AnnexLine, ...]
    plan_lines: tuple[AnnexLine, ...]
    checks: tuple[tuple[str, str], ...]


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
        dated=day_text(version.frozen_on),
        units=_groups(frozen.figures.by_unit, lambda name: {"unit": name}),
        sources=_groups(frozen.figures.by_source, lambda name: {"source": name}),
        problem_lines=tuple(annex_lines(problems)),
        plan_lines=tuple(annex_lines(plans)),
        checks=tuple(_checks(version)),
        duty=tuple(duty_lines(frozen.duty, listed=frozen.listed, is_outline=True)),
        **_sections(frozen),
    )


def _sections(frozen: Frozen) -> dict[str, tuple[Sentence, ...]]:
    """What is said under each heading, by its name in BriefingWords."""
    return {
        "overall": tuple(_overall(frozen)),
        "results": tuple(achieved(frozen, are_problems=True)),
        "achieved": tuple(achieved(frozen, are_problems=False)),
        "overdue": tuple(unfinished(frozen)),
        "falling_due": tuple(falling_due(frozen)),
        "requests": tuple(requests(frozen)),
        "shortfalls": tuple(shortfalls(frozen)),
        "carried_on": tuple(carried_on(frozen)),
    }


_IN_FULL_ONLY: Final = ("shortfalls", "carried_on")


def _fitting(frozen: Frozen, *, is_full: bool) -> Frozen:
    """The same with as many items a list as the office wants and a meeting still listens to."""
    for listed in range(frozen.listed, 1, -1):
        shorter = replace(frozen, listed=listed)
        if _length(shorter, is_full=is_full) <= MAX_HEARD:
            return shorter
    return replace(frozen, listed=1)


def _length(frozen: Frozen, *, is_full: bool) -> int:
    said = [
        plain(line)
        for name, lines in _sections(frozen).items()
        if is_full or name not in _IN_FULL_ONLY
        for line in lines
    ]
    duty = duty_lines(frozen.duty, listed=frozen.listed, is_outline=True) if is_full else ()
    return sum(map(len, [*said, *duty]))


def _checks(version: Version) -> Iterator[tuple[str, str]]:
    """核验单: the version, the end of its history, and every sum of its figures."""
    frozen = version.frozen
    until = f"截至{day_text(frozen.period.cut_off_on)}"
    if version.is_frozen:
        made = f"{frozen.term.label}冻结数据{version.label}，{until}，{day_text(version.frozen_on)}冻结"
    else:
        made = f"{until}的数据，尚未冻结，此后可能变化"
    yield "数据依据", made
    yield "办理记录", f"{version.chain_count}条"
    head = version.chain_head
    yield "末条校验值", "\n".join(head[place : place + 16] for place in range(0, len(head), 16))
    for name, are_problems in (("问题数字", True), ("工作任务数字", False)):
        yield name, "\n".join(sums(frozen.figures, frozen.whole, are_problems=are_problems))


def nothing_yet(begun_on: date) -> str:
    """What is said of a period before the ledger's own beginning."""
    return f"本台账最早的事项于{day_text(begun_on)}下达，本期在此之前，台账没有数据"


def _overall(frozen: Frozen) -> Iterator[Sentence]:
    if frozen.begun_on is not None:
        yield sentence("{said}。", said=nothing_yet(frozen.begun_on))
        return
    yield from _counts(frozen, are_problems=True)
    yield from _counts(frozen, are_problems=False)
    for name, counts in frozen.source_counts:
        yield sentence("{name}办理以来，{counts}。", name=name, counts=counts)
    yield from _compared(frozen)
    if frozen.left_out:
        yield sentence("另有仅限指定人员查看的事项{n}项，未列入本材料。", n=frozen.left_out)


def _counts(frozen: Frozen, *, are_problems: bool) -> Iterator[Sentence]:
    """Problems or plans: the whole ledger's figures, then the period's."""
    figures = frozen.figures.of(are_problems=are_problems)
    rows = [row for row in frozen.rows if row.is_problem is are_problems]
    parts: dict[str, object] = {
        figure.value: counted(figures, figure, are_problems=are_problems) for figure in Figure
    }
    period, what = frozen.period, "问题" if are_problems else "工作任务"
    yield sentence(
        "截至{day}，{scope}（{formula}）。" if are_problems else "工作任务另行统计，不计入整改率：{scope}。",
        day=day_text(period.cut_off_on),
        scope=scope_text(frozen.figures, frozen.whole, are_problems=are_problems),
        formula=RATE_FORMULA,
    )
    if not figures.total:
        yield sentence("本期整改台账中没有{what}。", what="需要整改的问题" if are_problems else what)
        return
    done, doing = (figure_label(each, are_problems=are_problems) for each in (Figure.CLOSED, Figure.RUNNING))
    yield joined(
        sentence(
            "本期（{first}至{last}）", first=day_text(period.starts_on), last=day_text(period.cut_off_on)
        ),
        sentence("{what}{total}项，其中上期结转{carried}项，本期新增{added}项", what=what, **parts),
        sentence("，回头看重开{reopened}项", **parts) if figures.reopened else (),
        sentence("；{origins}。{done}{closed}项", origins=origins(rows), done=done, **parts),
        sentence("（按期申请{closed_on_time}项，超期申请{closed_late}项）", **parts)
        if figures.closed
        else (),
        sentence("，已终止{terminated}项", **parts) if figures.terminated else (),
        sentence("，{doing}{running}项，其中已超期{overdue}项", doing=doing, **parts),
        sentence("，节点超期{missed}项", **parts) if figures.missed else (),
        sentence("；经批准延期{extended}项", **parts),
        sentence("，超期后重定时限{redated}项", **parts) if figures.redated else (),
        sentence("；截止日后补录{entered_late}项", **parts) if figures.entered_late else (),
        sentence("{told}。", told=by_number(rows, "整改" if are_problems else "完成")),
    )


def _compared(frozen: Frozen) -> Iterator[Sentence]:
    earlier, now = frozen.earlier, frozen.figures.problems
    if earlier is None:
        if (
            not now.carried + frozen.figures.plans.carried
        ):  # an older version may hold what it carried over alone
            yield sentence("上一期台账中没有事项，不作比较。")
        return
    told = "，".join(
        f"{figure_label(figure, are_problems=True)}{_change(now.of(figure) - earlier.problems.of(figure))}"
        for figure in (Figure.TOTAL, Figure.CLOSED, Figure.RUNNING, Figure.OVERDUE)
    )
    yield sentence(
        "与{label}（截至{day}）相比，{told}；{label}本期整改率为{rate}。",
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
