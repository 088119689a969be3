"""Short reports put together from a report's own clauses, in the orders and with the words that offices use."""

import random
import re

from benchmarks.reader.corpus import Annotated
from benchmarks.reader.labels import Folded, Gold
from benchmarks.reader.mutations import CLOSINGS, INTRODUCTIONS, LACK_HEADINGS, PLAN_HEADINGS
from reports.document import Block, Document
from reports.source import Source

_NUMERALS = "一二三四五六七八九十"
_LACKS = (
    "存在的不足",
    "存在的主要问题",
    "存在的问题和不足",
    "存在的不足和原因",
    "工作中存在的困难和不足",
    "法治政府建设中存在的薄弱环节",
    "{year}年存在的主要问题",
    "问题与差距",
    *LACK_HEADINGS,
)
_PLANS = (
    "下一步工作打算",
    "{next}年工作安排",
    "下一步改进措施",
    "{next}年推进法治政府建设主要工作安排",
    "今后工作方向",
    "{next}年",
    "下一年度工作思路",
    "整改措施及下一步打算",
    *PLAN_HEADINGS,
)
_OVER_LACKS = (
    "",
    "在看到成绩的同时，我们也清醒地认识到，与上级要求和群众期盼相比还有差距。",
    "一年来虽取得一定成效，但仍存在以下不足：",
    "回顾全年工作，短板和弱项也很明显，主要表现在以下方面。",
    "对照检查，主要存在以下问题：",
    "成绩来之不易，问题不容回避。",
)
_UNDER_LACKS = (
    "",
    "",
    "这些问题，我们将在今后工作中采取有力措施加以解决。",
    "对上述不足，将认真研究，逐项整改。",
    "以上问题需要引起高度重视。",
    "对此，我单位将认真改进。",
)
_DONE = (
    "全年召开专题会议{a}次，研究法治议题{b}个。",
    "立案查处案件{a}件，办结{b}件，结案率稳步提升。",
    "开展宣传活动{a}场次，发放资料{b}余份。",
    "修订制度{b}项，一是完善流程，二是压实责任，群众满意度达到9{b}%。",
    "针对检查发现的{b}个问题，已全部整改到位，下一步将继续保持力度。",
    "对{a}名执法人员开展轮训，存在的问题得到有效解决。",
)


def composed(report: Annotated, pick: int) -> tuple[Document, Gold] | None:
    """One such report; None where the report has too few shortcomings or plans."""
    chance = random.Random(f"{report.name} {pick}")
    lacking = _clauses(report, "shortcomings", chance)
    planned = _clauses(report, "plans", chance)
    if len(lacking) < 2 or len(planned) < 2:
        return None
    year = report.gold["year"] or 2023
    words = {"year": year, "next": year + 1, "org": report.gold["org"] or "我局"}
    lines = [report.gold["title"] or "工作报告", "一、主要工作情况"]
    lines += [
        f"（{_NUMERALS[at]}）" * chance.randrange(2)
        + one.format(a=chance.randrange(3, 40), b=chance.randrange(2, 9))
        for at, one in enumerate(chance.sample(_DONE, chance.randrange(1, 4)))
    ]
    parts = [
        (chance.choice(_LACKS), chance.choice(_OVER_LACKS), lacking, chance.choice(_UNDER_LACKS)),
        (chance.choice(_PLANS), chance.choice(("", *INTRODUCTIONS)), planned, chance.choice(("", *CLOSINGS))),
    ]
    marks = chance.choice(("一、", "（一）", "", "一."))
    for place, (heading, over, items, under) in enumerate(parts, 1):
        mark = marks.replace("一", _NUMERALS[place])
        lines.append(f"{mark}{heading.format(**words)}{chance.choice(('', '', '。', '：'))}")
        lines += _body(over.format(**words), items, under.format(**words), chance)
    if chance.randrange(3):
        lines += [words["org"], f"{year + 1}年1月15日"]
    blocks = tuple(Block(line, at) for at, line in enumerate(lines, 1))
    gold = {
        **report.gold,
        "shortcomings": [{"text": one, "cause": None} for one in lacking],
        "plans": [{"text": one} for one in planned],
    }
    return Document("composed.txt", "txt", blocks), gold


def _clauses(report: Annotated, kind: str, chance: random.Random) -> list[str]:
    """The items cut short: to a clause, a sentence or two."""
    place = Folded(Source.of(report.document).text)
    found: list[str] = []
    long = chance.randrange(3)
    for item in report.gold[kind]:
        text = item["text"].split("\n")[0] if kind == "plans" or not item.get("cause") else ""
        sentences = [one for one in re.split(r"(?<=。)", text) if one.strip("。 ")]
        if not sentences or not place.find(text):
            continue
        said = "".join(sentences[:2]) if long == 2 else sentences[0]
        if long == 0:
            said = re.split(r"[，；：]", said)[0]
        said = said.strip("。；，： ")
        if (
            4 <= len(said) <= 160
            and "；" not in said
            and "：" not in said
            and not re.search(r"[一二三]是|[(（]\d|[①②]", said)
        ):
            found.append(said)
    return list(dict.fromkeys(found))[: chance.randrange(2, 6)]


def _body(over: str, items: list[str], under: str, chance: random.Random) -> list[str]:
    """The items of a part in one of the ways to set them apart."""
    way = chance.randrange(6)
    if way == 0:  # marked paragraphs
        mark = chance.choice(("（{}）", "{}是", "（{}）", "[{}]"))
        told = [
            f"{at}.{one}。" if mark == "[{}]" else f"{mark.format(_NUMERALS[at - 1])}{one}。"
            for at, one in enumerate(items, 1)
        ]
        return [line for line in (over, *told, under) if line]
    if way == 1:  # counted inside a paragraph
        mark = chance.choice(("{}是", "{}要", "（{}）"))
        told = [mark.format(_NUMERALS[at]) + one for at, one in enumerate(items)]
        listed = chance.choice(("；", "。")).join(told) + "。"
        return _glued(over, listed, under, chance)
    if way == 2:  # first, next, last
        words = (
            ("首先，", "其次，", "再次，", "最后，")
            if len(items) <= 4
            else tuple(f"第{n}，" for n in _NUMERALS)
        )
        return _glued(
            over, "".join(f"{word}{one}。" for word, one in zip(words, items, strict=False)), under, chance
        )
    if way == 3:  # paragraphs without marks
        return [line for line in (over, *(f"{one}。" for one in items), under) if line]
    if way == 4 and not any("。" in one for one in items):  # parts of a sentence
        return _glued(over, "；".join(items) + "。", under, chance)
    if any("。" in one for one in items):
        return [line for line in (over, *(f"{one}。" for one in items), under) if line]
    return _glued(over, "".join(f"{one}。" for one in items), under, chance)


def _glued(over: str, listed: str, under: str, chance: random.Random) -> list[str]:
    """Introduction, list and closing in one paragraph or in several."""
    if chance.randrange(2):
        return [over + listed + under]
    return [line for line in (over, listed, under) if line]
