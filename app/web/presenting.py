"""How a task is put on a page: whom it waits for, what its limit says, which rows stand together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.web.forms import Choice
from core.text import shortened
from models.enums import ItemKind, Light, Role, Status, TimeLimit, Verb
from rectification.labels import status_label
from rectification.lists.board import NO_UNIT, UnitStanding
from rectification.lists.rows import TaskRow
from rectification.office.people import PersonRow
from rectification.office.settings import Policy
from rectification.roles_in_task import Part
from rectification.task.lifecycle import RUNNING
from rectification.task.proof import Block
from rectification.task.time_limits import day_text, passed_text

EXCERPT: Final = 60
_WEEKDAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """A unit with its figures, and those of its rows that this page shows."""

    figures: UnitStanding
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task's cells, ready to print: a template that computes nothing takes half the time."""

    row: TaskRow
    address: str
    rest: str
    due: str
    limit: str
    light: str
    light_words: str
    now: str


def task_lines(
    rows: Iterable[TaskRow], path: Callable[..., str], lights: Mapping[Light, str], today: date
) -> Iterator[TaskLine]:
    """Rows in words; `path` gives the address of a page, `lights` their names."""
    for row in rows:
        limit = limit_words(row) if row.time_limit is not TimeLimit.DATED else ""
        left = "" if row.overdue_days or row.missed_days else days_left(row, today)
        yield TaskLine(
            row=row,
            address=path("task", code=row.code),
            rest=rest_of(row),
            due=day(row.deadline_on or row.proposed_on),
            limit=" · ".join(filter(None, (limit, left))),
            light=row.light.colour if row.light else "none",
            light_words=light_words(row, lights),
            now=stands(row),
        )


def stands(row: TaskRow) -> str:
    """Whose move it is; where it is nobody's, what became of the task."""
    return row.whose_move or status_label(row.status, row.kind)


def rest_of(row: TaskRow) -> str:
    """How the item goes on after the title, where the title is its beginning."""
    return shortened(row.text.removeprefix(row.title).lstrip("。，；：、,;: \n"), EXCERPT)


def list_text(
    what: str, rows: Sequence[TaskRow], total: int, lights: Mapping[Light, str], today: date
) -> str:
    """A list as text for a message: of each task what a mail says of it."""
    head = f"{what}，{day(today)}，共{total}项" + (f"，以下{len(rows)}项" if len(rows) < total else "")
    lines = (
        f"{number}. {row.code} {row.title}：{row.unit or NO_UNIT}{row.officer}，"
        f"时限{day(row.deadline_on or row.proposed_on)}，"
        f"{f'{light_words(row, lights)}，等{row.whose_move}' if row.whose_move else stands(row)}"
        for number, row in enumerate(rows, 1)
    )
    return "\n".join((head, *lines, ""))


MENDS: Final = {
    Block.NO_GOAL: Verb.SET_GOAL,
    Block.NO_MEASURES: Verb.MEASURE,
    Block.OPEN_MEASURES: Verb.FINISH_MEASURE,
    Block.COUNT_SHORT: Verb.PROGRESS,
    Block.NO_EVIDENCE: Verb.EVIDENCE,
    Block.UNTIED: Verb.TIE,
}
"""What puts right that something is missing for a closing."""

RARE_VERBS: Final = frozenset(
    {
        Verb.MERGE,
        Verb.PASS_ON,
        Verb.TERMINATE,
        Verb.MAKE_LONG_TERM,
        Verb.CARRY_OVER,
        Verb.TRANSFER,
        Verb.CORRECT,
        Verb.SUPERVISE,
        Verb.CONFIRM_MEASURES,
        Verb.DROP_MEASURE,
        Verb.PARTICIPATE,
        Verb.TIE,
        Verb.DETACH,
        Verb.PURGE_EVIDENCE,
        Verb.DUPLICATE,
        Verb.UNDO,
        Verb.AMEND,
        Verb.REDACT,
    }
)
"""What stands under 其他操作, out of the way of the daily work."""


def limit_words(row: TaskRow) -> str:
    """The kind of time limit: plans are not rectified but carried out."""
    words = row.time_limit.word
    return words if row.kind.is_problem else words.replace("整改", "办理")


def light_names(policy: Policy) -> Mapping[Light, str]:
    """The lights as the bureau calls them."""
    return {each: each.word for each in Light} | dict(zip(Light, policy.light_names, strict=False))


def light_words(row: TaskRow, names: Mapping[Light, str]) -> str:
    """The light's word as the bureau calls it, with the days where there are any."""
    if row.light is None:
        return "待下达"
    late = row.overdue_days or row.missed_days
    return f"{names[row.light]} {late} 天" if late else names[row.light]


def tile_words(row: TaskRow, today: date) -> str:
    """What stands on a task's tile: how late it is, for which step it waits, or how long it has."""
    if late := row.overdue_days or row.missed_days:
        return f"超{late}天" if row.overdue_days else f"节点超{late}天"
    if row.status is not Status.IN_PROGRESS:
        return status_label(row.status, row.kind)
    if row.waits_for is not Part.OFFICER:
        return Light.STATED.word if row.light is Light.STATED else f"待{row.step}"
    return f"剩{(row.deadline_on - today).days}天" if row.deadline_on else "长期"


def days_left(row: TaskRow, today: date) -> str:
    """How long until the deadline, in words; of a draft, that the date it was given has passed."""
    if row.due_instead and row.due_on:
        return passed_text(row.due_on)
    if row.deadline_on is None or row.status not in RUNNING or row.light is Light.STATED:
        return ""
    left = (row.deadline_on - today).days
    if left < 0:
        return f"已超 {-left} 天"
    return "今天到期" if left == 0 else f"还有 {left} 天"


def by_unit(units: Iterable[UnitStanding], rows: Iterable[TaskRow]) -> list[UnitGroup]:
    """Rows under their units, in the units' order."""
    shown: dict[str, list[TaskRow]] = {}
    for row in rows:
        shown.setdefault(row.unit or NO_UNIT, []).append(row)
    return [UnitGroup(unit, tuple(shown.get(unit.unit, ()))) for unit in units]


NO_MAILBOX: Final = "无邮箱，将列入待电话通知"


def people_choices(
    people: Iterable[PersonRow], *roles: Role, unit: str | None = None, is_told: bool = True
) -> list[Choice]:
    """The active people with one of these roles, as a select offers them; who is told by telephone alone is marked."""
    return [
        Choice(
            str(person.id),
            f"{person.name}（{person.unit}）{'' if person.email or not is_told else NO_MAILBOX}",
        )
        for person in people
        if person.is_active
        and (not roles or not set(roles).isdisjoint(person.roles))
        and (unit is None or person.unit == unit)
    ]


def status_words(status: Status) -> str:
    """A status as a filter names it, where problems and plans say it differently both words."""
    problem, plan = (status_label(status, kind) for kind in (ItemKind.FINDING, ItemKind.PLAN))
    return problem if problem == plan else f"{problem} / {plan}"


def day(value: date | None) -> str:
    """2026年6月30日; a dash where there is none."""
    return day_text(value) or "—"


def short_day(value: date | None) -> str:
    """6月30日 周二."""
    return f"{value.month}月{value.day}日 周{_WEEKDAYS[value.weekday()]}" if value else "—"
