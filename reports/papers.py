"""Papers that look near but are no annual 法治政府建设 report, told apart by scored evidence, with the reason.

Each piece of evidence speaks for one kind of paper with some points; the report is one of the kinds. A paper is refused
when another kind has more points, and is told by what spoke most for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from core.errors import RectifyError
from core.han import HAN
from reports.enumeration import leading
from reports.frame import Frame
from reports.sections import Kind, bare, kind_of_heading
from reports.source import Source
from reports.title import ABOUT_LAW, QUOTED


class NotAReport(RectifyError):
    """A paper of another kind; it can be read all the same when the person insists."""

    status = 422


class Paper(NamedTuple):
    """Another kind of paper, and how it shows."""

    name: str
    because: str


class _Evidence(NamedTuple):
    """So many points for a kind of paper, and how to say what they are for."""

    name: str
    points: float
    because: str


_REPORT = "法治政府建设年度报告"
_UNRELATED = "与法治政府建设无关的文件"
_NEWS = "会议或活动报道"
_ARTICLE = "新闻或其他文章"
_NO_REPORT = "标题不是报告的标题，正文没有分部分，也没有说是在报告工作"
_SURELY = 12.0  # no report ends its title so
_BRACKET = r"(?:[（(].{1,20}[)）])?$"
# What a title's last words say the paper is; the first that fits counts.
_GENRES = (
    ("政策解读", _SURELY, r"解读|一图读懂|问答"),
    ("个人述职述法报告", _SURELY, r"述职|述法|述廉|述责|个人总结"),
    ("整改方案或整改报告", _SURELY, r"整改(?:工作)?(?:的)?(?:实施)?(?:方案|措施|台账|清单|任务)$|整改(?:落实|完成|进展)?(?:工作)?(?:的)?(?:情况)?(?:的)?(?:报告|汇报|通报|公示)$|整改(?:落实)?情况$"),
    (_NEWS, _SURELY, r"(?:召开|举行|举办|开展).{2,40}(?:会议?|活动|培训班?|讲座|调研|督察|督查|检查|抽查|评查|评议|评估|督导|竞赛|考试|座谈|交流)$|(?:推进|部署|动员|总结|座谈|述法)会(?:召开|举行)?$|(?:印发|出台|发布|公布)了?$|赴.{2,20}(?:调研|督察|考察)|会议?.{0,12}(?:听取|审议|研究)"),
    ("工作要点、工作计划或方案", _SURELY, rf"(?:工作要点|工作计划|方案|行动计划|重点工作安排|工作安排|任务分解表?|责任清单|规划|规划纲要|实施纲要){_BRACKET}"),
    ("通知、公告或函", _SURELY, rf"(?:通知|批复|决定|意见|纪要|讲话|致辞|发言|倡议书|答复|复函|记录){_BRACKET}"),
    ("通知、公告或函", 3.5, rf"(?:公告|通告|公示|函|通报){_BRACKET}"),
    ("调研、视察或评估报告", _SURELY, r"(?:调研|视察|执法检查|(?<!自查)(?<!自我)(?<!自)评估|第三方测评)(?:情况)?的?报告$"),
    ("经验材料", _SURELY, r"(?:典型)?(?:经验|事迹|交流)(?:材料|做法|介绍)$|典型案例$"),
    ("法律法规条文", _SURELY, rf"(?:条例|办法|规定|细则|规则|准则){_BRACKET}"),
)  # fmt: skip
# What a title is about; where it is about 法治政府建设 as well, that counts more.
_TOPICS = (
    ("政府信息公开工作年度报告", r"政府信息公开.{0,12}(?:年度?报告|年报|情况.{0,4}报告)"),
    ("普法工作总结", r"普法|法治宣传|法制宣传|法治文化"),
    ("党建或党风廉政工作报告", r"党建|党风廉政|全面从严治党|廉政建设|意识形态|主体责任"),
    ("行政执法统计年报", r"执法.{0,4}(?:数据|统计)"),
    ("行政审判、复议应诉情况报告", r"行政审判|行政检察|司法审查|行政复议|行政诉讼|行政应诉"),
    ("优化营商环境工作报告", r"营商环境"),
    ("政府工作报告", r"^(?:.{2,20}人民政府)?政府工作报告$"),
    ("半年或季度工作总结", r"[上下]半年|季度|\d{1,2}月份"),
)
_OWN_TOPIC = re.compile(
    rf"法治政府|依法行政|法治(?!文化|宣传)(?:[{HAN}]{{2}})?(?:建设|工作)|依法治[县市区州省镇乡国]|法治.{{0,6}}(?:年度报告|情况)"
)
_REPORTING = re.compile(
    r"(?:报告|总结|汇报|年报|情况|小结|综述)[表书]?(?:[（(].{1,20}[)）])?$|(?:报告|总结|汇报|情况|小结)(?:暨|及|和|与|以及)"
)
_ANNOUNCED = re.compile(r"[局委厅府办县市区](?:公布|发布|印发|公开|出台|报送)")
_APPLYING = re.compile(r"申报|创建.{0,12}(?:自评|申请)|示范.{0,12}(?:自评|申请)")
_OF_OTHERS = re.compile(
    r"(?:考核|督[察查]|检查|评估|调研|评查|评议)(?:工作)?(?:的)?(?:有关)?(?:情况|结果)?的?(?:报告|通报|汇报)$"
)
_ITSELF = re.compile(r"自[查评]|迎检")
# What the words themselves say, in the opening or anywhere: kind, points each, most points, where, words.
_WORDS = (
    (_NEWS, 2.0, 4.0, 600, re.compile(r"本报讯|本网讯|记者|通讯员|据悉|(?:近日|日前|\d{1,2}月\d{1,2}日(?:上午|下午)?)，[^。]{2,60}(?:召开|举行|举办|开展|组织|赴|来到|印发|发布|出台|公布)")),
    ("工作简报", 3.0, 6.0, 300, re.compile(r"简\s*报|工作动态|信息专报|[（(]?第\s*\d+\s*期|总第")),
    ("论文或研究文章", 3.0, 9.0, 0, re.compile(r"(?:^|\n)\s*[\[【]?(?:摘\s*要|关键词|参考文献|作者简介|Abstract|Key\s?words)", re.IGNORECASE)),
    ("个人述职述法报告", 1.2, 6.0, 4000, re.compile(rf"本人|(?<![{HAN}])我(?:作为|担任|始终|坚持|认真|严格|带头|主持|同志)")),
    ("法律法规条文", 1.0, 8.0, 0, re.compile(r"(?:^|\n)\s*第[一二三四五六七八九十百]{1,4}条(?=[ \u3000\n])")),
    ("示范创建的申报或自评材料", 1.0, 4.0, 0, re.compile(r"自评(?:得)?分|(?:得|满|扣)分|评估指标|指标体系|申报条件")),
    ("考核、督察或检查情况报告", 2.0, 2.0, 800, re.compile(r"对[^。；]{0,24}(?:部门|单位|镇街|乡镇|街道|地区|县区)[^。；]{0,24}(?:考核|督[察查]|检查|评估|评查|评议|调研)")),
)  # fmt: skip
_OWN_WORDS = re.compile(r"法治政府|依法行政")
_TELLS = re.compile(
    r"现[将就把][^。]{0,60}(?:报告|汇报|总结|公布|公示|公开|自查)|(?:报告|汇报|总结)(?:如下|于后)"
)


def other_kind(source: Source, frame: Frame, title: str) -> Paper | None:
    """What other paper this is; None for a report, and where in doubt."""
    points: dict[str, float] = defaultdict(float)
    best: dict[str, _Evidence] = {}
    for each in (
        *_of_title(title or _first_words(source), titled=bool(title)),
        *_of_words(source.text),
        *_of_parts(frame),
    ):
        points[each.name] += each.points
        if each.name not in best or each.points > best[each.name].points:
            best[each.name] = each
    report = points.pop(_REPORT, 0.0)
    name = max(points, key=lambda kind: points[kind], default="")
    return Paper(name, best[name].because) if name and points[name] > report else None


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


def _of_title(title: str, *, titled: bool) -> Iterator[_Evidence]:
    said = QUOTED.sub("", title) or title
    because = f"标题是“{title[:60]}”"
    about_law, reporting = bool(ABOUT_LAW.search(said)), bool(_REPORTING.search(said))
    own = bool(_OWN_TOPIC.search(said))
    genre = next(((name, points) for name, points, words in _GENRES if re.search(words, said)), None)
    with_plans = reporting and re.search(r"(?:暨|及|和|与|以及).*(?:要点|计划|方案|安排|规划)", said)
    if genre and not (with_plans and genre[0].startswith("工作要点")):
        yield _Evidence(*genre, because)
    elif _OF_OTHERS.search(said) and not _ITSELF.search(said):
        yield _Evidence("考核、督察或检查情况报告", 6.0, because)
    elif reporting:
        yield _Evidence(_REPORT, 5.0 if own else 1.0, because)
    yield _Evidence(_REPORT, 1.0 * about_law, because)
    for name, words in _TOPICS:
        if re.search(words, said):
            yield _Evidence(name, 2.0 if own else 11.0, because)
    if _ANNOUNCED.search(said):
        yield _Evidence(_NEWS, 5.0, because)
    if _APPLYING.search(said):
        yield _Evidence("示范创建的申报或自评材料", 8.0, because)
    if titled and not reporting and not own:
        yield _Evidence(_ARTICLE, 2.5, _NO_REPORT)
    if not about_law:
        yield _Evidence(_UNRELATED, 2.0, "标题没有谈到法治政府建设或依法行政")


def _of_words(text: str) -> Iterator[_Evidence]:
    for name, each, most, reach, words in _WORDS:
        found = [match[0].strip() for match in words.finditer(text, 0, reach or len(text))]
        if found:
            yield _Evidence(name, min(most, each * len(found)), f"正文里有“{found[0][:30]}”等字样")
    density = 1000 * len(ABOUT_LAW.findall(text)) / max(200, len(text))
    own = 1000 * len(_OWN_WORDS.findall(text)) / max(1000, len(text))
    yield _Evidence(_REPORT, min(2.0, own), "")
    if density < 1.5:
        yield _Evidence(_UNRELATED, 3.0 - 2.0 * density, "标题和正文几乎没有谈到法治政府建设或依法行政")
    if _TELLS.search(text[:800]):
        yield _Evidence(_REPORT, 1.0, "")


def _of_parts(frame: Frame) -> Iterator[_Evidence]:
    """A report has parts: on what is lacking and on what is planned; news and articles have none."""
    opened = [line for line in frame.body if line.block.heading or leading(line)]
    heads = [bare(line.text) for line in opened if len(line.text) <= 40]
    kinds = {kind_of_heading(head, None, outermost=True) for head in heads}
    lacking, planned = kinds & {Kind.SHORTCOMINGS, Kind.COMBINED}, kinds & {Kind.PLANS, Kind.COMBINED}
    yield _Evidence(_REPORT, 1.5 * bool(lacking) + 1.5 * bool(planned), "")
    marks = [leading(line) for line in opened]
    if sum(mark is None or mark.style in ("han", "part") for mark in marks) >= 2:
        yield _Evidence(_REPORT, 1.0, "")
    else:
        yield _Evidence(_NEWS, 1.5, "正文像新闻报道，没有报告的分部分标题")
        yield _Evidence(_ARTICLE, 1.5, _NO_REPORT)
