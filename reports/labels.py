"""How a report says who and by when: labels, the values beside them, and the short phrases that need no label."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.days import day_of, days_in
from reports.parsed import Cadence
from reports.source import Stretch


class Field(StrEnum):
    """What a label, a column or a phrase tells of an item."""

    OWNER = "owner"
    PERSON = "person"
    LEADER = "leader"
    PARTNER = "partners"
    DUE = "due"
    CADENCE = "cadence"
    ORIGIN = "origin"


_LABEL_WORDS = re.compile(
    r"(?:责任|牵头|主办|承办|负责|落实|整改|实施|推进|完成|办理|主责|包抓|包保|分工|主要|直接|具体|第一|配合|协办|协助|协同|参与|分管|单位|科室|股室|处室|部门|站所|[支大中]队|所队|乡镇|镇街|街道"
    r"|机构|主体|领导|同志|人员|(?:工作|任务)(?=[完时期])|时限|期限|时间|日期|节点|进度|要求|安排|频次|频率|周期|问题|来源|计划|预计|起止|[科股室站队所办人者其拟及和与/／、（）()])+"
)
_FIELDS = (
    (Field.ORIGIN, re.compile("来源")),
    (Field.PARTNER, re.compile("配合|协办|协助|协同|参与")),
    (
        Field.OWNER,
        re.compile(
            r"(?:责任|牵头|主办|承办|负责|主责|落实|分工)(?!人|领导|者|同志)|^(?:单位|科室|股室|处室|部门|站所)"
        ),
    ),
    (Field.LEADER, re.compile("领导")),
    (Field.PERSON, re.compile("(?:责任|负责|承办|主办|办理|落实)(?:人|者|同志)")),
    (Field.DUE, re.compile("时限|期限|时间|日期|节点|进度安排")),
    (Field.CADENCE, re.compile("频次|频率|周期")),
)
_SPACES = re.compile(r"\s")
_UNIT = r"(?:科|股|室|所|队|处|办|局|中心|站|院|委|部|厅|司|公司|组|政府|街道|镇|乡|村|社区|单位|部门|协会|学校|窗口|专班|园区|支部|工会)"
_A_UNIT = re.compile(rf"[^\s\d，。；：、“”《》]{{1,18}}?{_UNIT}(?:[（(][^（）()]{{1,10}}[)）])?")
_APART = re.compile(
    r"[、，,；;/／\n\s]+|(?<=[科股室所队处办局站院委部厅司组府道镇乡村区门位心])(?:以?及|和|与|会同)(?=\S{2})"
)
_ROLE = re.compile(
    r"(?P<lead>(?:作?为|具体)?(?:牵头|主办|主责|总?负责)(?:单位|落实|实施|抓总|组织)*)|(?P<join>(?:负责|予以|积极)?(?:配合|协助|协办|参与|具体落实|分工负责|按(?:照)?(?:各自)?职责(?:分工)?)(?:单位|实施|负责|落实)?)"
)
_ROLE_LAST = re.compile(rf"[（(]?(?:{_ROLE.pattern})[)）]?$")
_LABELLED = re.compile(r"[（(【\[]?(?P<label>[^：:，。]{2,16})[：:]")
_CLAUSE = re.compile(r"(?:(?!、[^：:，。；;、\s]{2,10}[：:])[^，,；;。\s])+")
_LABEL_WITHIN = re.compile(r"(?<=[，,；;。\s])[^：:，,；;。、\s]{2,16}[：:]")
_LONG = re.compile(
    r"(?:长期|持续|常态化?|立行立改|立即|即知即改|边查边改|不断|坚持|整改|推进|落实|实施|开展|抓好|进行|任务|工作|并)+"
)
_TIME_WORDS = re.compile(
    r"(?:[以之]?前|底|末|止|内|完成|落实|到位|全部|全面|基本|整改|办结|力争|争取|确保|须|应|于|在|均|前后|启动|实施|至|到|—|-|、|取得|阶段性|成效|明显|任务|建成|一律|原则上|[一1][次遍]|报送|开展|进展|[（）()])*"
)
_CADENCES = (
    (Cadence.HALF_YEARLY, r"每半年|按半年|半年(?=[一1]次)"),
    (
        Cadence.QUARTERLY,
        r"[每逐按各]一?个?季度?|季季|一季度?一|(?<![一二三四第两个])(?<![纳列]入)季度?(?=对账|通报|调度|例会|点评|研判|[评抽督]查|测评|会商|考|评)",
    ),
    (
        Cadence.MONTHLY,
        r"[每逐按]一?个?月|月月|(?<![一二三四五六七八九十])一月一(?![日号十])|(?<![\d一二三四五六七八九十个当本次])(?<![纳列]入)月(?=对账|通报|调度|例会|点评|研判|[评抽督巡]查|联动|测评|会商|汇总|考|评)",
    ),
    (Cadence.YEARLY, r"每一?年度?|按年度?|一年一|年年"),
)
_CADENCE = re.compile("|".join(f"(?P<{kind.name}>{words})" for kind, words in _CADENCES))


_DOERS = (Field.OWNER, Field.PERSON, Field.PARTNER)


@dataclass(slots=True)
class Told:
    """What one place tells of an item; `said` are the words of each field, with their place."""

    names: dict[Field, list[str]] = field(default_factory=dict)
    due: date | None = None
    cadence: Cadence | None = None
    origin: str | None = None
    said: list[tuple[Field, Stretch]] = field(default_factory=list)

    def says(self, *fields: Field) -> bool:
        return any(said in fields for said, _ in self.said)

    def say(self, kind: Field, start: int, end: int) -> None:
        self.said.append((kind, Stretch(start, end)))

    def begin_at(self, start: int) -> None:
        """Let the first words said begin earlier, at those that name whom they speak of."""
        kind, at = self.said[0]
        self.said[0] = kind, Stretch(start, at.end)

    def complete(self, other: "Told") -> None:
        """Take from another place what this one does not speak of."""
        kept = _DOERS if self.says(*_DOERS) else ()  # a place that names the doer names its helpers too
        wanted = {kind for kind in Field if kind not in kept and not self.says(kind)}
        self.names |= {kind: listed for kind, listed in other.names.items() if kind in wanted}
        if Field.DUE in wanted:
            self.due = other.due
        self.cadence = self.cadence or other.cadence
        self.origin = self.origin or other.origin
        self.said += [place for place in other.said if place[0] in wanted]


def fields_of(label: str) -> tuple[Field, ...]:
    """What a label or the header of a column asks for; nothing where it is no such label."""
    plain = _SPACES.sub("", label).strip("：:")
    if not plain or len(plain) > 16 or not _LABEL_WORDS.fullmatch(plain):
        return ()
    return tuple(kind for kind, words in _FIELDS if words.search(plain))


def cadence_in(text: str) -> tuple[Cadence, Stretch] | None:
    """How often a text first says that something is to be done."""
    found = _CADENCE.search(text)
    return (Cadence[found.lastgroup], Stretch(*found.span())) if found and found.lastgroup else None


def read_value(
    told: Told,
    fields: tuple[Field, ...],
    text: str,
    at: Stretch,
    year: int | None,
    *,
    label: int | None = None,
) -> None:
    """Read what stands in a column or after a label (which begins at `label`); words that name nothing ("—") are passed over."""
    words = text[at.start : at.end].strip("。；;，, \n")
    if not re.search(r"\w", words) or words == "无":
        return
    if len(fields) > 1 and (both := read_phrases(text, at, year, units_alone=True, lenient=True)):
        if label is not None:
            both.begin_at(label)
        told.complete(both)
        return
    at = Stretch(at.start if label is None else label, at.end)
    for kind in fields:
        if kind in (Field.DUE, Field.CADENCE):
            _read_time(told, words, at, year)
            continue
        if kind is Field.ORIGIN:
            told.origin = words
        else:
            _read_names(told, kind, words)
        told.said.append((kind, at))


def is_label_line(words: str) -> bool:
    """Whether a line opens with a label of who or when ("责任科室：法规科")."""
    label = _LABELLED.match(words)
    return bool(label and fields_of(label["label"]))


def label_within(text: str, at: Stretch) -> int | None:
    """Where the first label of who or when begins inside a sentence."""
    for label in _LABEL_WITHIN.finditer(text, at.start, at.end):
        before = text[max(at.start, label.start() - 200) : label.start()]
        if fields_of(label[0]) and len(re.findall(r"[（(【]", before)) <= len(re.findall(r"[）)】]", before)):
            return label.start()
    return None


def read_phrases(
    text: str, at: Stretch, year: int | None, *, units_alone: bool = False, lenient: bool = False
) -> Told | None:
    """What labelled values and phrases tell ("法规科牵头，执法大队配合，6月底前完成"); None where any clause says more.

    `units_alone`: a bare list of units is understood as those responsible. `lenient`: clauses that say more are
    passed over.
    """
    told = Told()
    current: tuple[Field, ...] = ()
    for clause in _CLAUSE.finditer(text, *_inside(text, at)):
        stretch = Stretch(*clause.span())
        label = _LABELLED.match(clause[0])
        if label and (fields := fields_of(label["label"])):
            current = fields
            value = Stretch(stretch.start + label.end(), stretch.end)
            read_value(told, fields, text, value, year, label=stretch.start)
        elif not _phrase(told, clause[0], stretch, year, current, units_alone=units_alone) and not lenient:
            return None
    return told if told.said else None


def _inside(text: str, at: Stretch) -> Stretch:
    """The words of a bracket, where the stretch is one or ends with the half of one."""
    start, end = at.start, at.end
    while start < end and text[start] in "（(【[":
        start += 1
    for _ in range(3):
        words = text[start:end]
        if not words or words[-1] not in "】]。；）)":
            break
        if text[end - 1] in "）)" and len(re.findall("[（(]", words)) >= len(re.findall("[）)]", words)):
            break
        end -= 1
    return Stretch(start, end)


def _phrase(
    told: Told, words: str, at: Stretch, year: int | None, current: tuple[Field, ...], *, units_alone: bool
) -> bool:
    """Whether a clause without a label is understood, and read."""
    if _LONG.fullmatch(words) or _only_time(words, year):
        _read_time(told, words, at, year)
        return True
    words = re.sub(r"^(?:并|均|统一|分别)?由", "", words)
    if role := _ROLE_LAST.search(words) or _ROLE.match(words):
        kind = Field.OWNER if role["lead"] else Field.PARTNER
        names = words[: role.start()] or words[role.end() :].lstrip("：:")
    elif words.startswith("会同"):
        kind, names = Field.PARTNER, words[2:]
    else:
        kind = Field.OWNER
        names = words
        listed = [name for name in _APART.split(words) if name]
        if current and len(words) <= 12:
            kind = Field.PERSON if Field.PERSON in current and not _A_UNIT.fullmatch(words) else current[0]
        elif not units_alone or not all(map(_A_UNIT.fullmatch, listed)):
            return False
    if not names or len(names) > 40 or re.search("由|专人|[（(](?!牵头)", names):
        return False
    _read_names(told, kind, names)
    told.said.append((kind, at))
    return True


def _only_time(words: str, year: int | None) -> bool:
    """Whether a clause is a day or a rhythm and nothing but the words that go with it."""
    spans = [(day.start, day.end) for day in days_in(words, year=year or 2000)]
    spans += [found.span() for found in _CADENCE.finditer(words)]
    spans += [found.span() for found in re.finditer("全年|年度", words)]
    at = 0
    for start, end in sorted(spans):
        if not _TIME_WORDS.fullmatch(words, at, max(at, start)):
            return False
        at = max(at, end)
    return bool(spans) and bool(_TIME_WORDS.fullmatch(words, at))


def _read_time(told: Told, words: str, at: Stretch, year: int | None) -> None:
    days = [named.day for named in days_in(words, year=year)]
    whole = day_of("全年", year=year) if "全年" in words else None
    told.due = day_of(words, year=year) or max(days, default=whole or told.due)
    told.said.append((Field.DUE, at))
    if not told.cadence and (found := cadence_in(words)):
        told.cadence = found[0]
        told.said.append((Field.CADENCE, at))


def _read_names(told: Told, kind: Field, words: str) -> None:
    for name, leads, joins in _names(words):
        into = told.names.setdefault(Field.PARTNER if joins else kind, [])
        into.insert(0 if leads else len(into), name)


def _names(words: str) -> Iterator[tuple[str, bool, bool]]:
    """Each name in a list, whether it leads, whether it only helps; "A、B配合" makes helpers of both."""
    for clause in re.split(r"[，,；;\n]+", words):
        label, _, rest = clause.rpartition("：") if "：" in clause else ("", "", clause)
        roles = [(name, _ROLE_LAST.search(name)) for name in _APART.split(rest) if name.strip("（）()。 ")]
        helping = bool(re.search("配合|协助|协办", label)) or bool(
            roles and (last := roles[-1][1]) and last["join"]
        )
        for name, role in roles:
            bare = (name[: role.start()] if role else name).removesuffix("等").strip("。 ")
            if bare:
                yield bare, bool(role and role["lead"]), helping
