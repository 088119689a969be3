"""Sentences that say nothing of their own: introductions, closing remarks, guiding ideas, advice to superiors."""

import re

from reports.labels import is_label_line
from reports.sentences import blank_quotes

INTRODUCTION = "引言"
CLOSING = "结语"
GUIDING = "指导思想"
ADVICE = "对上级的建议"
LABEL = "小标题"
OFFICE = "责任单位、时限等说明"
LINK = "连接语"
REASON_LEAD = "原因的引导语"
HEADER = "表头、序号等栏"
ELSEWHERE = "所在部分没有读出条目"
UNASSIGNED = "未归入条目，请核对"

LACK_NOUN = r"(?:不足|问题|短板|弱项|差距|薄弱环节|困难|欠缺|距离|缺点|弱点|难点|堵点|挑战|不到位|不适应)"
# Whether a text states that something is lacking, missing, weak, slow or uneven.
_LACKING_SIGN = re.compile("[不未没缺仍欠弱低少难差偏松浅粗慢浮虚乱仅只迟]")
_LACKING = re.compile(
    r"过[高大多]|风险|依然|滞后|有待|短板|空白|单一|老化|断层|脱节|淡[薄化]|流于|走过场|形式主义|空档|盲区|漏洞|梗阻|瓶颈|压力"
    r"|失衡|矛盾|问题|隐患|依赖|陈旧|参差|重.{1,8}轻|挑战|多发|频发|反弹|亟待|亟需|需要?进一步|紧张|紧缺|繁重|有限|一刀切|被动|超期|随意|简单|分散|交叉|推诿|落后|失[序控管范]|错位|积压|掣肘|乏力|悬空"
)
_GENERIC = (
    rf"(?:着|了|以下|一些|不少|一定|许多|很多|较大|较多|不小|明显|诸多|若干|如下|下列|不容忽视|亟待|亟需|亟须|解决|需要?|改进|加强|完善|提高|几|多|[一二两三四五六七八九十\d]+|个|点|方面|的|这样|那样|差距|和|与|及|或|、|，|{LACK_NOUN}"
    r"|之处|地方|主要|突出|具体|表现|体现|在|为|是|有|存在|尚|仍|还|也|重视|正视|直面|关注|引起|高度|值得|注意|进一步|到|工作|中|法治政府|法治|建设|政府|依法行政|推进|自身|客观|实际|需|需要|改正|补齐|努力|相当|部分|环节|现象|因素|等|是：)"
)
_GENERIC_LACK = re.compile(
    rf"(?:存在|存有|有|面临|发现|看到|认识到|意识到|感到|不少|离|距|还是|仍是)(?:.{{0,24}}(?:相比|要求|目标|期待|期望|需要|标准|任务)[，,]?(?:还|仍|尚|依然)?(?:存在|有)?)?{_GENERIC}++[。：:，,；;！]*$"
)
_PRAISED = re.compile(r"成[绩效果]|进[步展]|肯定|总结|回顾|回望|来之不易|亮点")
_PLAIN_TO_SEE = re.compile(
    rf"[，,](?:但是?|同时|然而|而|其|自身|我们的?|工作|中|存在的?|的)*{LACK_NOUN}(?:和|与|、|{LACK_NOUN})*"
    r"(?:也|同样|依然|依旧|仍然?|仍旧|还|十分|比较|较为|较|更加?|是)*(?:明显|突出|存在|不少|不小|很多|较多|客观|不容忽视|不容小觑|不可忽视)[。！；]?$"
)
_YET_UNFIT = re.compile(
    r"但是?(?:与|同|和|距|离)[^，,。；]{2,30}(?:还|仍|尚)(?:有)?不(?:完全|太|够|相)*(?:适应|匹配|符合|相称)[。！；]?$"
)
_ANNOUNCES = re.compile(
    r"(?<![\d岁级科元人%％])(?:以下|如下|下列)[^，。；：:]{0,18}$|(?:以下|如下|下列|下述)(?:这?[几一二两三四五六七八九十\d]+)?(?:个|项|点|大|类)?(?:方面|主要|突出|重点|具体)*(?:的)?(?:存在的?)?"
    rf"(?:(?:{LACK_NOUN}|工作|任务|举措|措施|方面|安排|打算|事项|着手|入手|发力|努力|下功夫|推进|开展|展开)(?:和|与|及|、)?)*$|(?:见|如)(?:下|附|上)?(?:表|件)(?:所示)?$"
    r"|(?:几|[一二两三四五六七八九十\d]+)\s?(?:个|项|大)?(?:方面|点|重点|工作|任务|举措|措施|问题|不足|件(?:大|实|要)?事|件工作)(?:的?(?:工作|任务|重点|不足|问题|短板))?(?:进行|加以|予以|持续|着手|入手|发力|用力|努力|改进|推进|加强|抓好|做好|下功夫|展开)*$"
)
_LEADS_UP = re.compile(
    r"(?:主要|重点|具体|集中|突出|着力|全力|切实|扎实)(?:地|的)?(?:表现|体现|抓好|做好|做到|开展|推进|工作|任务|措施|举措|打算|问题|不足|有|包括|包含|为|是|在于)+(?:为|在|是|于)?$"
    r"|^(?:工作|任务|措施|举措|打算|问题|不足|存在(?:的)?(?:问题|不足))$|(?:方面|领域|环节)$"
)
_REFERS_BACK = re.compile(
    rf"(?:这些|上述|以上|存在的|(?<=对)存在|此类|该类|诸如此类|种种)(?:.{{0,8}}{LACK_NOUN}|都|均)|^对(?:此|于?这些|上述|以上)|^(?:为此|对此)"
)
_WILL_MEND = re.compile(
    r"(?:需要?|要|将|必须|亟[需待须]|有待|应|务必|今后|下一?步).{0,40}?(?:解决|改进|克服|整改|重视|弥补|补齐|改正|应对|完善|纠正|正视|努力|加强|提高|提升|攻坚)"
)
_MENDS_LAST = re.compile(
    r"(?:解决|改进|克服|整改|重视|弥补|补齐|改正|应对|完善|纠正|努力|加强|提高|提升|攻坚|攻克|到位)(?:[和、与](?:解决|改进|完善|提高|加强|克服))?[。！]?$"
)
_PROMISE = re.compile(
    r"(?:下一?步|今后)?，?(?:我[局委厅办镇乡县市区院们]|全局|本局|我们)?.{0,4}(?:将|要).{0,30}(?:加以|予以|逐步|切实|认真|努力|着力|不断|逐项|一一)(?:.{0,6})(?:解决|改进|克服|整改)[。！]?$"
)
_SHORT = 40
_RESOLVE = re.compile(
    r"开创.{0,20}局面|谱写.{0,20}(?:篇|章)|新(?:的)?(?:台阶|水平|征程|成效|进展|突破|篇章|气象|作为|担当|辉煌|业绩)|贡献|答卷|奋斗|奋力|推动.{0,30}(?:高质量|再上|不断)|以更(?:加|高|大|强|实|足)|以实际行动|以优异成绩"
    r"|凝心聚力|真抓实干|砥砺|踔厉奋发|笃行不怠|锐意进取|开拓创新|奋发有为|担当作为|埋头苦干|不忘初心|牢记使命|乘势而上|攻坚克难|奋楫|扬帆|再接再厉|(?:提供|筑牢|奠定).{0,24}(?:保障|支撑|环境|基础)"
)
_SUCH_AS = re.compile(r"[，,、]?(?:比如|例如|譬如|诸如|如)[：:，,]?$")
_FORMAL_END = re.compile(
    r"^(?:特此|专此)报告|^以上.{0,12}(?:报告|情况)|^请予?审[阅议示]|^[妥当]否|^如有不妥|请批[示评]"
)
_OF_THE_WHOLE = re.compile(
    r"^(?:总之|在?(?:今后|未来|接下来|下一?步|下一?年|新的?一年|新年度|20\d\d年)|我[局委厅办镇乡县市区院们]|本[局委]|全[局县市区镇乡]|通过(?:以上|上述)|面对|站在|展望|让我们|相信|努力|奋力|不断开创|全力|锐意|凝心聚力|砥砺|为|奋进|奋楫|乘[着势风]|扬帆|再接再厉|踏上|迈[进步]|踔厉|立足新|以更|以实际|以优异|以此|确保|从而|推动法治|将|开创|[^，。；：]{0,20}(?:局|委|厅|办|镇|乡|街道|中心|[支大]队|政府|管委会|办事处|[县区市州省旗])将)"
)
_ABOUT_THE_ABOVE = re.compile(
    r"^(?:请)?各(?:责任|有关|相关|牵头|部门|单位|科|股|处|室|所|镇|管理)[^，。]{0,10}(?:要|应|须|务必|请|需)|^(?:以上|上述|前述)(?:各?项?)?(?:工作|任务|措施|举措|安排|事项|计划|重点).{0,50}$"
    r"|^通过(?:以上|上述|这些|一系列)[^，。]{0,10}(?:措施|举措|工作|努力)，.{0,60}$"
)
_GUIDING = re.compile(
    r"习近平|党的(?:十|二十)|二十届|十九届|指导思想|总体(?:思路|要求)|精神为|以.{2,60}为(?:指导|主线|统领|引领|遵循|指引|根本|牵引|目标|抓手|总抓手|契机|动力|核心|重点|导向)|深入(?:学习)?贯彻(?:落实)?.{0,40}(?:精神|思想|部署|纲要)"
    r"|政治站位|钉钉子精神|真抓实干|(?:紧扣|紧紧围绕|围绕|锚定|聚焦).{2,40}(?:目标|主题|主线|中心|大局|任务|定位)"
)
_CONCRETE = re.compile(
    r"建立|制定|出台|修订(?!的|后)|推行|开展|印发|编制|配[备齐]|排查|招录|举办|上线|完成(?!好)|\d+\s?(?:名|件|次|场|期|个|家|份|人|项|%)"
)
_ADVICE = re.compile(
    r"^(?:我[局委厅办镇乡]?们?|同时|为此|一是|为进一步.{0,20}，)?(?:建议|恳请|请求|希望|呼吁|盼)(?:请|能|由)?(?:上级|省|市|县|区|州|国家|中央|部里|厅|局|有关部门|相关部门|各级|司法行政|编办|编制|财政|组织)"
)


def introduces(sentence: str) -> bool:
    """Whether a sentence only announces what follows ("但仍存在以下不足", "重点做好以下工作：")."""
    text = blank_quotes(sentence.strip())
    if text.endswith(("：", ":")):
        return True
    return generic(text) or bool(_ANNOUNCES.search(text.rstrip("。，,；; ")))


def weighs(text: str) -> bool:
    """Whether a sentence sets lacks it does not name against what was achieved ("成绩来之不易，不足同样明显")."""
    tail = text[-60:]
    return bool((_PLAIN_TO_SEE.search(tail) or _YET_UNFIT.search(tail)) and _PRAISED.search(text))


def announces(head: str) -> bool:
    """Whether words before a colon only announce what follows it, and say nothing of their own."""
    words = blank_quotes(head.strip()).rstrip("：: ")
    words = _SUCH_AS.sub("", words) if "如" in words[-3:] else words
    if words[-1:] in "。；，":
        return generic(words)
    return generic(words) or bool(_ANNOUNCES.search(words) or _LEADS_UP.search(words))


def generic(text: str) -> bool:
    """Whether a text says that something is lacking but not what."""
    match = _GENERIC_LACK.search(text[-60:])
    return bool(match and re.search(LACK_NOUN, match[0]))


def closes_shortcomings(sentence: str) -> bool:
    """Whether a sentence closes a list of shortcomings without adding to it."""
    text = sentence.strip()
    if len(text) > 110:
        return False
    if _ABOUT_THE_ABOVE.match(text):
        return True
    promised = _REFERS_BACK.search(text) and _WILL_MEND.search(text)
    return bool(promised and (len(text) <= _SHORT or _MENDS_LAST.search(text)) and not _CONCRETE.search(text))


def only_promises(words: str) -> bool:
    """Whether a turn to a measure names none ("下一步将认真加以解决")."""
    return bool(_PROMISE.match(words.strip()))


def closes_plans(sentence: str) -> bool:
    """Whether a sentence closes a list of plans without adding to it."""
    text = sentence.strip()
    if _ABOUT_THE_ABOVE.match(text) or _FORMAL_END.search(text):
        return True
    resolved = _OF_THE_WHOLE.match(text) and _RESOLVE.search(text)
    return bool(resolved and not _CONCRETE.search(text))


def guides(sentence: str) -> bool:
    """Whether a sentence tells the idea behind the plans rather than a measure."""
    return bool(_GUIDING.search(sentence)) and not _CONCRETE.search(sentence)


def advises(text: str) -> bool:
    """Whether a text asks something of a superior."""
    return bool(_ADVICE.match(text.strip()))


def names_office(text: str) -> bool:
    """Whether a paragraph only says who is responsible, or by when."""
    return is_label_line(text.strip()) and len(text) <= 80


def lacks(text: str) -> bool:
    """Whether a text says that something is lacking."""
    return bool(_LACKING_SIGN.search(text) or _LACKING.search(text))
