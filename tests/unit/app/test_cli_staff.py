"""One person changed on the command line, by the same rules as on the pages."""

import re

import pytest

from tests.cli import Rectify


@pytest.fixture
def staffed(rectify: Rectify) -> Rectify:
    """A bureau of three departments with its people."""
    for name in ("松原县交通局", "法规科", "路政科", "运输科"):
        rectify.ok("unit", "add", name)
    for name, login, unit, roles in (
        ("周管", "zhouguan", "法规科", "台账管理员、系统管理员"),
        ("吴路", "wulu", "路政科", "责任人"),
        ("李主", "lizhu", "松原县交通局", "主要负责人"),
    ):
        rectify.ok("people", "add", name, "--login", login, "--unit", unit, "--roles", roles)
    return rectify


def person(rectify: Rectify, login: str) -> dict[str, object]:
    found: dict[str, object] = next(
        each for each in rectify.ok("people", "list", "--json").json if each["login"] == login
    )
    return found


def test_only_what_is_written_changes(staffed: Rectify) -> None:
    staffed.ok("people", "set", "wulu", "--phone", "13900000005", "--position", "科员")
    said = staffed.ok("people", "set", "WuLu", "--roles", "复核人、责任人", "--unit", "运输科").out
    assert "吴路　科室：路政科 → 运输科" in said
    assert "吴路　角色：责任人 → 责任人、复核人" in said
    row = person(staffed, "wulu")
    assert (row["phone"], row["position"], row["unit"]) == ("13900000005", "科员", "运输科")
    assert "没有变化" in staffed.ok("people", "set", "wulu", "--roles", "责任人、复核人").out
    staffed.ok("people", "set", "wulu", "--phone", "")
    assert person(staffed, "wulu")["phone"] == ""
    assert "人员调动" in staffed.ok("audit", "office").out


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("people", "set", "zhouguan", "--roles", "责任人"), "本单位就没有台账管理员、系统管理员了"),
        (("people", "set", "nobody", "--phone", "1234"), "没有登录名"),
        (("people", "set", "wulu", "--roles", "皇帝"), "没有“皇帝”这一角色"),
        (("people", "set", "wulu", "--unit", "没有的科"), "没有名为"),
        (("people", "add", "另一人", "--login", "WULU", "--unit", "法规科"), "已有人使用"),
    ],
)
def test_what_may_not_be_is_refused_in_one_line(staffed: Rectify, line: tuple[str, ...], why: str) -> None:
    said = staffed(*line)
    assert (said.code, why in said.err, len(said.err.strip().splitlines())) == (1, True, 1)


def test_codes_are_given_out_and_noted(staffed: Rectify) -> None:
    said = staffed.ok("people", "code", "wulu", "lizhu").out
    assert len(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", said)) == 2
    assert "发放登录码" in staffed.ok("audit", "office").out
