"""销号单 and 销号卷宗 of a life told by the verbs: what an inspector reads, and what is shown of each kind of evidence."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.files import FileStore
from documents.task.dossier import dossier
from documents.task.papers import closing_sheet
from models.enums import Channel, EvidenceKind
from models.organisation import Person
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence, NewMeasure
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import EventRow
from rectification.office.actors import Acting, Paper
from tests.factories import DAY, acting, actor, case_file, clock_on, make_bureau, make_draft
from tests.unit.documents.task.test_papers import ZONE, history, words

CODE = "2026-001"
EXIF_ORIENTATION = 0x0112


class Life:
    """The life of one problem, a deed a day."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.day = database, DAY
        self.store = FileStore(folder / "evidence", max_bytes=32 << 20)
        with database.unit_of_work() as session:
            self.office = make_bureau(session)
            make_draft(session, self.office, text="行政处罚案卷制作不规范，评查中有7个案卷缺少送达回证。")

    def does(self, login: str, verb: Any, *given: Any, paper: Paper | None = None, **named: Any) -> None:
        """Let somebody do something today; on a `paper` the clerk records it."""
        with self.database.unit_of_work() as session:
            by = acting(session, person(session, login), self.day)
            if paper:
                clerk = actor(session, person(session, "clerk"), self.day)
                by = Acting(by.actor, Channel.WEB, recorder=clerk, paper=paper)
            verb(session, clock_on(self.day), by, CODE, *given, **named)
        self.day += timedelta(days=1)

    def adds(self, name: str, content: bytes, kind: EvidenceKind, *proves: int, note: str = "") -> None:
        file = self.store.keep(io.BytesIO(content), name)
        self.does("officer", casework.evidence, NewEvidence(file, "", note, self.day, kind, proves))

    def begins(self) -> None:
        steps = (
            NewMeasure("修订行政处罚办案规程，明确送达回证由谁收、何时归卷", date(2026, 3, 31)),
            NewMeasure("补齐7个案卷的送达回证", date(2026, 4, 30)),
        )
        order = IssueOrder(
            lead_unit_id=self.office.roads.id,
            reviewer_id=self.office.reviewer.id,
            title="规范行政处罚案卷",
            goal="2026年案卷评查中送达回证无缺漏",
            count_total=7,
            due_on=date(2026, 6, 30),
        )
        self.does("clerk", casework.issue, order)
        self.does("head", casework.accept, officer_id=self.office.officer.id, measures=steps)

    def proves(self) -> None:
        self.adds(
            "办案规程（修订）.docx",
            word("第一条　送达回证由承办人收回。", "第二条　结案前归卷。"),
            EvidenceKind.RULE,
            1,
        )
        self.adds(
            "补齐情况台账.xlsx",
            sheet(("案卷号", "送达日期"), ("路罚〔2026〕3号", "2026-03-06")),
            EvidenceKind.REGISTER,
            0,
            2,
        )
        self.adds("送达回证.jpg", photo("JPEG"), EvidenceKind.PHOTO, 2)
        self.adds("案卷抽查.pdf", scan(3), EvidenceKind.CASE, 2)

    def closes(self) -> None:
        self.does("officer", casework.finish_measure, 1)
        self.does("officer", casework.finish_measure, 2)
        self.does("officer", casework.progress, "7个案卷已补齐。", count_done=7)
        self.does(
            "officer", casework.submit, "办案规程已修订，7个案卷的送达回证全部补齐，抽查20个新案卷无缺漏。"
        )
        self.does("reviewer", casework.verify, "抽查7个案卷，送达回证齐全。")
        signed = self.store.keep(io.BytesIO(photo("PNG")), "审签单.png")
        paper = Paper(self.day, "法治〔2026〕12号", signed)
        self.does("leader", casework.approve, "同意销号。", paper=paper)

    def file(self) -> tuple[CaseFile, list[EventRow]]:
        with self.database.reading() as session:
            task = case_file(session, CODE, self.day)
        return task, history(self.database, task)


def person(session: Session, login: str) -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()


def word(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def sheet(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    assert book.active
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def photo(kind: str, size: tuple[int, int] = (1600, 1200), **options: Any) -> bytes:
    image = Image.new("RGB", size, "lightsteelblue")
    ImageDraw.Draw(image).rectangle(
        (200, 150, size[0] - 200, size[1] - 150), fill="white", outline="black", width=8
    )
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scan(pages: int) -> bytes:
    return photo(
        "PDF",
        (1240, 1754),
        save_all=True,
        append_images=[Image.new("RGB", (1240, 1754), "white")] * (pages - 1),
    )


@pytest.fixture
def life(database: Database, tmp_path: Path) -> Life:
    found = Life(database, tmp_path)
    found.begins()
    return found


def test_the_sheet_says_what_proves_each_measure_and_the_count(life: Life) -> None:
    life.proves()
    life.closes()
    said = words(closing_sheet(*life.file()))
    assert "何时归卷（2026年3月31日前，2026年3月8日完成）——佐证1／" in said
    assert "2. 补齐7个案卷的送达回证（2026年4月30日前，2026年3月9日完成）——佐证2、佐证3、佐证4" in said
    assert "共7项，已完成7项——佐证2" in said
    assert "佐证3 送达回证.jpg（照片，2026年3月6日）" in said
    assert "（管台代录，依据：2026年3月13日 法治〔2026〕12号）" in said


def test_a_measure_without_proof_says_so(life: Life) -> None:
    assert "归卷（2026年3月31日前）——佐证：无" in words(closing_sheet(*life.file()))


def test_the_dossier_shows_what_it_can_of_each_piece(life: Life) -> None:
    life.proves()
    life.closes()
    task, events = life.file()
    data = dossier(task, events, life.store, ZONE).to_bytes()
    said = words(data)
    for line in task.evidence:
        assert f"SHA-256 {line.sha256}" in said
    assert "第一条 送达回证由承办人收回。" in said
    assert "路罚〔2026〕3号 | 2026-03-06" in said
    assert (
        f"佐证4 | 案卷抽查.pdf／案卷／SHA-256 {task.evidence[3].sha256} | 2026年3月7日 | 2026年3月7日／陈路 | 措施2"
        in said
    )
    assert "签批件1　审签单.png" in said
    assert len(Document(io.BytesIO(data)).inline_shapes) == 1 + 3 + 1
    assert dossier(*life.file(), life.store, ZONE).to_bytes() == data
