"""Units, people, calendar, audit and misuse on the command line."""

import getpass
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import create_engine, text

from app.cli import common
from rectification.office import units
from tests.cli import Rectify


def roster(rectify: Rectify, path: Path, *rows: tuple[str, ...]) -> Path:
    rectify.ok("people", "template", path)
    book = load_workbook(path)
    for row in rows:
        book["人员"].append(list(row))
    book.save(path)
    return path


def test_the_first_unit_is_the_bureau_and_later_ones_its_departments(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("unit", "add", "法规科")
    rectify.ok("unit", "alias", "松原县交通局", "松原县交通运输局")
    units = rectify.ok("unit", "list", "--json").json
    assert [(unit["name"], unit["bureau"], unit["is_home"]) for unit in units] == [
        ("松原县交通局", "松原县交通局", True),
        ("法规科", "松原县交通局", False),
    ]
    assert units[0]["aliases"] == ["松原县交通运输局"]


def test_people_come_from_the_filled_in_template(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    file = roster(
        rectify, tmp_path / "人员.xlsx", ("张三", "zhangsan", "法规科", "科长", "台账管理员", "", "")
    )
    tried = rectify.ok("people", "import", file, "--dry-run")
    assert "将新增 1 人" in tried.out
    assert rectify.ok("people", "list", "--json").json == []
    rectify.ok("people", "import", file)
    [person] = rectify.ok("people", "list", "--json").json
    assert (person["login"], person["unit"], person["roles"]) == ("zhangsan", "法规科", ["clerk"])


def test_wrong_rows_are_named_by_row_and_exit_one(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    file = roster(
        rectify,
        tmp_path / "人员.xlsx",
        ("张三", "", "法规科", "", "", "", ""),
        ("李四", "lisi", "法规科", "", "", "", ""),
    )
    said = rectify("people", "import", file)
    assert said.code == 1
    assert "第 2 行：缺少登录名" in said.err
    assert len(rectify.ok("people", "list", "--json").json) == 1


@pytest.mark.parametrize(
    "line",
    [
        ("people", "import", "没有.xlsx"),
        ("people", "list", "--bureau", "不存在的局"),
        ("unit", "alias", "没有的科", "别名"),
        ("task", "show", "2023-999"),
        ("task", "list", "--unit", "没有的科"),
        ("task", "list", "--officer", "nobody"),
        ("task", "accept", "2023-001", "--as", "nobody"),
        ("calendar", "import", "没有.toml"),
        ("audit", "verify"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(rectify: Rectify, line: tuple[str, ...]) -> None:
    said = rectify(*line)
    assert said.code == 1
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("task", "list", "--bogus"), "没有选项 --bogus"),
        (("frob",), "没有命令 frob"),
        (("task", "show"), "缺少 编号"),
        (("task", "list", "--on", "2026-13-40"), "不是日期"),
        (("task", "list", "--status", "half"), "“half”不是"),
        (("calendar", "show", "next"), "应为整数"),
        (("audit", "verify", "--against", "12"), "应形如 128:校验码"),
        (
            ("task", "evidence", "2023-001", "--as", "a", "--file", "/none"),
            "--file 的值不对：没有文件 /none，或者读不到它\n",
        ),
        (("task", "evidence", "2023-001", "--as", "a", "--file", "/"), "--file 的值不对：/ 是文件夹\n"),
    ],
)
def test_misuse_is_said_in_chinese_and_exits_two(rectify: Rectify, line: tuple[str, ...], told: str) -> None:
    said = rectify(*line)
    assert said.code == 2
    assert told in said.err


def test_the_calendar_of_a_year_is_shown_with_its_notice(rectify: Rectify) -> None:
    year = rectify.ok("calendar", "show", "2026", "--json").json
    assert year["notice"] == "国办发明电〔2025〕7号"
    assert ["2026-02-14", True, "补班"] in year["days"]
    assert "暂定" in rectify.ok("calendar", "show", "2027").out


def test_the_next_years_notice_is_put_in_force_from_a_file(rectify: Rectify, tmp_path: Path) -> None:
    notice = tmp_path / "2027.toml"
    notice.write_text(
        'year = 2027\nnumber = "测试〔2026〕1号"\n\n'
        '[[holiday]]\nname = "元旦"\noff = [2027-01-01, 2027-01-03]\nwork = [2027-01-09]\n',
        encoding="utf-8",
    )
    rectify.ok("calendar", "import", notice)
    year = rectify.ok("calendar", "show", "2027", "--json").json
    assert year["notice"] == "测试〔2026〕1号"
    assert [day for day, works, _ in year["days"] if works] == ["2027-01-09"]


@pytest.mark.parametrize(
    "content",
    [
        "not toml = = ",
        "year = 2027",
        'year = 2027\nnumber = "x"\n[[holiday]]\nname = "a"\noff = [2027-01-01, 2027-01-01]\nwork = [2028-01-01]',
    ],
)
def test_a_wrong_notice_is_refused_and_nothing_changes(
    rectify: Rectify, tmp_path: Path, content: str
) -> None:
    (tmp_path / "bad.toml").write_text(content, encoding="utf-8")
    said = rectify("calendar", "import", tmp_path / "bad.toml")
    assert said.code == 1
    assert rectify.ok("calendar", "show", "2027", "--json").json["notice"] is None


def test_a_newer_schema_is_refused_in_one_line(rectify: Rectify, database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    said = rectify("task", "list")
    assert said.code == 1
    assert "请升级程序" in said.err
    assert rectify("upgrade").code == 1


def test_mail_is_switched_off_for_a_person_and_on_again(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("unit", "add", "局领导")
    rectify.ok("people", "add", "周分管", "--login", "zhou", "--unit", "局领导", "--roles", "分管领导")
    [person] = rectify.ok("people", "list", "--json").json
    assert person["wants_mail"] is True
    assert "审签" in rectify.ok("people", "set", "zhou", "--mail", "off").out
    assert rectify.ok("people", "list", "--json").json[0]["wants_mail"] is False
    rectify.ok("people", "set", "zhou", "--mail", "on")
    assert rectify.ok("people", "list", "--json").json[0]["wants_mail"] is True
    assert rectify("people", "set", "zhou", "--mail", "maybe").code == 2
    assert rectify("people", "set", "nobody", "--mail", "on").code == 1


def test_what_changed_in_the_office_is_listed_the_newest_first(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("unit", "add", "法规科")
    with common.ledger().unit_of_work() as session:
        units.rename_unit(session, common.system_by(), units.unit_named(session, 1, "法规科"), "执法监督科")

    events = rectify.ok("audit", "office", "--json").json
    told = rectify.ok("audit", "office").out

    assert [event["sequence"] for event in events] == list(range(len(events), 0, -1))
    assert [event["verb"] for event in events[:3]] == ["rename_unit", "add_unit", "add_unit"]
    assert (events[0]["actor"], events[0]["channel"]) == (f"系统用户 {getpass.getuser()}", "cli")
    assert "单位执法监督科（名称）" in events[0]["about"]
    assert sorted(events[0]["rows"]) == ["unit:2", "unit_alias:1"]
    assert rectify.ok("audit", "office", "--json", "--limit", "1").json == events[:1]
    assert told.index("单位改名") < told.index("登记单位")
    assert "命令行代录" in told
