"""Builds a person's one message of the day from what that person must be told."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from typing import NamedTuple

from core.text import one_line
from core.workdays import WorkCalendar
from notifications.digest_notes import NO_NOTE, Note
from notifications.letterhead import Letterhead
from notifications.messages import Digest, DigestLine, Linked, Section
from notifications.weekly_check import weekly_sections
from notifications.wording import asked_of, kind_of, reason, role_words
from rectification.reminders.rules import REVIEW, WAIT, Mention, TaskFacts
from rectification.roles_in_task import Part
from rectification.task.time_limits import day_text


class Item(NamedTuple):
    """A mention with the task it is of."""

    task: TaskFacts
    mention: Mention


class Heading(Enum):
    """The parts of a digest, the most pressing first: heading, colour of the HTML, and the count's words."""

    OVERDUE = ("已超期", "#b42318", "项已超期")
    DUE = ("临期", "#8a5a00", "项临期")
    REVIEW = ("请报情况说明", "#0b4f9e", "项情况说明待报")
    ASKED = ("等您办理", "#0b4f9e", "项待办")

    def section(self, lines: Sequence[DigestLine]) -> Section:
        heading, colour, _ = self.value
        return Section(heading, colour, tuple(lines))


_IN_HEADLINE = (Heading.DUE, Heading.OVERDUE, Heading.REVIEW, Heading.ASKED)


def digest_of(
    name: str,
    items: Iterable[Item],
    day: date,
    calendar: WorkCalendar,
    letterhead: Letterhead,
    note: Note = NO_NOTE,
) -> Digest:
    """The digest of `day`, the longest overdue first."""
    lines: dict[Heading, list[DigestLine]] = {heading: [] for heading in Heading}
    led_overdue: set[int] = set()
    for item in sorted(items, key=_order):
        mention = item.mention
        if mention.part is Part.LEADER:
            led_overdue.add(item.task.id)
        elif mention.subject.startswith(WAIT):
            lines[Heading.ASKED].append(_request(item, day, calendar, letterhead))
        elif mention.subject == REVIEW:
            lines[Heading.REVIEW].append(_line(item, day, calendar, letterhead))
        else:
            heading = Heading.OVERDUE if mention.rung > 0 else Heading.DUE
            lines[heading].append(_line(item, day, calendar, letterhead))
    counts = [(len(lines[heading]), heading.value[2]) for heading in _IN_HEADLINE]
    counts.append((len(led_overdue), "项分管任务超期"))
    parts = [f"{count}{what}" for count, what in counts if count]
    parts.extend(note.headlines)
    return Digest(
        name=one_line(name),
        day=day_text(day),
        home_url=f"{letterhead.base_url}/",
        headline="，".join(parts) or "整改进展",
        sections=(
            *(heading.section(found) for heading, found in lines.items() if found),
            *(weekly_sections(note.closings, day, calendar, letterhead) if note.closings else ()),
        ),
        led_overdue=len(led_overdue),
        undelivered=note.undelivered,
        stages=tuple(one_line(stage) for stage in note.stages),
        matters=tuple(
            Linked(one_line(text), path and f"{letterhead.base_url}{path}")
            for _, text, path in note.reviews + note.office
        ),
        summaries=tuple(
            Linked(one_line(text), f"{letterhead.base_url}{path}") for text, path in note.summaries
        ),
    )


def _order(item: Item) -> tuple[date, str, str]:
    return item.mention.due_on, item.task.code, item.mention.subject


def _line(item: Item, day: date, calendar: WorkCalendar, letterhead: Letterhead) -> DigestLine:
    due = f"时限{day_text(item.mention.due_on)}"
    return _made(item, due, reason(item.mention, day, calendar), letterhead)


def _request(item: Item, day: date, calendar: WorkCalendar, letterhead: Letterhead) -> DigestLine:
    task, mention = item
    due = f"时限{day_text(task.deadline_on)}" if task.deadline_on else "未定时限"
    why = f"{asked_of(task, mention.subject)}，{reason(mention, day, calendar)}"
    return _made(item, due, why, letterhead)


def _made(item: Item, due: str, why: str, letterhead: Letterhead) -> DigestLine:
    task, mention = item
    return DigestLine(
        code=one_line(task.code),
        title=one_line(task.title),
        about=f"{role_words(mention)}{kind_of(task, mention.subject)}　{due}",
        why=why,
        url=letterhead.task_url(task.code),
        detail=one_line(task.text),
    )
