"""What says nothing of its own: introductions, guiding ideas, closing words, headings in any wording."""

import pytest

from tests.unit.reports.saying import both, lacking, planned, read_parts

LACK = ["执法力量不足", "普法形式单一"]
TODO = ["招录人员3名", "开展短视频普法"]
TASKS = (("工作任务", "责任单位"), ("招录人员3名", "甲科"), ("开展短视频普法", "乙科"))


@pytest.mark.parametrize(
    "introduction",
    [
        "2023年，我局法治政府建设工作虽取得一定成效，但与新形势新任务的要求相比，还存在一些薄弱环节和不足之处。",
        "在肯定成绩的同时，我们也清醒地看到工作中的问题和不足。",
        "回望全年，法治建设有进步，短板和弱项也依然明显。",
        "工作中还有三个方面的困难和挑战需要直面。",
        "我们清醒地认识到，距离法治政府建设的要求还有一定差距。",
        "总的来看，我局法治建设工作仍有不少短板弱项。",
        "回顾一年来的工作，我局在推进法治政府建设中还存在以下几个方面的不足。",
        "虽然我局在法治建设方面做了一些工作，但离上级要求和群众期盼仍有差距，需要进一步改进。",
        "一年来，虽然做了大量工作，但仍存在不少问题，主要表现在：",
        "存在的主要问题有以下几点：",
        "对照《法治政府建设实施纲要》，查找出以下问题。",
        "2023年法治政府建设存在的主要不足如下：",
        "通过自查，我局法治政府建设工作主要存在以下两方面问题。",
        "从总体上看，法治建设成效明显，但与高质量发展的要求还不相适应。",
    ],
)
@pytest.mark.parametrize("between", ["", "\n"])
def test_an_introduction_is_no_shortcoming(introduction: str, between: str) -> None:
    assert lacking(f"{introduction}{between}执法力量不足。{between}普法形式单一。") == LACK
    assert lacking(f"{introduction}{between}一是执法力量不足；二是普法形式单一。") == LACK


@pytest.mark.parametrize(
    "stated",
    [
        "法律法规更新快，部分干部知识更新跟不上，依法办事能力与新任务要求还有差距",
        "执法能力与上级要求还有差距",
        "案卷制作质量与省厅标准相比仍有差距",
        "乡镇执法队人员不足，承接下放事项仍面临不少困难",
    ],
)
@pytest.mark.parametrize("between", ["", "\n"])
def test_a_sentence_that_says_what_falls_short_is_a_shortcoming(stated: str, between: str) -> None:
    assert lacking(f"{stated}。{between}执法力量不足。{between}普法形式单一。") == [stated, *LACK]


@pytest.mark.parametrize(
    "introduction",
    [
        "2024年，我局将紧紧围绕县委、县政府中心工作，扎实做好以下工作。",
        "下一步，我局将从以下方面加强和改进法治建设工作。",
        "2024年，重点办好两件实事。",
        "新的一年，我局将深入学习贯彻习近平法治思想，重点抓好以下几项工作：",
        "2024年是深入实施“十四五”规划的攻坚之年，我局将坚持以党的二十大精神为指引，全面推进依法行政。",
        "下一步，我局将坚持问题导向，补短板、强弱项，重点做好以下几个方面的工作。",
        "针对存在的问题和不足，2024年我局将重点开展以下工作：",
        "2024年，我局将以习近平法治思想为指导，以法治政府示范创建为抓手，不断提升依法行政水平。",
        "今后，我局将继续深入贯彻落实党中央、国务院关于法治政府建设的决策部署。",
    ],
)
@pytest.mark.parametrize("between", ["", "\n"])
def test_the_idea_behind_the_plans_is_no_plan(introduction: str, between: str) -> None:
    assert planned(f"{introduction}{between}招录人员3名。{between}开展短视频普法。") == TODO
    assert planned(f"{introduction}\n（一）招录人员3名。\n（二）开展短视频普法。") == TODO
    assert planned(f"{introduction}\nTT", TT=TASKS) == TODO


@pytest.mark.parametrize(
    "closing",
    [
        "上述问题，有待在今后的工作中加以改进和完善。",
        "对此，我局将高度重视，认真研究解决。",
        "这些问题和不足，我们将在下一步工作中采取有力措施，切实加以改进。",
        "针对上述问题和不足，我局将进一步加大工作力度，切实加以解决。",
        "以上问题需在今后工作中着力解决。",
        "对存在的问题，我局将认真对待，逐项整改。",
        "下一步，我局将认真加以解决。",
        "对上述困难，我们将采取扎实得力的举措，在新的一年里逐步加以克服。",
    ],
)
def test_a_closing_remark_is_no_shortcoming_and_no_plan(closing: str) -> None:
    assert lacking(f"一是执法力量不足；二是普法形式单一。{closing}") == LACK
    assert both(f"（一）执法力量不足。\n（二）普法形式单一。\n{closing}", "三、存在的不足") == (LACK, [])
    assert both(f"执法力量不足。普法形式单一。{closing}", "三、存在的不足") == (LACK, [])


@pytest.mark.parametrize(
    "closing",
    [
        "我局将以此为契机，不断提升依法行政水平，为建设法治青溪作出积极贡献。",
        "总之，我局将继续努力，推动法治政府建设再上新台阶。",
        "通过以上措施，努力开创法治政府建设新局面。",
        "以上报告，如有不妥，请批评指正。",
        "新的一年，我们将以更加饱满的热情投入工作，努力交出满意答卷。",
        "特此报告。",
        "通过这些努力，力争依法行政工作取得更大成绩。",
        "再接再厉，县林草局将开拓创新、勇毅前行，用法治守护绿水青山。",
        "县林草局将团结奋斗、攻坚克难，让依法治林深入人心。",
        "踏上新征程，我局将以更实举措推动法治建设再上新台阶。",
        "新的一年，我局将埋头苦干、接续奋斗，以优异成绩迎接党的二十大胜利召开。",
        "为全面建设社会主义现代化新青溪提供更加坚强的法治保障。",
    ],
)
def test_closing_words_are_no_plan(closing: str) -> None:
    assert planned(f"一是招录人员3名；二是开展短视频普法。{closing}") == TODO
    assert planned(f"（一）招录人员3名。\n（二）开展短视频普法。\n{closing}") == TODO
    assert planned(f"招录人员3名。开展短视频普法。{closing}") == TODO


@pytest.mark.parametrize(
    "detail",
    [
        "立足新征程，制定干部担当作为评价办法",
        "加强阵地建设，推动普法工作再上新台阶",
        "加强队伍建设，为全县经济社会发展作出更大贡献",
    ],
)
def test_a_measure_that_ends_in_large_words_is_not_cut(detail: str) -> None:
    assert planned(f"（一）招录人员3名。\n（二）开展短视频普法。{detail}。") == [
        "招录人员3名",
        f"开展短视频普法。{detail}",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "三 、存在的不足",
        "三.存在的不足",
        "三、 存在的不足",
        "三、存在的不足。",
        "三、存在的不足：",
        "三、存 在 的 不 足",
        "【三、存在的不足】",
        "存在的不足",
        "◆存在的不足",
        "三、不足之处",
        "（三）存在的不足",
        "三、2023年存在的主要问题",
        "三、法治政府建设中存在的薄弱环节",
        "三、工作中存在的困难和不足",
        "三、存在的短板",
        "三、主要不足",
        "三、存在差距",
        "三、当前存在的问题",
        "三、对照检查存在的问题",
        "三、不足与差距",
        "三、问题短板",
        "三、困难问题",
    ],
)
def test_shortcomings_under_any_heading(heading: str) -> None:
    assert lacking("一是执法力量不足；二是普法形式单一。", heading) == LACK


@pytest.mark.parametrize(
    "heading",
    [
        "四、下步工作打算",
        "四、2024年计划",
        "四、今后工作方向",
        "四、下一年度工作思路",
        "四、明年工作安排",
        "四、2024年度法治政府建设工作要点",
        "四、下一步改进措施",
        "四、改进方向",
        "四、下阶段工作重点",
        "四、2024年工作展望",
        "四、新年度工作谋划",
        "四、工作打算",
        "四、下一步努力方向",
        "四、2024年推进法治政府建设主要工作安排",
        "四、下一步工作措施",
        "四、2024年法治建设重点工作",
        "四、2024年",
        "四、下一步工作的主要思路和举措",
        "四、来年打算",
        "四、后续工作安排",
        "下一步工作安排：",
        "四、整改措施及下一步打算",
        "四、2024年工作目标和任务",
    ],
)
def test_plans_under_any_heading(heading: str) -> None:
    assert planned("一是招录人员3名；二是开展短视频普法。", heading) == TODO


@pytest.mark.parametrize(
    "heading",
    [
        "三、存在的不足及努力方向",
        "三、存在问题与改进措施",
        "三、不足和打算",
        "三、短板弱项及下一步工作",
        "三、存在问题、原因和对策",
        "三、存在的问题、下步打算",
        "三、存在的主要问题和2024年工作安排",
        "三、问题与对策",
        "三、存在的薄弱环节及整改措施",
        "三、存在不足及下一年度工作安排",
        "三、存在的困难问题及下一步工作建议",
    ],
)
def test_both_under_any_heading(heading: str) -> None:
    assert both(
        "（一）执法力量不足。下一步，招录人员3名。\n（二）普法形式单一。今后，开展短视频普法。", heading
    ) == (LACK, TODO)


def test_what_is_left_over_says_why() -> None:
    report = read_parts(
        "三、存在的不足\n对照要求，还存在以下不足：\n（一）执法方面\n1.执法力量不足。\n这些问题需要认真解决。",
        "四、2024年工作安排\n我局将以习近平法治思想为指导，深入推进依法行政。\n（一）招录人员3名。\n（二）建议省局增加编制。\n特此报告。",
    )
    assert [(left.reason, left.text[:6]) for left in report.leftovers] == [
        ("引言", "对照要求，还"),
        ("小标题", "执法方面"),
        ("结语", "这些问题需要"),
        ("指导思想", "我局将以习近"),
        ("对上级的建议", "建议省局增加"),
        ("结语", "特此报告"),
    ]
