"""An office with a filled ledger, for the papers and sheets made from it."""

import os
import shutil
import subprocess
from datetime import date
from html import unescape
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from models.enums import ItemKind
from models.task import Measure, Participant
from rectification import casework
from rectification.casework import IssueOrder
from rectification.lists.case_file import CaseFile
from rectification.lists.load_case_files import case_files
from rectification.office.calendar import load_calendar
from tests.factories import Office, acting, clock_on, make_bureau, make_draft, make_task

SHOWN_ON = date(2026, 6, 8)
CAUSE, REMARK, SAID = "内部原因分析若干", "内部备注若干", "内部进展若干"


def filled_office(session: Session) -> Office:
    """A problem in the works with everything on it, an overdue one, a plan, a restricted problem, a draft."""
    office = make_bureau(session)
    order = IssueOrder(title="规范案卷制作", goal="案卷评查全部合格", due_on=date(2026, 6, 30))
    task = make_task(session, office, order=order)
    task.cause, task.remark, task.category = CAUSE, REMARK, "案卷质量"
    session.add_all(
        [
            Measure(
                task_id=task.id,
                position=1,
                text="修订办案规程",
                owner_id=office.officer.id,
                due_on=date(2026, 3, 31),
            ),
            Measure(task_id=task.id, position=2, text="每季度自查一次"),
            Participant(task_id=task.id, unit_id=office.transport.id),
        ]
    )
    casework.progress(session, clock_on(date(2026, 3, 20)), acting(session, office.officer), task.code, SAID)
    make_task(session, office, text="信息公开答复超期", order=IssueOrder(due_on=date(2026, 5, 29)))
    make_task(
        session,
        office,
        kind=ItemKind.PLAN,
        text="组织两次案卷评查",
        order=IssueOrder(due_on=date(2026, 12, 31)),
    )
    make_task(session, office, text="仅限指定人员的内容").is_restricted = True
    make_draft(session, office, text="尚未下达的问题")
    session.flush()
    return office


def whole(database: Database) -> list[CaseFile]:
    """Every task of the ledger on SHOWN_ON."""
    with database.reading() as session:
        return case_files(session, SHOWN_ON, load_calendar(session))


def raw(path: Path) -> str:
    """All that a file holds, hidden or not, as text; Chinese may stand in it as character references."""
    with ZipFile(path) as parts:
        return "\n".join(
            unescape(parts.read(name).decode("utf-8", errors="replace")) for name in parts.namelist()
        )


def converted(path: Path, ending: str, folder: Path) -> Path:
    """The file as LibreOffice saves it; the test is skipped where there is none, and fails so on CI."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have LibreOffice: files are opened by another program there")
        pytest.skip("LibreOffice is not installed here; the file is measured by itself alone")
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}.{ending}"
