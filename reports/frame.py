"""Where the report proper begins and ends in its file: title, signature, date, annexes, a second report, page furniture."""

import re
from dataclasses import dataclass
from itertools import pairwise

from core.numerals import narrow
from reports.enumeration import leading
from reports.numerals import ReadDate, read_date, years
from reports.source import Line, Source

LAW = re.compile(r"法治|依法行政|依法治|法制|依法履职")
_AND_PLANS = r"(?:暨|及|和|与|以及)(?:20\d\d年度?|二[〇○零].{2}年度?|下一?年度?|下一?步)?(?:的?(?:重点|主要|法治政府|法治|建设|推进))*工作?(?:计划|打算|安排|思路|要点|重点|谋划|展望)"
_TITLE_END = re.compile(
    rf"(?:报告|总结|汇报|年报|情况|小结|综述)(?:[（(【\[][^（()）】\]]{{1,20}}[)）】\]]|(?<!报告){_AND_PLANS})?$"
)
_TITLE_GOES_ON = re.compile(
    rf"^(?:{_AND_PLANS}(?:的?(?:报告|汇报))?|的?(?:自查|自评|总结|年度|专题|工作|情况)*(?:报告|汇报|总结)|[（(]20\d\d年度?[)）])$"
)
ORG_END = r"(?:人民政府|政府|街道办事处|办事处|管理委员会|管委会|委员会|办公室|管理局|分局|总局|监察局|局|厅|委|办|署|院|馆|部|处|站|所|会|社|中心|支队|大队|总队|镇|乡|街道|开发区|园区|党组|党委|公司|集团|海关|林场|农场)"
_ORG_LINE = re.compile(rf"^[\u4e00-\u9fff（）()、·\s]{{2,45}}{ORG_END}(?:[（(](?:盖章|公章|印章|章)[)）])?$")
_DATE_LINE = re.compile(
    r"^[（(]?(?:[12一二][\d〇○Ｏ零一二三四五六七八九]{3}\s*[年./\-－—]\s*(?:元|[\d〇○零一二三四五六七八九十]{1,3})\s*[月./\-－—]\s*[\d〇○零一二三四五六七八九十廿卅]{1,3}\s*[日号]?"
    r"|20\d\d\d{2,4}日?|20\d\d年\d{2,4}日?|20\d\d\d{1,2}月\d{1,2}日?|[12一二][\d〇○零一二三四五六七八九]{3}\s*年\s*[\d〇○零一二三四五六七八九十]{1,2}\s*月|年\s*月\s*日)[)）]?(?:印发|发布|印|制)?$"
)
_ORG_AND_DATE = re.compile(
    rf"^(?P<org>[\u4e00-\u9fff（）()、]{{2,40}}{ORG_END})\s*(?P<date>[12一二][\d〇○零一二三四五六七八九]{{3}}\s*[年.\-/].{{2,10}}[日号\d])$"
)
_PAGE_NUMBER = re.compile(
    r"^[-—－–_\s·]*(?:第\s*)?\d{1,3}\s*(?:页)?(?:\s*[/／]?\s*共?\s*\d{1,3}\s*页?)?[-—－–_\s·]*$"
)
_FURNITURE = re.compile(
    r"^[【\[（(]?\s*(?:扫一扫|打印|关闭|上一篇|下一篇|上一条|下一条|分享(?:到|至)?[:：]|责任编辑|责编|编辑[:：]|审核[:：]|校对[:：]|来源[:：]|信息来源|文章来源|字号|字体|发布(?:日期|时间|机构|单位)|成文日期"
    r"|生成日期|发文日期|日期[:：]|时间[:：]|浏览(?:次数|量)|阅读(?:次数|量)?[:：]|点击(?:数|量|率|次数)|访问量|索引号|主题分类|信息分类|公开(?:方式|范围|时限|属性)|文号[:：]|发文(?:机关|单位|字号)|作者[:：]|您?(?:当前)?(?:所在)?的?位置"
    r"|当前位置|首页\s*[>/》›|]|返回(?:顶部|首页|列表)|版权所有|主办(?:单位)?[:：]|承办(?:单位)?[:：]|网站标识码|Copyright|相关(?:链接|文章|阅读|新闻|信息|稿件|推荐)|热点推荐|推荐阅读|延伸阅读|猜你喜欢|目\s*录$|标题[:：]"
    r"|此件|本件|公开(?:发布)?[)）]|联系人[:：]|(?:联系|监督|举报|咨询|投诉|服务|办公)?(?:电话|邮箱|地址)[:：]|公示(?:期限?|时间)[:：为]|(?:报告|填报|报送)(?:单位|时间|日期|人)[:：]|.{2,40}\s[12]\d{3}年\d{1,2}月\d{1,2}日印发|抄送[:：]|抄报[:：]|主送[:：]|签发人|(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)\s*\S{0,9}\s*(?:来源|作者|点击|浏览|字))",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^[【\[（(]?\s*(?:扫一扫|上一篇|下一篇|上一条|下一条|相关(?:链接|文章|阅读|新闻|信息|稿件|推荐)|热点推荐|推荐阅读|延伸阅读|猜你喜欢|分享(?:到|至)?[:：]|打印(?:本页)?[】\]]|版权所有|主办(?:单位)?[:：])"
)
_CONTENTS_ENTRY = re.compile(r"(?:[.…·．]\s?){3,}\s*\d{1,3}$|\t\d{1,3}$")
_ANNEX = re.compile(r"^附\s*[件表录]?\s*[\d一二三四五六七八九十]{0,2}\s*(?:[：:]|$|(?=20\d\d))|^附件\d?\s")
_DOCUMENT_NUMBER = re.compile(r"[〔\[【(（]\s*20\d\d\s*[〕\]】)）]\s*\d*\s*号?")
_TITLE_HEAD = re.compile(
    r"^(?:关于|推进|[12]\d{3}|[一二][〇○零]|法治|依法|年度?|的|建设|工作|情况|报告|贯彻|落实|履行|全面|政府)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines of the file by what they are; indexes into the source's lines.

    `body` are the lines of the report the file opens with, annexes included, furniture left out; `second` is where
    another report begins.
    """

    title: tuple[int, ...]
    body: tuple[Line, ...]
    signature: str = ""
    signed: ReadDate | None = None
    signed_line: int | None = None
    second: int | None = None
    opening: tuple[Line, ...] = ()


def frame_of(source: Source) -> Frame:
    """Title, body and signature of the report the file opens with."""
    lines = source.lines
    title = _find_title(lines)
    first = title[-1] + 1 if title else 0
    second = _find_second(lines, first)
    limit = second if second is not None else len(lines)
    marked = [index for index in range(first, limit) if _opens_part(lines[index])]
    signed = _find_signature(lines, marked[0] + 1 if marked else first + 1, limit)
    end = signed.end if signed else _tail(lines, marked[-1] if marked else first, limit)
    kept = [line for line in lines[first:end] if not is_furniture(line)]
    kept += _annexes(lines, end, limit)
    if signed:
        kept = [line for line in kept if line.index not in signed.lines]
    return Frame(
        title=title,
        body=tuple(kept),
        signature=signed.org if signed else "",
        signed=signed.date if signed else None,
        signed_line=max(signed.lines) if signed else None,
        second=second,
        opening=lines[: marked[0] if marked else min(len(lines), first + 3)],
    )


def is_furniture(line: Line) -> bool:
    """Whether a line is of the page and not of the report: page numbers, navigation, print links, contents entries."""
    if line.cells:
        return False
    text = re.sub(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])", "", line.text.strip())
    if len(text) > 120:
        return False
    return bool(
        (_PAGE_NUMBER.match(text) and not line.block.number)
        or (_FURNITURE.match(text) and not line.block.number)
        or _CONTENTS_ENTRY.search(text)
        or (len(text) < 40 and text.count("[") >= 2 and text.endswith("]"))
    )


def is_annex(line: Line) -> bool:
    """Whether the line opens an annex."""
    return not line.cells and len(line.text) <= 80 and bool(_ANNEX.match(line.text.strip()))


def is_org(text: str) -> bool:
    """Whether a line is the name of a body and nothing else."""
    return bool(_ORG_LINE.match(text.strip()))


def is_title(text: str) -> bool:
    """Whether a line reads as the title of a report, or its last line."""
    text = text.strip().strip("《》“”")
    return 4 <= len(text) <= 90 and bool(_TITLE_END.search(text)) and not re.search(r"[。；！？]|如下", text)


@dataclass(frozen=True, slots=True)
class _Signed:
    org: str
    date: ReadDate | None
    lines: frozenset[int]
    end: int


def _find_title(lines: tuple[Line, ...]) -> tuple[int, ...]:
    """The first lines that make up a title, above the first numbered part: of a report before those of any paper."""
    top: list[Line] = []
    for line in lines[:40]:
        if line.index > 0 and (mark := leading(line)) and mark.style != "bullet":
            break
        if not line.cells and not is_furniture(line) and not is_annex(line):
            top.append(line)
    if found := next((line for line in top if _is_report_title(line)), None):
        return _whole_title(lines, found.index)
    for upper, lower in pairwise(top):
        if lower.index == upper.index + 1 and _break_a_title(upper, lower):
            return (*_whole_title(lines, upper.index), lower.index)
    found = next((line for line in top if _is_any_title(line)), None)
    return _whole_title(lines, found.index) if found else ()


def _break_a_title(upper: Line, lower: Line) -> bool:
    """Whether two lines are a report's title only together ("…2023年度法治政府建设", "工作情况及…计划的报告")."""
    joined = upper.text.strip() + lower.text.strip()
    return is_title(joined) and bool(LAW.search(upper.text) and years(joined)) and "，" not in joined


def _is_report_title(line: Line) -> bool:
    text = line.text.strip()
    if not is_title(text) or leading(line) is not None or "位置" in text:
        return False
    if text.endswith("情况"):
        return bool(LAW.search(text) and years(text) and not re.search(r"履行|职责|履职", text))
    return bool(LAW.search(text) or len(text) < 16)


def _is_any_title(line: Line) -> bool:
    """A title of another paper, or one without an ending word: the first lines, short, with no stop inside."""
    text = line.text.strip()
    if (
        line.index > 8
        or not 4 <= len(text) <= 60
        or re.search(r"[。；！？，：:]", text)
        or leading(line) is not None
    ):
        return False
    return not is_org(text) and not _DATE_LINE.match(text) and not (line.block.heading or 0) > 1


def _whole_title(lines: tuple[Line, ...], index: int) -> tuple[int, ...]:
    """The title's lines: those above that it goes on from, down to its last."""
    found = [index]
    for above in range(index - 1, max(-1, index - 4), -1):
        line = lines[above]
        text = line.text.strip()
        if (
            line.cells
            or len(text) > 40
            or re.search(r"[。；，：:！？|>]", text)
            or is_furniture(line)
            or _DOCUMENT_NUMBER.search(text)
        ):
            break
        if re.search(r"(?:网站?|门户|平台|公报|文件)$", text) or _DATE_LINE.match(text):
            break
        joined = "".join(lines[i].text.strip() for i in found)
        jointly = is_org(text) and text.startswith("中共")  # party committee and government report together
        if (_has_org(joined) and not jointly) or not (
            is_org(text) or (_TITLE_HEAD.match(joined) and not is_title(text))
        ):
            break
        found.insert(0, above)
    while found[-1] + 1 < len(lines) and _TITLE_GOES_ON.match(lines[found[-1] + 1].text.strip()):
        found.append(found[-1] + 1)
    return tuple(found)


def _has_org(title: str) -> bool:
    head = re.split(r"关于|[12]\d{3}\s*年|[一二][〇○零]", title, maxsplit=1)[0]
    return bool(re.search(rf"(?:{ORG_END}|[县区市州省旗])$", head.strip())) and len(head) >= 3


def _opens_part(line: Line) -> bool:
    mark = leading(line)
    return line.block.heading is not None or (mark is not None and mark.style not in ("bullet", "besides"))


def _find_second(lines: tuple[Line, ...], first: int) -> int | None:
    """Where another report of the same kind begins after the first has had its parts."""
    parts = 0
    for line in lines[first:]:
        if line.cells:
            continue
        if _opens_part(line) and not (line.block.heading == 1 and is_title(line.text)):
            parts += 1
        elif parts >= 2 and _titles_a_report(line):
            start = _whole_title(lines, line.index)[0]
            following = [later for later in lines[line.index + 1 : line.index + 16] if not later.cells]
            begins = any((mark := leading(later)) and mark.value == 1 for later in following)
            if (
                begins
                and len(following) > 2
                and not is_annex(lines[start])
                and not is_annex(lines[start - 1])
            ):
                return start
    return None


def _titles_a_report(line: Line) -> bool:
    text = line.text.strip()
    wanted = (
        is_title(text) and LAW.search(text) and years(text) and not re.search(r"整改|情况$|履职|职责", text)
    )
    return bool(wanted) and leading(line) is None and not is_furniture(line) and not is_annex(line)


def _find_signature(lines: tuple[Line, ...], start: int, limit: int) -> _Signed | None:
    """The body's name and the date under it, the first pair that stands after the parts began."""
    dates = [line for line in lines[start:limit] if not line.cells and len(line.text) <= 60]
    lone: _Signed | None = None
    for line in dates:
        text = narrow(line.text.strip())
        if both := _ORG_AND_DATE.match(text):
            return _Signed(both["org"], read_date(both["date"]), frozenset({line.index}), line.index + 1)
        dated = _dated(lines, line.index, limit)
        if not dated:
            continue
        read = read_date("".join(lines[index].text.strip() for index in dated))
        orgs, name = _orgs_above(lines, dated[0], start)
        if not orgs:
            orgs, name = _orgs_below(lines, dated[-1], limit)
        if orgs:
            touched = frozenset({*orgs, *dated})
            return _Signed(name, read, touched, max(touched) + 1)
        if read and not any(_opens_part(later) for later in lines[dated[-1] + 1 : limit]):
            lone = lone or _Signed("", read, frozenset(dated), dated[-1] + 1)
    return lone or _name_alone(lines, start, limit)


def _dated(lines: tuple[Line, ...], index: int, limit: int) -> tuple[int, ...]:
    """The lines of a date that begins here; narrow columns break a date over two or three."""
    joined = ""
    for last in range(index, min(limit, index + 3)):
        text = narrow(lines[last].text.strip())
        if lines[last].cells or len(text) > 24:
            break
        joined += text
        if _DATE_LINE.match(joined):
            return tuple(range(index, last + 1))
        if not re.fullmatch(r"[\d〇○零一二三四五六七八九十年月\s./-]+", text):
            break
    return ()


def _orgs_above(lines: tuple[Line, ...], index: int, start: int) -> tuple[list[int], str]:
    """The names right above a date, and the one that reports; a name may be broken over two lines."""
    found: list[int] = []
    names: list[str] = []
    above = index - 1
    while above >= start and index - above <= 4 and len(found) < 4:
        line, text = lines[above], lines[above].text.strip()
        upper = lines[above - 1] if above > start else None
        if line.cells or len(text) > 45:
            break
        if (
            upper
            and not upper.cells
            and len(text) < 6
            and len(upper.text) < 20
            and is_org(upper.text.strip() + text)
            and not is_org(upper.text)
        ):
            found[:0] = [above - 1, above]
            names.insert(0, upper.text.strip() + text)
            above -= 2
        elif is_org(text):
            found.insert(0, above)
            names.insert(0, text)
            above -= 1
        elif found or not is_furniture(line):
            break
        else:
            above -= 1
    return found, _reporting(names) if names else ""


def _orgs_below(lines: tuple[Line, ...], index: int, limit: int) -> tuple[list[int], str]:
    below = index + 1
    if below < limit and not lines[below].cells and is_org(lines[below].text):
        return [below], _reporting([lines[below].text])
    return [], ""


def _name_alone(lines: tuple[Line, ...], start: int, limit: int) -> _Signed | None:
    for index in range(limit - 1, start, -1):
        line = lines[index]
        if is_furniture(line) or is_annex(line):
            continue
        if not line.cells and is_org(line.text) and leading(line) is None and not line.block.heading:
            return _Signed(_reporting([line.text]), None, frozenset({index}), index + 1)
        return None
    return None


def _reporting(names: list[str]) -> str:
    """Of several names under a report the government's, else the last; without the seal's note and inner spaces."""
    cleaned = [re.sub(r"[（(](?:盖章|公章|印章|章)[)）]|\s", "", name) for name in names]
    return next((name for name in cleaned if name.endswith("人民政府")), cleaned[-1])


def _tail(lines: tuple[Line, ...], after: int, limit: int) -> int:
    """Without a signature the report ends where the page's links begin."""
    for line in lines[after + 1 : limit]:
        if not line.cells and len(line.text) <= 60 and _TAIL.match(line.text.strip()):
            return line.index
    return limit


def _annexes(lines: tuple[Line, ...], end: int, limit: int) -> list[Line]:
    start = next((line.index for line in lines[end:limit] if is_annex(line)), limit)
    return [line for line in lines[start:limit] if not is_furniture(line)]
