"""Who and when: what the report itself assigns is given to the items it speaks of, and is no text of theirs."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable

from core.days import NamedDay, days_in
from core.han import HAN
from core.numerals import number
from reports.frame import Frame
from reports.harvest import Found, Harvest
from reports.labels import (
    Field,
    Told,
    cadence_in,
    fields_of,
    is_label_line,
    label_within,
    read_phrases,
    read_value,
)
from reports.outline import Region, lines_in
from reports.remarks import LABEL, OFFICE
from reports.sections import Kind
from reports.sentences import blank_quotes, sentences, trim, trim_all, without
from reports.source import Line, Source, Stretch

_BRACKET = re.compile(
    r"[（(【\[](?P<in>[^（()）【】\[\]\n]{2,80}(?:[（(][^（()）]{1,10}[)）][^（()）【】\[\]\n]{0,60})?)[)）】\]](?=[。；;]|[，,]?[ \u3000]*(?:\n|$))"
)
_N = r"[（(]?[\d一二两三四五六七八九十]+[）)]?"
# "以上三项工作均", "第一至三项", "未注明时限的": the items that a sentence of its own speaks of.
_SCOPE = re.compile(
    r"(?P<rest>(?:凡|对|其他|其余)?(?:未|没有)[^，。]{0,6}(?:注明|明确|标明|列明|写明|规定|确定)[^，。]{0,8}的)?"
    r"(?P<which>以上|上述|前述|上列|上表|(?P<below>以下|下列|下述|下表)|(?P<this>[该此本这])|(?P<all>其余|其他|所有|全部|各)"
    rf"|(?:其中)?第(?P<nth>{_N}(?:(?:[、和至到—-]|第)+{_N})*)|(?<=的))(?:各|所列|的)*(?P<count>[\d一二两三四五六七八九十]+)?"
    r"(?P<noun>(?:[项条个点类款]|整改|重点|具体|目标|任务|措施|事项|举措|内容|安排|问题|工作|计划|项目)*)[，,]?(?:均|都|一律|统一|分别|原则上)*"
)
_MOST_COVERS = 60  # no report has so many; a hostile file might
_CLAUSE_ENDS = re.compile(r"[，,。；;：:\n]")
_PAST = re.compile(r"(?:自|从|截[至止]|以来|过去|依据|根据|按照|贯彻|针对|对|每[年月].*)$")
_DESCRIBES = re.compile(
    rf"(?:[以之]?前)?(?:已|[{HAN}]{{2}}[了过]?的(?=[\d{HAN}《]))|起|以来|[以之]?后|施行|开始"
)
_BY = re.compile(r"[以之]?[前内]|止")
_DONE = re.compile(
    r"(?:要|须|全部|全面|基本|力争)*(?:完成|建成|实现|形成|出台|印发|修订|投用|投入|上线|到位|办结|达到|覆盖)"
)
_AIMS = re.compile(r"(?:[到至]|力争|争取|确保|计划|拟|预计)$")
_WITHIN = re.compile(r"(?:[上下]半年|年内|季度[末底]?)$")
_OPENS = re.compile(r"月(?:份?(?=开展|组织|举办|召开|启动)|[底末])")
_WHO = r"(?P<who>[^，。；：、\s由]{2,16}?(?:科|股|室|所|队|处|办|局|中心|站|院|委|部|厅|政府|公司|窗口|专班))"
_LEADS = r"(?:牵头(?!的|[^，。；]{0,8}的)|会同"
_IN_CHARGE = (
    re.compile(
        r"(?:^|[。；;\n])(?:[一二三四五六七八九]是)?[，,]?(?P<time>[^，。；由\n]{0,12}?)由?"
        rf"{_WHO}{_LEADS}|负责(?!人|同志|制|的)|组织实施)"
    ),
    re.compile(rf"[，,](?P<time>[^，。；由\n]{{0,12}}?)由{_WHO}{_LEADS})"),
)
_Cover = tuple[Told, Callable[[], list[Found]]]


def assign(
    source: Source, frame: Frame, regions: Iterable[Region], harvest: Harvest, year: int | None
) -> None:
    """Give every item what the report says of who, when and how often; `year` is the year planned for."""
    covers: list[_Cover] = []
    empty: set[int] = set()
    everything = sorted([*harvest.shortcomings, *harvest.plans], key=_start)
    for region in regions:
        if region.kind is not Kind.OTHER:
            first, last = (bisect_left(everything, at, key=_start) for at in region.stretch)
            reader = _Region(source, frame, region, harvest, everything[first:last], year)
            covers += reader.read()
            empty |= reader.empty
    for kind in (harvest.shortcomings, harvest.plans):
        kind[:] = [found for found in kind if id(found) not in empty]
    for found in harvest.plans:
        found.told.complete(_within(source, found, year))
    for told, targets in covers:
        for found in targets():
            found.told.complete(told)


def _start(found: Found) -> int:
    return found.start


class _Region:
    """Reads the lines of one region for what they assign, and takes those words out of the items."""

    def __init__(
        self,
        source: Source,
        frame: Frame,
        region: Region,
        harvest: Harvest,
        found: list[Found],
        year: int | None,
    ) -> None:
        self.text = source.text
        self.pieces = list(lines_in(frame, region.stretch))
        self.end = region.stretch.end
        self.harvest = harvest
        self.found = found
        self.year = year
        self.covers: list[_Cover] = []
        self.named: list[int] = []  # where the names of parts stand that assign what stands below
        self.covered = 0  # where the last sentence ended that speaks of all above it
        self.empty: set[int] = set()
        self.cuts: list[Stretch] = []
        plans = {id(plan) for plan in harvest.plans}
        planned = [one for one in found if id(one) in plans]
        self.listed = planned or found  # what "以上三项" counts
        texts = [part for line, part in self.pieces if not line.cells]
        told = [
            self._bracket(bracket, units_alone=True) for part in texts for bracket in self._brackets(part)
        ]
        self.units_alone = sum(one is not None for one in told) > 1  # a habit, not the end of one item

    def read(self) -> list[_Cover]:
        for line, part in self.pieces:
            if line.cells:
                self._table(line)
            else:
                self._line(part)
        self._cut()
        return self.covers

    def _line(self, part: Stretch) -> None:
        if is_label_line(self._words(part).strip()):
            told = read_phrases(self.text, part, self.year, units_alone=True)
            if told and self._give(told, part.start, pair=True):
                self._take_out(part)
                return
        for sentence in sentences(self.text, part):
            self._sentence(sentence, alone=sentence == part)
        self._in_brackets(part)

    def _sentence(self, sentence: Stretch, *, alone: bool) -> None:
        """A sentence that only assigns: to the item above, or to all that its first words name."""
        inner = trim(self.text, sentence)
        labelled = is_label_line(self._words(inner))
        whole = self._items_in(sentence, whole=True)
        if whole and whole[0].number and not labelled:
            return  # what is counted is an item, however short
        found = _SCOPE.finditer(self.text, inner.start, inner.end)
        scopes = [scope for scope in found if _is_scope(scope, inner.start)]
        if scopes and not scopes[0]["this"]:
            self._of_many(sentence, scopes, inner.end)
            return
        start = scopes[0].end() if scopes else inner.start
        alone = alone or labelled or bool(whole)
        if told := read_phrases(self.text, Stretch(start, inner.end), self.year, lenient=bool(scopes)):
            if scopes and alone:
                told.begin_at(inner.start)
            if self._give(told, sentence.start, pair=alone) and alone:
                self._take_out(sentence)  # inside a paragraph it stays the item's text
        elif label := label_within(self.text, inner):
            tail = Stretch(label, sentence.end)
            told = read_phrases(self.text, tail, self.year, units_alone=True)
            if told and self._give(told, label, pair=False):
                self._take_out(tail)

    def _of_many(self, sentence: Stretch, scopes: list[re.Match[str]], end: int) -> None:
        ends = [*(scope.start() for scope in scopes[1:]), end]
        for scope, until in zip(scopes, ends, strict=True):
            told = read_phrases(self.text, Stretch(scope.end(), until), self.year, lenient=True)
            if told and len(self.covers) < _MOST_COVERS:
                told.begin_at(scope.start())
                cover = told, self._covered_by(scope, sentence.start)
                self.covers.insert(0 if scope["nth"] else len(self.covers), cover)  # one's own comes first
                self._take_out(sentence)
        self.covered = sentence.end

    def _covered_by(self, scope: re.Match[str], at: int) -> Callable[[], list[Found]]:
        """Which items a covering sentence speaks of; asked for once every item has what is its own."""
        here, since = self.listed, self.covered
        if scope["rest"]:
            return lambda: [found for found in self.harvest.plans if not found.told.says(Field.DUE)]
        if scope["nth"]:
            places = _ordinals(scope["nth"])
            return lambda: [found for place, found in enumerate(here, 1) if place in places]
        if scope["all"]:
            return lambda: here
        count = number(scope["count"].replace("两", "二")) if scope["count"] else None
        if scope["below"]:
            return lambda: [found for found in here if found.start >= at][:count]
        above = [found for found in here if found.start < at]
        return lambda: above[-count:] if count else [found for found in above if found.start >= since]

    def _brackets(self, part: Stretch) -> Iterable[re.Match[str]]:
        return _BRACKET.finditer(self.text, part.start, part.end)

    def _bracket(self, bracket: re.Match[str], *, units_alone: bool) -> Told | None:
        return read_phrases(self.text, Stretch(*bracket.span("in")), self.year, units_alone=units_alone)

    def _in_brackets(self, part: Stretch) -> None:
        """Brackets that end a line; after a full stop they are no text of the item, after a part's name they speak of all of it."""
        for bracket in self._brackets(part):
            if not (told := self._bracket(bracket, units_alone=self.units_alone)):
                continue
            before = Stretch(part.start, bracket.start())
            after_stop = self.text[max(0, before.end - 2) : before.end].rstrip(" \u3000")[-1:] in "。；;！\n"
            if not after_stop and not self._items_in(before):
                self._of_part(told, before, part)
            elif self._give(told, bracket.start(), pair=False) and after_stop:
                self._take_out(Stretch(*bracket.span()))

    def _of_part(self, told: Told, name: Stretch, part: Stretch) -> None:
        if len(self.covers) < _MOST_COVERS:
            told.begin_at(name.end)
            self.named.append(part.start)
            labels = [at.start for at, reason in self.harvest.said if reason == LABEL]

            def of_part() -> list[Found]:
                end = min((at for at in [*labels, *self.named] if at >= part.end), default=self.end)
                return [one for one in self.found if part.end <= one.start < end]

            self.covers.append((told, of_part))

    def _table(self, line: Line) -> None:
        first = next((one.start for one in self.found if line.start <= one.start < line.end), line.end)
        rows = [(cells, self._labels(cells)) for cells in line.cells if cells]
        # Labels that change from row to row stand beside their values: such a column has no header.
        later = [
            (place, cells[place]) for cells, labels in rows if cells[-1].start > first for place in labels
        ]
        columns: dict[int, tuple[Field, ...]] = {}
        for cells, labels in rows:
            if labels and cells[-1].end <= first:
                heads = {place: self._words(cells[place]) for place in labels}
                forms = {place for place, at in later if self._words(at) != heads.get(place)}
                columns |= {place: fields for place, fields in labels.items() if place not in forms}
            elif columns:
                self._row(cells, {place: columns[place] for place in columns.keys() - labels.keys()})
            else:
                for place, fields in labels.items():
                    self._form(cells[place], cells[place + 1 :], fields)
            for cell in cells:
                self._in_brackets(cell)

    def _labels(self, cells: tuple[Stretch, ...]) -> dict[int, tuple[Field, ...]]:
        named = ((place, fields_of(self._words(at))) for place, at in enumerate(cells))
        return {place: fields for place, fields in named if fields}

    def _row(self, cells: tuple[Stretch, ...], columns: dict[int, tuple[Field, ...]]) -> None:
        told = Told()
        for place, fields in sorted(columns.items()):
            if place < len(cells):
                read_value(told, fields, self.text, cells[place], self.year)
        for found in self._items_in(Stretch(cells[0].start, cells[-1].end)):
            found.told.complete(told)

    def _form(self, label: Stretch, beside: tuple[Stretch, ...], fields: tuple[Field, ...]) -> None:
        """A label with its value in the cell beside it."""
        told = Told()
        value = next((at for at in beside if self._words(at) != self._words(label)), None)
        if value:
            read_value(told, fields, self.text, value, self.year)
            if told.said:
                told.begin_at(label.start)
            if told.said and self._give(told, label.start, pair=True):
                self._take_out(Stretch(label.start, value.end))

    def _give(self, told: Told, at: int, *, pair: bool) -> bool:
        """Whether there is an item above (with `pair`, also what it was named with) to take what was told."""
        place = bisect_left(self.found, at, key=_start)
        while place and id(self.found[place - 1]) in self.empty:
            place -= 1
        if not place:
            return False
        above = self.found[place - 1]
        above.told.complete(told)
        if pair and above.answers:
            above.answers.told.complete(told)
        return True

    def _items_in(self, words: Stretch, *, whole: bool = False) -> list[Found]:
        """The items that reach into a stretch; with `whole`, those that say nothing outside of it."""
        first, last = (bisect_left(self.found, at, key=_start) for at in words)
        near = self.found[first if whole else max(0, first - 2) : last]
        if whole:
            return [one for one in near if one.stretches[-1].end <= words.end]
        return [
            one for one in near if any(at.end > words.start and at.start < words.end for at in one.stretches)
        ]

    def _take_out(self, words: Stretch) -> None:
        """What assigns is no text of an item, and an item that says no more is none."""
        self.harvest.said.append((words, OFFICE))
        self.cuts.append(words)
        self.empty |= {id(found) for found in self._items_in(words, whole=True)}

    def _cut(self) -> None:
        self.cuts.sort()
        for found in self.found:
            last = bisect_left(self.cuts, found.stretches[-1].end, key=lambda cut: cut.start)
            first = bisect_left(self.cuts, found.start, hi=last, key=lambda cut: cut.end)
            if first < last:
                kept = trim_all(self.text, without(list(found.stretches), self.cuts[first:last]))
                found.stretches = tuple(kept) or found.stretches
                self.empty |= set() if kept else {id(found)}

    def _words(self, at: Stretch) -> str:
        return self.text[at.start : at.end]


def _is_scope(scope: re.Match[str], start: int) -> bool:
    """Whether words at the start of a sentence (第三项 of a clause too) name the items that it speaks of."""
    if scope["nth"]:
        return bool(scope["noun"]) and (scope.start() == start or scope.string[scope.start() - 1] in "，,；;")
    return scope.start() == start and bool(scope["rest"] or scope["noun"])


def _ordinals(words: str) -> set[int]:
    """The places that "一至三" or "二、四" names."""
    places: set[int] = set()
    last, through = 0, False
    for part in re.findall(r"[\d一二三四五六七八九十]+|[至到—-]", words):
        value = min(number(part) or 0, 99)
        places |= {value, *range(last, value)} if through else {value}
        last, through = value or last, not value
    return places


def _within(source: Source, found: Found, year: int | None) -> Told:
    """What an item's own sentences say of when, how often, and who is to do the whole of it."""
    told = Told()
    for at in found.stretches:
        words = source.text[at.start : at.end]
        plain = blank_quotes(words)
        days = [day for day in days_in(plain, year=year) if _is_due(plain, day, year)]
        last = max(days, key=lambda named: named.day, default=None)
        if last and (told.due is None or last.day > told.due):
            told.due = last.day
            told.say(Field.DUE, at.start + last.start, at.start + last.end)
        if not told.cadence and (rhythm := cadence_in(words)):
            told.cadence = rhythm[0]
            told.say(Field.CADENCE, at.start + rhythm[1].start, at.start + rhythm[1].end)
        if not told.names and (who := _in_charge(plain)):
            told.names[Field.OWNER] = [plain[who.start : who.end]]
            told.say(Field.OWNER, at.start + who.start, at.start + who.end)
    return told


def _is_due(text: str, named: NamedDay, year: int | None) -> bool:
    """Whether a day in an item's sentence is one by which something is to be done, and not a part of what it tells."""
    before = _CLAUSE_ENDS.split(text[max(0, named.start - 30) : named.start])[-1]
    words = text[named.start : named.end]
    if (year and named.day.year < year) or _PAST.search(before) or _DESCRIBES.match(text, named.end):
        return False
    if _BY.match(text, named.end) or _WITHIN.search(words) or _AIMS.search(before):
        return True
    return bool(
        _DONE.match(text, named.end) or (not before and _OPENS.search(text, named.start, named.end + 2))
    )


def _in_charge(text: str) -> Stretch | None:
    """The unit that an item's sentence says is to do it ("由职业教育科牵头", "督导室负责"), not one step of it."""
    for form in _IN_CHARGE:
        for found in form.finditer(text):
            if not found["time"] or any(True for _ in days_in(found["time"], year=2000)):
                return Stretch(*found.span("who"))
    return None
