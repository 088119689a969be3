"""Files that come in by the pages: evidence, reports, lists of people, and what is none of these."""

import re
from html import unescape
from io import BytesIO

from httpx2 import Response
from openpyxl import Workbook
from sqlalchemy import select

from documents.office.people_sheet import HEADS
from models.enums import Status
from models.task import RectificationTask
from tests.factories import DAY
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Board

REPORT = """云山县交通运输局
2025年度法治政府建设情况报告

一、主要举措和成效
（一）规范执法。全年办理案件一百余件。

二、存在的不足
（一）执法案卷制作不规范，个别案卷缺少送达回证。
（二）政府信息公开答复不及时。

三、2026年工作安排
（一）开展案卷评查，每季度一次。

云山县交通运输局
2026年2月18日
"""


def _sheet(*rows: tuple[str, ...]) -> BytesIO:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS)
    for row in rows:
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content


def test_people_come_by_excel_first_as_a_preview(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    rows = _sheet(
        ("白露", "bailu", "养护科", "科员", "责任人", "", "bailu@example.gov.cn"),
        ("黑云", "heiyun", "养护科", "", "皇帝", "", ""),
    )

    preview = clerk.post("/people/import", files={"file": ("people.xlsx", rows)})
    assert preview.status_code == 200
    assert "将登记科室：养护科" in preview.text
    assert "第 3 行" in preview.text
    assert "bailu" not in clerk.get("/people").text

    packed = re.search(r'name="rows" value="([^"]+)"', preview.text)
    assert packed is not None
    assert clerk.post("/people/import", {"rows": unescape(packed[1])}).status_code == 303
    page = clerk.get("/people").text
    assert "bailu@example.gov.cn" in page
    assert "heiyun" not in page


def test_what_is_no_sheet_is_refused_in_words(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    answer = clerk.post("/people/import", files={"file": ("people.xlsx", BytesIO(b"not a workbook"))})
    assert answer.status_code == 422
    assert "Traceback" not in answer.text
    assert clerk.post("/people/import", {"rows": "[{]"}).status_code == 422


def test_evidence_is_kept_and_given_back_as_a_file_to_save(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    content = b"%PDF-1.4 proof"
    sent = officer.post(
        f"/tasks/{world.running}/evidence",
        {"note": "抽查记录"},
        files={"file": ("抽查记录.pdf", BytesIO(content), "text/html")},
    )
    assert sent.status_code == 303

    page = officer.get(f"/tasks/{world.running}").text
    link = re.search(r'href="(/tasks/[^"]+/evidence/\d+)"', page)
    assert link is not None
    saved = officer.get(link[1])
    assert saved.content == content
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert world.board.browser(world.foreign.officer).get(link[1]).status_code == 404


def test_a_program_is_no_evidence(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    sent = officer.post(
        f"/tasks/{world.running}/evidence", files={"file": ("a.pdf", BytesIO(b"MZ\x90\x00" + b"\0" * 64))}
    )

    assert sent.status_code == 422


def test_a_report_comes_in_and_its_drafts_go_out_together(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    taken = clerk.post(
        "/reports/upload", files={"file": ("report.txt", BytesIO(REPORT.encode()), "text/plain")}
    )
    assert taken.status_code == 303
    place = taken.headers["location"]
    page = clerk.get(place).text
    assert "读出 2 项不足、1 项计划" in page
    assert "<mark" in page

    form = clerk.get(f"{place}/issue").text
    codes = re.findall(r'name="([\d-]+)\.is_chosen"', form)
    assert len(codes) == 3
    proposed = {
        code: title for title, code in re.findall(r'value="([^"]+)"[^>]* name="([\d-]+)\.title"', form)
    }
    assert list(proposed) == codes
    assert all(title in REPORT for title in proposed.values())
    shared = {"reviewer_id": world.home.reviewer.id}
    lines = {f"{code}.is_chosen": "on" for code in codes}
    dated = {f"{code}.due_on": "2026-09-30" for code in codes}
    missing = clerk.post(f"{place}/issue", {**shared, **lines, **dated, "do": "issue"})
    assert missing.status_code == 422
    assert missing.text.count("没有指定责任单位") == 3
    assert "共3项有误，一项也没有下达" in missing.text

    units = {f"{code}.lead_unit_id": world.home.roads.id for code in codes[:2]}
    chosen = {f"{code}.is_chosen": "on" for code in codes[:2]}
    titles = {f"{codes[0]}.title": "执法案卷", f"{codes[1]}.title": ""}
    done = clerk.post(f"{place}/issue", {**shared, **chosen, **units, **dated, **titles, "do": "issue"})
    with world.board.database.reading() as session:
        by_code = {task.code: task.title for task in session.scalars(select(RectificationTask))}
    assert [by_code[code] for code in codes[:2]] == ["执法案卷", proposed[codes[1]]]
    assert done.status_code == 303
    archived = clerk.post(f"{place}/issue", {f"{codes[2]}.is_chosen": "on", "do": "archive"})
    assert archived.status_code == 303
    assert [status_of(world, code) for code in codes] == [Status.ASSIGNED, Status.ASSIGNED, Status.ARCHIVED]


def test_a_typed_name_does_not_take_another_bureaus_report(world: World) -> None:
    clerk, own = world.board.browser(world.home.clerk), world.home.bureau.name
    other = REPORT.replace(own, "临河县水利局")

    def send(text: str, **said: str) -> Response:
        return clerk.post("/reports/upload", said, files={"file": ("r.txt", BytesIO(text.encode()))})

    refused = send(other, org=own)
    assert refused.status_code == 422
    assert f"报告里写的是“临河县水利局”，填写的单位是“{own}”" in refused.text
    assert send(other, org=own, is_alias="on").status_code == 303
    assert send(other + "。", org=own).status_code == 303, "now both are names of one bureau"


def test_what_is_no_report_is_refused_in_words(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    nothing = clerk.post("/reports/upload", {"year": "2025"})
    assert nothing.status_code == 422
    assert "没有选择文件" in nothing.text
    picture = clerk.post(
        "/reports/upload", files={"file": ("a.docx", BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 99))}
    )
    assert picture.status_code == 422
    assert "图片" in picture.text


def test_a_body_that_is_too_large_is_stopped(world: World) -> None:
    small = Board(world.board.database, world.board.folder, DAY, {"evidence_megabytes": 1})
    clerk = small.browser(world.home.clerk)

    answer = clerk.post("/reports/upload", files={"file": ("a.txt", BytesIO(b"0" * (10 * 2**20)))})

    assert answer.status_code == 413
    assert "一个文件最多 1 MB，一次提交合计最多 9 MB" in answer.text
    assert "按浏览器的“后退”可以回到表单" in answer.text


def test_pages_warn_of_secrets_where_something_is_uploaded_and_nowhere_else(world: World) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.board.browser(world.home.officer)
    running, warning = f"/tasks/{world.running}", "本系统为非涉密系统，严禁上传国家秘密"
    recorded = f"{running}/progress?for={world.home.officer.login}"
    for path in ("/reports/upload", "/people/import", "/ledger", "/breakdown", recorded):
        assert warning in clerk.get(path).text, path
    for path in (f"{running}/progress", f"{running}/evidence"):
        assert warning in officer.get(path).text, path
    for person, path in ((clerk, f"/tasks/{world.draft}/issue"), (officer, f"{running}/request-extension")):
        assert warning not in person.get(path).text, path
