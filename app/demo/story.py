"""What became of each item of this year's report; days count from today."""

from typing import Final

from app.demo.cast import LEGAL, OFFICE, RIDES, ROADS, TRANSPORT
from app.demo.fates import DemoMeasure, Ending, Fate
from models.enums import ItemKind, TimeLimit

S, P = ItemKind.SHORTCOMING, ItemKind.PLAN

IMPORTED: Final = -245

FATES: Final[dict[tuple[ItemKind, int], Fate]] = {
    (S, 1): Fate(
        TRANSPORT,
        "chen",
        -13,
        -240,
        goal="调查笔录要素齐全，送达回证随卷归档，评查合格率不低于95%",
        steps=(
            DemoMeasure("制定案卷制作规范，明确笔录必备要素", -165, -168),
            DemoMeasure("每季度评查一次，缺项案卷退回补正", -13),
        ),
        partners=(OFFICE,),
        reports=(
            (-170, "制定《案卷制作规范（试行）》，明确调查笔录必备要素12项，已印发各大队。"),
            (-62, "完成第二季度案卷评查，抽查40件，合格37件；3件缺少送达回证的已补正。"),
        ),
        stated=(
            "被查的12件案卷已逐件复盘，缺项集中在新人办的案子上，已改为老带新共同签卷。",
            "退回补正的案卷比上季度少了一半，送达回证还有零星迟交，盯两个大队补齐。",
        ),
        late="本季度的案件还没有结完，评查抽不满件数。",
    ),
    (S, 2): Fate(
        TRANSPORT,
        "chen",
        24,
        -240,
        goal="涉企检查计划全局一本账，同一企业一季度内同类检查不超过一次",
        steps=(
            DemoMeasure("汇总各科室检查计划，合并重复事项", -88, -90),
            DemoMeasure("统一计划上网公示", 20),
        ),
        partners=(RIDES, ROADS),
        reports=((-90, "收集各科室检查计划31份，合并重复事项9项，统一计划正在征求意见。"),),
        stated=(
            "各科室检查计划归口到支队一个出口，先从货运企业试起。",
            "公示稿已送法规科看过一遍，个别事项的检查频次还在与科室商量。",
        ),
    ),
    (S, 3): Fate(
        OFFICE,
        "meng",
        -4,
        -238,
        goal="依申请公开全部在法定期限内答复，不因逾期被复议纠错",
        reports=((-120, "建立依申请公开台账，收件当日登记，第10个工作日提醒承办科室。"),),
        stated=(
            "超期的两件已补答复并向申请人致歉，签转由三道减为两道。",
            "本期收到的申请都按时答复了，还差一份科室会签时限的书面规定。",
        ),
        late="会签时限的规定要局长办公会过，议题排在下次会。",
        recurs_since=-100,
    ),
    (S, 4): Fate(
        ROADS,
        "luo",
        5,
        -230,
        goal="3件文件修订或者废止，现行文件没有与上位法抵触的",
        steps=(DemoMeasure("两件治超文件修订送审", -60, -62), DemoMeasure("路产赔偿办法公开征求意见", 5)),
        partners=(OFFICE,),
        reports=((-40, "3件文件中2件已完成修订送审，1件正在征求意见。"),),
        stated=(
            "三件文件与新上位法逐条对照，改动较大的放在最后。",
            "征求到乡镇意见11条，采纳7条，余下4条正在说明理由。",
        ),
        extension=(-1, 36, "市司法局合法性审核意见尚未反馈，需顺延一个月。"),
    ),
    (S, 5): Fate(
        OFFICE,
        "wei",
        20,
        -235,
        goal="负责人出庭应诉率达到90%以上",
        steps=(DemoMeasure("开庭通知直报局长，按月排出庭表", -100, -104),),
        reports=((-30, "印发负责人出庭应诉安排表，今年开庭6件，负责人出庭6件。"),),
        stated=("开庭传票由收发室直接送到分管局长案头，不再经科室转。",),
        ending=Ending(
            -5,
            "负责人出庭应诉安排表和6份庭审笔录",
            "今年开庭的6件案件负责人全部出庭，出庭应诉率由57%升到100%。",
        ),
    ),
    (S, 6): Fate(
        RIDES,
        "deng",
        -31,
        -236,
        goal="网约车投诉平均办结用时压到5个工作日以内",
        steps=(
            DemoMeasure("派单和核实两个环节合并", -148, -151),
            DemoMeasure("与平台企业约定48小时回复", -31),
        ),
        partners=(OFFICE,),
        reports=(
            (-150, "梳理投诉处理流程，合并派单和核实环节。"),
            (-45, "平均办结用时降至6.8个工作日，尚未达到目标。"),
        ),
        stated=(
            "投诉量最大的两家平台已经约谈，回复仍慢，主要卡在工单两头录入。",
            "用时又降了一些，离5个工作日还有差距，平台侧48小时回复做到八成。",
        ),
        late="投诉工单要在两个系统里重复录入，人手不够。",
        guided=((-20, "he", "请客运管理科拿出压减环节的硬办法，月底前办结。"),),
        asks="请市政务服务中心开放投诉工单接口，减少重复录入。",
        listed=(-18, "连续两个季度未达目标，列入挂牌督办。"),
    ),
    (S, 7): Fate(
        TRANSPORT,
        "hejing",
        40,
        -232,
        goal="脱产培训人均不少于60学时",
        steps=(DemoMeasure("分两期脱产轮训", -22, -21),),
        reports=((-20, "组织两期脱产轮训，人均62学时。"),),
        stated=("轮训师资和场地已经谈妥，按大队错峰排班，不影响路面执法。",),
        ending=Ending(
            -8,
            "两期轮训签到册、试卷和学时统计",
            "两期轮训86人全部结业，人均62学时，比上年多34学时，考试不合格的4人已补考。",
            "核对了签到册和学时统计，抽问3名队员，与所报一致。",
        ),
    ),
    (S, 8): Fate(
        ROADS,
        "fan",
        -50,
        -228,
        limit=TimeLimit.LONG_TERM,
        goal="超限率控制在2%以内，县乡联动常态运行",
        reports=((-75, "与7个乡镇签订联动治超备忘录，每月联合行动2次。"),),
        stated=(
            "两个货运大镇先行联动，夜间流动点位由支队补人。",
            "雨季后货车绕行村道的多了，已请乡镇在三个路口加设限高。",
        ),
        checks=((-51, "联动机制已运转，继续观察超限率变化。", 12),),
    ),
    (P, 1): Fate(
        TRANSPORT,
        "chen",
        39,
        -231,
        reports=((-100, "已组织三次季度评查。"),),
        stated=(
            "评查结果按科室排名通报，垫底的大队作了书面说明。",
            "最后一次评查的抽样名单已经定好，结案一批看一批。",
        ),
    ),
    (P, 2): Fate(
        TRANSPORT,
        "chen",
        39,
        -231,
        goal="同一企业同类事项一年检查不超过一次",
        steps=(DemoMeasure("排出年度“综合查一次”清单", 30),),
        stated=("清单里先列了维修、客运两类企业，等统一计划公示后铺开。",),
    ),
    (P, 3): Fate(
        ROADS,
        "luo",
        3,
        -231,
        reports=((-15, "两件已公布。"),),
        stated=(
            "修订稿与文件清理一并推进，合法性审核已经预约。",
            "还剩一件在走公开征求意见，期满就送审。",
        ),
    ),
    (P, 4): Fate(
        ROADS,
        "",
        39,
        -3,
        stage="assigned",
        goal="4处货运源头点位全部接入不停车检测",
        partners=(OFFICE,),
    ),
    (P, 5): Fate(
        TRANSPORT,
        "hejing",
        -45,
        -231,
        limit=TimeLimit.LONG_TERM,
        stated=(
            "轮训名册按在岗人员重新核过，新调入的9人补进本期。",
            "夜班队员安排在周末补训，课件改成了案例讨论。",
        ),
        checks=((-46, "上半年轮训 86 人，下半年继续。", 39),),
    ),
    (P, 6): Fate(LEGAL, "", None, -240, stage="archived"),
    (P, 7): Fate("", "", None, 0, stage="draft"),
}
