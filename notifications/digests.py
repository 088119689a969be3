"""From what a person must be told to the one message that says it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from core.workdays import WorkCalendar
from notifications.letterhead import Letterhead
from notifications.messages import Digest, Line, clean
from notifications.wording import PART, asked_of, chinese_date, kind_of, reason
from rectification.lifecycle import Part
from rectification.reminding import WAIT, Mention, TaskFacts


class Item(NamedTuple):
    """A mention with the task it is of."""

    task: TaskFacts
    mention: Mention


def digest_of(
    name: str,
    items: Iterable[Item],
    day: date,
    calendar: WorkCalendar,
    letterhead: Letterhead,
    *,
    undelivered: int = 0,
) -> Digest:
    """The digest of `day`: the longest overdue first, then what is due, then what waits for this person."""
    overdue: list[Line] = []
    due: list[Line] = []
    asked: list[Line] = []
    led_overdue: set[int] = set()
    for item in sorted(items, key=lambda item: (item.mention.due_on, item.task.code, item.mention.subject)):
        mention = item.mention
        if mention.part is Part.LEADER:
            led_overdue.add(item.task.id)
            continue
        line = _line(item, day, calendar, letterhead)
        if mention.subject.startswith(WAIT):
            asked.append(line)
        else:
            (overdue if mention.rung > 0 else due).append(line)
    return Digest(
        name=clean(name),
        day=chinese_date(day),
        home_url=f"{letterhead.base_url}/",
        overdue=tuple(overdue),
        due=tuple(due),
        asked=tuple(asked),
        led_overdue=len(led_overdue),
        undelivered=undelivered,
    )


def _line(item: Item, day: date, calendar: WorkCalendar, letterhead: Letterhead) -> Line:
    task, mention = item
    part = PART.get(mention.part, "")
    kind = kind_of(task, mention.subject)
    if mention.subject.startswith(WAIT):
        why = f"{asked_of(task, mention.subject)}，{reason(mention, day, calendar)}"
        when = f"时限{chinese_date(task.deadline_on)}" if task.deadline_on else "未定时限"
    else:
        why = reason(mention, day, calendar)
        when = f"时限{chinese_date(mention.due_on)}"
    return Line(
        code=clean(task.code),
        title=clean(task.title),
        kind=f"{part}{kind}" if part else kind,
        when=when,
        why=why,
        url=letterhead.task_url(task.code),
        detail=clean(task.text),
    )
