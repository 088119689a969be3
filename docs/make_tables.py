"""Write docs/lifecycle.md, docs/access.md and docs/jobs.md from the tables the program goes by.

.venv/bin/python docs/make_tables.py [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.web.access import ACCESS
from flows.schedule import JOBS
from models.enums import ItemKind, Role, Status, Verb
from rectification.labels import status_label, verb_label
from rectification.roles_in_task import Part
from rectification.task.access import VISIBILITY
from rectification.task.lifecycle import ENDED, TRANSITIONS, Need, Transition

HERE: Final = Path(__file__).parent
PROBLEM: Final = ItemKind.SHORTCOMING


def lifecycle() -> Iterator[str]:
    """The page of the life of a task."""
    yield "# The life of a task"
    yield ""
    yield "Written by `docs/make_tables.py` from `TRANSITIONS` (`rectification/task/lifecycle.py`): change the table, not this page."
    yield "Labels are those of problems (销号); plans say 办理中, 申请办结, 已办结."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in Status:
        yield f"    {status.value}: {status_label(status, PROBLEM)}"
    yield f"    [*] --> {Status.DRAFT.value}: {verb_label(Verb.DRAFT, PROBLEM)}"
    for row in TRANSITIONS.values():
        yield from _arrows(row)
    yield from (f"    {status.value} --> [*]" for status in Status if status in ENDED)
    yield "```"
    yield ""
    yield "## Who may do what, from where, and what it needs"
    yield ""
    yield "| verb | 动作 | from | to | who | needs | way back |"
    yield "|---|---|---|---|---|---|---|"
    for row in TRANSITIONS.values():
        yield _line(row)
    yield ""
    yield "`undo` takes a step back and `amend` puts its paper's day and number right: who may do the step may do either, and so may"
    yield "who entered it. The task becomes what it was before; a step on which a later one builds waits until that one is undone. What"
    yield "is undone stays in the history and counts nowhere, also not in figures of a past day; a frozen version stays as it is."
    yield ""
    yield "## Role by action"
    yield ""
    parts = [part for part in Part if part is not Part.SYSTEM]
    yield "| verb | " + " | ".join(part.word for part in parts) + " |"
    yield "|---|" + ":-:|" * len(parts)
    for row in TRANSITIONS.values():
        marks = " | ".join("●" if part in row.by else "" for part in parts)
        yield f"| {row.verb.value} | {marks} |"
    yield ""
    yield "A substitute (AB岗) has the parts of the one substituted, but for the administrator's. The clerk may record any verb for"
    yield "the person it belongs to (代录); the command line and Excel always do."
    yield ""
    yield "## Needs"
    yield ""
    yield "Each has one check, in `rectification/casework/needs.py`."
    yield ""
    for need in Need:
        yield f"- `{need.value}`: {need.word}"


def access() -> Iterator[str]:
    """The page of who sees what."""
    yield "# Who sees what"
    yield ""
    yield "Written by `docs/make_tables.py` from `VISIBILITY` (`rectification/task/access.py`), which serves queries, pages, verbs and"
    yield "recipients of mail alike: change the table, not this page."
    yield ""
    yield "| role | 角色 | sees, beyond the tasks the person takes part in |"
    yield "|---|---|---|"
    for role in Role:
        yield f"| {role.value} | {role.word} | {VISIBILITY[role].word} |"
    yield ""
    yield "- To take part is to be officer, responsible leader, reviewer or approver, a participant (a person, or anybody of a unit that"
    yield "  takes part), or the owner of a measure; an unaccepted task without an officer is its unit head's."
    yield "- Drafts and archived items are the clerk's alone."
    yield "- A restricted task (仅限指定人员) is seen by those who take part in it and by the clerk."
    readers = "、".join(role.word for role in Role if ACCESS["reviews"].admits(frozenset({role})))
    yield f"- Reviews, briefing, hearings, summaries and annual pages are read by {readers}: not by an auditor limited to one"
    yield "  source, and a leader's summary counts his line; writing them is the clerk's."
    yield "- Nobody sees or touches another bureau's tasks. A task that is not for a person is not found, as if there were none."


def jobs() -> Iterator[str]:
    """The page of what runs when."""
    yield "# What runs when"
    yield ""
    yield "Written by `docs/make_tables.py` from `JOBS` (`flows/schedule.py`), which `prefect.yaml` and the embedded scheduler are tested"
    yield "to equal: change the table, not this page. Hours are in `RECTIFY_TIMEZONE` (Asia/Shanghai); a job is called daily and leaves"
    yield "at once when it is not its day."
    yield ""
    yield "| job | hour | days on which it acts | what it does |"
    yield "|---|---|---|---|"
    for job in JOBS.values():
        minute, hour = (job.cron or "  ").split(" ")[:2]
        days = (job.has_day.__doc__ or "").rstrip(".") if job.cron else ""
        time = f"{int(hour):02}:{int(minute):02}" if job.cron else "on demand"
        yield f"| `{job.name}` | {time} | {days} | {job.what} |"


def _arrows(row: Transition) -> Iterator[str]:
    name = verb_label(row.verb, PROBLEM)
    for origin in Status:
        if origin not in row.origins or row.target is None:
            continue
        yield f"    {origin.value} --> {row.target.value}: {name}"
        if row.publicised_target is not None:
            yield f"    {origin.value} --> {row.publicised_target.value}: {name}（须公示）"


def _line(row: Transition) -> str:
    origins = "、".join(status_label(status, PROBLEM) for status in Status if status in row.origins)
    if row.origins == frozenset(Status):
        origins = "any"
    target = (
        "before"
        if row.verb is Verb.UNDO
        else "same"
        if row.target is None
        else status_label(row.target, PROBLEM)
    )
    if row.publicised_target is not None:
        target += f" / {status_label(row.publicised_target, PROBLEM)}"
    who = "、".join(part.word for part in Part if part in row.by)
    needs = " ".join(f"`{need.value}`" for need in row.needs)
    back = " ".join(f"`{verb.value}`" for verb in row.way_back)
    said = (row.verb.value, verb_label(row.verb, PROBLEM), origins, target, who, needs, back)
    return f"| {' | '.join(said)} |"


PAGES: Final = {"lifecycle.md": lifecycle, "access.md": access, "jobs.md": jobs}


def main() -> int:
    """Write the pages; with --check only say which are not current."""
    stale = 0
    for name, page in PAGES.items():
        path, text = HERE / name, "\n".join(page()) + "\n"
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale += 1
            sys.stderr.write(f"docs/{name} is not current: run python docs/make_tables.py\n")
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main())
