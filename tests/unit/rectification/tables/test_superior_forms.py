"""What a superior writes over its columns is known by likeness, wherever the heads stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.db import Database
from core.errors import Conflict, NotFound, Refused
from models.enums import OfficeVerb
from models.history import OfficeEvent
from rectification.office.journal import verify
from rectification.tables.ledger import COLUMNS, REMARK
from rectification.tables.superior_forms import (
    SAYS,
    FormTable,
    add_form,
    change_form,
    form_called,
    form_table,
    forms_of,
    proposed,
    remove_form,
    unmet,
)
from tests.factories import BY, make_bureau

HEADS = ["序号", "存在问题", "整改措施", "责任单位", "整改时限"]


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("存在的主要问题及表现", "具体问题"),
        ("整改举措（可附页）", "整改措施"),
        ("牵头责任单位", "责任单位"),
        ("配合责任单位", "配合单位"),
        ("责任人及联系电话", "责任人和电话"),
        ("责任单位/责任人", "责任单位和责任人"),
        ("责任落实·责任领导及责任人", "责任领导和责任人"),
        ("牵头单位（负责人、联系电话）", "责任单位、责任人和电话"),
        ("参与单位", "配合单位"),
        ("是否完成（是/否）", "是否完成（是/否）"),
        ("是否整改到位", "是否完成（是/否）"),
        ("完成情况（已完成/未完成）", "是否完成（已完成/未完成）"),
        ("完成时限※", "整改时限"),
        ("整改落实情况", "整改进展/成效"),
        ("整改成效", "整改成效"),
        ("完成情况（已完成/正在整改）", "完成状态"),
        ("佐证材料目录", "佐证材料"),
        ("责任领导·姓名", "责任领导"),
        ("整改情况·完成情况", "完成状态"),
        ("主管部门意见", ""),
        ("备注", ""),
        ("", ""),
    ],
)
def test_a_head_means_the_column_it_is_most_like(head: str, column: str) -> None:
    assert proposed([head]) == [column]


@pytest.mark.parametrize(
    ("hint", "column"),
    [
        ('"否,是"', "是否完成（是/否）"),
        ("已完成/未完成", "是否完成（已完成/未完成）"),
        ('"整改中,已销号"', "完成状态"),
        ("", "完成状态"),
    ],
)
def test_samples_and_choices_tell_which_answers_a_head_wants(hint: str, column: str) -> None:
    assert proposed(["完成情况"], [hint]) == [column]


@pytest.mark.parametrize(
    ("head", "column", "also"),
    [
        ("责任单位/责任人", "责任单位", ("责任人",)),
        ("责任单位/责任人", "责任单位和责任人", ()),
        ("责任人及电话", "责任人", ("电话",)),
        ("整改目标和措施", "整改目标", ("整改措施",)),
        ("整改进展及成效", "整改进展/成效", ()),
        ("是否完成（是/否）", "是否完成（是/否）", ()),
        ("责任单位/责任人", "", ()),
    ],
)
def test_what_a_head_asks_for_as_well_is_told(head: str, column: str, also: tuple[str, ...]) -> None:
    assert unmet(head, column) == also


def test_each_column_is_proposed_once() -> None:
    assert proposed(["下步措施", "整改措施", "责任领导·姓名", "责任领导·职务"]) == [
        "",
        "整改措施",
        "责任领导",
        "",
    ]


@given(st.permutations([column.head for column in COLUMNS if column is not REMARK]))
def test_the_ledger_s_own_heads_are_known_in_any_order(heads: list[str]) -> None:
    assert proposed(heads) == heads


@given(
    title=st.lists(st.sampled_from(["整改台账", "填报单位：", "2026年"]), max_size=3),
    blanks=st.integers(0, 12),
    foot=st.sampled_from([[], ["填报人：       审核人："], ["注：逐项填写"], ["合计"]]),
)
def test_heads_are_found_below_titles_and_the_rows_end_above_the_foot(
    title: list[str], blanks: int, foot: list[str]
) -> None:
    above = [[each] for each in title]
    rows = [*above, HEADS, *([str(n), "", "……"] for n in range(blanks)), *([foot] if foot else [])]
    found = form_table("表", rows)
    assert found == FormTable(
        "表", tuple(HEADS), len(above) + 1, len(above) + 1 + blanks, len(above) + (blanks > 0)
    )


def test_a_group_over_several_heads_is_told_with_each() -> None:
    upper = ["序号", "问题", "责任分工", "", "", "整改时限"]
    lower = ["序号", "问题", "领导", "单位", "责任人", "整改时限"]
    found = form_table("表", [["某表"], upper, lower, [""] * 6])
    assert found is not None
    assert found.heads == ("序号", "问题", "责任分工·领导", "责任分工·单位", "责任分工·责任人", "整改时限")
    assert found.first == 3


def test_an_empty_row_goes_before_a_sample() -> None:
    found = form_table("表", [HEADS, ["示例", "某问题", "某措施", "某科"], ["1", "", "", ""], ["填报人："]])
    assert found is not None
    assert (found.first, found.end, found.pattern) == (1, 3, 2)


@given(st.lists(st.lists(st.text("序号问题措施责任：示例1 ", max_size=6), max_size=6), max_size=25))
def test_whatever_a_sheet_holds_its_rows_are_its_own(rows: list[list[str]]) -> None:
    found = form_table("表", rows)
    if found is not None:
        assert 0 < found.first <= found.end <= len(rows)
        assert found.pattern < max(found.end, found.first)


def test_a_form_is_added_changed_and_removed_on_the_office_s_chain(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = make_bureau(session).bureau
        form = add_form(
            session, BY, bureau.id, " 司法局 ", "f.xlsx", b"PK", FormTable("表", tuple(HEADS), 1, 2, 1)
        )
        with pytest.raises(Conflict, match="已有名称为“司法局”"):
            add_form(session, BY, bureau.id, "司法局", "g.xlsx", b"PK", FormTable("表", ("问题",), 1, 2, 1))
        with pytest.raises(Refused, match="没有名称"):
            add_form(session, BY, bureau.id, " ", "g.xlsx", b"PK", FormTable("表", ("问题",), 1, 2, 1))
        for columns, why in (
            ({0: "不知道"}, "没有“不知道”这一栏"),
            ({2: "责任单位"}, "对应了两栏"),
            ({1: ""}, "没有一栏对应“具体问题”"),
        ):
            with pytest.raises(Refused, match=why):
                change_form(session, BY, form, "", columns)
        change_form(session, BY, form, "市司法局", {4: ""})
        assert [column for _, column in form.heads] == ["序号", "具体问题", "整改措施", "责任单位", ""]
        assert [each.name for each in forms_of(session, bureau.id)] == ["市司法局"]
    with database.unit_of_work() as session:
        assert verify(session).fault is None
        remove_form(session, BY, form_called(session, bureau.id, "市司法局"))
        with pytest.raises(NotFound):
            form_called(session, bureau.id, "市司法局")
    with database.reading() as session:
        verbs = list(session.scalars(select(OfficeEvent.verb).order_by(OfficeEvent.sequence)))[-3:]
        assert verify(session).fault is None
    assert verbs == [OfficeVerb.ADD_FORM, OfficeVerb.CHANGE_FORM, OfficeVerb.REMOVE_FORM]


def test_every_word_stands_for_a_column() -> None:
    assert set(filter(None, proposed(list(SAYS)))) == set(SAYS) - {REMARK.head}
