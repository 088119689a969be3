"""Papers that look near but are no annual 法治政府建设 report, told apart with the reason."""

import re
from typing import NamedTuple

from core.errors import RectifyError
from reports.enumeration import leading
from reports.frame import LAW, Frame
from reports.sections import Kind, bare, kind_of_heading
from reports.source import Source


class NotAReport(RectifyError):
    """A paper of another kind; it can be read all the same when the person insists."""

    status = 422


class Paper(NamedTuple):
    """Another kind of paper, and how it shows."""

    name: str
    because: str


_BY_TITLE = (
    ("政府信息公开工作年度报告", re.compile(r"政府信息公开.{0,12}(?:年度?报告|年报|情况.{0,4}报告)")),
    (
        "普法工作总结",
        re.compile(
            r"^(?!.*(?:法治政府|依法行政|法治建设|法治工作|依法治[县市区州省镇乡])).*(?:普法|法治宣传|法制宣传|法治文化)"
        ),
    ),
    ("行政执法统计年报", re.compile(r"执法.{0,4}(?:数据|统计).{0,12}(?:报告|年报|情况|公示|总结)?$")),
    ("政策解读", re.compile(r"解读|一图读懂|问答")),
    ("个人述职述法报告", re.compile(r"述职|述法|述廉|述责|个人总结")),
    (
        "整改方案或整改报告",
        re.compile(
            r"整改(?:工作)?(?:的)?(?:实施)?(?:方案|措施|台账|清单|任务)$|整改(?:落实|完成|进展)?(?:工作)?(?:的)?(?:情况)?(?:的)?(?:报告|汇报|通报|公示)$|整改(?:落实)?情况$"
        ),
    ),
    (
        "会议或活动报道",
        re.compile(
            r"(?:召开|举行|举办|开展).{2,40}(?:会议?|活动|培训班?|讲座|调研|督察|督查|检查|抽查|评查|评议|评估|督导|竞赛|考试|座谈|交流)$|(?:推进|部署|动员|总结|座谈|述法)会(?:召开|举行)?$|(?:印发|出台|发布|公布)了?$|赴.{2,20}(?:调研|督察|考察)"
        ),
    ),
    (
        "工作要点、工作计划或方案",
        re.compile(
            r"(?:工作要点|工作计划|方案|行动计划|重点工作安排|工作安排|任务分解表?|责任清单|规划|规划纲要)(?:[（(].{1,20}[)）])?$|实施纲要"
        ),
    ),
    (
        "通知、公告或函",
        re.compile(
            r"(?:通知|公告|通告|公示|函|批复|决定|意见|纪要|讲话|致辞|发言|倡议书|通报|答复|记录)(?:[（(].{1,20}[)）])?$"
        ),
    ),
    (
        "行政审判、复议应诉情况报告",
        re.compile(
            r"^(?!.*(?:法治政府|依法行政|法治建设)).*(?:行政审判|行政检察|司法审查|行政复议|行政诉讼|行政应诉)"
        ),
    ),
    (
        "调研、视察或评估报告",
        re.compile(r"(?:调研|视察|执法检查|(?<!自查)(?<!自我)(?<!自)评估|第三方测评)(?:情况)?的?报告$"),
    ),
    ("经验材料", re.compile(r"(?:典型)?(?:经验|事迹|交流)(?:材料|做法|介绍)$|典型案例$")),
    (
        "优化营商环境工作报告",
        re.compile(
            r"^(?!.*(?:法治政府|依法行政|法治建设|法治工作)).*营商环境.{0,12}(?:报告|总结|汇报|情况)$"
        ),
    ),
    ("政府工作报告", re.compile(r"^(?!.*(?:法治|依法)).*政府工作报告$")),
    ("法律法规条文", re.compile(r"(?:条例|办法|规定|细则|规则|准则|法)(?:[（(].{1,20}[)）])?$")),
)
_MADE_PUBLIC = re.compile(r"(?:公示|公告|通告|函)$")
_WITH_PLANS = re.compile(r"(?:总结|报告|汇报|情况|小结)(?:暨|及|和|与|以及)")
_QUOTED_TITLE = re.compile(r"《[^《》]{2,60}》")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百]{1,4}条[ \u3000]")
_NEWS = re.compile(
    r"本报讯|本网讯|记者|通讯员|(?:近日|日前|\d{1,2}月\d{1,2}日(?:上午|下午)?)，[^。]{2,60}(?:召开|举行|举办|开展|组织|赴|来到)"
)
_ANNOUNCED = re.compile(
    r"(?:近日|日前|本报讯|本网讯|据悉)[，,][^。]{2,60}(?:印发|发布|出台|公布|报送|公开|召开|举行)"
)
_OF_OTHERS = re.compile(
    r"(?:考核|督[察查]|检查|评估|调研|评查|评议)(?:工作)?(?:的)?(?:有关)?(?:情况|结果)?的?(?:报告|通报|汇报)$"
)
_ITSELF = re.compile(r"自[查评]|迎检")
_EXAMINED = re.compile(
    r"对[^。；]{0,24}(?:部门|单位|镇街|乡镇|街道|地区|县区)[^。；]{0,24}(?:考核|督[察查]|检查|评估|评查|评议|调研)"
)
_OPENING = 800
_REPORTS = re.compile(
    r"(?:现将|现就|现把)[^。]{0,60}(?:报告|汇报|总结|公布|公示|公开|自查)|(?:报告|汇报|总结)(?:如下|于后)"
)
_FIRST_PERSON = re.compile(r"(?:本人|我)(?:作为|担任|始终|坚持|认真|严格|带头|主持|同志)")
_REPORT_TITLE = re.compile(r"(?:法治|依法行政|依法治|法制).{0,40}(?:报告|总结|汇报|年报|情况|小结|综述)")


def other_kind(source: Source, frame: Frame, title: str) -> Paper | None:
    """What other paper this is; None for a report, and where in doubt."""
    title = title or _first_words(source)
    said = _QUOTED_TITLE.sub("", title) or title
    for name, words in _BY_TITLE:
        if words.search(said) and not _report_after_all(name, title, frame):
            return Paper(name, f"标题是“{title[:60]}”")
    text = source.text
    if (
        _OF_OTHERS.search(said)
        and not _ITSELF.search(said)
        and (examined := _EXAMINED.search(text[:_OPENING]))
    ):
        return Paper("考核、督察或检查情况报告", f"正文说的是“{examined[0]}”")
    articles = sum(1 for line in frame.body if _ARTICLE.match(line.text + " "))
    if articles >= 5:
        return Paper("法律法规条文", f"正文按条文排列（{articles} 条）")
    opening = text[:600]
    told_as_news = (
        _NEWS.search(opening) if not _REPORT_TITLE.search(title) else _ANNOUNCED.search(title + opening)
    )
    if told_as_news and not _has_parts(frame):
        return Paper("会议或活动报道", "正文像新闻报道，没有报告的分部分标题")
    if _REPORT_TITLE.search(title):
        return None
    if len(_FIRST_PERSON.findall(text[:4000])) >= 3:
        return Paper("个人述职述法报告", "正文以“本人”的口气写成")
    if not LAW.search(title) and len(LAW.findall(text)) < 2:
        return Paper("与法治政府建设无关的文件", "标题和正文都没有谈到法治政府建设或依法行政")
    if title and not _has_parts(frame) and not _REPORTS.search(text[:_OPENING]):
        return Paper("新闻或其他文章", "标题不是报告的标题，正文没有分部分，也没有说是在报告工作")
    return None


def refuse(paper: Paper) -> NotAReport:
    """The refusal that says what the paper is taken for, why, and how to read it all the same."""
    return NotAReport(
        f"这份文件像是{paper.name}，不是法治政府建设年度报告",
        paper.because,
        "请换成法治政府建设年度报告；确认就是年度报告的，可选择“仍按年度报告读取”",
        command="--anyway",
    )


def _first_words(source: Source) -> str:
    """The first line of a file without a title, where it is short."""
    first = source.lines[0].text.strip() if source.lines else ""
    return first if len(first) <= 60 else ""


def _report_after_all(name: str, title: str, frame: Frame) -> bool:
    """Whether a title that sounds like another paper's is a report's: made public by a notice, or with next year's plan."""
    if not _REPORT_TITLE.search(title):
        return False
    if name in ("通知、公告或函", "法律法规条文"):
        return title.endswith("报告") or bool(_MADE_PUBLIC.search(title) and _tells_both(frame))
    return name.startswith("工作要点") and bool(_WITH_PLANS.search(title))


def _tells_both(frame: Frame) -> bool:
    """Whether the paper has a part on what is lacking and one on what is planned, as a report has."""
    heads = (bare(line.text) for line in frame.body if leading(line) and len(line.text) <= 40)
    kinds = {kind_of_heading(head, None, outermost=True) for head in heads}
    return Kind.COMBINED in kinds or {Kind.SHORTCOMINGS, Kind.PLANS} <= kinds


def _has_parts(frame: Frame) -> bool:
    return sum(1 for line in frame.body if (mark := leading(line)) and mark.style in ("han", "part")) >= 2
