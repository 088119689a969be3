"""Items from a region: what is one shortcoming, what is one plan, and why the rest is neither.

The rules are told in docs/reading.md: the outermost enumeration is the items; without one, sentences.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from reports import remarks
from reports.branches import Branch, grow, marks_in
from reports.causes import reason_in
from reports.enumeration import Mark
from reports.frame import Frame
from reports.outline import Region, lines_in
from reports.sections import Kind, bare, is_label
from reports.sentences import parts, sentences, trim, trim_all, without
from reports.shortcoming import Words, take_apart
from reports.source import Line, Source, Stretch
from reports.tables import read_table
from reports.turns import measure_cue, opens_measure, problem_label

_BESIDES = re.compile(r"[ \u3000]*(?:此外|另外|除此之外|再有|还有|再者)[，,：:]")
_LONE_MARK = re.compile(rf"(?:{_BESIDES.pattern}|[ \u3000]*一是[，,]?)")
_PRAISE = re.compile(r"成效|成绩|进展|提升|进步|成果")
_NEAR_START = 4
_PART_NAME = re.compile(
    r"(?:方面|领域|环节|层面|板块|条线|工作上|建设上|执行上|落实上|管理上|服务上|认识上|思想上|能力上)(?:的|存在的?|主要)*(?:问题|不足|短板|差距|弱项|工作|任务|举措|措施)?$"
)
_MEASURE_VERB = re.compile(
    r"加[强大快紧]|强化|推[进动行广]|深化|完善|健全|提[升高]|规范(?!性)|落实|压实|严格|持续|进一步|继续|全面|深入|开展|抓[好实牢紧]|做[好优实强细]|优化|夯实|建[立强设成]|构建|打造|实施|组织|坚持|聚焦|着力|充实|改进|拓[展宽]|培[养育]|创新|统筹"
    r"|修订|制定|出台|编制|织密|补齐|筑牢|扎实|切实|积极|不断|配[齐备强]|增[强加]|畅通|严[肃守把]|防范|化解|整合|探索|用好|守[牢好]|促进|保障|发挥|突出|注重|以|把|将|争取|启动|完成|巩固|破解|理顺|明确|细化|扩大|引导|督促|学习|贯彻|履行|紧盯|围绕|动态|常态"
)


@dataclass(slots=True)
class Found:
    """An item as it stands in the text: its stretches, its cause, what it was named with."""

    stretches: tuple[Stretch, ...]
    number: str = ""
    section: str = ""
    cause: tuple[Stretch, ...] = ()
    answers: "Found | None" = None

    @property
    def start(self) -> int:
        return self.stretches[0].start


@dataclass(slots=True)
class Harvest:
    """What a region gave: shortcomings, plans, and stretches that are neither, with the reason."""

    shortcomings: list[Found] = field(default_factory=list)
    plans: list[Found] = field(default_factory=list)
    said: list[tuple[Stretch, str]] = field(default_factory=list)
    shared_cause: Stretch | None = None
    marks: list[Mark] = field(default_factory=list)
    unread_tables: list[Line] = field(default_factory=list)


class Reader:
    """Reads one region of shortcomings or of plans; a table in a combined region may give both."""

    def __init__(self, source: Source, frame: Frame, region: Region) -> None:
        self.source = source
        self.text = source.text
        self.region = region
        self.plans = region.kind is Kind.PLANS
        self.pieces = list(lines_in(frame, region.stretch))
        self.marks: list[Mark] = marks_in(self.text, self.pieces)
        self.harvest = Harvest(marks=self.marks)

    def read(self) -> Harvest:
        run: list[tuple[Line, Stretch]] = []
        for line, part in self.pieces:
            if line.cells:
                self._read_run(run)
                run = []
                self._read_table(line)
            else:
                run.append((line, part))
        self._read_run(run)
        if self.harvest.shared_cause:
            for found in self.harvest.shortcomings:
                found.cause = found.cause or (self.harvest.shared_cause,)
        return self.harvest

    # Lists and paragraphs

    def _read_run(self, run: list[tuple[Line, Stretch]]) -> None:
        if not run:
            return
        start, end = run[0][1].start, run[-1][1].end
        marks = [mark for mark in self.marks if start <= mark.at.start <= end and mark.at.end <= end]
        if leads := self._lead_lines(run, marks):
            self._by_lead_lines(run, marks, leads)
        else:
            self._entries(grow(run, marks))

    def _entries(self, branches: list[Branch]) -> None:
        """The outermost level: marked entries are items, unmarked paragraphs between them are looked at one by one."""
        marked = [branch for branch in branches if branch.mark]
        if not marked:
            self._paragraphs([branch.stretch for branch in branches])
            return
        if self._restarts(branches):
            self._lists_in_paragraphs(branches)
            return
        last = marked[-1]
        before = True
        for branch in branches:
            if branch.mark is None:
                if before:
                    self._lead_in(branch)
                else:
                    self._paragraphs([branch.stretch])
                continue
            before = False
            if self._names_part(branch):
                self._part(branch)
            else:
                self._entry(branch, last=branch is last)

    def _lead_in(self, branch: Branch) -> None:
        """What stands before the first entry announces the list; a measure or shortcoming told there is kept."""
        for sentence in sentences(self.text, branch.stretch):
            self._note_shared_cause(sentence)
            self._say(
                sentence,
                remarks.GUIDING
                if self.plans and remarks.guides(self._words(sentence))
                else remarks.INTRODUCTION,
            )

    def _note_shared_cause(self, sentence: Stretch) -> None:
        """ "由于编制所限，还存在以下不足：" gives one reason for all that follow."""
        words = self._words(sentence)
        if self.plans or not remarks.generic(words) or _PRAISE.search(words):
            return
        if (inner := reason_in(words)) and inner.start <= _NEAR_START:
            self.harvest.shared_cause = Stretch(sentence.start + inner.start, sentence.start + inner.end)

    def _part(self, branch: Branch) -> None:
        name = self._first_words(branch)
        self._say(name, remarks.LABEL)
        below: list[Branch] = list(branch.children)
        rest = Stretch(name.end, below[0].mark.at.start if below and below[0].mark else branch.end)
        if not below:
            self._paragraphs([Stretch(*line) for line in self._lines_of(rest)])
            return
        if trim(self.text, rest).end > trim(self.text, rest).start:
            self._say(rest, remarks.INTRODUCTION)
        self._entries(below)

    def _entry(self, branch: Branch, *, last: bool) -> None:
        pieces = [branch.stretch]
        inline_list = branch.mark is not None and not branch.mark.leads
        if last:
            pieces, closing = self._without_closing(branch.stretch)
            for sentence in closing:
                self._say(sentence, remarks.CLOSING)
        if inline_list and last and pieces:
            pieces = self._split_besides(pieces[0])
        for place, piece in enumerate(pieces):
            printed = branch.mark.printed if branch.mark and not place else ""
            self._item(piece, printed)

    def _split_besides(self, stretch: Stretch) -> list[Stretch]:
        cuts = [stretch.start]
        cuts += [
            sentence.start
            for sentence in sentences(self.text, stretch)
            if sentence.start > stretch.start and _BESIDES.match(self._words(sentence))
        ]
        return [Stretch(start, end) for start, end in zip(cuts, [*cuts[1:], stretch.end], strict=True)]

    def _restarts(self, branches: list[Branch]) -> bool:
        """Whether each of several paragraphs opens with a sentence of its own and then counts from one again."""
        opened = 0
        for above, below in pairwise(branches):
            if (
                above.mark is None
                and below.mark is not None
                and not below.mark.leads
                and below.mark.value == 1
            ):
                words = self._words(above.stretch).strip()
                if (
                    remarks.introduces(words)
                    or len(words) > 60
                    or not self._states(words)
                    or measure_cue(words)
                ):
                    return False
                opened += 1
        return opened >= 2

    def _lists_in_paragraphs(self, branches: list[Branch]) -> None:
        groups: list[list[Branch]] = []
        for branch in branches:
            if branch.mark is None or not groups:
                groups.append([branch])
            else:
                groups[-1].append(branch)
        for group in groups:
            if group[0].mark is None and len(group) == 1:
                self._paragraphs([group[0].stretch])
            else:
                self._item(Stretch(group[0].start, group[-1].end), "")

    # Unnumbered text

    def _lead_lines(self, run: list[tuple[Line, Stretch]], marks: list[Mark]) -> list[int]:
        """Which lines of a run are short unmarked lines that head the paragraphs below them, if that is its outermost order."""
        led = {mark.at.start for mark in marks if mark.leads}
        heads = [
            place
            for place, (line, part) in enumerate(run[:-1])
            if part.start == line.start and line.start not in led and self._is_lead_line(line, part)
        ]
        body = [place for place, (_, part) in enumerate(run) if not remarks.introduces(self._words(part))]
        if (
            not heads
            or not body
            or heads[0] != body[0]
            or any(second - first == 1 for first, second in pairwise(heads))
        ):
            return []
        return heads

    def _is_lead_line(self, line: Line, part: Stretch) -> bool:
        words = self._words(part).strip()
        marked = line.block.heading is not None or line.block.bold
        if len(words) > 40 or not words:
            return False
        return (
            words[-1] not in "；;，,：:、"
            if marked and len(words) <= 30
            else words[-1] not in "。；;，,：:、！？!?"
        )

    def _by_lead_lines(self, run: list[tuple[Line, Stretch]], marks: list[Mark], heads: list[int]) -> None:
        for _, part in run[: heads[0]]:
            self._say(part, remarks.INTRODUCTION)
        for place, head in enumerate(heads):
            after = heads[place + 1] if place + 1 < len(heads) else len(run)
            lead, body = run[head][1], run[head + 1 : after]
            if self._is_part_name(self._words(lead)):
                self._say(lead, remarks.LABEL)
                inside = [mark for mark in marks if body[0][1].start <= mark.at.start <= body[-1][1].end]
                self._entries(grow(body, inside))
                continue
            whole = Stretch(lead.start, body[-1][1].end)
            pieces, closing = self._without_closing(whole) if place + 1 == len(heads) else ([whole], [])
            for sentence in closing:
                self._say(sentence, remarks.CLOSING)
            for piece in pieces:
                self._item(piece, "")

    def _paragraphs(self, paragraphs: list[Stretch]) -> None:
        """Without enumeration: a paragraph that opens with a short sentence of its own is one item where all do; else sentences."""
        told = [
            paragraph
            for place, paragraph in enumerate(paragraphs)
            if not self._remark(paragraph, opens=place == 0 and len(paragraphs) > 1)
        ]
        if len(told) >= 2 and all(self._leads_with_sentence(paragraph) for paragraph in told):
            for paragraph in told:
                self._item(paragraph, "")
            return
        count = len(self.harvest.plans) + len(self.harvest.shortcomings)
        for paragraph in told:
            cut = sentences(self.text, paragraph)
            for place, sentence in enumerate(cut):
                first = place == 0 and count == 0 and paragraph is told[0]
                final = place + 1 == len(cut) and paragraph is told[-1]
                self._sentence(
                    sentence, opens=first and len(cut) > 1, closes=final and not (first and place == 0)
                )

    def _leads_with_sentence(self, paragraph: Stretch) -> bool:
        cut = sentences(self.text, paragraph)
        if len(cut) < 2:
            return False
        words = self._words(cut[0])
        return (
            len(words) <= 22
            and self._states(words)
            and not remarks.introduces(words)
            and measure_cue(words) is None
        )

    def _remark(self, paragraph: Stretch, *, opens: bool) -> bool:
        """A paragraph that is no item at all is put aside."""
        words = self._words(paragraph).strip()
        reason = None
        if remarks.names_office(words):
            reason = remarks.OFFICE
        elif remarks.advises(words):
            reason = remarks.ADVICE
        elif is_label(words, self.region.kind) and bare(words):
            reason = remarks.LABEL
        elif len(sentences(self.text, paragraph)) == 1:
            reason = self._aside(words, closes=True, opens=opens)
        if reason:
            self._say(paragraph, reason)
        return reason is not None

    def _sentence(self, sentence: Stretch, *, opens: bool, closes: bool) -> None:
        words = self._words(sentence).strip()
        if not re.search(r"\w", words):
            return
        if reason := self._aside(words, closes=closes, opens=opens):
            self._say(sentence, reason)
            return
        if not self.plans and opens_measure(words):
            self._measure(sentence)
            return
        if (
            not self.plans
            and self.harvest.shortcomings
            and not remarks.lacks(words)
            and not measure_cue(words)
        ):
            self._extend(sentence)
            return
        for part in self._listed(sentence):
            self._item(part, "")

    def _aside(self, words: str, *, closes: bool, opens: bool = False) -> str | None:
        if remarks.advises(words):
            return remarks.ADVICE
        if self.plans:
            if closes and remarks.closes_plans(words):
                return remarks.CLOSING
            if remarks.introduces(words):
                return remarks.INTRODUCTION
            return remarks.GUIDING if opens and remarks.guides(words) else None
        if remarks.closes_shortcomings(words):
            return remarks.CLOSING
        return remarks.INTRODUCTION if remarks.introduces(words) else None

    def _listed(self, sentence: Stretch) -> list[Stretch]:
        """The parts of a sentence that lists with semicolons, without the words that announce them."""
        head = re.match(r"[^：:；;]{0,80}[：:]", self._words(sentence))
        if head and remarks.introduces(head[0]) and "；" in self.text[sentence.start : sentence.end]:
            self._say(Stretch(sentence.start, sentence.start + head.end()), remarks.INTRODUCTION)
            sentence = Stretch(sentence.start + head.end(), sentence.end)
        elif not self.plans and (
            said := re.match(
                r"[^：:；;。]{0,80}?(?:[，,：:])(?:主要|集中|突出|具体)?(?:表现|体现)(?:为|在|是)?[：:，,]?",
                self._words(sentence),
            )
        ):
            self._say(Stretch(sentence.start, sentence.start + said.end()), remarks.INTRODUCTION)
            sentence = Stretch(sentence.start + said.end(), sentence.end)
        return parts(self.text, sentence)

    def _extend(self, sentence: Stretch) -> None:
        """A sentence that states nothing lacking is detail of the shortcoming before it."""
        last = self.harvest.shortcomings[-1]
        inner = trim(self.text, sentence)
        if not re.search(r"\w", self.text[last.stretches[-1].end : inner.start]):
            last.stretches = (*last.stretches[:-1], Stretch(last.stretches[-1].start, inner.end))

    def _measure(self, sentence: Stretch) -> None:
        cue = opens_measure(self._words(sentence))
        start = sentence.start + (cue.end if cue else 0)
        self._say(Stretch(sentence.start, start), remarks.LINK)
        answers = self.harvest.shortcomings[-1] if self.harvest.shortcomings else None
        self._add_plan([Stretch(start, sentence.end)], "", answers)

    # Single items

    def _item(self, stretch: Stretch, printed: str) -> None:
        if lone := _LONE_MARK.match(self.text, stretch.start, stretch.end):
            stretch = Stretch(lone.end(), stretch.end)
        words = self._words(stretch).strip()
        if remarks.advises(words):
            self._say(stretch, remarks.ADVICE)
            return
        if self.plans:
            if self.region.turned and (cue := opens_measure(self._words(stretch))):
                self._say(Stretch(stretch.start, stretch.start + cue.end), remarks.LINK)
                stretch = Stretch(stretch.start + cue.end, stretch.end)
            self._add_plan(self._without_offices(stretch), printed, None)
            return
        self._add_shortcoming(take_apart(self.text, self._lines_of(stretch)), printed)

    def _without_offices(self, stretch: Stretch) -> list[Stretch]:
        """A plan without the paragraphs that only say who and by when."""
        offices = [line for line in self._lines_of(stretch)[1:] if remarks.names_office(self._words(line))]
        for office in offices:
            self._say(office, remarks.OFFICE)
        return without([stretch], offices)

    def _add_shortcoming(self, words: Words, printed: str) -> None:
        for stretch in words.offices:
            self._say(stretch, remarks.OFFICE)
        for stretch in words.links:
            self._say(stretch, remarks.LINK)
        stated = trim_all(self.text, words.stated)
        found = None
        if stated:
            found = Found(tuple(stated), printed, self.region.heading, tuple(words.cause))
            self.harvest.shortcomings.append(found)
        if words.measure:
            self._add_plan(words.measure, "", found)

    def _add_plan(self, stretches: list[Stretch], printed: str, answers: Found | None) -> None:
        kept = trim_all(self.text, stretches)
        words = self.source.words(kept)
        if not kept:
            return
        if answers is not None and (remarks.promises_nothing(words) or remarks.closes_plans(words)):
            for stretch in kept:
                self._say(stretch, remarks.CLOSING)
            return
        label = problem_label(words) if self.plans else None
        if label:
            kept[0] = trim(self.text, Stretch(kept[0].start + label, kept[0].end))
        self.harvest.plans.append(Found(tuple(kept), printed, self.region.heading, (), answers))

    # Tables

    def _read_table(self, line: Line) -> None:
        table = read_table(self.source, line, of_problems=not self.plans)
        if not table.understood:
            self.harvest.unread_tables.append(line)
            return
        self._say(line.stretch, remarks.HEADER)
        for row in table.rows:
            found = None
            if row.problem:
                found = Found(row.problem, row.number, self.region.heading, row.cause)
                self.harvest.shortcomings.append(found)
            if row.plan:
                self.harvest.plans.append(Found(row.plan, row.number, self.region.heading, (), found))

    # Helpers

    def _names_part(self, branch: Branch) -> bool:
        """Whether an entry only names a part, so that the level below it holds the items."""
        name = self._first_words(branch)
        below = trim(self.text, Stretch(name.end, branch.end))
        return below.end > below.start and self._is_part_name(self._words(name), nested=bool(branch.children))

    def _first_words(self, branch: Branch) -> Stretch:
        """An entry's own first sentence, or what stands before its colon."""
        own = self.text[branch.start : branch.first_end]
        end = re.search(r"[。：:\n]|$", own)
        return Stretch(branch.start, branch.start + (end.end() if end else len(own)))

    def _is_part_name(self, words: str, *, nested: bool = True) -> bool:
        name = bare(words)
        if not name or len(name) > 25 or re.search(r"[。；，,]", name):
            return False
        if is_label(name, self.region.kind) or is_label(name, Kind.COMBINED) or _PART_NAME.search(name):
            return True
        if self.plans:
            return nested and len(name) <= 12 and not _MEASURE_VERB.search(name)
        return nested and len(name) <= 14 and not remarks.lacks(name)

    def _states(self, words: str) -> bool:
        return bool(_MEASURE_VERB.search(words)) if self.plans else remarks.lacks(words)

    def _without_closing(self, stretch: Stretch) -> tuple[list[Stretch], list[Stretch]]:
        """An entry without the closing remarks at its end; they come second."""
        cut = sentences(self.text, stretch)
        kept = len(cut)
        while kept > 1 and self._closes(self._words(cut[kept - 1])):
            kept -= 1
        if kept == len(cut):
            return [stretch], []
        return [Stretch(stretch.start, cut[kept - 1].end)], cut[kept:]

    def _closes(self, words: str) -> bool:
        text = words.strip()
        if remarks.advises(text):
            return True
        return remarks.closes_plans(text) if self.plans else remarks.closes_shortcomings(text)

    def _lines_of(self, stretch: Stretch) -> list[Stretch]:
        """A stretch line by line."""
        lines = []
        at = stretch.start
        for words in self.text[stretch.start : stretch.end].split("\n"):
            if words.strip():
                lines.append(Stretch(at, at + len(words)))
            at += len(words) + 1
        return lines

    def _words(self, stretch: Stretch) -> str:
        return self.text[stretch.start : stretch.end]

    def _say(self, stretch: Stretch, reason: str) -> None:
        self.harvest.said.append((stretch, reason))
