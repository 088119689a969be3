"""What became of each item of last year's report, and what the meeting decided that heard the half-year."""

from typing import Final

from app.demo.cast import OFFICE, RIDES, ROADS, TRANSPORT
from app.demo.fates import DemoMeasure, Ending, Fate
from models.enums import ItemKind

S, P = ItemKind.SHORTCOMING, ItemKind.PLAN

IMPORTED: Final = -610

LONG_ENDED: Final[dict[tuple[ItemKind, int], Fate]] = {
    (S, 1): Fate(
        TRANSPORT,
        "chen",
        -380,
        -600,
        reports=((-470, "印发裁量基准细化标准87条。"),),
        ending=Ending(
            -401,
            "裁量基准细化标准87条及同类案件比对表",
            "裁量基准细化成87条，近一季度同类案件处罚幅度偏差不超过一成，处罚决定书都写明裁量理由。",
            "随机调阅20份处罚决定书，裁量理由齐全。",
            "同意销号，基准执行情况列入明年评查。",
        ),
    ),
    (S, 2): Fate(
        OFFICE,
        "wei",
        -330,
        -600,
        reports=((-420, "增配审核人员2名，聘请公职律师1名。"),),
        ending=Ending(
            -346,
            "人员调配文件和公职律师聘任书",
            "专职审核人员由1名增到3名，另聘公职律师1名，重大执法决定件件先审后签。",
            "核对编制台账和审核登记簿，比例已达到规定。",
            "同意。注意人员稳定。",
        ),
    ),
    (P, 1): Fate(
        TRANSPORT,
        "chen",
        -340,
        -590,
        reports=((-450, "培训全员4期。"),),
        ending=Ending(
            -356,
            "细化标准印发文件和4期培训名册",
            "细化标准已发到每名执法人员手上，4期培训到课率98%。",
            "培训名册与在岗名单对得上。",
            "同意办结。",
        ),
    ),
    (P, 2): Fate(
        OFFICE,
        "wei",
        -330,
        -590,
        reports=((-420, "公职律师审核机制运行。"),),
        ending=Ending(
            -339,
            "公职律师参与审核的意见书汇编",
            "公职律师全年出具审核意见26份，采纳24份，未采纳的都附了理由。",
            "抽看意见书8份，均在集体讨论之前出具。",
            "已阅，可以办结。",
        ),
    ),
}

ENDED_IN_TERM: Final[dict[tuple[ItemKind, int], Fate]] = {
    (S, 3): Fate(
        RIDES,
        "deng",
        -52,
        -365,
        reports=((-200, "源头企业普法覆盖率达到96%。"),),
        ending=Ending(
            -44,
            "源头企业送法登记表和回访记录",
            "53家货运源头企业送法上门51家，两家停产的已寄送资料，覆盖率由六成升到九成六。",
            "电话回访6家企业，都说有人上门讲过。",
            "同意销号，停产企业复工后补课。",
        ),
    ),
    (S, 4): Fate(
        TRANSPORT,
        "chen",
        -60,
        -365,
        reports=((-150, "音视频归档率达到100%。"),),
        ending=Ending(
            -75,
            "执法记录仪归档核查表",
            "在用的64台执法记录仪全部当日归档，连续三个月抽查没有漏传。",
            "后台随机点开30段音视频，时间、案号都能对应。",
            "同意，纳入日常检查。",
        ),
    ),
    (P, 3): Fate(
        ROADS,
        "luo",
        -20,
        -360,
        reports=((-130, "平台建成并接入全部记录仪。"),),
        ending=Ending(
            -28,
            "平台验收报告",
            "统一管理平台通过验收，记录仪全部接入，调阅一段视频由半天缩到几分钟。",
            "到机房看了演示，验收报告盖章齐全。",
            "办结。后续运维列入预算。",
        ),
    ),
}
"""These days count from the cut-off of the half-year that was heard."""

HEARD_BY: Final = "党组"
PRESIDED_BY: Final = "he"
DECIDED: Final[tuple[tuple[str, Fate], ...]] = (
    (
        "调查笔录必备要素做进办案系统模板，要素不全的不能提交审核，由综合执法支队牵头、办公室配合。",
        Fate(
            TRANSPORT,
            "chen",
            210,
            0,
            0,
            title="笔录必备要素做进办案系统",
            goal="系统模板覆盖全部案由，缺项案卷提交不了",
            steps=(DemoMeasure("与办案系统运维单位确认模板改造", 60, 38), DemoMeasure("全支队上线试用", 180)),
            partners=(OFFICE,),
            reports=((40, "模板字段已经确认，运维单位报价偏高，正在压减。"),),
            stated=("", "报价谈到了预算以内，模板在一个大队先试。"),
        ),
    ),
    (
        "客运管理科与市政务服务中心对接投诉工单接口，字段清单要先理清。",
        Fate(
            RIDES,
            "deng",
            90,
            0,
            0,
            title="对接市政务服务中心投诉工单接口",
            goal="投诉工单一次录入、两边可用",
            reviewer="wei",
            reports=((26, "已与市政务服务中心数据科开过一次碰头会，对方要求走数据共享申请。"),),
            ending=Ending(
                72,
                "数据共享申请批复和联调记录",
                "接口已批复并联调通过，网约车投诉工单当天自动落到科里。",
                "现场推了两单试，科里电脑都收到了。",
                "同意办结，下半年看用时降没降。",
            ),
        ),
    ),
    (
        "路政管理科会同综合执法支队，把乡镇联动治超的夜间巡查人员和车辆定下来。",
        Fate(
            ROADS,
            "fan",
            210,
            0,
            0,
            title="落实夜间联动治超人员车辆",
            goal="每晚固定一组人、一辆车，节假日不断档",
            reports=((55, "夜班两组轮换已经排定，车辆暂借支队一台。"),),
            stated=("", "夜间巡查没有断过档，借用的车辆到期前要定下归属。"),
        ),
    ),
)
"""What the meeting decided, each with what became of it; days count from the meeting, after which they were issued and accepted at once."""
