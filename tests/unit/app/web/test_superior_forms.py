"""A superior's form on its pages: handed in once, its heads corrected by clicks, filled, and taken in when it comes back."""

from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
from openpyxl import load_workbook
from openpyxl.drawing.image import Image
from sqlalchemy import select

from models.calendar import SuperiorForm
from models.enums import OfficeVerb
from models.history import OfficeEvent
from models.task import Progress
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Browser
from tests.unit.app.web.test_tables import BOOK, key_in
from tests.unit.documents.tables.superior_papers import any_form, justice_bureau, similar_tables


def handed_in(world: World, folder: Path, name: str = "市司法局台账") -> tuple[Browser, str]:
    clerk, content = world.board.browser(world.home.clerk), justice_bureau(folder / "台账.xlsx").read_bytes()
    answer = clerk.post("/forms", {"name": name}, files={"file": ("台账.xlsx", content, BOOK)})
    with world.board.database.reading() as session:
        form_id = session.scalars(select(SuperiorForm.id).where(SuperiorForm.name == name)).one()
    assert answer.headers["location"] == f"/forms/{form_id}"
    return clerk, f"/forms/{form_id}"


def test_heads_are_proposed_and_corrected_by_clicks(world: World, tmp_path: Path) -> None:
    clerk, form = handed_in(world, tmp_path)
    page = clerk.get(form).text
    assert "<option selected>整改进展/成效</option>" in page
    saved = clerk.post(form, {"name": "司法局新表", "head-1": "具体问题", "head-10": "备注"})
    assert saved.status_code == 303
    with world.board.database.reading() as session:
        found = session.scalars(select(SuperiorForm)).one()
        assert (found.name, dict(found.heads)["备注"], dict(found.heads)["整改措施"]) == (
            "司法局新表",
            "备注",
            "",
        )
        verbs = list(session.scalars(select(OfficeEvent.verb).order_by(OfficeEvent.sequence)))
    assert verbs[-2:] == [OfficeVerb.ADD_FORM, OfficeVerb.CHANGE_FORM]


def test_a_head_that_is_met_in_part_is_told(world: World, tmp_path: Path) -> None:
    clerk = world.board.browser(world.home.clerk)
    content = any_form(tmp_path / "表.xlsx", ["序号", "存在问题", "责任单位/责任人", "措施及时限"], [], 2, [])
    answer = clerk.post("/forms", {"name": "督察组"}, files={"file": ("表.xlsx", content.read_bytes(), BOOK)})
    page = clerk.get(answer.headers["location"]).text
    assert "<option selected>责任单位和责任人</option>" in page
    assert "这一栏还要写整改措施" in page
    assert "其中只填一部分的：措施及时限（缺整改措施）" in clerk.get("/forms").text


def test_a_form_with_a_picture_is_said_to_need_a_look_when_it_is_filled(world: World, tmp_path: Path) -> None:
    clerk, content = world.board.browser(world.home.clerk), justice_bureau(tmp_path / "台账.xlsx")
    book, seal = load_workbook(content), BytesIO()
    PIL.Image.new("RGB", (8, 8), "red").save(seal, "PNG")
    book.worksheets[0].add_image(Image(seal), "A1")
    book.save(tmp_path / "章.xlsx")
    for name, is_told in (("台账.xlsx", False), ("章.xlsx", True)):
        sent = {"file": (name, (tmp_path / name).read_bytes(), BOOK)}
        page = clerk.get(clerk.post("/forms", {"name": name}, files=sent).headers["location"]).text
        assert ("表里有图片或图形" in page) is is_told


def test_one_column_twice_is_refused_and_what_was_chosen_stays(world: World, tmp_path: Path) -> None:
    clerk, form = handed_in(world, tmp_path)
    refused = clerk.post(form, {"head-1": "具体问题", "head-2": "具体问题"})
    assert refused.status_code == 422
    assert "对应了两栏" in refused.text
    assert refused.text.count("<option selected>具体问题</option>") == 2


def test_what_was_filled_in_is_previewed_and_then_recorded(world: World, tmp_path: Path) -> None:
    clerk, form = handed_in(world, tmp_path)
    book = load_workbook(BytesIO(clerk.get(f"{form}/file?is_problem=true").content))
    sheet = book["附件1"]
    place = next(n for n in range(5, sheet.max_row) if "完成" in str(sheet.cell(n, 3).value))
    sheet.cell(place, 8).value = "已完成全部案卷自查并逐件补正。"
    out = BytesIO()
    book.save(out)

    preview = clerk.post("/ledger", {"form": form[7:]}, files={"file": ("台账.xlsx", out.getvalue(), BOOK)})
    assert "只是预览" in preview.text
    with world.board.database.reading() as session:
        assert not session.scalars(select(Progress).where(Progress.text.contains("逐件补正"))).all()
    done = clerk.post("/ledger", {"form": form[7:], "upload": key_in(preview.text)})
    assert "已经导入" in done.text
    with world.board.database.reading() as session:
        assert len(session.scalars(select(Progress).where(Progress.text.contains("逐件补正"))).all()) == 1


def test_the_days_of_issue_and_the_kind_narrow_it(world: World, tmp_path: Path) -> None:
    clerk, form = handed_in(world, tmp_path)
    none = load_workbook(BytesIO(clerk.get(f"{form}/file?since=2099-01-01&until=&source=").content))["附件1"]
    assert none["B5"].value is None
    assert none["A6"].value == "合计"
    assert clerk.get(f"{form}/file?since=gestern").status_code == 422


def test_a_form_is_the_bureau_s_own_and_goes_when_it_is_removed(world: World, tmp_path: Path) -> None:
    clerk, form = handed_in(world, tmp_path)
    foreign = world.board.browser(world.foreign.clerk)
    assert foreign.get(form).status_code == foreign.get(f"{form}/file").status_code == 404
    assert "<summary>删去这个表样</summary>" in clerk.get(form).text
    assert clerk.post(form, {"do": "remove"}).headers["location"] == "/forms"
    assert clerk.get(form).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.xlsx", b"", "文件是空的"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .docx 或 .xlsx"),
        ("新.et", b"PK\x03\x04", "另存为 .docx 或 .xlsx"),
        ("网页.xlsx", b"<html>", "不是 Excel 工作簿"),
    ],
)
def test_what_is_no_form_is_refused_with_what_to_do(
    world: World, name: str, content: bytes, says: str
) -> None:
    clerk = world.board.browser(world.home.clerk)
    answer = clerk.post("/forms", {"name": "表"}, files={"file": (name, content, BOOK)})
    assert answer.status_code == 422
    assert says in answer.text


def test_of_two_tables_alike_the_clerk_says_which(world: World, tmp_path: Path) -> None:
    clerk, content = world.board.browser(world.home.clerk), similar_tables(tmp_path / "f.xlsx").read_bytes()
    asked = clerk.post("/forms", {"name": "表"}, files={"file": ("f.xlsx", content, BOOK)})
    assert "有 2 张表都像台账" in asked.text
    answered = clerk.post(
        "/forms", {"name": "表", "sheet": "附件2"}, files={"file": ("f.xlsx", content, BOOK)}
    )
    page = clerk.get(answered.headers["location"]).text
    assert "f.xlsx，附件2" in page
    assert "每一栏对应什么" in page
