"""Builds a person's one message of the day from what that person must be told: each task once, what presses most first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.text import one_line
from models.enums import Light, Verb
from models.organisation import Unit
from notifications.digest_notes import NO_NOTE, Note
from notifications.letterhead import Letterhead
from notifications.messages import Digest, DigestLine, Linked, Section
from notifications.rulebook import Rulebook
from notifications.weekly_check import weekly_sections
from notifications.wording import ISSUED, dated, happened, kind_of, reason, role_words, wait_words
from rectification.reminders.facts import Directory, Recipient
from rectification.reminders.happenings import Happening, Way, still_sees, stood_in_for
from rectification.reminders.rules import CHECKPOINT, LOOK, REVIEW, WAIT, DayRules, Mention
from rectification.reminders.task_facts import TaskFacts
from rectification.roles_in_task import Part
from rectification.task.deadlines import near_until
from rectification.task.time_limits import day_text


class Item(NamedTuple):
    """A mention with the task it is of, and the step that is told where it is one."""

    task: TaskFacts
    mention: Mention
    step: Happening | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What a bureau's digests of a day have in common: its rules, its people, its name."""

    rules: DayRules
    directory: Directory
    letterhead: Letterhead
    bureau: str


class Heading(Enum):
    """The parts of a digest, the most pressing first: heading, light, and the count's words."""

    OVERDUE = ("已超期", Light.RED, "项已超期")
    LED = ("分管任务超期", Light.RED, "项分管任务超期")
    MISSED = ("节点超期", Light.RED, "项节点超期")
    RAISED = ("久等未办", Light.YELLOW, "项久等未办")
    DUE = ("临期", Light.YELLOW, "项临期")
    CAME = ("新交给您的", Light.BLUE, "项新交办")
    CHANGED = ("有新情况", Light.BLUE, "项有新情况")
    TO_CHECK = ("待检查", Light.BLUE, "项待检查")
    ASKED = ("等您办理", Light.BLUE, "项待办")
    REVIEW = ("请报情况说明", Light.BLUE, "项情况说明待报")
    AHEAD = ("时限预告", Light.GREEN, "项时限预告")
    LEFT = ("不再由您办理", Light.BLUE, "项已转出")

    def section(self, lines: Sequence[DigestLine]) -> Section:
        return Section.of(*self.value[:2], lines)


_ORDER: Final = {heading: place for place, heading in enumerate(Heading)}
_WAYS: Final = {Way.CAME: Heading.CAME, Way.CHANGED: Heading.CHANGED, Way.LEFT: Heading.LEFT}


def desks(
    session: Session, rulebook: Rulebook, directory: Directory, letterhead: Letterhead
) -> Mapping[int, Desk]:
    """The desk of each bureau of a rulebook."""
    names = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(rulebook.rules)))
    return {number: Desk(rulebook.rules[number], directory, letterhead, name) for number, name in names}


def digest_of(to: Recipient, items: Iterable[Item], desk: Desk, note: Note = NO_NOTE) -> Digest:
    """The digest of the desk's day, the longest overdue first."""
    day, calendar, letterhead = desk.rules.day, desk.rules.calendar, desk.letterhead
    by_task: dict[int, list[tuple[Heading, Item]]] = {}
    for item in items:
        by_task.setdefault(item.task.id, []).append((_heading(item, desk), item))
    lines: dict[Heading, list[DigestLine]] = {heading: [] for heading in Heading}
    ordered = (sorted(of_task, key=_order) for of_task in by_task.values())
    for of_task in sorted(ordered, key=lambda of_task: _order(of_task[0])):
        lines[of_task[0][0]].append(_line([item for _, item in of_task], to, desk))
    parts = [f"{len(found)}{heading.value[2]}" for heading, found in lines.items() if found]
    parts.extend(note.headlines)
    clerks = (
        desk.directory.recipients.get(clerk) for clerk in desk.directory.roster.clerks.get(to.bureau_id, ())
    )
    return Digest(
        name=one_line(to.name),
        day=day_text(day),
        home_url=f"{letterhead.base_url}/",
        headline="，".join(parts) or "整改进展",
        bureau=one_line(desk.bureau),
        ask="、".join(_called(clerk) for clerk in clerks if clerk and clerk.id != to.id),
        sections=(
            *(heading.section(found) for heading, found in lines.items() if found),
            *(weekly_sections(note.closings, day, calendar, letterhead) if note.closings else ()),
        ),
        undelivered=note.undelivered,
        said=tuple(
            Linked(one_line(text), path and f"{letterhead.base_url}{path}")
            for _, text, path in note.covers + note.reviews + note.office + note.stages + note.figures
        ),
        summaries=tuple(
            Linked(one_line(text), f"{letterhead.base_url}{path}") for text, path in note.summaries
        ),
    )


def _called(person: Recipient) -> str:
    return one_line(f"{person.name}（{person.phone}）" if person.phone else person.name)


def _order(placed: tuple[Heading, Item]) -> tuple[int, date, str, str]:
    heading, (task, mention, _) = placed
    return _ORDER[heading], mention.due_on, task.code, mention.subject


def _heading(item: Item, desk: Desk) -> Heading:
    mention, rules = item.mention, desk.rules
    if item.step is not None:
        return _WAYS[item.step.way]
    if mention.subject == ISSUED and mention.rung == 0:
        return Heading.CAME
    if mention.level and mention.subject.startswith((WAIT, REVIEW)):
        return Heading.RAISED
    if mention.subject.startswith(WAIT):
        return Heading.TO_CHECK if mention.subject == LOOK else Heading.ASKED
    if mention.subject == REVIEW:
        return Heading.REVIEW
    if mention.rung > 0 and mention.subject == CHECKPOINT:
        return Heading.MISSED
    if mention.part in (Part.LEADER, Part.CHIEF):
        return Heading.LED
    if mention.rung > 0:
        return Heading.OVERDUE
    is_near = mention.due_on <= near_until(rules.day, rules.calendar, rules.policy)
    return Heading.DUE if is_near else Heading.AHEAD


def _line(items: Sequence[Item], to: Recipient, desk: Desk) -> DigestLine:
    """What is said of one task: the most pressing first."""
    task, first = items[0].task, items[0].mention
    roster, calendar = desk.directory.roster, desk.rules.calendar
    own_date = None if items[0].step or first.subject.startswith(WAIT) else first.due_on
    due_on = own_date or task.deadline_on
    due = f"时限{dated(due_on, calendar)}" if due_on else "未定时限"
    is_issued = any(item.step is not None and item.step.verb is Verb.ISSUE for item in items)
    left = all(item.step is not None and item.step.way is Way.LEFT for item in items)
    texts = (*(item.step.reason for item in items if item.step), task.text)
    return DigestLine(
        code=one_line(task.code),
        title=one_line(task.title),
        about=f"{_places(items, to, desk)}{role_words(first)}{kind_of(task, first.subject)}　{due}",
        why="；".join(dict.fromkeys(_why(item, own_date, desk, is_issued=is_issued) for item in items)),
        url="" if left and not still_sees(to.id, task, roster) else desk.letterhead.task_url(task.code),
        detail=one_line("　".join(filter(None, texts))),
    )


def _places(items: Collection[Item], to: Recipient, desk: Desk) -> str:
    """In whose place it is told."""
    directory = desk.directory
    if not any(to.id in others for others in directory.roster.substitutes.values()):
        return ""
    places = (
        stood_in_for(to.id, item.mention.part, item.task, directory.roster)
        for item in items
        if not (item.step and item.step.way is Way.LEFT)
    )
    names = dict.fromkeys(directory.recipients[place].name for place in places if place is not None)
    return f"代{one_line('、'.join(names))}　" if names else ""


def _why(item: Item, own_date: date | None, desk: Desk, *, is_issued: bool) -> str:
    """One thing said of a task; a date that is not the line's own is named, and that it is new is said once."""
    task, mention, step = item
    if step is not None:
        return happened(step, task, desk.rules.calendar)
    why = reason(mention, desk.rules.day, desk.rules.calendar)
    if mention.subject.startswith(WAIT):
        is_new = mention.subject == ISSUED and mention.rung == 0
        return wait_words(task, mention, "" if is_new and is_issued else why)
    if mention.due_on == own_date:
        return why
    return f"{kind_of(task, mention.subject)}（{dated(mention.due_on, desk.rules.calendar)}）{why}"
