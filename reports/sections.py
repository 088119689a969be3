"""What a section is about, told from the words of its heading and never from its ordinal."""

import re
from enum import StrEnum
from functools import lru_cache

from reports.numerals import years


class Kind(StrEnum):
    """What the sentences under a heading are."""

    SHORTCOMINGS = "shortcomings"
    PLANS = "plans"
    COMBINED = "combined"
    CAUSES = "causes"
    OTHER = "other"


_LACK = (
    r"(?:不足之处|不足|存在问题|问题|短板弱项|短板|弱项|薄弱环节|薄弱点|薄弱之处|困难|差距|欠缺|缺点|缺陷|难点|堵点|痛点|难题|瓶颈|挑战|困惑|瑕疵"
    r"|弱点|不到位|不够|(?:有待|需要?|仍需|亟待|待)(?:进一步)?(?:改进|加强|提高|提升|完善|解决|和|与|、)+的?(?:方面|地方|之处|问题|环节)?|制约(?:.{0,16}的)?(?:主要|突出)?因素)"
)
_REASON = r"(?:原因剖析|原因分析|原因|成因分析|成因|根源)"
_JOIN = r"(?:以及|及其|和|与|及|、|，|,|\s)"
_OF = r"(?:主要|产生|存在|形成|突出|面临|具体|的|工作|方面|情况|地方|表现|梳理|分析|剖析|检视|查找|查摆|清单|之处|等)*"
_SHORTCOMING_TAIL = re.compile(
    rf"{_LACK}{_OF}(?:{_JOIN}?{_OF}(?:{_LACK}|{_REASON}){_OF}|{_JOIN}(?:意见|建议|意见建议))*$"
)
_STANDING = re.compile(
    rf"存在|存有|面临|主要|突出|目前|当前|具体|尚|仍|还|我[们局委厅]|工作中|建设中|^{_LACK}|{_LACK}{_JOIN}{_LACK}|(?:不足|短板|弱项|薄弱|差距|欠缺|不够|有待)[^问题]{{0,6}}$"
    rf"|{_LACK}{_JOIN}?{_REASON}|工作(?:的)?{_LACK}|年{_LACK}|年度{_LACK}"
)
# Words that make "问题" the object of something done, so the heading tells of work and not of what is lacking.
_DOING = re.compile(
    r"解决|破解|化解|整治|治理|补齐|补强|补足|聚焦|围绕|紧盯|盯紧|针对|瞄准|回应|攻克|防范|纠治|纠正|排查|消除|突破|克服|打通|疏通|直击|对准"
    r"|导向|销号|清零|督办|反映|受理|办理|化除|应对|坚持|强化|推动|推进(?!法治|依法|法制|过程|中)|着力|抓好|狠抓|严查|查处|开展"
)
_YET_TO_SOLVE = re.compile(r"(?:亟[待需须]|有待|需要|尚未|急需|迫切需要)(?:解决|破解|突破|攻克|化解)")
_LOOKING_IN = re.compile(r"查摆|查找|正视|直面|检视|剖析|梳理|对照")
_REASON_ONLY = re.compile(
    rf"(?:^|的|题|足|述|分析){_OF}{_REASON}$|^(?:主要|产生|形成|造成|导致|深层次?|主客?观|客观|根本|直接|和|、)*{_REASON}"
)

_FUTURE = re.compile(
    r"下一?步|下一?阶段|下一?年|明年|来年|今后|新的?一年|新年度|未来|接下来|十.五[”\"]?(?:时期|期间)|下半年|后[续段期](?=工作|打算|安排|计划|措施)"
)
_PLAN_NOUN = re.compile(
    r"计划|打算|安排|思路|展望|设想|重点|任务|目标|部署|要点|谋划|措施|举措|方向|规划|工作|考虑|怎么|做法|要求"
)
_PLAN_TAIL = re.compile(
    r"(?:打算|展望|设想|思路|计划|安排|谋划|努力方向|改进方向|整改方向|改进措施|改进举措|改进意见|整改措施|整改举措|整改打算|整改思路|整改计划|应对措施|解决措施"
    r"|解决办法|(?:解决|破解|整改)(?:存在的?)?(?:问题|不足)的?(?:措施|办法|举措|对策)|对策措施|对策建议|工作措施|对策|工作方向|整改方案|工作部署|目标任务|努力的方向|重点任务|工作重点|主要任务|工作目标|目标举措|措施举措"
    r"|(?:^|[及和与、]|步|后续|后期|持续)(?:改进|整改)|工作要点|(?:任务|工作|措施|举措|整改)清单|下一?步|下一?步工作|拟采取的?(?:主要)?(?:措施|举措)|(?:补短板|强弱项|补短强弱|整改落实)的?(?:工作)?(?:措施|举措)|^(?:进一步|继续|加强和?改进|改进和?加强).{2,30}(?:措施|举措|办法))(?:与|和|及|、)?(?:展望|措施|建议|打算|安排|目标|举措)*$"
)
_PLAN_LABEL = re.compile(
    r"(?:主要|具体|今后|下一?步|下一?阶段|拟采取|采取|应对|解决|改进|整改|工作|的|法治|建设|打算|措施|举措|努力方向|方向|和|与|及|、)*(?:打算|展望|设想|思路|计划|谋划|努力方向|方向|措施|举措|对策|办法|整改|安排)"
)
_AGAINST = re.compile(
    r"打算|展望|设想|思路|计划|安排|谋划|方向|措施|举措|对策|办法|整改|改进|下一?步|工作重点|重点工作|20\d\d年.{0,8}工作$"
)
_PAST = re.compile(
    r"(?:成效|成果|成绩|做法|亮点|经验|(?:开展|完成|落实|推进|进展|执行|履行|履职|工作|建设|整改|实施|部署|贯彻|办理|运行|安排|组织)(?:的)?(?:落实|完成|进展|推进|开展|部署)?(?:的)?情况"
    r"|回顾|总结|履职|职责|进展|举措(?:和|与|及|、)(?:主要)?成效)[（(]?.{0,4}$"
)
_PUT_RIGHT = re.compile(
    r"整改(?:工作)?(?:的)?(?:落实|完成|进展|推进)?(?:的)?(?:情况|成效|结果|台账)|销号|反馈|督察(?:发现)?|巡[察视]|审计"
)
_ADVICE = re.compile(
    r"(?:意见|建议)$|^(?:有关|几点|工作|相关)?(?:意见|建议)|恳请|请求|需(?:要)?(?:上级|市|省|县).{0,8}(?:支持|协调|解决|帮助)|提请.{0,10}(?:事项|问题)"
)
_ABOUT = (
    r"推进|法治政府建设|法治建设|法治|政府|建设|依法行政|依法治[县市区镇乡理]|法制|工作中?|年度|本年度?|20\d\d年度?|全[县市区镇乡局系统]+|我[局委厅办镇乡县市区院们]|本[局委厅办镇乡单位部门]+|主要|具体|当前|目前|突出|存在|面临"
    r"|仍|还|尚|有|的|和|与|及|以及|其|、|，|是|一些|方面|情况|等|一定|[（(][^（()）]{0,12}[)）]"
)
_SHORTCOMING_LABEL = rf"(?:{_ABOUT}|产生|形成|造成|主客?观|客观|深层次?|根本|{_LACK}|{_REASON})++"
_PLANNED_LABEL = rf"(?:{_ABOUT}|{_FUTURE.pattern}|20\d\d年度?|及?今后一个时期|针对|上述|以上|这些|{_LACK}|整改|改进|应对|解决|对策|努力|措施|打算|计划|安排|思路|举措|重点|任务|目标|方向|部署|要点|展望|设想|考虑|谋划|采取|拟|推动|建议|办法)++"
_LABELS = {
    Kind.SHORTCOMINGS: re.compile(_SHORTCOMING_LABEL),
    Kind.CAUSES: re.compile(_SHORTCOMING_LABEL),
    Kind.PLANS: re.compile(_PLANNED_LABEL),
    Kind.COMBINED: re.compile(_PLANNED_LABEL),
    Kind.OTHER: re.compile(
        rf"(?:{_ABOUT}|几点|有关|相关|对|上级|意见|建议|其他|需要?|报告|说明|请求|协调|解决|支持|事项|第一责任人|履职|履行|职责|党政|负责人)++"
    ),
}
_PART_NAME = re.compile(
    r"(?:方面|领域|环节|层面|板块|条线|工作上|建设上|执行上|落实上|管理上|服务上|认识上|思想上|能力上)(?:的|存在的?|主要)*(?:问题|不足|短板|差距|弱项|工作|任务|举措|措施)?$"
)
_FRAME = "【】[]〖〗「」『』*#_■◆●▲★ \t\u3000\xa0"
_MARK = re.compile(
    r"^\s*(?:第[一二三四五六七八九十]{1,3}(?:部分|章|节)[、，：:\s]*|[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）、．.]|\s)+[、.．]?\s*|[①-⑳㈠-㈩⑴-⑿]、?)"
)


@lru_cache(maxsize=1024)
def bare(heading: str) -> str:
    """A heading without its mark, frame and closing punctuation."""
    return _MARK.sub("", heading.strip(_FRAME), count=1).strip(_FRAME + "。：:；;，,、.").replace(" ", "")


@lru_cache(maxsize=1024)
def kind_of_heading(heading: str, year: int | None, *, outermost: bool = False) -> Kind | None:
    """What a heading announces; None where its words say nothing (it then belongs to the section above it).

    `year` is the year reported on: a heading about a later year looks ahead, one about an earlier year looks back.
    `outermost` headings are judged less strictly: a main part named 问题 is the shortcomings section, while among
    the achievements "群众反映的问题" is not.
    """
    words = bare(heading)
    if not words or len(words) > 60:
        return None
    named = years(words)
    later = bool(year and any(value > year for value in named))
    if (year and named and max(named) < year) or (_PUT_RIGHT.search(words) and not _FUTURE.search(words)):
        return Kind.OTHER
    if kind := _announced(words, outermost=outermost, later=later):
        of_the_year = kind is Kind.PLANS and year in named and not later and not _FUTURE.search(words)
        return Kind.OTHER if of_the_year else kind
    if _ADVICE.search(words) or _PAST.search(words):
        return Kind.OTHER
    return None


def is_label(words: str, kind: Kind) -> bool:
    """Whether a heading only names its part ("存在的问题", "下一步打算") and says nothing of its own."""
    return bool(_LABELS[kind].fullmatch(bare(words)))


def names_part(words: str, kind: Kind) -> bool:
    """Whether words inside a section of a kind only name a part of it: a label, or a field of work (执法方面)."""
    return is_label(words, kind) or is_label(words, Kind.COMBINED) or bool(_PART_NAME.search(bare(words)))


def _announced(words: str, *, outermost: bool, later: bool) -> Kind | None:
    lacking = _lacking(words, outermost=outermost)
    if lacking is Kind.COMBINED or lacking is Kind.SHORTCOMINGS:
        return lacking
    if _REASON_ONLY.search(words) and len(words) <= 24 and not _DOING.search(words):
        return Kind.CAUSES
    if _planned(words, later=later, outermost=outermost):
        return Kind.PLANS
    return None


def _lacking(words: str, *, outermost: bool) -> Kind | None:
    """Shortcomings, or shortcomings and what is to be done about them in one section."""
    for match in re.finditer(_LACK, words):
        head, rest = words[: match.end()], words[match.end() :]
        answer = re.match(rf"{_OF}(?:(?:{_JOIN}{_OF})?{_REASON})?{_JOIN}?(.*)$", rest)
        joined = re.match(
            rf"{_OF}(?:{_REASON}{_OF})?(?:{_JOIN}|下|今|整改(?:措施|举措|思路|打算)|改进|对策)", rest
        )
        against = answer and joined and _AGAINST.search(answer[1])
        if against and _states(head, outermost=outermost) and not _PUT_RIGHT.search(rest):
            return Kind.COMBINED
    if _SHORTCOMING_TAIL.search(words) and _states(words, outermost=outermost):
        only_reason = re.search(rf"的(?:主要)?{_REASON}$", words) or (
            _REASON_ONLY.search(words) and not re.search(rf"{_LACK}.*{_JOIN}", words)
        )
        if (
            only_reason
            and not re.search(rf"{_JOIN}(?:其|产生|主要|的)*{_REASON}", words)
            and not re.search(rf"存在.*{_LACK}{_REASON}$", words)
        ):
            return Kind.CAUSES
        return Kind.SHORTCOMINGS
    return None


def _states(words: str, *, outermost: bool) -> bool:
    """Whether the words say that something is lacking, rather than that something was done about it."""
    if _DOING.search(_YET_TO_SOLVE.sub("", words)) and not re.search(
        r"^(?:推进|开展|坚持)?.{0,40}(?:存在|面临)的?", words
    ):
        return False
    if outermost:
        return True
    return bool(_STANDING.search(words)) and not _LOOKING_IN.search(re.sub(_REASON, "", words))


def _planned(words: str, *, later: bool, outermost: bool) -> bool:
    if _PAST.search(words) and not _FUTURE.search(words) and not later:
        return False
    ahead = later or bool(_FUTURE.search(words))
    if ahead and _PAST.search(words) and not _PLAN_TAIL.search(words):
        return False
    if ahead and (_PLAN_NOUN.search(words) or _FUTURE.fullmatch(words) or (later and outermost)):
        return True
    return bool(_PLAN_TAIL.search(words) if outermost else _PLAN_LABEL.fullmatch(words))
