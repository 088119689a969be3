"""Tables: what each column holds is told by its header."""

import pytest

from reports.parsed import HintKind
from tests.unit.reports.saying import both, causes, planned, read_parts

PROBLEMS = (
    ("序号", "存在问题", "原因分析", "整改措施", "责任科室", "完成时限"),
    ("1", "执法力量不足", "编制紧张", "招录人员3名", "法规科", "2024年6月"),
    ("2", "普法形式单一", "—", "开展短视频普法", "宣传科", "全年"),
)
TASKS = (
    ("序号", "重点任务", "具体措施", "责任单位", "完成时限"),
    ("1", "充实力量", "招录人员3名", "人事科", "6月"),
    ("2", "深化普法", "开展短视频普法", "宣传科", "全年"),
)


def test_a_table_of_problems_gives_shortcomings_causes_and_plans() -> None:
    body = "存在问题及整改措施如下表：\nTT\n以上措施由办公室督促落实。"
    assert both(body, "三、存在问题及整改措施", TT=PROBLEMS) == (
        ["执法力量不足", "普法形式单一"],
        ["招录人员3名", "开展短视频普法"],
    )
    assert causes(body, "三、存在问题及整改措施", TT=PROBLEMS) == ["编制紧张", None]


def test_a_header_of_two_rows_names_its_columns_by_the_lower() -> None:
    rows = (
        ("序号", "问题", "问题", "整改措施"),
        ("序号", "主要问题", "原因", "整改措施"),
        ("1", "执法力量不足", "编制紧张", "招录人员3名"),
    )
    assert both("TT", "三、存在问题及整改措施", TT=rows) == (["执法力量不足"], ["招录人员3名"])
    assert causes("TT", "三、存在问题及整改措施", TT=rows) == ["编制紧张"]


def test_a_table_of_tasks_gives_task_and_measures_without_number_office_and_time() -> None:
    body = "具体安排见下表：\nTT\n各责任单位要抓好落实。"
    assert planned(body, TT=TASKS) == ["充实力量\n招录人员3名", "深化普法\n开展短视频普法"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            (
                ("工作任务", "责任单位", "完成时间"),
                ("招录人员3名", "人事科", "6月"),
                ("开展短视频普法", "宣传科", "全年"),
            ),
            ["招录人员3名", "开展短视频普法"],
        ),
        (
            (("2024年任务表",) * 3, ("任务", "措施", "时限"), ("充实力量", "招录3名", "6月")),
            ["充实力量\n招录3名"],
        ),
        (
            (
                ("任务", "措施", "时限"),
                ("执法方面",) * 3,
                ("充实力量", "招录3名", "6月"),
                ("任务", "措施", "时限"),
                ("深化普法", "拍摄短片", "全年"),
            ),
            ["充实力量\n招录3名", "深化普法\n拍摄短片"],
        ),
        (
            (
                ("类别", "工作内容", "牵头科室"),
                ("执法", "招录3名\n配备装备", "人事科"),
                ("普法", "拍摄短片", "宣传科"),
            ),
            ["招录3名\n配备装备", "拍摄短片"],
        ),
    ],
)
def test_shapes_of_task_tables(rows: tuple[tuple[str, ...], ...], expected: list[str]) -> None:
    assert planned("TT", TT=rows) == expected


def test_a_table_without_a_header_is_left_to_the_clerk() -> None:
    report = read_parts(
        "三、存在的不足\n（一）执法力量不足。", "四、2024年工作安排\nTT", TT=(("甲", "乙"), ("丙", "丁"))
    )
    assert report.plans == ()
    assert any(hint.kind is HintKind.UNCERTAIN and "表头" in hint.message for hint in report.hints)
    assert any("丙" in left.text for left in report.leftovers)


def test_tables_among_the_achievements_are_not_read() -> None:
    report = read_parts("三、2022年度问题整改情况\nTT", "四、存在的不足\n（一）执法力量不足。", TT=PROBLEMS)
    assert [item.text for item in report.shortcomings] == ["执法力量不足"]
