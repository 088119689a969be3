"""Items from a region: the outermost enumeration is the items; without one, lead lines or sentences; tables by rows."""

import re
from itertools import pairwise

from reports import remarks
from reports.branches import Branch, grow, marks_in
from reports.causes import reason_in
from reports.enumeration import Mark
from reports.frame import Frame
from reports.harvest import BESIDES, MEASURE_VERB, Collector, Found, Harvest
from reports.outline import Region, lines_in
from reports.sections import bare, names_part
from reports.sentences import parts, sentences, trim
from reports.source import Line, Source, Stretch
from reports.tables import read_table
from reports.turns import measure_cue
from reports.unnumbered import Unnumbered

_FIELD = re.compile(r"(?:建设|工作|监督|教育|管理|服务|改革|决策|执法|普法|宣传|保障)$")
_PRAISE = re.compile(r"成效|成绩|进展|提升|进步|成果")
_NEAR_START = 4
_LINES_OVER_TABLE = 2


class Reader:
    """Reads one region of shortcomings or of plans; a table in a combined region may give both."""

    def __init__(self, source: Source, frame: Frame, region: Region) -> None:
        self.source = source
        self.text = source.text
        self.region = region
        self.pieces = list(lines_in(frame, region.stretch))
        self.marks = self._counting(marks_in(self.text, self.pieces))
        self.to = Collector(source, region, self.marks)
        self.unnumbered = Unnumbered(self.to)

    def _counting(self, marks: list[Mark]) -> list[Mark]:
        """The marks that count items; 一方面 … 另一方面 after a sentence of its own only tells the details of that."""
        if not marks or marks[0].style != "side":
            return marks
        above = sentences(self.text, Stretch(self.pieces[0][1].start, marks[0].at.start))
        if not above or remarks.introduces(self.text[above[-1].start : above[-1].end]):
            return marks
        return [mark for mark in marks if mark.style != "side"]

    def read(self) -> Harvest:
        run: list[tuple[Line, Stretch]] = []
        for line, part in self.pieces:
            if line.cells:
                self._read_run(run, before_table=True)
                run = []
                self._read_table(line)
            else:
                run.append((line, part))
        self._read_run(run)
        if self.to.harvest.shared_cause:
            for found in self.to.harvest.shortcomings:
                found.cause = found.cause or (self.to.harvest.shared_cause,)
        return self.to.harvest

    def _read_run(self, run: list[tuple[Line, Stretch]], *, before_table: bool = False) -> None:
        if not run:
            return
        start, end = run[0][1].start, run[-1][1].end
        marks = [mark for mark in self.marks if start <= mark.at.start <= end and mark.at.end <= end]
        if before_table and not marks and len(run) <= _LINES_OVER_TABLE:
            for branch in grow(run, marks):
                self._lead_in(branch)
        elif leads := self._lead_lines(run, marks):
            self._by_lead_lines(run, marks, leads)
        else:
            self._entries(grow(run, marks))

    def _entries(self, branches: list[Branch]) -> None:
        """The outermost level: marked entries are items, unmarked paragraphs between them are looked at one by one."""
        marked = [branch for branch in branches if branch.mark]
        if not marked:
            self.unnumbered.paragraphs([branch.stretch for branch in branches])
            return
        if self._restarts(branches):
            self._lists_in_paragraphs(branches)
            return
        last = marked[-1]
        nested = any(branch.children for branch in marked)
        fields = all(self._may_name_a_field(branch) for branch in marked)
        before = True
        for branch in branches:
            if branch.mark is None:
                if before:
                    self._lead_in(branch)
                else:
                    self.unnumbered.paragraphs([branch.stretch])
                continue
            before = False
            if self.to.plans and len(marked) > 1 and remarks.guiding_part(self._name(branch)):
                self.to.say(branch.stretch, remarks.GUIDING)
            elif self._names_part(branch, fields=fields, nested=nested):
                self._part(branch)
            else:
                self._entry(branch, last=branch is last)

    def _lead_in(self, branch: Branch) -> None:
        """What stands before the first entry announces the list; a measure or shortcoming told there is kept."""
        for sentence in sentences(self.text, branch.stretch):
            self._note_shared_cause(sentence)
            self.to.say(
                sentence,
                remarks.GUIDING
                if self.to.plans and remarks.guides(self.to.words(sentence))
                else remarks.INTRODUCTION,
            )

    def _note_shared_cause(self, sentence: Stretch) -> None:
        """ "由于编制所限，还存在以下不足：" gives one reason for all that follow."""
        words = self.to.words(sentence)
        if self.to.plans or not remarks.generic(words) or _PRAISE.search(words):
            return
        if (inner := reason_in(words)) and inner.start <= _NEAR_START:
            self.to.harvest.shared_cause = Stretch(sentence.start + inner.start, sentence.start + inner.end)

    def _part(self, branch: Branch) -> None:
        name = self._first_words(branch)
        self.to.say(name, remarks.LABEL)
        below: list[Branch] = list(branch.children)
        rest = Stretch(name.end, below[0].mark.at.start if below and below[0].mark else branch.end)
        if not below:
            self.unnumbered.paragraphs([Stretch(*line) for line in self.to.lines_of(rest)])
            return
        if trim(self.text, rest).end > trim(self.text, rest).start:
            self.to.say(rest, remarks.INTRODUCTION)
        self._entries(below)

    def _entry(self, branch: Branch, *, last: bool) -> None:
        pieces = [branch.stretch]
        inline_list = branch.mark is not None and not branch.mark.leads
        if last:
            pieces, closing = self.to.without_closing(branch.stretch)
            for sentence in closing:
                self.to.say(sentence, remarks.CLOSING)
        if inline_list and last and pieces:
            pieces = self._split_besides(pieces[0])
        for place, piece in enumerate(pieces):
            printed = branch.mark.printed if branch.mark and not place else ""
            self.to.item(piece, printed)

    def _split_besides(self, stretch: Stretch) -> list[Stretch]:
        """The last entry of a list inside a paragraph, cut where "此外，" or "；以及" adds one that has no number."""
        cuts = [stretch.start]
        for sentence in sentences(self.text, stretch):
            for part in parts(self.text, sentence):
                besides = part.start > stretch.start and BESIDES.match(self.to.words(part))
                if besides and (
                    part.start == sentence.start or not self.to.plans or besides[0].strip() == "以及"
                ):
                    cuts.append(part.start)
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
                words = self.to.words(above.stretch).strip()
                if (
                    remarks.introduces(words)
                    or len(words) > 60
                    or not self.to.states(words)
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
                self.unnumbered.paragraphs([group[0].stretch])
            else:
                self.to.item(Stretch(group[0].start, group[-1].end), "")

    def _lead_lines(self, run: list[tuple[Line, Stretch]], marks: list[Mark]) -> list[int]:
        """Which lines of a run are short unmarked lines that head the paragraphs below them, if that is its outermost order."""
        led = {mark.at.start for mark in marks if mark.leads}
        heads = [
            place
            for place, (line, part) in enumerate(run[:-1])
            if part.start == line.start and line.start not in led and self._is_lead_line(line, part)
        ]
        body = [place for place, (_, part) in enumerate(run) if not remarks.introduces(self.to.words(part))]
        if (
            not heads
            or not body
            or heads[0] != body[0]
            or self._leads_nowhere(*run[-1])
            or any(second - first == 1 for first, second in pairwise(heads))
        ):
            return []
        return heads

    def _leads_nowhere(self, line: Line, part: Stretch) -> bool:
        """Whether the last line is as short and open as a lead: then lines without stops are items, each of them."""
        return self._is_lead_line(line, part) and "，" not in self.to.words(part)

    def _is_lead_line(self, line: Line, part: Stretch) -> bool:
        words = self.to.words(part).strip()
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
            self.to.say(part, remarks.INTRODUCTION)
        for place, head in enumerate(heads):
            after = heads[place + 1] if place + 1 < len(heads) else len(run)
            lead, body = run[head][1], run[head + 1 : after]
            if self._is_part_name(self.to.words(lead)):
                self.to.say(lead, remarks.LABEL)
                inside = [mark for mark in marks if body[0][1].start <= mark.at.start <= body[-1][1].end]
                self._entries(grow(body, inside))
                continue
            whole = Stretch(lead.start, body[-1][1].end)
            pieces, closing = self.to.without_closing(whole) if place + 1 == len(heads) else ([whole], [])
            for sentence in closing:
                self.to.say(sentence, remarks.CLOSING)
            for piece in pieces:
                self.to.item(piece, "")

    def _read_table(self, line: Line) -> None:
        table = read_table(self.source, line, of_problems=not self.to.plans)
        if not table.understood:
            self.to.harvest.unread_tables.append(line)
            return
        self.to.say(line.stretch, remarks.HEADER)
        for row in table.rows:
            found = None
            if row.problem:
                found = Found(row.problem, row.number, self.region.heading, row.cause)
                self.to.harvest.shortcomings.append(found)
            if row.plan:
                self.to.harvest.plans.append(Found(row.plan, row.number, self.region.heading, (), found))

    def _names_part(self, branch: Branch, *, fields: bool, nested: bool) -> bool:
        """Whether an entry only names a part, so that the level below it holds the items.

        `fields`: every entry of the level may name a field of work; else only words that say 方面 or the like do.
        `nested`: some entry of the level holds entries of its own.
        """
        name = self._first_words(branch)
        below = trim(self.text, Stretch(name.end, branch.end))
        if not nested and "\n" not in self.text[name.start : below.start]:
            return False  # "制度层面：缺少依据。" is one item that opens with its field
        return below.end > below.start and self._is_part_name(
            self.to.words(name), nested=fields and bool(branch.children)
        )

    def _may_name_a_field(self, branch: Branch) -> bool:
        name = self._first_words(branch)
        return trim(self.text, name).end < branch.end and self._is_part_name(self.to.words(name))

    def _first_words(self, branch: Branch) -> Stretch:
        """An entry's own first sentence, or what stands before its colon."""
        own = self.text[branch.start : branch.first_end]
        end = re.search(r"[。：:\n]|$", own)
        return Stretch(branch.start, branch.start + (end.end() if end else len(own)))

    def _name(self, branch: Branch) -> str:
        return self.to.words(self._first_words(branch))

    def _names_a_field(self, name: str) -> bool:
        """ "行政执法规范化建设": a field of work named by a noun, not a measure that opens with its verb."""
        return bool(_FIELD.search(name)) and not MEASURE_VERB.match(name)

    def _is_part_name(self, words: str, *, nested: bool = True) -> bool:
        name = bare(words)
        if not name or len(name) > 25 or re.search(r"[。；，,]", name):
            return False
        if names_part(name, self.region.kind):
            return True
        if self.to.plans:
            return nested and len(name) <= 12 and (not MEASURE_VERB.search(name) or self._names_a_field(name))
        return nested and len(name) <= 14 and not remarks.lacks(name)
