"""Lists of people as offices keep them: where the heads stand, what a sheet gives and what it leaves alone."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from core.errors import Unreadable
from documents.office.people_sheet import HEADS, read_people, write_template
from models.enums import Role
from rectification.office.people import NewPerson, PersonRow

WU = ("吴路", "wulu", "路政科", "科员", "责任人", "13800000005", "wulu@example.gov.cn")
ZHENG = ("郑运", "zhengyun", "运输科", "科员", "责任人、复核人", "13800000006", "zhengyun@example.gov.cn")


def saved(path: Path, *rows: tuple[object, ...], merge: str = "", hidden: int = 0) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(list(row))
    if merge:
        page.merge_cells(merge)
    if hidden:
        page.row_dimensions[hidden].hidden = True
    book.save(path)
    return path


def rewritten(path: Path, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new) if "sheet1" in name else content)
    return path


def logins(path: Path) -> list[str]:
    people, problems, _ = read_people(path)
    assert problems == []
    return [person.login for person in people]


def test_the_heads_are_found_under_a_title_with_blanks_and_by_other_names(tmp_path: Path) -> None:
    title = ("云溪县交通运输局人员表",)
    heads = ("姓 名", "登录账号", "部　门", "职 务", "角色", "手机号码", "电子邮箱")
    people, problems, _ = read_people(saved(tmp_path / "a.xlsx", title, (), heads, WU, merge="A1:G1"))
    assert problems == []
    assert people == [
        NewPerson(
            name="吴路",
            login="wulu",
            unit="路政科",
            position="科员",
            roles=(Role.OFFICER,),
            phone="13800000005",
            email="wulu@example.gov.cn",
            row=4,
        )
    ]


def test_a_merged_unit_counts_for_every_row_it_covers(tmp_path: Path) -> None:
    second = (*ZHENG[:2], None, *ZHENG[3:])
    people, _, _ = read_people(saved(tmp_path / "a.xlsx", HEADS, WU, second, merge="C2:C3"))
    assert [person.unit for person in people] == ["路政科", "路政科"]


def test_a_wrong_record_of_the_sheets_size_hides_nobody(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", HEADS, WU, ZHENG)
    rewritten(path, b'<dimension ref="A1:H3"', b'<dimension ref="A1:A1"')
    assert logins(path) == ["wulu", "zhengyun"]


def test_twenty_thousand_formatted_rows_are_no_rows(tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(HEADS)
    page.append(WU)
    fill = PatternFill("solid", fgColor="FFFF00")
    for row in range(3, 20_500):
        page.cell(row, 1).fill = fill
    book.save(tmp_path / "a.xlsx")
    assert logins(tmp_path / "a.xlsx") == ["wulu"]


def test_what_nobody_sees_is_taken_out_and_said(tmp_path: Path) -> None:
    row = ("何可\u200b", "heke\u200b", "\ufeff路政科", "", "责任人", "", "heke@example.gov.cn\u200d")
    people, problems, notes = read_people(saved(tmp_path / "a.xlsx", HEADS, WU, row, hidden=2))
    assert problems == []
    assert (people[1].name, people[1].login, people[1].unit) == ("何可", "heke", "路政科")
    assert people[1].email == "heke@example.gov.cn"
    assert notes == [(2, "这一行在表中是隐藏的"), (3, "已去掉看不见的字符（姓名、登录名、科室、邮箱）")]


def test_rare_characters_are_names(tmp_path: Path) -> None:
    rows = (("王䶮", "wangyan", "路政科"), ("李𬭎", "lihong", "路政科"), ("艾力·买买提", "aili", "路政科"))
    people, _, _ = read_people(saved(tmp_path / "a.xlsx", HEADS[:3], *rows))
    assert [person.name for person in people] == ["王䶮", "李𬭎", "艾力·买买提"]


def test_an_empty_cell_gives_nothing_unless_it_is_said_to_empty(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", HEADS, ("吴路", "wulu", "路政科"))
    kept = read_people(path).people
    assert kept == [NewPerson(name="吴路", login="wulu", unit="路政科", row=2)]
    emptied = NewPerson(name="吴路", login="wulu", unit="路政科", position="", phone="", email="", row=2)
    assert read_people(path, empties=True).people == [emptied]


def test_a_cell_that_stands_alone_leaves_its_row_in_and_one_that_decides_does_not(tmp_path: Path) -> None:
    alone = (*WU[:5], "=1+1", "wulu@example.gov.cn")
    decides = (*ZHENG[:4], "皇帝", *ZHENG[5:])
    mailbox = ("冯离", "fengli", "运输科", "科员", "责任人", "打总机", "fengli＠example")
    people, problems, _ = read_people(
        saved(tmp_path / "a.xlsx", HEADS, alone, decides, ("无名", None, "路政科"), mailbox)
    )
    assert [(person.login, person.phone, person.email) for person in people] == [
        ("wulu", None, "wulu@example.gov.cn"), ("fengli", None, None),
    ]  # fmt: skip
    assert [(row, what[:10], what.endswith("其余各栏照常")) for row, what in problems] == [
        (2, "F 列（手机）：单元", True), (3, "E 列（角色）：没有", False), (4, "缺少登录名。", False),
        (5, "F 列（手机）：手机", True), (5, "G 列（邮箱）：邮箱", True),
    ]  # fmt: skip


def test_a_sheet_without_login_names_is_no_list_of_people(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="登录名"):
        read_people(saved(tmp_path / "a.xlsx", ("姓名", "科室"), ("吴路", "路政科")))


def in_office(name: str, login: str, roles: tuple[Role, ...], wants_mail: bool) -> PersonRow:
    facts = {"id": 1, "name": name, "login": login, "bureau": "云溪县交通运输局", "unit": "路政科"}
    facts |= {"position": "", "roles": roles, "phone": "13800000000", "email": "", "wants_mail": wants_mail}
    known = {name for name in PersonRow.__dataclass_fields__ if name not in facts}
    rest = {"is_active": True, "left_on": None, "version": 1}
    return PersonRow(**facts, **{name: rest[name] for name in known})  # type: ignore[arg-type]


def test_the_list_of_who_is_in_office_says_them_as_they_are(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", [in_office("吴路", "wulu", (Role.OFFICER, Role.UNIT_HEAD), False)])
    people, problems, _ = read_people(tmp_path / "a.xlsx")
    assert problems == []
    assert people == [
        NewPerson(
            name="吴路",
            login="wulu",
            unit="路政科",
            roles=(Role.OFFICER, Role.UNIT_HEAD),
            phone="13800000000",
            row=2,
            wants_mail=False,
        )
    ]


FIELDS = {"姓名": "name", "科室": "unit", "职务": "position", "手机": "phone", "邮箱": "email"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(sorted(FIELDS)), st.integers(0, len(FIELDS)), st.integers(0, 3), st.booleans())
def test_whatever_columns_are_left_out_nothing_is_said_of_them(
    tmp_path: Path, columns: list[str], kept: int, above: int, empty: bool
) -> None:
    written = columns[:kept]
    row = {head: WU[HEADS.index(head)] for head in written}
    if empty and written:
        row[written[0]] = ""
    path = tmp_path / "any.xlsx"
    titles = [(f"标题{n}",) for n in range(above)]
    saved(path, *titles, ("登录名", *written), ("wulu", *row.values()))
    [person], problems, _ = read_people(path)
    assert problems == []
    wanted = {"name": None, "unit": None, **{FIELDS[head]: text for head, text in row.items() if text}}
    assert person == NewPerson(login="wulu", row=above + 2, **wanted)  # type: ignore[arg-type]
