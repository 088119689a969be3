"""What stands around a report in its file and is no part of it: page data, navigation, distribution lists, annexes."""

import re
from functools import lru_cache

from core.han import HAN
from reports.readers import furniture
from reports.source import Line

_SPREAD = re.compile(rf"(?<=[{HAN}])[ \u3000]+(?=[{HAN}])")
_OFFICE_LINE = re.compile(
    r"^[【\[（(]?\s*(?:目\s*录$|此件|本件|公开(?:发布)?[)）]|联系人[:：]|(?:联系|监督|举报|咨询|投诉|服务|办公)?(?:电话|邮箱|地址)[:：]|公示(?:期限?|时间)[:：为]"
    r"|(?:报告|填报|报送)(?:单位|时间|日期|人)[:：]|.{2,40}\s[12]\d{3}年\d{1,2}月\d{1,2}日印发|抄送[:：]|抄报[:：]|主送[:：]|签发人)"
)
_CONTENTS_ENTRY = re.compile(r"(?:[.…·．]\s?){3,}\s*\d{1,3}$|\t\d{1,3}$")
_ANNEX = re.compile(r"^附\s*[件表录]?\s*[\d一二三四五六七八九十]{0,2}\s*(?:[：:]|$|(?=20\d\d))|^附件\d?\s")
_LONGEST = 120


def is_furniture(line: Line) -> bool:
    """Whether a line is of the page and not of the report: page numbers, navigation, print links, contents entries."""
    if line.cells or len(line.text) > _LONGEST:
        return False
    return _of_page(line.text, typed=not line.block.number)


@lru_cache(maxsize=1024)
def _of_page(words: str, *, typed: bool) -> bool:
    text = _SPREAD.sub("", words.strip())
    around = typed and (
        _OFFICE_LINE.match(text)
        or furniture.is_page_number(text)
        or furniture.is_bare_number(text)
        or furniture.read_information(text)
        or furniture.is_tail(words)
        or furniture.is_widget(text)
    )
    return bool(around or furniture.is_trail(text) or _CONTENTS_ENTRY.search(text))


def opens_tail(line: Line) -> bool:
    """Whether the line is the first of what a site puts below a text."""
    return not line.cells and furniture.is_tail(line.text)


def is_annex(line: Line) -> bool:
    """Whether the line opens an annex."""
    return not line.cells and len(line.text) <= 80 and bool(_ANNEX.match(line.text.strip()))
