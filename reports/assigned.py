"""Who and when: what the report itself assigns is given to the items it speaks of, and is no text of theirs."""

import re
from collections.abc import Callable, Iterable, Iterator

from core.days import NamedDay, days_in
from core.numerals import number
from reports.frame import Frame
from reports.harvest import Found, Harvest
from reports.labels import Field, Told, cadence_in, fields_of, is_label_line, read_phrases, read_value
from reports.outline import Region, lines_in
from reports.remarks import LABEL
from reports.sections import Kind
from reports.sentences import blank_quotes, sentences, trim, trim_all, without
from reports.source import Line, Source, Stretch

_BRACKET = re.compile(
    r"[（(【\[](?P<in>[^（()）【】\[\]\n]{2,80}(?:[（(][^（()）]{1,10}[)）][^（()）【】\[\]\n]{0,60})?)[)）】\]](?=[。；;，,]?[ \u3000]*(?:\n|$))"
)
_N = r"[（(]?[\d一二两三四五六七八九十]+[）)]?"
_SCOPE = re.compile(
    rf"(?P<rest>(?:凡|对|其他|其余)?(?:未|没有)[^，。]{{0,6}}(?:注明|明确|标明|列明|写明|规定|确定)[^，。]{{0,8}}的)?"
    rf"(?P<which>以上|上述|前述|上列|上表|以下|下列|下述|下表|[该此本这]|其余|其他|所有|全部|各|第(?P<nth>{_N}(?:(?:[、和至到—-]|第)+{_N})*))?(?:各|所列|的)*"
    rf"(?P<count>[\d一二两三四五六七八九十]+)?(?P<noun>(?:[项条个点类款]|整改|重点|具体|目标|任务|措施|事项|举措|内容|安排|问题|工作|计划|项目)*)[，,]?(?:均|都|一律|统一|分别|原则上)*"
)
_THIS = ("该", "此", "本", "这")
_PAST = re.compile(r"(?:自|从|截[至止]|以来|过去|依据|根据|按照|贯彻|针对|对|每[年月].*)$")
_DESCRIBES = re.compile(
    r"(?:[以之]?前)?(?:已|[\u4e00-\u9fff]{2}[了过]?的(?=[\d\u4e00-\u9fff《]))|(?:起|以来|[以之]?后|施行|开始)"
)
_BY = re.compile(r"[以之]?[前内]|止")
_DONE = re.compile(
    r"(?:要|须|全部|全面|基本|力争)*(?:完成|建成|实现|形成|出台|印发|修订|投用|投入|上线|到位|办结|达到|覆盖)"
)
_AIMS = re.compile(r"(?:[到至于在]|力争|争取|确保|计划|拟|预计)$")
_WITHIN = re.compile(r"[上下]半年$|年内$|季度[末底]?$|年底前?$")
_IN_CHARGE = re.compile(
    r"(?:^|[。；;\n])(?:(?:此|该|本)项工作|[一二三四五六七八九]是)?[，,]?(?P<time>[^，。；由\n]{0,12}?)(?P<by>由)?(?P<who>[^，。；：、\s]{2,16}?(?:科|股|室|所|队|处|办|局|中心|站|院|委|部|厅|政府|公司|窗口|专班))"
    r"(?P<does>牵头(?!的|[^，。；]{0,8}的)|负责(?!人|同志|制|的)|会同|组织实施)"
)


def assign(
    source: Source, frame: Frame, regions: Iterable[Region], harvest: Harvest, year: int | None
) -> None:
    """Give every item what the report says of who, when and how often; `year` is the year planned for."""
    covers: list[_Cover] = []
    for region in regions:
        if region.kind is not Kind.OTHER:
            covers += _Region(source, frame, region, harvest, year).read()
    for found in harvest.plans:
        found.told.complete(_within(source, found, year))
    for told, targets in covers:
        for found in targets():
            found.told.complete(told)


_Cover = tuple[Told, Callable[[], list[Found]]]


class _Region:
    """Reads the lines of one region for what they assign, and takes those words out of the items."""

    def __init__(
        self, source: Source, frame: Frame, region: Region, harvest: Harvest, year: int | None
    ) -> None:
        self.text = source.text
        self.region = region
        self.pieces = list(lines_in(frame, region.stretch))
        self.harvest = harvest
        self.year = year
        inside = [*harvest.shortcomings, *harvest.plans]
        self.found = sorted(
            (found for found in inside if region.stretch.start <= found.start < region.stretch.end),
            key=lambda found: found.start,
        )
        self.covers: list[_Cover] = []
        self.covered = region.stretch.start  # where the last sentence ended that speaks of all above it
        self.units_alone = sum(1 for _ in self._unit_brackets()) > 1

    def read(self) -> list[_Cover]:
        for line, part in self.pieces:
            if line.cells:
                self._table(line)
            else:
                self._line(part)
        return self.covers

    def _line(self, part: Stretch) -> None:
        inner = trim(self.text, part)
        words = self.text[inner.start : inner.end].strip("（()【】[]）")
        if is_label_line(words):
            at = self.text.index(words, part.start)
            if (
                told := read_phrases(self.text, Stretch(at, at + len(words)), self.year, units_alone=True)
            ) and self._give(told, part.start, pair=True):
                self._take_out(part)
                return
        for sentence in sentences(self.text, part):
            self._sentence(sentence, alone=sentence == part)
        self._brackets(part)

    def _sentence(self, sentence: Stretch, *, alone: bool) -> None:
        """A sentence that only assigns: to the item above, or to all that its first words name."""
        inner = trim(self.text, sentence)
        scopes = [
            scope
            for scope in _SCOPE.finditer(self.text, inner.start, inner.end)
            if _is_scope(scope, inner.start)
        ]
        if not scopes:
            self._of_one(sentence, inner, alone=alone or is_label_line(self._words(inner)))
        elif scopes[0]["which"] in _THIS:
            self._of_one(sentence, Stretch(scopes[0].end(), inner.end), alone=alone, lenient=True)
        else:
            ends = [*(scope.start() for scope in scopes[1:]), inner.end]
            for scope, end in zip(scopes, ends, strict=True):
                if told := read_phrases(self.text, Stretch(scope.end(), end), self.year, lenient=True):
                    self.covers.append((told, self._covered_by(scope, sentence)))
                    self._take_out(sentence)
            self.covered = sentence.end

    def _of_one(self, sentence: Stretch, words: Stretch, *, alone: bool, lenient: bool = False) -> None:
        """A sentence about the item above; inside that item's paragraph it stays its text."""
        told = read_phrases(self.text, words, self.year, lenient=lenient)
        if told and self._give(told, sentence.start, pair=alone):
            if alone or any(sentence.start <= found.start < sentence.end for found in self.found):
                self._take_out(sentence)
            else:
                self.harvest.assigned.append(sentence)

    def _covered_by(self, scope: re.Match[str], sentence: Stretch) -> Callable[[], list[Found]]:
        """Which items a covering sentence speaks of; asked for once every item has what is its own."""
        kind = (
            self.harvest.plans
            if any(one in self.harvest.plans for one in self.found)
            else self.harvest.shortcomings
        )
        here = [found for found in self.found if any(found is one for one in kind)]
        if scope["rest"]:
            return lambda: [found for found in self.harvest.plans if not found.told.says(Field.DUE)]
        if scope["nth"]:
            places = _ordinals(scope["nth"])
            return lambda: [found for place, found in enumerate(here, 1) if place in places]
        which, count = scope["which"], number(scope["count"].replace("两", "二")) if scope["count"] else None
        if which in ("以下", "下列", "下述", "下表"):
            below = [found for found in here if found.start >= sentence.start]
            return lambda: below[:count]
        if which in ("其余", "其他", "所有", "全部", "各"):
            return lambda: here
        above = [found for found in here if found.start < sentence.start]
        if count:
            return lambda: above[-count:]
        since = self.covered
        return lambda: [found for found in above if found.start >= since]

    def _brackets(self, part: Stretch) -> None:
        for bracket in _BRACKET.finditer(self.text[: part.end], part.start):
            inside = Stretch(*bracket.span("in"))
            told = read_phrases(self.text, inside, self.year, units_alone=self.units_alone)
            if told is None:
                continue
            after_stop = self.text[: bracket.start()].rstrip(" \u3000")[-1:] in "。；;！\n"
            if not after_stop and not any(
                found.start < bracket.start() and found.stretches[-1].end > part.start for found in self.found
            ):
                self._head(told, part)
            elif self._give(told, bracket.start(), pair=False) and after_stop:
                self._take_out(Stretch(*bracket.span()))

    def _head(self, told: Told, line: Stretch) -> None:
        """A bracket after the name of a part speaks of all items of that part."""
        self.harvest.assigned.append(line)
        names = [at.start for at, reason in self.harvest.said if reason == LABEL and at.start > line.start]
        end = min(names, default=self.region.stretch.end)
        self.covers.append((told, lambda: [found for found in self.found if line.end <= found.start < end]))

    def _unit_brackets(self) -> Iterator[re.Match[str]]:
        """Brackets that hold nothing but units: those responsible, where several items end so."""
        for line, part in self.pieces:
            if not line.cells:
                for bracket in _BRACKET.finditer(self.text[: part.end], part.start):
                    if read_phrases(self.text, Stretch(*bracket.span("in")), self.year, units_alone=True):
                        yield bracket

    def _table(self, line: Line) -> None:
        starts = [found.start for found in self.found if line.start <= found.start < line.end]
        columns: dict[int, tuple[Field, ...]] = {}
        for cells in line.cells:
            named = {
                place: fields for place, at in enumerate(cells) if (fields := fields_of(self._words(at)))
            }
            row = Stretch(cells[0].start, cells[-1].end) if cells else Stretch(0, 0)
            if named and (not starts or row.end <= min(starts)):
                columns |= named
            elif columns:
                self._row(
                    row, {cells[place]: fields for place, fields in columns.items() if place < len(cells)}
                )
            elif named:
                for place, fields in named.items():
                    self._form(cells, place, fields)
            for cell in cells:
                self._brackets(cell)

    def _row(self, row: Stretch, values: dict[Stretch, tuple[Field, ...]]) -> None:
        told = Told()
        for at, fields in values.items():
            if not fields_of(self._words(at)):  # the header again on a new page
                read_value(told, fields, self.text, at, self.year)
        for found in self.found:
            if row.start <= found.start < row.end:
                found.told.complete(told)
        self.harvest.assigned += [at for at in values if told.said]

    def _form(self, cells: tuple[Stretch, ...], place: int, fields: tuple[Field, ...]) -> None:
        """A label with its value in the cell beside it."""
        told = Told()
        value = next((at for at in cells[place + 1 :] if self._words(at) != self._words(cells[place])), None)
        if value:
            read_value(told, fields, self.text, value, self.year)
            if self._give(told, cells[place].start, pair=True):
                self._take_out(cells[place])
                self._take_out(value)

    def _give(self, told: Told, at: int, *, pair: bool) -> bool:
        """Whether there is an item above (with `pair`, also what it was named with) to take what was told."""
        above = [found for found in self.found if found.start < at]
        if not above:
            return False
        above[-1].told.complete(told)
        if pair and above[-1].answers:
            above[-1].answers.told.complete(told)
        return True

    def _take_out(self, words: Stretch) -> None:
        """What assigns is no text of an item, and an item that says no more is none."""
        self.harvest.assigned.append(words)
        for found in [
            one for one in self.found if one.start < words.end and one.stretches[-1].end > words.start
        ]:
            kept = trim_all(self.text, without(list(found.stretches), [words]))
            if kept:
                found.stretches = tuple(kept)
                continue
            self.found.remove(found)
            for kind in (self.harvest.shortcomings, self.harvest.plans):
                kind[:] = [one for one in kind if one is not found]

    def _words(self, at: Stretch) -> str:
        return self.text[at.start : at.end]


def _is_scope(scope: re.Match[str], start: int) -> bool:
    """Whether words at the start of a sentence (第三项 of a clause too) name the items that it speaks of."""
    if scope["nth"]:
        return bool(scope["noun"]) and (scope.start() == start or scope.string[scope.start() - 1] in "，,；;")
    return scope.start() == start and bool(scope["rest"] or (scope["which"] and scope["noun"]))


def _ordinals(words: str) -> set[int]:
    """The places that "一至三" or "二、四" names."""
    places: set[int] = set()
    last, through = 0, False
    for part in re.findall(r"[\d一二三四五六七八九十]+|[至到—-]", words):
        if value := number(part):
            places |= set(range(last, value)) if through else set()
            places.add(value)
            last, through = value, False
        else:
            through = True
    return places


def _within(source: Source, found: Found, year: int | None) -> Told:
    """What an item's own sentences say of when, how often, and who is to do the whole of it."""
    told = Told()
    for at in found.stretches:
        words = source.text[at.start : at.end]
        plain = blank_quotes(words)
        days = [day for day in days_in(plain, year=year) if _is_due(plain, day, year)]
        if days:
            last = max(days, key=lambda named: named.day)
            told.due = max(told.due, last.day) if told.due else last.day
            told.said.append((Field.DUE, Stretch(at.start + last.start, at.start + last.end)))
        if not told.cadence and (
            rhythm := cadence_in(re.sub(r"《[^《》]*》", lambda title: "〇" * len(title[0]), words))
        ):
            told.cadence = rhythm[0]
            told.said.append((Field.CADENCE, Stretch(at.start + rhythm[1].start, at.start + rhythm[1].end)))
        if not told.names and (who := _in_charge(plain, year)):
            told.names[Field.OWNER] = [plain[who.start : who.end]]
            told.said.append((Field.OWNER, Stretch(at.start + who.start, at.start + who.end)))
    return told


def _is_due(text: str, named: NamedDay, year: int | None) -> bool:
    """Whether a day in an item's sentence is one by which something is to be done, and not a part of what it tells."""
    before = re.split(r"[，,。；;：:\n]", text[: named.start])[-1]
    after, words = text[named.end :], text[named.start : named.end]
    if (year and named.day.year < year) or _PAST.search(before) or _DESCRIBES.match(after):
        return False
    if _BY.match(after) or (_WITHIN.search(words) and not words.endswith("年底")):
        return True
    opens = not before and words.endswith(("月", "月底", "月末"))
    return bool(opens or _AIMS.search(before) or _DONE.match(after))


def _in_charge(text: str, year: int | None) -> Stretch | None:
    """The unit that an item's sentence says is to do it ("由职业教育科牵头", "督导室负责"), not one step of it."""
    for found in _IN_CHARGE.finditer(text):
        start = found.start("who")
        time = found["time"]
        if time and not any(True for _ in days_in(time, year=year or 2000)):
            continue
        return Stretch(start, found.end("who"))
    return None
