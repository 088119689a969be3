"""What became of each item of the demonstration's reports, told in days before and after today."""

from dataclasses import dataclass
from typing import Final

from app.demo.cast import LEGAL, OFFICE, RIDES, ROADS, TRANSPORT
from models.enums import ItemKind, TimeLimit

S, P = ItemKind.SHORTCOMING, ItemKind.PLAN


@dataclass(frozen=True, slots=True)
class Fate:
    """One item's way. Days count from today: `due=-12` was due twelve days ago; for a long-term task it is the next
    checkpoint.

    `reports` are what the officer said and when, `asks` what the last of them wants decided above, `guided` what a leader wrote, `checks` the conclusions of checkpoints
    with the next one's day, `recurs_since` the day the clerk marked it as recurring, `listed` when and why it was listed
    (挂牌督办), `extension` a request that waits (asked, wanted, why). `stage` is how far it came; from submission on, `asked` is the day the officer asked.
    """

    title: str
    unit: str
    officer: str
    due: int | None
    issued: int
    stage: str = "in_progress"
    reviewer: str = "tang"
    limit: TimeLimit = TimeLimit.DATED
    reports: tuple[tuple[int, str], ...] = ()
    asked: int = 0
    guided: tuple[tuple[int, str, str], ...] = ()
    checks: tuple[tuple[int, str, int], ...] = ()
    extension: tuple[int, int, str] | None = None
    asks: str = ""
    recurs_since: int | None = None
    listed: tuple[int, str] | None = None


IMPORTED: Final = -245
IMPORTED_EARLIER: Final = -610

FATES: Final[dict[tuple[ItemKind, int], Fate]] = {
    (S, 1): Fate(
        "规范执法案卷制作",
        TRANSPORT,
        "chen",
        -13,
        -240,
        reports=(
            (-170, "制定《案卷制作规范（试行）》，明确调查笔录必备要素12项，已印发各大队。"),
            (-62, "完成第二季度案卷评查，抽查40件，合格37件；3件缺少送达回证的已补正。"),
        ),
    ),
    (S, 2): Fate(
        "统筹涉企行政检查",
        TRANSPORT,
        "chen",
        24,
        -240,
        reports=((-90, "收集各科室检查计划31份，合并重复事项9项，统一计划正在征求意见。"),),
    ),
    (S, 3): Fate(
        "政府信息公开按期答复",
        OFFICE,
        "meng",
        -4,
        -238,
        reports=((-120, "建立依申请公开台账，收件当日登记，第10个工作日提醒承办科室。"),),
        recurs_since=-100,
    ),
    (S, 4): Fate(
        "修订过时规范性文件",
        ROADS,
        "luo",
        5,
        -230,
        reports=((-40, "3件文件中2件已完成修订送审，1件正在征求意见。"),),
        extension=(-1, 36, "市司法局合法性审核意见尚未反馈，需顺延一个月。"),
    ),
    (S, 5): Fate(
        "提高负责人出庭应诉率",
        OFFICE,
        "wei",
        20,
        -235,
        stage="submitted",
        asked=-5,
        reports=((-30, "印发负责人出庭应诉安排表，今年开庭6件，负责人出庭6件。"),),
    ),
    (S, 6): Fate(
        "缩短网约车投诉办结用时",
        RIDES,
        "deng",
        -31,
        -236,
        reports=(
            (-150, "梳理投诉处理流程，合并派单和核实环节。"),
            (-45, "平均办结用时降至6.8个工作日，尚未达到目标。"),
        ),
        guided=((-20, "he", "请客运管理科拿出压减环节的硬办法，月底前办结。"),),
        asks="请市政务服务中心开放投诉工单接口，减少重复录入。",
        listed=(-18, "连续两个季度未达目标，列入挂牌督办。"),
    ),
    (S, 7): Fate(
        "执法人员培训达标",
        TRANSPORT,
        "hejing",
        40,
        -200,
        stage="verified",
        asked=-8,
        reports=((-20, "组织两期脱产轮训，人均62学时。"),),
    ),
    (S, 8): Fate(
        "建立农村公路治超长效机制",
        ROADS,
        "fan",
        -50,
        -228,
        limit=TimeLimit.LONG_TERM,
        reports=((-75, "与7个乡镇签订联动治超备忘录，每月联合行动2次。"),),
        checks=((-51, "联动机制已运转，继续观察超限率变化。", 12),),
    ),
    (P, 1): Fate("案卷质量提升行动", TRANSPORT, "chen", 39, -225, reports=((-100, "已组织三次季度评查。"),)),
    (P, 2): Fate("推行“综合查一次”", TRANSPORT, "chen", 39, -225),
    (P, 3): Fate("修订路政规范性文件", ROADS, "luo", 3, -225, reports=((-15, "两件已公布。"),)),
    (P, 4): Fate("建设非现场执法平台", ROADS, "", 39, -3, stage="assigned"),
    (P, 5): Fate(
        "执法队伍轮训全覆盖",
        TRANSPORT,
        "hejing",
        -45,
        -225,
        limit=TimeLimit.LONG_TERM,
        checks=((-46, "上半年轮训 86 人，下半年继续。", 39),),
    ),
    (P, 6): Fate("学习宣传习近平法治思想", LEGAL, "", None, -240, stage="archived"),
    (P, 7): Fate("优化网约车投诉流程", "", "", None, 0, stage="draft"),
}

EARLIER_FATES: Final[dict[tuple[ItemKind, int], Fate]] = {
    (S, 1): Fate(
        "统一行政处罚裁量",
        TRANSPORT,
        "chen",
        -380,
        -600,
        stage="closed",
        asked=-401,
        reports=((-470, "印发裁量基准细化标准87条。"),),
    ),
    (S, 2): Fate(
        "充实法制审核力量",
        OFFICE,
        "wei",
        -330,
        -600,
        stage="closed",
        asked=-346,
        reports=((-420, "增配审核人员2名，聘请公职律师1名。"),),
    ),
    (S, 3): Fate(
        "扩大源头企业普法覆盖",
        RIDES,
        "deng",
        -300,
        -598,
        stage="closed",
        asked=-291,
        reports=((-400, "源头企业普法覆盖率达到96%。"),),
    ),
    (S, 4): Fate(
        "规范执法记录仪管理",
        TRANSPORT,
        "chen",
        -310,
        -598,
        stage="closed",
        asked=-328,
        reports=((-430, "音视频归档率达到100%。"),),
    ),
    (P, 1): Fate(
        "制定裁量基准细化标准",
        TRANSPORT,
        "chen",
        -340,
        -590,
        stage="closed",
        asked=-356,
        reports=((-450, "培训全员4期。"),),
    ),
    (P, 2): Fate(
        "建立公职律师审核机制",
        OFFICE,
        "wei",
        -330,
        -590,
        stage="closed",
        asked=-339,
        reports=((-420, "公职律师审核机制运行。"),),
    ),
    (P, 3): Fate(
        "建成记录仪管理平台",
        ROADS,
        "luo",
        -320,
        -590,
        stage="closed",
        asked=-351,
        reports=((-410, "平台建成并接入全部记录仪。"),),
    ),
}
