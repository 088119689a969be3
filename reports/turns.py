"""Where a text turns: from a shortcoming to its measure or its reason, from achievements to the reporter's own shortcomings."""

import re
from functools import lru_cache
from typing import NamedTuple

from reports.sentences import blank_quotes

_WE = r"(?:我[局委厅办镇乡县市区州省院队所部站署们]|本[局委厅办镇乡院]|我街道|我单位|本单位|本部门|全[局县市区镇乡省州系统]+|各[级单位部门]+|局党[组委]|镇党委|镇政府|县政府|街道)"
_YEAR = r"20\d\d年(?:度|(?:上|下)半年)?"
_SOON = r"(?:在?(?:下一?步|下一?阶段|接下来|今后一个时期|今后|下一?年度?|明年|来年|新的?一年|(?:后续|未来)(?=[，,：:将拟要的我]|工作|[几一二三两]年))(?:的?(?:工作|时间))?(?:中|里|期间)?(?:一年)?)"
_TIME = rf"(?:{_SOON}|{_YEAR})"
_ON_THIS = r"(?:(?:针对|对于?|围绕|结合|坚持)(?:此|以上|上述|这些?|该|前述|存在的?)(?:一|类|些)?(?:方面)?(?:存在的?)?(?:的)?(?:问题|不足|短板|情况|薄弱环节|困难|弱项|差距)?(?:和不足|和短板)?|为此|对此|针对性地?)"
_WILL = r"(?:将|拟|要(?!求|点|素|件)|计划|准备|打算|会(?!商|议|同|诊|签|审|计|展|办|上|后|前))"
_SURELY = r"(?:将|拟|计划(?!生育)|准备|打算)"
_NOT_A_MEASURE = re.compile(
    r"^[，,]?(?:工作中)?(?:还|仍|尚|也)?(?:需要?|有待|亟待|亟需|亟须|应当?|必须|有必要|存在|没有|未|不)"
)
_START = r"(?:^|(?<=[。；，;,！\n]))[ \u3000]*"
_CUE = re.compile(
    rf"{_START}(?:同时，)?(?:"
    rf"(?:{_ON_THIS}[，,]?\s*)?{_SOON}[，,：:]?\s*{_WE}?[，,]?(?:也|还)?(?:{_WILL})?(?:重点|着重)?"
    rf"|(?:{_ON_THIS}[，,]?\s*)?{_YEAR}[，,：:]?\s*{_WE}?[，,]?(?:也|还)?{_WILL}(?:重点|着重)?"
    rf"|(?:{_ON_THIS}[，,]?\s*)?{_WE}(?:也|还)?{_SURELY}"
    rf"|{_ON_THIS}[，,]\s*{_WE}?(?:也|还)?(?:{_WILL})?"
    rf"|(?:将|拟|计划)(?=进一步|继续|持续|着力|重点|通过|加强|加大|加快|强化|推[进动]|深化|完善|健全|建立|开展|组织|不断|严格|全面|积极|充分|按照|制定|出台|采取|对.{{1,20}}(?:进行|实行|开展))"
    rf")"
)
_MEASURE_LABEL = re.compile(
    r"(?:^|(?<=[。；;\n]))[ \u3000]*[【\[（(]?(?:下一?步|主要|拟采取的?|今后|具体|我局)?(?:的)?(?:整改|改进|工作|应对|解决|对策|努力|提升|优化)?(?:工作)?(?:的)?(?:措施|举措|打算|对策|方向|思路|计划|办法|整改情况)(?:建议)?[】\]）)]?\s*(?:[：:]|(?<=[】\]）)]))"
)
_BRACKETED_MEASURE = re.compile(
    r"[（(](?:(?:下一?步|主要|拟采取的?|具体)?(?:的)?(?:整改|改进|工作|应对|解决)?(?:的)?(?:措施|举措|打算|对策|思路|办法)[：:]|(?:下一?步|今后)[，,]?(?:我[局委厅办镇乡])?(?:拟|将|计划)?)(?=[^（()）\n]{4,}[)）])"
)
_REASON_LABEL = re.compile(
    r"^[【\[（(]?(?:主要|产生|存在|问题|根本|具体|深层次?)?(?:的)?(?:原因|成因)(?:分析|剖析)?[】\]）)]?\s*[：:]|^[【\[](?:主要|问题|产生)?原因(?:分析|剖析)?[】\]]"
)
_PROBLEM_LABEL = re.compile(
    r"^[【\[（(]?(?:存在|主要|突出|具体)?(?:的)?(?:问题|不足|短板|差距)(?:表现|描述|情况|所在)?[】\]）)]?\s*[：:]|^(?:具体|主要)?表现(?:为)?[：:]|^[【\[](?:存在)?(?:的)?(?:问题|不足)[】\]]"
)
_PLAN_TURN = re.compile(
    rf"^(?:同时，)?(?:(?:{_ON_THIS}[，,]?\s*)?(?:{_SOON}(?![^，。：]{{0,12}}(?:发现|存在))|{_YEAR}[^。；：]{{0,24}}?(?:将|重点|着重|(?<![主需重必首])要(?!求|点|素|件)))|{_ON_THIS}[，,]?\s*{_WE}?|{_WE}(?:也|还)?{_WILL}|(?:主要|具体|今后|下一?步)?(?:的)?(?:整改|改进|努力|工作|应对)?(?:的)?(?:措施|打算|举措|思路|方向|计划|安排|对策)(?:如下|有|是|主要有|包括)?[：:，])"
)
_STILL_LACKS = re.compile(r"(?:仍|还|依然|尚|也)(?:然)?(?:存在|存有|有|面临)|看到|认识到|意识到|发现")
_REFERS = r"(?:(?:以上|上述|这些|此类|前述|存在|出现)(?:这些|以上|上述)?(?:的)?(?:.{0,4}(?:方面|工作中?)的?)?(?:.{0,6}(?:问题|不足|短板|差距|困难|薄弱环节|弱项|情况|现象))(?:和不足|和问题|、不足|和短板)?)"
_REASON_TURN = re.compile(
    rf"^(?:(?:(?:分析|剖析|深究|究|追根溯源|归结|综合分析)[，,]?)?(?:其|产生|造成|导致|形成|出现|存在)*{_REFERS}(?:的)?(?:产生|存在|出现|形成|发生|主要|之所以)*[^。：:]{{0,16}}?(?:原因|主要是|主要由于|由于|源于|在于|归结|根源|归因|既有|主观|客观)"
    rf"|(?:究其|(?:分析|深究|剖析)(?:其中?)?的?|从)?(?:主要|深层次?|根本|产生)?(?:的)?(?:原因|根源|成因)(?!(?:消除|排除))(?:上?来?看)?[，,：:]?(?:主要)?(?:是|在于|有|为|包括|：|:|，|,)?)"
)
_REASON_OF_ALL = re.compile(rf"^.{{0,14}}?{_REFERS}")
_REASON_LEAD = re.compile(
    rf"(?:(?:综合)?(?:分析|剖析|深究|追根溯源|归结起来)(?:其中)?的?[，,]?(?:来看)?|究其(?:主要|根本|深层次?)?(?:原因|根源)|(?:之所以)?(?:产生|造成|导致|形成|出现|存在)*{_REFERS}(?:的|之所以)?|产生|存在|出现|形成|发生|之所以|其|从|这|造成|的"
    r"|(?:主要|根本|深层次?|客观|主观|直接|重要|内在|一个)?(?:的)?(?:原因|根源|成因|症结)(?:分析|剖析)?(?:上?来?看)?|主要|归结为|归因于|源于|缘于|分别|是|在于|(?<=原因)有|(?<=主要)有|为|包括|因为|由于|以下|如下|[几两三四五六多]个?(?:方面|点)|[，,：:、。\s])++"
)
_OWN_LACK = re.compile(
    r"(?:仍|还|依然|尚|也|依旧|同时)(?:然)?(?:是|需|面临|存在|存有|有)?.{0,60}?(?:不足|问题|短板|差距|弱项|薄弱|欠缺|困难|距离|不够|不到位|有待)|存在.{0,60}(?:不足|问题|短板|差距|弱项|薄弱|不够)"
)
_OWN_TURN = re.compile(
    r"^(?:(?:但|但是|然而|不过|当然|同时|与此同时|此外)[，,]?.{0,40}(?:看到|认识到|意识到|清醒|承认|正视|对照|相比|(?:我[局委厅办镇乡县市区院们]|工作|建设).{0,24}(?:仍|还|尚)|仍|还存在|依然|也存在|尚存)"
    r"|(?:在|虽然?|尽管|回顾|总体|总的).{2,70}?(?:，|,).{0,8}(?:但|也|仍|还|我们|我[局委]|更).{0,50}(?:存在|不足|差距|短板|问题|看到|认识到)"
    r"|.{0,70}[，,](?:但|但是|然而|不过)(?:也|我们|同时|还|仍|是)?.{0,16}(?:看到|认识到|意识到|清醒|仍|还|尚|存在)"
    r"|(?:我们|我[局委厅办镇乡县市区]|对照).{0,30}(?:清醒|也|仍|还).{0,30}(?:看到|认识到|意识到|存在))"
)
_OTHERS = re.compile(
    r"已(?:全部|整改|督促|责令|立案|移[交送])|整改率|整改到位|责令|约谈|督促|企业(?:仍|还|存在)|商户|当事人|检查(?:中)?发现|抽查|排查|被检查|完成整改|通报"
)


class Cue(NamedTuple):
    """Where the words of a turn begin, and where what they turn to begins."""

    start: int
    end: int


@lru_cache(maxsize=1024)
def measure_cue(text: str) -> Cue | None:
    """The first turn to a measure inside a text that states a shortcoming ("…，下一步将…", "整改措施：…")."""
    neutral = blank_quotes(text)
    label = _MEASURE_LABEL.search(neutral) or _BRACKETED_MEASURE.search(text)
    for match in _CUE.finditer(neutral):
        if label and label.start() < match.start():
            break
        rest = neutral[match.end() :]
        if match.start() == 0 and not rest.strip("。 "):
            continue
        if _NOT_A_MEASURE.match(rest) or not rest.strip("。；;，, \n"):
            continue
        if re.search(r"年(?:度|上半年|下半年)?[，,]?$", match[0].strip()):
            continue  # a bare year tells when something was so, not what will be done
        return Cue(match.start(), match.end())
    return Cue(label.start(), label.end()) if label and neutral[label.end() :].strip() else None


def opens_measure(text: str) -> Cue | None:
    """A turn to a measure at the very beginning of a paragraph or sentence."""
    cue = measure_cue(text)
    return cue if cue and not text[: cue.start].strip() else None


def refers_back(text: str) -> bool:
    """Whether a text opens with what it answers ("针对以上问题，…")."""
    return bool(re.match(_ON_THIS, text.strip()))


def opens_labelled_measure(text: str) -> bool:
    """Whether a label at the very beginning of a paragraph ("整改措施：") makes it a measure."""
    return bool(_MEASURE_LABEL.match(text))


def reason_label(text: str) -> int | None:
    """Where the reason begins in a paragraph opened by a label ("原因：", "【原因分析】")."""
    match = _REASON_LABEL.match(text)
    return match.end() if match else None


def problem_label(text: str) -> int | None:
    """Where the words begin after a label that names them a problem ("存在问题：")."""
    match = _PROBLEM_LABEL.match(text)
    return match.end() if match else None


def turns_to_plans(sentence: str) -> bool:
    """Whether a sentence turns from what is lacking to what is to be done."""
    text = sentence.strip(" \u3000\n【[（(")
    return bool(_PLAN_TURN.match(text)) and not _STILL_LACKS.search(text[:80])


def turns_to_reasons(sentence: str) -> bool:
    """Whether a sentence gives reasons rather than a shortcoming."""
    return bool(_REASON_TURN.match(sentence.strip()))


def reasons_for_all(sentence: str) -> bool:
    """Whether the reasons a sentence gives are for everything named above."""
    return bool(_REASON_OF_ALL.match(sentence.strip()))


def reason_lead(sentence: str) -> int:
    """How many characters at the start of a sentence of reasons only lead up to them."""
    match = _REASON_LEAD.match(sentence)
    return match.end() if match else 0


def turns_to_own_shortcomings(sentence: str) -> bool:
    """Whether a sentence turns from what was done to what the reporter itself still lacks."""
    text = sentence.strip()
    head = text[:160]
    return bool(_OWN_TURN.match(head) and _OWN_LACK.search(head) and not _OTHERS.search(head))
