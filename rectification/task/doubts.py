"""What looks like a closing on paper (纸面销号), by what the file of a task holds: pure, and each doubt at most once.

A doubt accuses nobody: it says what was seen and what would dispel it. Why each is raised, when it is not, and how
often it was right: docs/decisions/0017.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, count, islice
from typing import Final, Self

from rapidfuzz import fuzz, process

from core.days import days_in
from core.han import HAN
from core.numerals import narrow
from core.text import folded, shortened
from models.enums import EvidenceKind, Worded
from rectification.task.proof import BLANK, WHOLE, Dossier, Exhibit, Finding
from rectification.task.whose_paper import signed_on, strangers, task_codes, titles_of

SIMILAR: Final = 80
_COPIED: Final = 85
_HASTY_DAYS: Final = 2
_QUIET_DAYS: Final = 30
_NOW: Final = timedelta()
_SOON: Final = timedelta(hours=1)
_A_DAY: Final = timedelta(days=1)  # a moment is in UTC; further from it, the day was not today's
_FEW_WORDS: Final = 7
_MANY_WORDS: Final = 60
_FEW: Final = 4
_PLAN: Final = re.compile(r"方案|计划|安排|打算")
_UNDONE: Final = re.compile(
    r"(?:[尚还仍均]?未(?:按期|全部|予)?(?:整|改|完成|办结|补|落实|到位|销|处理|装)|没有?(?:整改|完成|改)|待|正在|进一步)(?!.*(?:原因|数|率)$)"
    r"|.{0,2}整改中$"
)
_DONE: Final = re.compile(r"已|完成|合格")
_LEFT: Final = re.compile(r"尚未|[还仍]有|剩|未(?:能|完成|整改|改)|暂|待|停|注销|其余")
_NOTICE: Final = re.compile(
    r"通知|会议|[进度谈动例大]会|纪要|签到|方案|计划|安排|要点|传达|部署|动员|座谈|学习|培训|宣传"
)
_RESULT: Final = re.compile(
    r"办法|制度|规定|规程|细则|规则|规范|清单|目录|指引|基准|(?<!训)(?<!习)(?<!会)情况.{0,3}报告|情况说明|台账|登记|意见书|决定书|回执|复函"
    r"|(?<![训习])(?:方案|计划|安排|要点).{0,4}(?:落实|完成|执行|实施)情况"
)
_TEACHING: Final = re.compile(r"培训|学习|学法|普法|宣传")
_BUSTLE: Final = re.compile(r"宣传|发放|培训|参训|出动|巡查|会议")
_MEANT: Final = re.compile(r"将(?!.{0,4}纳入)|拟|计划|打算|下一?步|力争|争取|继续|持续")
_PLAN_DONE: Final = re.compile(
    r"计划[书表]?(?:均|都|全部)?已(?![计拟])|(?:已|完成)(?!计划).{1,12}计划(?:$|[书表、和及]|任务|目标|内容)"
    r"|按照?(?:原定?|既定|年度|工作|检查|整改)?计划(?=.*(?:已|完成))"
)
"""Where 计划 is the paper or the work done by it, not what is meant to be done."""
_N: Final = r"\d{1,6}|[两二三四五六七八九十]{1,3}"
_NUMBER: Final = re.compile(_N)
_COUNT: Final = re.compile(
    rf"(?<![\d第.〔])(?P<n>{_N})[余多]?(?P<of>个(?!月|工作日|方面|环节)|[件处项条份起宗户家名人本卷台辆批场所艘座例笔张只案])"
)
_CLAUSE_AT_MOST: Final = 60  # what is longer than 64 characters rapidfuzz compares a thousand times slower
_CLAUSE: Final = re.compile(r"[。；，、：！\n,;:]")
_SENTENCE: Final = re.compile(r"[。；！\n]")
_UNFINISHED: Final = re.compile(
    r"(?:某某|[×ＸX]{2})(?:省|市|县|区|局|委|科|股|单位|部门|镇|乡|[%％])|20[×ＸX]{2}年|[×ＸX]{1,2}月[×ＸX]{1,2}日"
    r"|[（(](?:征求意见|讨论|送审|草)(?:稿|案)[）)]|自\s+年\s+月\s+日"
)
_FORM: Final = re.compile(r"格式|样式|样表|范本|示范|模板|文书")
_LISTS: Final = (None, EvidenceKind.REGISTER, EvidenceKind.CASE)
_ROW: Final = re.compile(r"^(\d{1,3})(?=\s*[|、.．\s])", re.MULTILINE)


class Doubt(Worded):
    """What reviewer and approver must look at twice, in words, and what would dispel it."""

    dispelled_by: str

    def __new__(cls, value: str, word: str = "", dispelled_by: str = "") -> Self:
        entry = str.__new__(cls, value)
        entry._value_, entry.word, entry.dispelled_by = value, word, dispelled_by
        return entry

    HASTY = "hasty", "下达不久就申请", "材料齐了再申请；确已改好的写明经过，由复核人判断"
    LAST_MINUTE = "last_minute", "材料临申请才有", "写明这段时间做了什么，由复核人判断；以后边做边报"
    NOTHING_NEW = "nothing_new", "退回后无新材料", "按退回意见补充材料"
    AS_LAST_TIME = "as_last_time", "与上次销号一样", "补充上次没有的材料，如整改后的案卷、台账"
    UNPROVED_MEASURE = "unproved_measure", "措施没有材料", "补上材料，或写明这条措施何时做、做了多少"
    ONE_FOR_ALL = "one_for_all", "一份材料证多条", "为每条措施补上各自的结果材料"
    NOTICES_ONLY = "notices_only", "只有会议通知方案", "补上台账、案卷、照片等看得出结果的材料"
    PLAN_ONLY = "plan_only", "方案代替结果", "补上做成以后的材料，如台账、案卷、照片"
    COUNT_SHORT = "count_short", "总数没有完成", "完成其余各项，登记已完成数"
    SHORT_REGISTER = "short_register", "台账少于总数", "补全台账，或写明台账列了几项、其余在哪里"
    UNDONE_ROWS = "undone_rows", "台账写着没有整改", "改完再申请，或写明还剩几项、为什么"
    EMPTY_FILE = "empty_file", "材料没有内容", "换成有内容的文件"
    VAGUE_PIECE = "vague_piece", "材料没写种类和日期", "“标明证明事项”时写明种类，“更正办理记录”补上材料日期"
    SAME_FILE = "same_file", "别的任务用过", "换成本任务的材料；确属共用的写明，由复核人判断"
    DATED_BEFORE_ISSUE = "dated_before_issue", "材料早于下达", "补上下达以后的材料；日期填错的请更正"
    ANOTHER_YEAR = "another_year", "落款早于下达", "补上本次整改形成的材料"
    ANOTHER_BODY = "another_body", "别的单位的材料", "换成本单位的材料；确有关系的写明，由复核人判断"
    ANOTHER_TASK = "another_task", "别的任务编号", "放错的取出，换成本任务的材料"
    UNFINISHED_PAPER = "unfinished_paper", "材料不是定稿", "换成定稿，空着和没改的地方补完"
    SIMILAR_STATEMENT = "similar_statement", "情况说明雷同", "写本任务自己的做法和结果"
    REPEATS_TASK = "repeats_task", "情况说明照抄", "写做了什么、结果怎样，不抄问题和措施"
    ONLY_MEANT = "only_meant", "只说打算", "写已经做了什么，还没做完的做完再申请"
    VAGUE_STATEMENT = "vague_statement", "情况说明空泛", "写明日期、数量、文件名或文号"
    FIGURES_UNANSWERED = "figures_unanswered", "数字没有交代", "写明所列数量改了多少、还剩多少"


Found = Iterator[tuple[Doubt, str]]


def doubt_words(finding: Finding) -> str:
    """A doubt as whoever must answer it is told: its kind, the kind's code, and what gave rise to it."""
    return f"{Doubt(finding.code).word}（{finding.code}）：{finding.text}"


def doubts(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that looks like a closing on paper; of the statement only where there is one."""
    found = chain(_in_time(dossier), _in_proof(dossier), _in_texts(dossier), _in_statement(dossier))
    return tuple(Finding(doubt, text, doubt.dispelled_by) for doubt, text in found)


def _in_time(dossier: Dossier) -> Found:
    """Who is merely busy has told of the work meanwhile."""
    day, issued, pieces = dossier.submitted_on, dossier.issued_on, dossier.exhibits
    if day and issued:
        days = (day - issued).days
        first = min((each.due_on for each in dossier.measures if each.due_on), default=dossier.due_on)
        workdays = sum((issued + timedelta(n)).isoweekday() <= 5 for n in range(1, days + 1))
        if days <= 0 or (first and workdays <= _HASTY_DAYS and days * 4 < (first - issued).days):
            yield Doubt.HASTY, f"{issued} 下达，{f'才 {days} 天' if days > 0 else '当天'}就申请"
        quiet = (day - max((issued, *(each for each in dossier.reported_on if each < day)))).days
        at = dossier.submitted_at
        is_seen = at and abs(at.date() - day) <= _A_DAY and not any(each.is_paper for each in pieces)
        ages = [at - each.added_at for each in pieces] if at and is_seen else []
        if ages and quiet >= _QUIET_DAYS and _NOW <= min(ages) <= max(ages) <= _SOON:
            yield Doubt.LAST_MINUTE, f"{quiet} 天没有报进展，材料都在申请前一小时内上传"
    last = dossier.last_submitted_at
    if last and pieces and all(each.added_at <= last for each in pieces):
        yield Doubt.NOTHING_NEW, "自上次申请以来没有新的材料"


def _in_proof(dossier: Dossier) -> Found:
    pieces, measures, total = dossier.exhibits, dossier.measures, dossier.count_total or 0
    if (done := dossier.count_done or 0) < total:
        yield Doubt.COUNT_SHORT, f"共 {total} 项，只完成 {done} 项"
    proved = _proved_by(pieces)
    is_proved = WHOLE in proved and len(measures) == 1
    bare = [each.text for each in measures if each.is_done and each.position not in proved and not is_proved]
    if dossier.needs_proof and (untold := [each for each in bare if not _is_told(each, dossier.statement)]):
        yield Doubt.UNPROVED_MEASURE, f"有 {len(untold)} 条措施记为完成而没有材料：{_quoted(untold)}"
    for each in pieces:
        steps = each.proves - {WHOLE}
        alone = steps - _proved_by(other for other in pieces if other is not each)
        allowed = 0 if each.kind is EvidenceKind.PHOTO else 1
        if len(steps) > allowed + 1 and len(alone) > allowed:
            yield Doubt.ONE_FOR_ALL, f"材料{_quoted([each.name])}证明几条措施，其中 {len(alone)} 条别无材料"
            break
    plans = [each for each in pieces if _is_plan(each)]
    planned = _proved_by(plans) - _proved_by(each for each in pieces if each not in plans)
    meant = [each.text for each in measures if each.position in planned and not _PLAN.search(each.text)]
    if pieces and all(_is_notice(each, dossier.problem) for each in pieces):
        yield Doubt.NOTICES_ONLY, "材料只有会议、通知、方案一类，看不出整改结果"
    elif meant:
        yield Doubt.PLAN_ONLY, f"措施{_quoted(meant)}只有方案、计划证明，看不出做了没有"
    elif short := _short_of_items(dossier, total):
        yield Doubt.SHORT_REGISTER, short
    yield from _in_pieces(dossier)
    shared = [each for each in pieces if each.also_in]
    is_all_rules = {each.kind for each in shared} == {EvidenceKind.RULE}
    if shared and (len(shared) == len(pieces) or not is_all_rules):
        codes = "、".join(dict.fromkeys(code for each in shared for code in each.also_in))
        yield Doubt.SAME_FILE, f"材料{_quoted(each.name for each in shared)}在任务 {codes} 中也用过"
    kinds = {each.kind for each in pieces}
    if kinds and dossier.last_time and (kinds - {EvidenceKind.PHOTO} or kinds) <= dossier.last_time.kinds:
        yield Doubt.AS_LAST_TIME, "问题反复出现，材料仍是上次销号时的那几类"


def _in_pieces(dossier: Dossier) -> Found:
    """What single pieces lack."""
    pieces = dossier.exhibits
    lists = (each for each in pieces if each.kind is EvidenceKind.REGISTER or _is_list(each))
    undone = [told for each in lists for row in each.own_text.splitlines() if (told := _undone(row))]
    if undone and not _LEFT.search(dossier.statement):
        yield Doubt.UNDONE_ROWS, f"台账有 {len(undone)} 行写着没有整改，情况说明没有交代：{_quoted(undone)}"
    empty = [each.name for each in pieces if each.own_text == BLANK]
    if empty:
        yield Doubt.EMPTY_FILE, f"材料{_quoted(empty)}是空白的，或小得看不出内容"
    vague = [each for each in pieces if each.kind is None and not _has_day(each)]
    if _rests_on(dossier, vague):
        yield Doubt.VAGUE_PIECE, f"材料{_quoted(each.name for each in vague)}没有写种类和日期，别无其他证明"


def _proved_by(pieces: Iterable[Exhibit]) -> set[int]:
    return {place for each in pieces for place in each.proves}


def _rests_on(dossier: Dossier, pieces: Collection[Exhibit]) -> bool:
    """Whether something in the file is proved by these pieces alone: beside others they may be background."""
    others = [each for each in dossier.exhibits if each not in pieces]
    return bool(pieces) and (not others or not _proved_by(pieces) <= _proved_by(others))


def _is_told(measure: str, statement: str) -> bool:
    """Whether a sentence with a figure or a day speaks of the measure."""
    wanted = _pairs(measure)
    sentences = (each for each in _SENTENCE.split(statement) if _NUMBER.search(each))
    return any(2 * len(wanted & _pairs(each)) >= len(wanted) for each in sentences)


def _pairs(text: str) -> set[str]:
    return set(re.findall(rf"(?=([{HAN}]{{2}}))", text))


def _is_notice(exhibit: Exhibit, problem: str) -> bool:
    """Whether it only shows that people met, were told or mean to; where teaching was lacking, teaching is a result."""
    if exhibit.kind in (EvidenceKind.CASE, EvidenceKind.REGISTER):
        return False
    if _TEACHING.search(problem) and _TEACHING.search(exhibit.name):
        return False
    titles = "\n".join((exhibit.name, *titles_of(exhibit.own_text)))
    return exhibit.kind is EvidenceKind.MEETING or bool(_NOTICE.search(titles) and not _RESULT.search(titles))


def _is_plan(exhibit: Exhibit) -> bool:
    titles = "\n".join((exhibit.name, *titles_of(exhibit.own_text)))
    shows = exhibit.kind in (EvidenceKind.CASE, EvidenceKind.REGISTER, EvidenceKind.PHOTO)
    return not shows and bool(_PLAN.search(titles)) and not _RESULT.search(titles)


def _has_day(exhibit: Exhibit) -> bool:
    """Whether it is known of when it is."""
    return bool(exhibit.own_date) or any(day.exact for day in days_in(exhibit.own_text))


def _undone(row: str) -> str:
    """Where the last cells of a register's row say that it is not mended, and none after them that it is: which, and how."""
    first, *cells = [cell for each in row.split("|") if (cell := each.strip())] or [""]
    found = [place for place, cell in enumerate(cells) if place >= len(cells) - 2 and _UNDONE.match(cell)]
    if not found or _DONE.search("".join(cells[found[-1] + 1 :])):
        return ""
    return f"{first} {cells[found[-1]]}"


def _short_of_items(dossier: Dossier, total: int) -> str:
    """Whether what was counted is nowhere listed, or fewer than counted and the statement does not say why."""
    lists = [each for each in dossier.exhibits if each.kind in _LISTS or _is_list(each)]
    photos = [each for each in dossier.exhibits if each.kind is EvidenceKind.PHOTO]
    if dossier.exhibits and not lists and total > max(_FEW, len(photos)):
        return f"共 {total} 项，材料里没有逐项的台账或案卷"
    registers = (each.own_text for each in lists if each.kind is EvidenceKind.REGISTER)
    rows = max(map(_rows, registers), default=0)
    told = {each["n"] for each in _COUNT.finditer(narrow(dossier.statement))}
    return f"共 {total} 项，台账只列出 {rows} 项" if 1 < rows < total and str(rows) not in told else ""


def _is_list(exhibit: Exhibit) -> bool:
    return exhibit.kind is EvidenceKind.OTHER and _rows(exhibit.own_text) > 1


def _rows(register: str) -> int:
    """How far its rows are numbered."""
    numbers = set(map(int, _ROW.findall(narrow(register))))
    return next(number for number in count(1) if number not in numbers) - 1


def _in_texts(dossier: Dossier) -> Found:
    """What the papers say of themselves; an older, a superior's or a draft is doubted where something rests on it."""
    issued, pieces = dossier.issued_on or date.min, dossier.exhibits
    typed = {each: each.own_date for each in pieces if each.own_date and each.own_date < issued}
    dates = ((each, signed_on(each.own_text, anywhere=each.own_date is None)) for each in pieces)
    signed = {each: day for each, day in dates if day and day < issued}
    if _rests_on(dossier, typed | signed):
        for doubt, early in (
            (Doubt.DATED_BEFORE_ISSUE, typed),
            (Doubt.ANOTHER_YEAR, {each: day for each, day in signed.items() if each not in typed}),
        ):
            dated = "、".join(f"{_quoted([each.name])}（{day}）" for each, day in islice(early.items(), 3))
            if early:
                yield doubt, f"材料{dated}早于任务下达日 {issued}，别无更新的材料"
    bodies = [
        (each.name, name)
        for each in pieces
        for name in strangers(each.own_text, dossier.own_names, also_above=_rests_on(dossier, [each]))
    ]
    if bodies:
        names, whose = map(dict.fromkeys, zip(*bodies, strict=True))
        yield Doubt.ANOTHER_BODY, f"材料{_quoted(names)}是{'、'.join(whose)}的，没有提到本单位"
    codes = [(each.name, code) for each in pieces for code in task_codes(each.own_text, dossier.code)]
    if codes:
        names, others = map(dict.fromkeys, zip(*codes, strict=True))
        yield Doubt.ANOTHER_TASK, f"材料{_quoted(names)}写的是任务 {'、'.join(others)}"
    papers = (each for each in pieces if not _FORM.search(each.name) and _rests_on(dossier, [each]))
    drafts = {each.name: found[0] for each in papers if (found := _UNFINISHED.search(each.own_text))}
    if drafts:
        yield Doubt.UNFINISHED_PAPER, f"材料{_quoted(drafts)}中还有{_quoted(drafts.values())}"


def _in_statement(dossier: Dossier) -> Found:
    statement = dossier.statement
    others = [(f"任务 {code} ", text) for code, text in dossier.others]
    if dossier.last_time:
        others.append(("上次销号", dossier.last_time.statement))
    texts = [folded(text) for _, text in others]
    alike = process.extract(folded(statement), texts, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3)
    if statement and alike:
        whose = "、".join(dict.fromkeys(others[place][0] for _, _, place in alike))
        yield Doubt.SIMILAR_STATEMENT, f"情况说明与{whose}的几乎一样"
    given = "\n".join((dossier.problem, dossier.goal, *(each.text for each in dossier.measures)))
    clauses = [each[:_CLAUSE_AT_MOST] for each in _CLAUSE.split(statement) if len(each) > 3]
    copied = [
        each
        for each in clauses
        if fuzz.partial_ratio(each, given) >= _COPIED and all(n in given for n in _NUMBER.findall(each))
    ]
    meant = [each for each in clauses if _MEANT.search(_PLAN_DONE.sub("", each)) and not _NUMBER.search(each)]
    for doubt, part, what in (
        (Doubt.REPEATS_TASK, copied, "问题、目标或措施的原文"),
        (Doubt.ONLY_MEANT, meant, "打算，不是结果"),
    ):
        if 2 * len("".join(part)) >= len("".join(clauses)) > 0:
            yield doubt, f"情况说明大半是{what}，如{_quoted(part[:1])}"
    if not _FEW_WORDS < len(statement) < _MANY_WORDS and statement and not _NUMBER.search(statement):
        yield Doubt.VAGUE_STATEMENT, "情况说明没有一个数字、日期或文号"
    asked = list(_COUNT.finditer(narrow(dossier.problem)))
    if statement and asked and not _is_answered(dossier, {each["of"] for each in asked}):
        yield Doubt.FIGURES_UNANSWERED, f"问题说到{_quoted(each[0] for each in asked)}，情况说明没有交代"


def _is_answered(dossier: Dossier, things: set[str]) -> bool:
    """By a figure of the same things, in the statement or in a register's name; leaflets and patrols are none."""
    registers = [each.name for each in dossier.exhibits if each.kind is EvidenceKind.REGISTER]
    clauses = [*_CLAUSE.split(narrow(dossier.statement)), *registers]
    if not _BUSTLE.search(dossier.problem):
        clauses = [each for each in clauses if not _BUSTLE.search(each)]
    return any(each["of"] in things for clause in clauses for each in _COUNT.finditer(clause))


def _quoted(names: Iterable[str]) -> str:
    return "、".join(f"“{shortened(each.strip(), 24)}”" for each in islice(dict.fromkeys(names), 3))
