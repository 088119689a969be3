"""People by Excel: added, brought up to date, each wrong row named and stopping nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from core.db import Database
from core.errors import Conflict, NotFound, Refused, Unreadable
from documents.office.people_sheet import HEADS, read_people, write_template
from models.enums import Role
from models.organisation import Person, Unit
from rectification.casework.enrolling import enrol
from rectification.office.people import NewPerson, add_person, list_people, parse_roles, person_of
from rectification.office.units import add_alias, add_bureau, bureau_named, find_unit
from tests.factories import BY, make_bureau


def sheet(path: Path, *rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    page.append(heads)
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def test_a_list_is_brought_in_and_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "人员.xlsx",
        ("张三", "zhangsan", "法规科", "科长", "责任人、科室负责人", 13800000000, "zs@example.gov.cn"),
        ("李四", "lisi", "执法大队", None, None, None, None),
    )
    people, problems, _ = read_people(file)
    with database.unit_of_work() as session:
        outcome = enrol(session, BY, add_bureau(session, BY, "松原县交通局"), people)
    assert problems == []
    assert outcome.added == ["zhangsan", "lisi"]
    assert outcome.new_units == ["法规科", "执法大队"]
    with database.unit_of_work() as session:
        again = enrol(session, BY, bureau_named(session, None), people)
        first, second = list_people(session)
    assert again.unchanged == ["zhangsan", "lisi"]
    assert (first.phone, first.email, set(first.roles)) == (
        "13800000000",
        "zs@example.gov.cn",
        {Role.OFFICER, Role.UNIT_HEAD},
    )
    assert (second.email, second.roles) == ("", (Role.OFFICER,))


def test_each_wrong_row_is_named_and_the_others_come_in(database: Database, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "人员.xlsx",
        ("张三", "zhangsan", "法规科", "", "", "", "不是邮箱"),
        ("", "nobody", "法规科", "", "", "", ""),
        ("王五", "wangwu", "法规科", "", "皇帝", "", ""),
        ("赵六", "zhaoliu", "法规科", "", "", "", ""),
        ("赵六", "zhaoliu", "法规科", "", "", "", ""),
        ("孙七", "sun qi", "法规科", "", "", "", ""),
    )
    people, problems, _ = read_people(file)
    with database.unit_of_work() as session:
        outcome = enrol(session, BY, add_bureau(session, BY, "松原县交通局"), people)
    assert outcome.added == ["zhangsan", "zhaoliu"]  # the first without the mailbox that is none
    assert sorted(row for row, _ in (*problems, *outcome.problems)) == [2, 3, 4, 6, 7]


def test_a_known_login_is_brought_up_to_date(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = add_bureau(session, BY, "松原县交通局")
        enrol(session, BY, bureau, [NewPerson("张三", "zhangsan", "法规科")])
        outcome = enrol(
            session, BY, bureau, [NewPerson("张三", "zhangsan", "执法大队", roles=(Role.REVIEWER,))]
        )
        [row] = list_people(session)
    assert outcome.changed == ["zhangsan"]
    assert (row.unit, row.roles) == ("执法大队", (Role.REVIEWER,))


def test_one_bureaus_list_cannot_take_anothers_person(database: Database) -> None:
    with database.unit_of_work() as session:
        enrol(session, BY, add_bureau(session, BY, "甲局"), [NewPerson("张三", "zhangsan", "办公室")])
        outcome = enrol(
            session, BY, add_bureau(session, BY, "乙局"), [NewPerson("张三", "zhangsan", "办公室")]
        )
        assert len(session.scalars(select(Person)).all()) == 1
    assert len(outcome.problems) == 1


def test_a_departments_alias_is_the_department(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = add_bureau(session, BY, "松原县交通局")
        enrol(session, BY, bureau, [NewPerson("张三", "zhangsan", "政策法规科")])
        unit = find_unit(session, bureau.id, "政策法规科")
        assert unit is not None
        add_alias(session, BY, unit, "法规科")
        outcome = enrol(session, BY, bureau, [NewPerson("李四", "lisi", "法规科")])
    assert outcome.new_units == []


@pytest.mark.parametrize("text", ["责任人、复核人", "责任人,复核人", "责任人 复核人", "责任人；复核人"])
def test_roles_are_read_however_they_are_divided(text: str) -> None:
    assert parse_roles(text) == (Role.OFFICER, Role.REVIEWER)


def test_refusals_say_what_is_wrong(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = add_bureau(session, BY, "松原县交通局")
        with pytest.raises(NotFound):
            add_person(session, BY, bureau, NewPerson("张三", "zhangsan", "没有的科"))
        with pytest.raises(Refused):
            add_person(session, BY, bureau, NewPerson("张三\n", "zhang\r\nsan", "法规科"))
        enrol(session, BY, bureau, [NewPerson("张三", "zhangsan", "法规科")])
        with pytest.raises(Conflict):
            add_person(session, BY, bureau, NewPerson("张三", "zhangsan", "法规科"))
        with pytest.raises(Refused, match="没有“复核人”角色"):
            person_of(session, bureau.id, "zhangsan", Role.REVIEWER)
        with pytest.raises(NotFound):
            person_of(session, bureau.id, "nobody")


def test_the_template_reads_back_empty(tmp_path: Path) -> None:
    write_template(tmp_path / "样表.xlsx")
    assert read_people(tmp_path / "样表.xlsx") == ([], [], [])
    book = load_workbook(tmp_path / "样表.xlsx")
    assert tuple(cell.value for cell in book["人员"][1]) == HEADS


def test_what_is_no_list_of_people_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(Unreadable, match="不是 Excel"):
        read_people(tmp_path / "a.xlsx")
    with pytest.raises(Unreadable, match="找不到"):
        read_people(tmp_path / "none.xlsx")
    with pytest.raises(Unreadable, match="登录名"):
        read_people(sheet(tmp_path / "b.xlsx", heads=("姓名", "科室")))


def test_the_sheets_mail_column_switches_and_an_absent_or_empty_one_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    def take_in(*cells: object, heads: tuple[str, ...] = HEADS) -> list[tuple[int, str]]:
        people, problems, _ = read_people(sheet(tmp_path / "人员.xlsx", cells, heads=heads))
        with database.unit_of_work() as session:
            enrol(session, BY, bureau_named(session, None), people)
        return problems

    def switch() -> bool:
        with database.reading() as session:
            return list_people(session)[0].wants_mail

    with database.unit_of_work() as session:
        add_bureau(session, BY, "松原县交通局")
    row = ("张三", "zhangsan", "法规科", "", "", "", "zs@example.gov.cn")
    take_in(*row, "")
    assert switch()
    take_in(*row, "关")
    assert not switch()
    take_in(*row, "")
    take_in(*row, heads=HEADS[:-1])
    assert not switch()
    [(number, what)] = take_in(*row, "不要")
    assert (number, "可填：开、关" in what) == (2, True)
    take_in(*row, "开")
    assert switch()


CELLS = {
    "姓名": ("name", ["陈路"]),
    "科室": ("unit", ["路政科"]),
    "职务": ("position", ["", "科员", "科长"]),
    "角色": ("roles", ["", "责任人", "责任人、复核人"]),
    "手机": ("phone", ["", "13900000005"]),
    "邮箱": ("email", ["", "chenlu@example.gov.cn", "不是邮箱"]),
    "邮件提醒": ("wants_mail", ["", "开", "关"]),
}
MEANT = {"责任人": {Role.OFFICER}, "责任人、复核人": {Role.OFFICER, Role.REVIEWER}, "开": True, "关": False}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heads=st.permutations(sorted(CELLS)).flatmap(lambda every: st.integers(0, 7).map(lambda n: every[:n])),
    data=st.data(),
)
def test_a_list_without_some_columns_changes_only_what_its_cells_say(
    new_sqlite_ledger: Callable[[], str], tmp_path: Path, heads: list[str], data: st.DataObject
) -> None:
    said = {head: data.draw(st.sampled_from(CELLS[head][1]), label=head) for head in heads}
    file = sheet(tmp_path / "人员.xlsx", ("officer", *said.values()), heads=("登录名", *said))
    with Database(new_sqlite_ledger()) as database:
        with database.unit_of_work() as session:
            bureau = make_bureau(session).bureau
            before = list_people(session)
        with database.unit_of_work() as session:
            outcome = enrol(session, BY, session.get_one(Unit, bureau.id), read_people(file).people)
        with database.reading() as session:
            after = list_people(session)
    assert outcome.problems == []
    told = {
        CELLS[head][0]: MEANT.get(text, text) for head, text in said.items() if text not in ("", "不是邮箱")
    }
    for old, new in zip(before, after, strict=True):
        wanted = told if old.login == "officer" else {}
        for field in ("name", "unit", "position", "roles", "phone", "email", "wants_mail"):
            stands = set(new.roles) if field == "roles" else getattr(new, field)
            stood = set(old.roles) if field == "roles" else getattr(old, field)
            assert stands == wanted.get(field, stood), field
