"""What stands around a report in its file and is no part of it: page data, navigation, annexes."""

import re

from core.han import HAN
from reports.source import Line

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


def is_furniture(line: Line) -> bool:
    """Whether a line is of the page and not of the report: page numbers, navigation, print links, contents entries."""
    if line.cells:
        return False
    text = re.sub(rf"(?<=[{HAN}])[ \u3000]+(?=[{HAN}])", "", line.text.strip())
    if len(text) > 120:
        return False
    return bool(
        (_PAGE_NUMBER.match(text) and not line.block.number)
        or (_FURNITURE.match(text) and not line.block.number)
        or _CONTENTS_ENTRY.search(text)
        or (len(text) < 40 and text.count("[") >= 2 and text.endswith("]"))
    )


def opens_tail(line: Line) -> bool:
    """Whether the line is the first of what a site puts below a text."""
    return not line.cells and len(line.text) <= 60 and bool(_TAIL.match(line.text.strip()))


def is_annex(line: Line) -> bool:
    """Whether the line opens an annex."""
    return not line.cells and len(line.text) <= 80 and bool(_ANNEX.match(line.text.strip()))
