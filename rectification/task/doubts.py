"""What looks like a closing on paper (纸面销号), by what the file of a task holds: pure, and each doubt at most once.

A doubt accuses nobody: it says what was seen and what would dispel it. Why each is raised, when it is not, and how
often it was right: docs/decisions/0016.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final, Self

from rapidfuzz import fuzz, process

from core.han import HAN
from core.numerals import narrow, number
from core.text import folded, shortened
from models.enums import EvidenceKind
from rectification.task.proof import Dossier, Exhibit, Finding
from rectification.task.whose_paper import signed_on, strangers, task_codes

SIMILAR: Final = 90
_COPIED: Final = 85
_HASTY_DAYS: Final = 3
_LONG_DAYS: Final = 21
_SOON: Final = timedelta(minutes=30)
_MANY_WORDS: Final = 60
_SHOWN: Final = 3
_NOTICE: Final = re.compile(r"通知|会|纪要|签到|方案|计划|安排|要点|传达|部署|动员|座谈|学习|培训|宣传")
_RULE: Final = re.compile(r"办法|制度|规定|规程|细则|规则|规范|清单|目录|指引|基准")
_TEACHING: Final = re.compile(r"培训|学习|学法|普法|宣传")
_BUSTLE: Final = re.compile(r"宣传|发放|培训|参训|出动|巡查|会议")
_N: Final = r"\d{1,6}|[两二三四五六七八九十]{1,3}"
_NUMBER: Final = re.compile(_N)
_COUNT: Final = re.compile(
    rf"(?<![\d第.〔])(?P<n>{_N})(?:余|多)?(?P<of>个(?!月|工作日|方面|环节)|[件处项条份起宗户家名人本卷台辆批场所艘座例笔张只])"
)
_CLAUSE: Final = re.compile(r"[。；，、：！\n,;:]")
_SENTENCE: Final = re.compile(r"[。；！\n]")
_BLANK: Final = re.compile(
    r"(?:某某|[×ＸX]{2})(?:省|市|县|区|局|委|科|股|单位|部门|镇|乡|[%％])|20[×ＸX]{2}年|[×ＸX]{1,2}月[×ＸX]{1,2}日"
)
_FORM: Final = re.compile(r"格式|样式|样表|范本|示范|模板|文书")


class Doubt(StrEnum):
    """What a reviewer should look at twice, in words, and what would dispel it."""

    word: str
    dispelled_by: str

    def __new__(cls, value: str, word: str, dispelled_by: str) -> Self:
        entry = str.__new__(cls, value)
        entry._value_, entry.word, entry.dispelled_by = value, word, dispelled_by
        return entry

    HASTY = "hasty", "下达不久就申请", "附上当时形成的结果材料，写明为何已经改好"
    LAST_MINUTE = "last_minute", "材料临申请才有", "补报过程中的进展，或过程中形成的材料"
    NOTHING_NEW = "nothing_new", "退回后无新材料", "按退回意见补充材料"
    AS_LAST_TIME = "as_last_time", "与上次销号一样", "补充能说明为何不会再发生的材料"
    UNPROVED_MEASURE = "unproved_measure", "措施没有材料", "补上材料，或写明何时做了什么"
    ONE_FOR_ALL = "one_for_all", "一张照片证多条", "为每条措施补上各自的结果材料"
    NOTICES_ONLY = "notices_only", "只有会议通知方案", "补上台账、案卷、照片等看得出结果的材料"
    SAME_FILE = "same_file", "别的任务用过", "换成本任务的材料，或说明它在这里证明什么"
    DATED_BEFORE_ISSUE = "dated_before_issue", "材料早于下达", "补上下达以后的材料，日期填错的请更正"
    ANOTHER_YEAR = "another_year", "落款早于下达", "换成本次整改的材料，日期填错的请更正"
    ANOTHER_BODY = "another_body", "别的单位的材料", "换成本单位的材料，确有关系的写明来由"
    ANOTHER_TASK = "another_task", "别的任务编号", "放错的取出，换成本任务的材料"
    BLANKS_LEFT = "blanks_left", "模板没有改完", "改成实际内容后重新上传"
    SIMILAR_STATEMENT = "similar_statement", "情况说明雷同", "写本任务自己的做法和结果"
    REPEATS_TASK = "repeats_task", "情况说明照抄", "写做了什么、结果怎样，不抄问题和措施"
    VAGUE_STATEMENT = "vague_statement", "情况说明空泛", "写明日期、数量、文件名或文号"
    FIGURES_UNANSWERED = "figures_unanswered", "数字没有交代", "写明所列数量改了多少、还剩多少"


Found = Iterator[tuple[Doubt, str]]


def doubts(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that looks like a closing on paper; of the statement only where there is one."""
    found = chain(_in_time(dossier), _in_proof(dossier), _in_texts(dossier), _in_statement(dossier))
    return tuple(Finding(doubt, text, doubt.dispelled_by) for doubt, text in found)


def _in_time(dossier: Dossier) -> Found:
    """Who is merely busy has reported before, or leaves an hour between his papers and the request."""
    at, issued, last = dossier.submitted_at, dossier.issued_on, dossier.last_submitted_on
    pieces = dossier.exhibits
    if at and issued:
        days = (at.date() - issued).days
        first = min((each.due_on for each in dossier.measures if each.due_on), default=issued)
        if days <= 0 or (days <= _HASTY_DAYS and days * 10 < (first - issued).days):
            yield Doubt.HASTY, f"{issued} 下达，{f'才 {days} 天' if days > 0 else '当天'}就申请"
        is_silent = days >= _LONG_DAYS and not dossier.reported_on
        if is_silent and pieces and all(at - each.added_at <= _SOON for each in pieces):
            yield Doubt.LAST_MINUTE, f"{days} 天没有报进展，{len(pieces)} 份材料都在申请前半小时内上传"
    if last and pieces and all(each.added_at.date() <= last for each in pieces):
        yield Doubt.NOTHING_NEW, f"自上次申请（{last}）以来没有新的材料"


def _in_proof(dossier: Dossier) -> Found:
    pieces = dossier.exhibits
    proved = {place for each in pieces for place in each.proves}
    bare = [
        each.text
        for each in dossier.measures
        if each.is_done and each.position not in proved and not _is_told(each.text, dossier.statement)
    ]
    if bare:
        yield Doubt.UNPROVED_MEASURE, f"有 {len(bare)} 条措施记为完成而没有材料：{_quoted(bare)}"
    photos = [each for each in pieces if each.kind is EvidenceKind.PHOTO and len(each.proves) > 1]
    if alone := [each.name for each in photos if _rests_on(dossier, [each])]:
        yield Doubt.ONE_FOR_ALL, f"照片{_quoted(alone)}用来证明几条措施，其中有的别无材料"
    is_taught = bool(_TEACHING.search(dossier.problem))
    if pieces and all(_is_notice(each, is_taught=is_taught) for each in pieces):
        yield Doubt.NOTICES_ONLY, "材料只有会议、通知、方案一类，看不出整改结果"
    shared = [each for each in pieces if each.also_in]
    is_more_than_rules = any(each.kind is not EvidenceKind.RULE for each in shared)
    if is_more_than_rules or (shared and len(shared) == len(pieces)):
        codes = "、".join(dict.fromkeys(code for each in shared for code in each.also_in))
        yield Doubt.SAME_FILE, f"材料{_quoted(each.name for each in shared)}在任务 {codes} 中也用过"
    if dossier.last_time and {each.kind for each in pieces} <= dossier.last_time.kinds:
        yield Doubt.AS_LAST_TIME, "问题反复出现，材料仍是上次销号时的那几类"


def _is_told(measure: str, statement: str) -> bool:
    """Whether a sentence with a figure or a day speaks of the measure."""
    wanted = _pairs(measure)
    sentences = (each for each in _SENTENCE.split(statement) if _NUMBER.search(each))
    return any(2 * len(wanted & _pairs(each)) >= len(wanted) for each in sentences)


def _pairs(text: str) -> set[str]:
    return set(re.findall(rf"(?=([{HAN}]{{2}}))", text))


def _is_notice(exhibit: Exhibit, *, is_taught: bool) -> bool:
    """Whether it only shows that people met, were told or mean to; where teaching was lacking, teaching is a result."""
    if is_taught and _TEACHING.search(exhibit.name):
        return False
    is_named_so = bool(_NOTICE.search(exhibit.name)) and not _RULE.search(exhibit.name)
    return is_named_so or exhibit.kind is EvidenceKind.MEETING


def _rests_on(dossier: Dossier, pieces: Collection[Exhibit]) -> bool:
    """Whether something in the file is proved by these pieces alone: beside others they may be background."""
    others = [each for each in dossier.exhibits if each not in pieces]
    proved, besides = ({place for each in some for place in each.proves} for some in (pieces, others))
    return bool(pieces) and (not others or not proved <= besides)


def _in_texts(dossier: Dossier) -> Found:
    """What the papers say of themselves; an older or a superior's one is doubted only where something rests on it."""
    issued, pieces = dossier.issued_on or date.min, dossier.exhibits
    early = [each for each in pieces if each.own_date and each.own_date < issued]
    if _rests_on(dossier, early):
        days = "、".join(f"“{each.name}”（{each.own_date}）" for each in early[:_SHOWN])
        yield Doubt.DATED_BEFORE_ISSUE, f"材料{days}早于任务下达日 {issued}，别无更新的材料"
    signed = [(each, day) for each in pieces if each not in early and (day := signed_on(each.own_text))]
    older = [
        (each, day) for each, day in signed if day < issued and (each.own_date or _rests_on(dossier, [each]))
    ]
    if older:
        days = "、".join(f"“{each.name}”（{day}）" for each, day in older[:_SHOWN])
        yield Doubt.ANOTHER_YEAR, f"材料{days}的落款早于任务下达日 {issued}"
    bodies = {
        name: each.name
        for each in pieces
        for name in strangers(each.own_text, dossier.own_names, also_above=_rests_on(dossier, [each]))
    }
    if bodies:
        yield Doubt.ANOTHER_BODY, f"材料{_quoted(bodies.values())}是{'、'.join(bodies)}的，没有提到本单位"
    codes = {code: each.name for each in pieces for code in task_codes(each.own_text, dossier.code)}
    if codes:
        yield Doubt.ANOTHER_TASK, f"材料{_quoted(codes.values())}写的是任务 {'、'.join(codes)}"
    texts = [dossier.statement, *(each.own_text for each in pieces if not _FORM.search(each.name))]
    if blank := next(filter(None, map(_BLANK.search, texts)), None):
        yield Doubt.BLANKS_LEFT, f"情况说明或材料中还有“{blank[0]}”"


def _in_statement(dossier: Dossier) -> Found:
    statement = dossier.statement
    if not statement:
        return
    others = [(f"任务 {code}", text) for code, text in dossier.others]
    if dossier.last_time:
        others.append(("上次销号", dossier.last_time.statement))
    texts = [folded(text) for _, text in others]
    alike = process.extract(folded(statement), texts, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3)
    if alike:
        whose = "、".join(dict.fromkeys(others[place][0] for _, _, place in alike))
        yield Doubt.SIMILAR_STATEMENT, f"情况说明与{whose}的几乎一样"
    given = "\n".join((dossier.problem, dossier.goal, *(each.text for each in dossier.measures)))
    clauses = [each for each in _CLAUSE.split(statement) if len(each) > 3]
    copied = "".join(each for each in clauses if fuzz.partial_ratio(each, given) >= _COPIED)
    if clauses and 2 * len(copied) >= len("".join(clauses)):
        yield Doubt.REPEATS_TASK, f"情况说明大半是问题、目标或措施的原文，如“{shortened(copied, 24)}”"
    if len(statement) >= _MANY_WORDS and not _NUMBER.search(statement):
        yield Doubt.VAGUE_STATEMENT, "情况说明没有一个数字、日期或文号"
    asked = list(_COUNT.finditer(narrow(dossier.problem)))
    if asked and not _is_answered(asked, narrow(statement)):
        figures = "、".join(dict.fromkeys(each[0] for each in asked))
        yield Doubt.FIGURES_UNANSWERED, f"问题说到“{figures}”，情况说明没有交代"


def _is_answered(asked: Sequence[re.Match[str]], statement: str) -> bool:
    """By one of the figures, or by another of the same things; leaflets and patrols are none of them."""
    if {_value(each["n"]) for each in asked} & {_value(each) for each in _NUMBER.findall(statement)}:
        return True
    clauses = (each for each in _CLAUSE.split(statement) if not _BUSTLE.search(each))
    things = {each["of"] for clause in clauses for each in _COUNT.finditer(clause)}
    return not things.isdisjoint(each["of"] for each in asked)


def _value(figure: str) -> int | None:
    return number(figure.replace("两", "二"))


def _quoted(names: Iterable[str]) -> str:
    every = list(dict.fromkeys(names))
    rest = f"等 {len(every)} 项" if len(every) > _SHOWN else ""
    return "、".join(f"“{shortened(each, 24)}”" for each in every[:_SHOWN]) + rest
