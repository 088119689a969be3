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
from documents.task.pictures import NotShown, pictures
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
ORIENTATION = 0x0112


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
        self.proves_the_second()

    def proves_the_second(self) -> None:
        self.adds(
            "补齐情况台账.xlsx",
            sheet(("案卷号", "送达日期"), ("路罚〔2026〕3号", "2026-03-06")),
            EvidenceKind.REGISTER,
            0,
            2,
        )
        self.adds("送达回证.jpg", photo("JPEG"), EvidenceKind.PHOTO, 2)
        self.adds("案卷抽查.pdf", scan(3), EvidenceKind.CASE, 2)

    def closes(self, **answers: str) -> None:
        self.does("officer", casework.finish_measure, 1)
        self.does("officer", casework.finish_measure, 2)
        self.does("officer", casework.progress, "7个案卷已补齐。", count_done=7)
        said = "办案规程已修订，7个案卷的送达回证全部补齐，抽查20个新案卷无缺漏。"
        self.does("officer", casework.submit, said, despite_doubts=bool(answers))
        self.does("reviewer", casework.verify, "抽查7个案卷，送达回证齐全。", answer=answers)
        signed = self.store.keep(io.BytesIO(photo("PNG")), "审签单.png")
        paper = Paper(self.day, "法治〔2026〕12号", signed)
        self.does("leader", casework.approve, "同意销号。", paper=paper, answer=answers)

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
        assert f"校验码 {line.sha256[:12]}" in said
        assert line.sha256 not in said
    assert "第一条 送达回证由承办人收回。" in said
    assert "路罚〔2026〕3号 | 2026-03-06" in said
    assert (
        f"佐证4 | 案卷抽查.pdf／案卷／校验码 {task.evidence[3].sha256[:12]} | 2026年3月7日 | 2026年3月7日／陈路 | 措施2"
        in said
    )
    assert "签批件1　审签单.png" in said
    assert len(Document(io.BytesIO(data)).inline_shapes) == 1 + 3 + 1
    assert dossier(*life.file(), life.store, ZONE).to_bytes() == data


def test_each_doubt_stands_with_the_answer_of_each_stage(life: Life) -> None:
    life.proves_the_second()
    older = NewEvidence(
        archive_no="档〔2025〕7号", own_date=date(2025, 12, 1), kind=EvidenceKind.RULE, proves=(1,)
    )
    life.does("officer", casework.evidence, older)
    life.closes(dated_before_issue="是底档，用来对照，不作补齐的证据。")
    said = words(closing_sheet(*life.file()))
    told = "疑点和答复 | 1. 材料早于下达：材料“档〔2025〕7号”（2025-12-01）早于任务下达日 2026-03-02，别无更新的材料"
    assert f"{told}／复核答复（方核）：是底档，用来对照，不作补齐的证据。／审签答复（周分管）：是底档" in said


def test_a_doubt_nobody_answered_yet_leaves_room_and_a_closing_without_doubts_says_so(life: Life) -> None:
    assert "疑点和答复 | \n" in words(closing_sheet(*life.file()))
    life.proves()
    life.closes()
    assert "疑点和答复 | 无" in words(closing_sheet(*life.file()))
    life.does("reviewer", casework.reopen, "抽查3卷，1卷仍缺送达回证。")
    life.does("officer", casework.progress, "已补齐。")
    life.does("officer", casework.submit, "已再次补齐，逐卷核对无误。", despite_doubts=True)
    said = words(closing_sheet(*life.file()))
    assert "／复核答复：／审签答复：" in said
    assert "第1次：2026年3月11日陈路申请，2026年3月12日方核复核，2026年3月13日周分管审签：同意销号。" in said


def test_a_piece_taken_out_keeps_its_number(life: Life) -> None:
    life.proves()
    first = life.file()[0].evidence[0]
    life.does("officer", casework.detach, first.id, "放错了任务")
    task, events = life.file()
    said = words(dossier(task, events, life.store, ZONE).to_bytes())
    assert "（2026年3月31日前）——佐证：无" in said
    assert "佐证材料 | 佐证2 补齐情况台账.xlsx" in said
    assert "措施1／已取出：放错了任务" in said
    assert "第一条 送达回证由承办人收回。" not in said


def test_what_cannot_be_shown_is_named_with_the_reason(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.task.dossier._MOST_TEXT", 40)
    life.adds("照片.heic", b"\0\0\0\x18ftypheic" + bytes(200), EvidenceKind.PHOTO, 2)
    life.adds("坏.pdf", b"%PDF-1.7 " + bytes(200), EvidenceKind.CASE, 2)
    life.adds("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), EvidenceKind.CASE, 2)
    life.adds("长.txt", ("整改情况逐条说明。\n" * 30).encode(), EvidenceKind.CASE, 2)
    life.adds("丢失.txt", "后来不见了".encode(), EvidenceKind.CASE, 2)
    life.store.path(life.file()[0].evidence[-1].sha256).unlink()
    life.does("officer", casework.evidence, NewEvidence(archive_no="2026-法规-永久-012", proves=(1,)))
    said = words(dossier(*life.file(), life.store, ZONE).to_bytes())
    for name, reason in (
        ("照片.heic", "未在文中显示：打不开：已损坏、已加密，或是 HEIC 格式"),
        ("坏.pdf", "未在文中显示：打不开：已损坏、已加密"),
        ("旧.doc", "未在文中显示：这种格式的内容不能在 Word 中显示"),
        ("丢失.txt", "文件缺失，请告诉系统管理员"),
        ("纸质档号 2026-法规-永久-012", "纸质材料，存档案室"),
    ):
        [row] = [line for line in said.split("\n") if " | " in line and f"| {name}" in line]
        assert reason in row
    assert "只列前40字，版式和图片未显示。原件见一项一档的“佐证材料”文件夹。" in said


def test_many_pages_and_pieces_are_bounded(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.task.dossier._MOST_PIECES", 3)
    life.adds("长卷.pdf", scan(4), EvidenceKind.CASE, 2)
    life.adds(
        "分页.tif",
        photo("TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))] * 2),
        EvidenceKind.CASE,
        2,
    )
    life.adds("三.txt", "第三份".encode(), EvidenceKind.CASE, 2)
    life.adds("四.txt", "第四份".encode(), EvidenceKind.CASE, 2)
    data = dossier(*life.file(), life.store, ZONE).to_bytes()
    said = words(data)
    assert len(Document(io.BytesIO(data)).inline_shapes) == 2
    assert "共4页，只显示前1页。" in said
    assert "共3页，只显示前1页。" in said
    assert "第三份\n" in said
    assert "第四份" not in said
    assert "未在文中显示：只收前3份材料的内容" in said


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_a_picture_is_made_small_upright_and_without_what_the_telephone_noted(
    kind: str, tmp_path: Path
) -> None:
    noted = Image.Exif()
    noted[ORIENTATION] = 6
    place = tmp_path / "picture"
    place.write_bytes(photo(kind, (3000, 2000), **({} if kind in ("GIF", "BMP") else {"exif": noted})))
    [drawn], count = pictures(place, f"image/{kind.lower()}", 20)
    picture = Image.open(io.BytesIO(drawn))
    is_turned = kind not in ("GIF", "BMP")
    assert (picture.format, count, picture.size) == ("JPEG", 1, (933, 1400) if is_turned else (1400, 933))
    assert not picture.getexif()


def test_a_clear_picture_stands_on_white(tmp_path: Path) -> None:
    place = tmp_path / "印章.png"
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(place)
    [drawn], _ = pictures(place, "image/png", 1)
    assert Image.open(io.BytesIO(drawn)).getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_too_large_to_unpack_is_not_unpacked(tmp_path: Path) -> None:
    place = tmp_path / "bomb.png"
    Image.new("1", (8000, 8000)).save(place)
    with pytest.raises(NotShown, match="尺寸过大"):
        pictures(place, "image/png", 1)
