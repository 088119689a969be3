"""What surrounds a report on a page and is no part of it: page numbers, information lines, links and remarks.

The words are those that Chinese government sites share; none belongs to one site. Information lines are not
thrown away: their dates and source are kept as facts about the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.days import days_in
from core.han import HAN

_DASH = "[-‐-―−－~～·•|*]"
_PAGE_NUMBER = re.compile(
    rf"^(?:{_DASH}+ ?\d{{1,4}} ?{_DASH}+|第? ?\d{{1,4}} ?页(?: ?[,，、/]? ?[共总] ?\d{{1,4}} ?页)?"
    r"|\d{1,4} ?/ ?\d{1,4}|[Pp]age ?\d+(?: ?of ?\d+)?|[Pp]\.? ?\d{1,4})$"
)
_BARE_NUMBER = re.compile(r"^\d{1,3}$")
_INLINE_PAGE_NUMBER = re.compile(
    rf"(?<!\d) ?([—–―－]) ?\d{{1,3}} ?\1 ?(?!\d)|(?<=\S) - \d{{1,3}} - (?=\S)|(?<=[{HAN}，、])-\d{{1,3}}-(?=[{HAN}，、])"
    r"|第\d{1,3}页[,，/]?共\d{1,3}页"
)

_MADE = "成文日期|生成日期|发文日期|印发日期|成文时间|生成时间|发文时间|制发日期|印发时间|落款日期"
_POSTED = (
    "发布日期|发布时间|公开日期|公开时间|发表时间|发表日期|更新时间|更新日期|上传时间|录入时间|时间|日期"
)
_POSTED_ALONE = "发布日期|发布时间|公开日期|公开时间"
_SOURCE = "发布机构|发文机关|发文单位|发布单位|公开单位|公开机构|信息来源|稿件来源|文章来源|来源|供稿单位|供稿|制发机关"
_OTHER = (
    "索引号|信息索引号|主题分类|组配分类|体裁分类|主题词|关键词|关键字|文号|发文字号|文件编号|信息名称|名称|标题|有效性|时效性"
    "|是否有效|公开方式|公开类别|公开范围|公开时限|公开形式|公开属性|信息类别|分类|所属栏目|服务对象|内容概述|生效日期|废止日期"
    "|统一编号|登记号|字体大小|字体|字号|文字大小|浏览次数|浏览量|阅读次数|阅读量|阅读数|阅读|点击数|点击量|点击率|点击次数"
    "|访问量|访问次数|浏览|点击|作者|撰稿|编辑|责任编辑|责编|审核|审核人|校对|初审|复审|终审|监制|签发|信息员|分享到|分享|打印|保护视力色|视力保护色|背景色"
)
_SPACED = "|".join(" ?".join(label) for label in f"{_MADE}|{_POSTED}|{_SOURCE}|{_OTHER}".split("|"))
_LABEL = re.compile(rf"[\[【（(〖]? ?(?P<label>{_SPACED}) ?(?:[\]】〗]? ?[:：]|[\]】〗]) ?")
_ENDS_LABEL = re.compile(r"[:：\]】〗]")
_TITLE_FIELD = re.compile(
    r"^(?:信息名称|信息标题|文件名称|标 ?题|题 ?名|名 ?称) ?[:：]?\s*(\S.{4,90})$", re.MULTILINE
)
_DATE = re.compile(r"(?:19|20)\d{2} ?[-年/.．—] ?\d{1,2} ?[-月/.．—] ?\d{1,2}(?!\d) ?日?")
_TIME = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
_EDGES = " \t\u00a0\u3000[]【】()（）|｜"
_BULLETS = "-–•·*> "
_WIDGET = re.compile(
    r"[\[【（(「]? ?(?:打印本页|打印此页|打印本文|打印文章|打印页面|我要打印|打印|关闭窗口|关闭本页|关闭页面|关闭此页|关闭|收藏本页|加入收藏|收藏|返回顶部|返回首页|返回列表|返回"
    r"|字号调整|字体大小|字号|字体|大号|中号|小号|默认|超大|特大|大|中|小|复制链接|复制|下载|纠错|我要纠错|朗读|语音播报|语音朗读|播报|繁体|简体|无障碍阅读|无障碍|长者模式|适老模式"
    r"|分享到|分享至|分享|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|QQ|朋友圈|人人网|抖音|次|A[-+]|T[-+]|[|｜/、,，:：><+]) ?[\]】）)」]?"
)
_TAIL = re.compile(
    r"^[\[【（(]? ?(?:.{0,4}(?:扫一扫|扫描|扫码).{0,16}(?:当前页|本页|此页|本文|网页|手机|微信|分享|朋友圈|公众号|关注我们).{0,14}"
    r"|.{0,4}(?:扫一扫|扫描|扫码)(?:上方|下方)?(?:二维码)?"
    r"|(?:相关|延伸|推荐|热点|热门|最新|猜你)(?:链接|阅读|文章|新闻|信息|文件|附件|稿件|解读|政策|推荐|文档|内容|报道|喜欢)(?:列表)?"
    r"|[上下]一?(?:篇|条|页|则)(?:文章|信息)?|分享[到至]?|(?:打印|关闭|返回|收藏)(?:本页|此页|窗口|页面|本文|顶部|列表|首页)?"
    r"|没有了|已经是(?:第一|最后)[篇条]|网站(?:地图|声明|首页)|联系我们|关于我们|隐私声明|友情链接|版权声明|免责声明)"
    r" ?[】\]）)]?(?: ?[:：>|｜].*|[ 【\[].{0,30})?$"
    r"|^(?:主办|承办|协办|技术支持|版权所有|维护|管理)(?:单位)?[:：]|^版权所有|^[Cc]opyright|^©|^网站(?:标识码|支持|主办)"
    r"|^(?:责任编辑|责编|编辑|作者|撰稿|供稿|审核|初审|复审|终审|校对|信息员)[:：].{0,40}$"
    r"|^.{0,8}(?:ICP备|公网安备|网安备)|^备案(?:序)?号"
)
_BUTTON = re.compile("打印|关闭|分享|收藏|返回|字体|字号")
_TRAIL = re.compile(r"^(?:您?(?:当前|现在|目前)?(?:所在)?的?(?:位置|栏目)|首页 ?[>＞/»›→-]).{0,120}$")
_SENTENCE = re.compile(r"[。；！？][”’」』）)]?$")
_BODY_LENGTH = 60
_HEAD_LINES, _RUNNING_LENGTH, _SHOWN = 15, 20, 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page says of the text on it."""

    made_on: date | None = None
    posted_on: date | None = None
    source: str = ""

    def or_else(self, other: "Facts") -> "Facts":
        """These facts, with the other's where one is missing."""
        return Facts(
            self.made_on or other.made_on, self.posted_on or other.posted_on, self.source or other.source
        )


def read_date(text: str) -> date | None:
    """The first full date in the text ("2022-01-28", "2022年1月28日", "2022.1.28"), if it is a real one."""
    return next((named.day for named in days_in(text) if named.exact), None)


def is_page_number(line: str) -> bool:
    """Whether the line is nothing but a page number that says it is one ("— 3 —", "第3页 共9页")."""
    return _PAGE_NUMBER.match(line.strip()) is not None


def is_bare_number(line: str) -> bool:
    """Whether the line is a number alone, which may be a page's or a cell's."""
    return _BARE_NUMBER.match(line.strip()) is not None


def without_page_numbers(text: str) -> str:
    """The text without page numbers that were caught inside a sentence ("依法— 3 —行政")."""
    return _INLINE_PAGE_NUMBER.sub("", text)


def is_tail(line: str) -> bool:
    """Whether the line opens what a site puts below a text: related links, neighbours, who runs the site."""
    stripped = line.strip()
    if len(stripped) > _BODY_LENGTH * 2:
        return False
    return _TAIL.match(stripped) is not None or (_BUTTON.search(stripped) is not None and is_widget(stripped))


def is_trail(line: str) -> bool:
    """Whether the line says where on the site one is ("当前位置：首页 > 政务公开")."""
    return _TRAIL.match(line.strip()) is not None


def notice(lines: Sequence[str], dropped: Sequence[bool]) -> tuple[str, ...]:
    """What to tell the clerk of lines left out, if there were any."""
    gone = [line.strip() for line, drop in zip(lines, dropped, strict=True) if drop and line.strip()]
    return (f"已略去正文前后的网页文字{len(gone)}行（如“{gone[0][:_SHOWN]}”）",) if gone else ()


def _breaks_off(line: str) -> bool:
    """Whether a sentence of the line goes on below it, so that what stands there is no link."""
    return len(line) >= _RUNNING_LENGTH and _SENTENCE.search(line) is None


def is_body(line: str) -> bool:
    """Whether the line can only be of the text itself: a sentence, or as long as one."""
    stripped = line.strip()
    return len(stripped) >= _BODY_LENGTH or _SENTENCE.search(stripped) is not None


def around(lines: Sequence[str]) -> tuple[list[bool], "Facts"]:
    """Which lines a site printed around the text, and what they say.

    Above: information lines and buttons before the first sentence, and all that stands above where one is. Below: from the first link or
    remark after the last sentence on; another sentence ends that, for a second text may follow.
    """
    dropped: list[bool] = []
    facts = Facts()
    begun = tail = False
    filled = 0
    above_line = ""
    for line in lines:
        stripped = line.strip()
        body = is_body(stripped) and not is_trail(stripped)
        runs_on, above_line = begun and _breaks_off(above_line), stripped
        found = read_information(stripped) if filled <= _HEAD_LINES and not runs_on else None
        if found is not None and not _SENTENCE.search(stripped):
            facts = facts.or_else(found)
            dropped.append(True)
            continue
        opens_tail = begun and is_tail(stripped) and not runs_on
        tail = (tail or opens_tail) and not (body and not is_tail(stripped))
        above = not begun and (is_widget(stripped) or is_trail(stripped))
        if above and is_trail(stripped):
            dropped = [True] * len(dropped)
        dropped.append(bool(stripped) and (tail or above))
        begun = begun or (body and not above)
        filled += bool(stripped)
    return dropped, facts


def is_widget(line: str) -> bool:
    """Whether the line is made of the page's buttons alone ("【打印】【关闭】", "字体：大 中 小")."""
    return bool(line.strip()) and not _WIDGET.sub("", line).strip(_EDGES + _BULLETS)


def read_information(line: str) -> Facts | None:
    """The facts of an information line ("发布日期：… 来源：… 浏览次数：86"), or None if it is no such line."""
    line = line.strip().lstrip(_BULLETS).rstrip("> ")
    if not line or len(line) > 240:
        return None
    labels = list(_LABEL.finditer(line)) if _ENDS_LABEL.search(line) else []
    before = line[: labels[0].start()] if labels else line
    if not _DATE.sub("", _TIME.sub("", before)).strip(_EDGES):
        opening = read_date(before)
    else:
        return None
    if not labels:
        return Facts(posted_on=opening) if opening and _TIME.search(before) else None
    ends = [label.start() for label in labels[1:]] + [len(line)]
    values = [line[label.end() : end].strip() for label, end in zip(labels, ends, strict=True)]
    if any(len(value) > 60 or "。" in value for value in values):
        return None
    return _collect([label["label"] for label in labels], values, opening)


def search_facts(text: str) -> Facts:
    """The dates and source that a page's text gives anywhere, as in a table of labels and values."""
    source = re.search(rf"(?:{_SOURCE})(?:\s*[:：]|\n)\s*(?P<value>[^\s|｜\[【:：]{{2,40}})", text)
    return Facts(
        _labelled_date(_MADE, text), _labelled_date(_POSTED_ALONE, text), source["value"] if source else ""
    )


def search_titles(text: str) -> list[str]:
    """What the fields of a page's data call the paper, each label and value in a line of its own or one behind the other."""
    return [found.strip() for found in _TITLE_FIELD.findall(text)]


def _labelled_date(labels: str, text: str) -> date | None:
    found = re.search(rf"(?:{labels})[\s:：\]】|｜]{{0,12}}(?P<value>\d{{4}}.{{0,12}})", text)
    return read_date(found["value"]) if found else None


def _collect(labels: Sequence[str], values: Sequence[str], opening: date | None) -> Facts:
    made = posted = None
    source = ""
    for spaced, value in zip(labels, values, strict=True):
        label = spaced.replace(" ", "")
        if re.fullmatch(_MADE, label):
            made = made or read_date(value)
        elif re.fullmatch(_POSTED, label):
            posted = posted or read_date(value)
        elif re.fullmatch(_SOURCE, label):
            source = source or re.split(r"[\s|｜\[【]", value)[0]
    return Facts(made, posted or opening, source)
