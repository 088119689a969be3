"""Lists of people as offices send them, brought in on the command line into an office that works with its tasks."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from app.cli import common
from rectification.casework import leaving
from tests.cli import Rectify, Said, person_named
from tests.factories import BY

HEADS = ("姓名", "登录名", "科室", "职务", "角色", "手机", "邮箱")
BASE = (
    ("周管", "zhouguan", "法规科", "科员", "台账管理员、系统管理员", "13800000001", "zhouguan@example.gov.cn"),
    ("钱复", "qianfu", "法规科", "科长", "复核人", "13800000002", "qianfu@example.gov.cn"),
    ("孙领", "sunling", "云溪县交通运输局", "副局长", "分管领导", "13800000003", "sunling@example.gov.cn"),
    ("李主", "lizhu", "云溪县交通运输局", "局长", "主要负责人", "13800000004", "lizhu@example.gov.cn"),
    ("吴路", "wulu", "路政科", "科员", "责任人", "13800000005", "wulu@example.gov.cn"),
    ("郑运", "zhengyun", "运输科", "科员", "责任人", "13800000006", "zhengyun@example.gov.cn"),
    ("王头", "wangtou", "路政科", "科长", "科室负责人", "13800000007", "wangtou@example.gov.cn"),
    ("冯离", "fengli", "运输科", "科员", "责任人", "13800000008", "fengli@example.gov.cn"),
)  # fmt: skip
REPORT = """云溪县交通运输局2025年法治政府建设年度报告

一、主要做法
（一）健全机制。全年召开专题会议四次。

二、存在的不足
（一）执法文书制作不规范。部分案卷缺少送达回证。
（二）普法形式单一。面向货车司机的宣传较少。

三、2026年工作安排
（一）开展执法案卷评查。每半年组织一次。

云溪县交通运输局
2026年1月15日
"""
MOVED = ("吴路", "wulu", "运输科", "科员", "责任人", "13800000005", "wulu@example.gov.cn")


def sheet(path: Path, *rows: tuple[object, ...], change: Callable[[Worksheet], object] | None = None) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(list(row))
    if change:
        change(page)
    book.save(path)
    return path


@pytest.fixture
def office(rectify: Rectify, tmp_path: Path) -> Rectify:
    """The report of a bureau, its people by list, and two tasks issued: to 吴路 of 路政科 and to 郑运 of 运输科."""
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    rectify.ok("report", "import", report, "--new-bureau", "--on", "2026-02-02")
    said = rectify.ok("people", "import", sheet(tmp_path / "base.xlsx", HEADS, *BASE))
    assert "已新增 8 人" in said.out
    assert "已登记科室：法规科、路政科、运输科" in said.out
    for code, login in (("2025-001", "wulu"), ("2025-002", "zhengyun")):
        rectify.ok(
            *("task", "issue", code, "--as", "zhouguan", "--officer", login, "--leader", "sunling"),
            *("--reviewer", "qianfu", "--due", "2026-12-20", "--time-limit", "dated", "--on", "2026-02-03"),
        )
    return rectify


def people(rectify: Rectify) -> dict[str, dict[str, Any]]:
    return {each["login"]: each for each in rectify.ok("people", "list", "--json").json}


def officers(rectify: Rectify) -> dict[str, str]:
    return {
        each["code"]: each["officer"] for each in rectify.ok("task", "list", "--json").json if each["officer"]
    }


def test_the_same_list_again_changes_nothing_whatever_size_it_claims(office: Rectify, tmp_path: Path) -> None:
    path = sheet(tmp_path / "again.xlsx", HEADS, *BASE)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert b'<dimension ref="A1:G9"' in parts[name]
    parts[name] = parts[name].replace(b'<dimension ref="A1:G9"', b'<dimension ref="A1:A1"')
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    before = people(office)

    said = office.ok("people", "import", path)

    assert "已新增 0 人，更新 0 人，未变 8 人" in said.out
    assert people(office) == before


def test_a_list_of_telephones_changes_telephones_and_locks_nobody_out(
    office: Rectify, tmp_path: Path
) -> None:
    rows = (
        ("吴路", "wulu", "路政科", "13900000005"),
        ("周管", "zhouguan", "法规科", "13900000001"),
        ("钱复", "qianfu", "法规科", "13900000002"),
    )
    path = sheet(tmp_path / "partial.xlsx", ("姓名", "登录名", "科室", "手机"), *rows)
    before = people(office)

    preview = office.ok("people", "import", path, "--dry-run").out

    assert [line for line in preview.splitlines() if "→" in line] == [
        "wulu　手机：13800000005 → 13900000005",
        "zhouguan　手机：13800000001 → 13900000001",
        "qianfu　手机：13800000002 → 13900000002",
    ]
    assert people(office) == before
    assert "已新增 0 人，更新 3 人，未变 0 人" in office.ok("people", "import", path).out
    telephones = {login: telephone for _, login, _, telephone in rows}
    for login, row in people(office).items():
        changed = (
            {"phone": telephones[login], "version": before[login]["version"] + 1}
            if login in telephones
            else {}
        )
        assert row == before[login] | changed
    again = office.ok("people", "import", path).out
    assert "更新 0 人，未变 3 人" in again
    office.ok("task", "instruct", "2025-001", "--as", "lizhu", "--text", "抓紧办理", "--on", "2026-02-04")


def test_who_changes_unit_with_tasks_waiting_is_asked_about_and_nothing_moves_before(
    office: Rectify, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "move.xlsx", HEADS, MOVED)

    asked = office("people", "import", path)

    assert (asked.code, "更新 0 人" in asked.out) == (1, True)
    assert "第 2 行没有写入：吴路调往运输科" in asked.err
    assert "2025-001" in asked.err
    assert "--tasks wulu=keep（或接手人），将改 科室：路政科 → 运输科" in asked.err
    assert people(office)["wulu"]["unit"] == "路政科"

    office.ok("people", "import", path, "--tasks", "wulu=keep")

    assert people(office)["wulu"]["unit"] == "运输科"
    assert officers(office) == {"2025-001": "吴路", "2025-002": "郑运"}
    assert "由路政科调往运输科，仍由本人办理" in office.ok("audit", "office").out


def test_who_changes_unit_hands_the_old_units_tasks_over_with_a_record_each(
    office: Rectify, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "move.xlsx", HEADS, MOVED)

    unfit = office("people", "import", path, "--tasks", "wulu=qianfu")
    assert (unfit.code, len(unfit.err.strip().splitlines())) == (1, 1)
    assert people(office)["wulu"]["unit"] == "路政科"

    assert "科室：路政科 → 运输科" in office.ok("people", "import", path, "--tasks", "wulu=wangtou").out

    assert officers(office) == {"2025-001": "王头", "2025-002": "郑运"}
    shown = office.ok("task", "show", "2025-001", "--json").json
    assert shown["timeline"][-1]["text"].startswith("岗位调整")
    office.ok("audit", "verify")


def test_a_login_in_other_letters_is_the_same_person_asked_about(office: Rectify, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "case.xlsx",
        HEADS,
        ("吴路二", "WuLu", "路政科", None, "责任人", None, None),
        ("张伟", "zhangwei1", "路政科", None, "责任人", None, None),
        ("张伟", "zhangwei2", "运输科", None, "责任人", None, None),
    )

    said = office("people", "import", path)

    assert (said.code, "已新增 2 人" in said.out) == (1, True)
    assert "登录名“wulu”已是吴路，表中写作吴路二" in said.err
    assert "--same wulu" in said.err
    now = people(office)
    assert (len(now), now["wulu"]["name"]) == (10, "吴路")
    assert [(now[login]["name"], now[login]["unit"]) for login in ("zhangwei1", "zhangwei2")] == [
        ("张伟", "路政科"), ("张伟", "运输科"),
    ]  # fmt: skip
    renamed = office.ok("people", "import", path, "--same", "WULU").out
    assert "wulu　姓名：吴路 → 吴路二" in renamed


def test_an_old_list_brings_nobody_back_who_left(office: Rectify, tmp_path: Path) -> None:
    with common.ledger().unit_of_work() as session:
        leaving.leave(session, BY, person_named(session, "fengli"))
    before = office.ok("audit", "office", "--json").out

    said = office("people", "import", sheet(tmp_path / "old.xlsx", HEADS, *BASE))

    assert (said.code, "更新 0 人，未变 7 人" in said.out) == (1, True)
    assert "第 9 行：“冯离”已于" in said.err
    assert "请先办“回岗”" in said.err
    assert office.ok("audit", "office", "--json").out == before
    with common.ledger().unit_of_work() as session:
        leaving.come_back(session, BY, person_named(session, "fengli"))
    assert "未变 8 人" in office.ok("people", "import", sheet(tmp_path / "old.xlsx", HEADS, *BASE)).out


def _formatted(page: Worksheet) -> None:
    fill = PatternFill("solid", fgColor="FFFF00")
    for row in range(3, 20_500):
        page.cell(row, 1).fill = fill


ONE = ("尤一", "youyi", "路政科", None, "责任人", None, None)
TWO = ("尤二", "youer", None, None, "责任人", None, None)


@pytest.mark.parametrize(
    ("rows", "change", "added"),
    [
        ((("云溪县交通运输局人员表",), HEADS, ONE), None, {"youyi": ("尤一", "路政科")}),
        (
            (("姓 名", "登录名", "科室", "职 务", "角色", "手机", "邮箱"), ONE, TWO),
            lambda page: page.merge_cells("C2:C3"),
            {"youyi": ("尤一", "路政科"), "youer": ("尤二", "路政科")},
        ),
        ((HEADS, ONE), _formatted, {"youyi": ("尤一", "路政科")}),
        (
            (
                HEADS,
                ("王䶮", "王䶮", *ONE[2:]),
                ("李𬭎", "李𬭎", *ONE[2:]),
                ("艾力·买买提", "艾力·买买提", *ONE[2:]),
                ("艾力•买买提", "aili", *ONE[2:]),
            ),
            None,
            {
                "王䶮": ("王䶮", "路政科"),
                "李𬭎": ("李𬭎", "路政科"),
                "艾力·买买提": ("艾力·买买提", "路政科"),
                "aili": ("艾力·买买提", "路政科"),
            },
        ),
    ],
    ids=["title row", "merged units", "formatted rows", "rare characters"],
)
def test_sheets_as_they_come_add_who_stands_in_them(
    office: Rectify,
    tmp_path: Path,
    rows: tuple[tuple[object, ...], ...],
    change: Callable[[Worksheet], object] | None,
    added: dict[str, tuple[str, str]],
) -> None:
    before = people(office)
    office.ok("people", "import", sheet(tmp_path / "new.xlsx", *rows, change=change))
    now = people(office)
    assert {login: (row["name"], row["unit"]) for login, row in now.items() if login not in before} == added
    assert {login: now[login] for login in before} == before


def test_what_nobody_sees_is_taken_out_and_said(office: Rectify, tmp_path: Path) -> None:
    rows = (
        ("何可\u200b", "heke\u200b", "路政科", None, "责任人", None, "heke@example.gov.cn\u200b"),
        ("\ufeff施工", "shigong", "运输科", None, "责任人", None, None),
    )
    said: Said = office.ok("people", "import", sheet(tmp_path / "zw.xlsx", HEADS, *rows))
    assert "第 2 行：已去掉看不见的字符（姓名、登录名、邮箱）" in said.out
    assert "第 3 行：已去掉看不见的字符（姓名）" in said.out
    now = people(office)
    assert (now["heke"]["name"], now["heke"]["email"]) == ("何可", "heke@example.gov.cn")
    assert now["shigong"]["name"] == "施工"


def test_a_wrong_mailbox_stays_out_alone(office: Rectify, tmp_path: Path) -> None:
    rows = (
        ("吴路", "wulu", "路政科", "副科长", "责任人", "13900000005", "wulu@"),
        ("新人", "xinren", "路政科", "", "责任人", "", "没有"),
    )
    said = office("people", "import", sheet(tmp_path / "mail.xlsx", HEADS, *rows))
    assert (said.code, "已新增 1 人，更新 1 人" in said.out) == (1, True)
    assert [line.endswith("其余各栏照常") for line in said.err.strip().splitlines()] == [True, True]
    now = people(office)
    assert (now["wulu"]["position"], now["wulu"]["email"]) == ("副科长", "wulu@example.gov.cn")
    assert (now["xinren"]["unit"], now["xinren"]["email"]) == ("路政科", "")
