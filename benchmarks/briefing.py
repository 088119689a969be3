"""What a briefing costs: one bureau with 500 tasks to a frozen version and a Word file; then hundreds of bureaus', with
their leaders' pages by the flow that makes them.

    python -m benchmarks.briefing [--bureaus 1000]

The first runs in a process of its own, so that its memory is its own. Tasks go through eight events each.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from documents.halfyear.briefing_docx import write_briefing
from flows.runner import run_job
from models import schema
from models.base import Base
from models.enums import Cadence, Channel, Role
from models.organisation import Person, Unit
from rectification.halfyear import cycles, freezing
from rectification.halfyear.review_days import Term
from rectification.office.actors import Actor
from rectification.office.journal import by_system
from rectification.office.people import NewPerson, add_person
from rectification.office.sources import OWN_REPORT, NewSource, source_for
from rectification.office.units import add_bureau, add_department
from tasks.workplace import workplace

TERM: Final = Term(Cadence.HALF_YEARLY, 2026, 1)
DAY: Final = date(2026, 7, 1)
CLOCK: Final = Clock(datetime(2026, 7, 1, 1, tzinfo=UTC), DAY)
SYSTEM: Final = by_system(CLOCK, Channel.FLOW)
STEPS: Final = (
    ("draft", "draft"),
    ("issue", "assigned"),
    ("accept", "in_progress"),
    ("progress", "in_progress"),
    ("progress", "in_progress"),
    ("submit", "submitted"),
    ("verify", "verified"),
    ("approve", "closed"),
)
WORDS: Final = "个别执法案卷缺少送达回证，文书引用条款不完整，归档不及时，存在超过法定期限办理的情形。" * 3


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bureaus", type=int, default=1000)
    parser.add_argument("--one", type=Path)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(chosen.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "one.db"
        fill(ledger, bureaus=1, tasks=500)
        command = [sys.executable, "-m", "benchmarks.briefing", "--one", str(ledger)]
        measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(
            f"500 tasks: freeze {measured['freeze']:.2f} s, Word {measured['word']:.2f} s, {measured['mb']:.0f} MB"
        )
        for count in (chosen.bureaus // 4, chosen.bureaus // 2, chosen.bureaus):
            ledger = Path(folder) / f"{count}.db"
            fill(ledger, bureaus=count, tasks=20)
            cpu = time.process_time()
            seconds = many(ledger)
            each = (time.process_time() - cpu) / count * 1000
            print(f"{count} bureaus of 20 tasks: {seconds:.1f} s, {each:.0f} ms of processor each")
            cpu = time.process_time()
            seconds, pages = by_flow(ledger)
            each = (time.process_time() - cpu) / count * 1000
            print(
                f"  their leaders' pages by the flow: {pages} in {seconds:.1f} s, {each:.0f} ms of processor each"
            )


def one(ledger: Path) -> dict[str, float]:
    """Freeze and write, in seconds and peak megabytes of this process."""
    with Database(f"sqlite:///{ledger}") as database:
        start, cpu = time.perf_counter(), time.process_time()
        with database.unit_of_work() as session:
            bureau = session.query(Unit).filter(Unit.is_home).one()
            version = freezing.freeze(
                session, CLOCK, clerk_of(session, bureau.id), cycle_of(session, bureau.id)
            )
        frozen = time.perf_counter()
        write_briefing(version)
        done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    used = time.process_time() - cpu
    return {"freeze": frozen - start, "word": done - frozen, "cpu": used, "mb": peak}


def many(ledger: Path) -> float:
    """Freeze and write every bureau's, one unit of work each."""
    with Database(f"sqlite:///{ledger}") as database:
        with database.reading() as session:
            bureaus = [unit.id for unit in session.query(Unit).filter(Unit.bureau_id == Unit.id)]
        start = time.perf_counter()
        for bureau_id in bureaus:
            with database.unit_of_work() as session:
                cycle = cycle_of(session, bureau_id)
                version = freezing.freeze(session, CLOCK, clerk_of(session, bureau_id), cycle)
            write_briefing(version)
        return time.perf_counter() - start


def by_flow(ledger: Path) -> tuple[float, int]:
    """The month's and the half-year's page of every bureau by progress_summary, the morning after the freeze."""
    os.environ |= {"RECTIFY_DATABASE_URL": f"sqlite:///{ledger}", "RECTIFY_DATA_DIR": str(ledger.parent)}
    workplace.cache_clear()
    start = time.perf_counter()
    outcome = run_job("progress_summary", {"day": DAY + timedelta(days=1)})
    return time.perf_counter() - start, outcome.counts["pages"]


def cycle_of(session: Session, bureau_id: int) -> Any:
    return cycles.cycle_named(session, bureau_id, TERM)


def clerk_of(session: Session, bureau_id: int) -> Actor:
    person = session.query(Person).filter(Person.bureau_id == bureau_id).order_by(Person.id).first()
    if person is None:
        raise RuntimeError("the bureau has nobody")
    return Actor(person.id, bureau_id, bureau_id, person.login, person.name, frozenset({Role.CLERK}))


def fill(ledger: Path, *, bureaus: int, tasks: int) -> None:
    """Bureaus with their tasks and histories; every fifth task is closed, every fifth overdue."""
    with Database(f"sqlite:///{ledger}") as database:
        schema.upgrade(database)
        with database.unit_of_work() as session:
            for number in range(bureaus):
                _bureau(session, number, tasks)


def _bureau(session: Session, number: int, tasks: int) -> None:
    bureau = add_bureau(session, SYSTEM, f"第{number}局")
    units = [add_department(session, SYSTEM, bureau, f"{name}科") for name in ("路政", "运输", "法规")]
    people = [
        add_person(
            session,
            SYSTEM,
            bureau,
            NewPerson(f"人员{n}", f"p{number}-{n}", unit.name, roles=(Role.OFFICER,)),
        )
        for n, unit in enumerate(units)
    ]
    source = source_for(session, SYSTEM, bureau.id, NewSource(OWN_REPORT, "年度报告")).id
    tables = Base.metadata.tables
    first = number * tasks + 1
    rows = [_task(first + n, bureau.id, units[n % 3].id, people[n % 3].id, source, n) for n in range(tasks)]
    session.execute(insert(tables["rectification_task"]), rows)
    events: list[dict[str, Any]] = []
    for n in range(tasks):
        for step in range(_steps(n)):
            events.append(_event(first + n, bureau.id, len(events) + 1, people[n % 3].id, step))
    session.execute(insert(tables["task_event"]), events)
    session.execute(
        insert(tables["progress"]), [_progress(first + n, people[n % 3].id) for n in range(tasks)]
    )
    cycles.open_review(session, CLOCK, clerk_of(session, bureau.id), TERM)


def _steps(n: int) -> int:
    return len(STEPS) if n % 5 == 0 else 5


def _task(number: int, bureau: int, unit: int, person: int, source: int, n: int) -> dict[str, Any]:
    due = DAY - timedelta(days=30) if n % 5 == 1 else DAY + timedelta(days=90)
    table: Table = Base.metadata.tables["rectification_task"]
    values: dict[str, Any] = {column.name: None for column in table.columns}
    values |= {
        "id": number,
        "bureau_id": bureau,
        "code": f"2025-{n + 1:03d}",
        "kind": "plan" if n % 3 == 0 else "shortcoming",
        "status": STEPS[_steps(n) - 1][1],
        "version": 1,
        "title": f"2025年报告·第{n + 1}项",
        "text": WORDS,
        "cause": "",
        "category": "",
        "goal": "",
        "remark": "",
        "source_id": source,
        "lead_unit_id": unit,
        "officer_id": person,
        "approval_level": "leader",
        "time_limit": "dated",
        "issued_on": date(2026, 3, 2),
        "due_on": due,
        "original_due_on": due,
        "deadline_on": due,
        "paused_days": 0,
        "extension_count": 0,
        "days_overdue_at_submission": 0 if n % 5 == 0 else None,
        "days_overdue_at_redating": 0,
        "created_at": CLOCK.now,
    }
    flags = [column.name for column in table.columns if column.name.startswith("is_")]
    return values | dict.fromkeys(flags, False)


def _event(task: int, bureau: int, sequence: int, person: int, step: int) -> dict[str, Any]:
    verb, status = STEPS[step]
    return {
        "bureau_id": bureau,
        "sequence": sequence,
        "task_id": task,
        "verb": verb,
        "old_status": None,
        "new_status": status,
        "actor_id": person,
        "recorder_id": None,
        "channel": "web",
        "at": CLOCK.now,
        "effective_on": date(2026, 3, 2) + timedelta(days=12 * step),
        "paper_no": "",
        "paper_date": None,
        "changes": {},
        "text_hash": "",
        "previous_hash": "0" * 64,
        "hash": "0" * 64,
    }


def _progress(task: int, person: int) -> dict[str, Any]:
    return {
        "task_id": task,
        "person_id": person,
        "text": "已组织自查并补正案卷，正在修订归档制度。",
        "late_reason": "第三方评查结果晚于预期。",
        "needs_decision": "",
        "reported_on": date(2026, 6, 10),
        "created_at": CLOCK.now,
    }


if __name__ == "__main__":
    main()
