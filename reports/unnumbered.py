"""Text without enumeration: lead sentences, single sentences, and parts divided by semicolons."""

import re

from reports import remarks
from reports.harvest import Collector
from reports.sections import bare, is_label, names_part
from reports.sentences import parts, sentences, trim
from reports.source import Stretch
from reports.turns import measure_cue, opens_labelled_measure, opens_measure, reason_label

_SHOWN = re.compile(
    r"[^：:；;。]{0,80}?(?:[，,：:])(?:主要|集中|突出|具体)?(?:表现|体现)(?:为|在|是)?[：:，,]?"
)
_LEAD, _LONGEST_LEAD = 22, 45
_EFFECT = re.compile(r"[ \u3000]*(?:导致|致使|造成|使得|从而|以致|最终)")
_ANNOUNCED = re.compile(r"[^：:；;]{0,80}[：:]")


class Unnumbered:
    """Finds the items among unmarked paragraphs and hands them to the collector."""

    def __init__(self, collector: Collector) -> None:
        self.to = collector
        self.text = collector.text
        self.plans = collector.plans
        self.harvest = collector.harvest

    def paragraphs(self, paragraphs: list[Stretch]) -> None:
        """Without enumeration: a paragraph that opens with a short sentence of its own is one item where all do; else sentences."""
        told = [
            paragraph
            for place, paragraph in enumerate(self._with_labelled(paragraphs))
            if not self._remark(paragraph, opens=place == 0 and len(paragraphs) > 1)
        ]
        for kept in (len(told), len(told) - 1):  # the last paragraph may only close the part
            if kept >= 2 and self._lead_with_sentences(told[:kept]):
                for paragraph in told[:kept]:
                    self.to.item(paragraph, "")
                told = told[kept:]
                break
        count = len(self.harvest.plans) + len(self.harvest.shortcomings)
        for paragraph in told:
            if "\n" in self.to.words(paragraph):
                self.to.item(paragraph, "")
                continue
            cut = sentences(self.text, paragraph)
            for place, sentence in enumerate(cut):
                first = place == 0 and count == 0 and paragraph is told[0]
                final = place + 1 == len(cut) and paragraph is told[-1]
                self._sentence(
                    sentence, opens=first and len(cut) > 1, closes=final and not (first and place == 0)
                )

    def _with_labelled(self, paragraphs: list[Stretch]) -> list[Stretch]:
        """The paragraphs; those that a label makes the reason or the measure of the one above go with it."""
        joined: list[Stretch] = []
        for paragraph in paragraphs:
            words = self.to.words(paragraph).strip()
            labelled = reason_label(words) or opens_labelled_measure(words)
            if joined and not self.plans and labelled:
                joined[-1] = Stretch(joined[-1].start, paragraph.end)
            else:
                joined.append(paragraph)
        return joined

    def _lead_with_sentences(self, paragraphs: list[Stretch]) -> bool:
        """Whether each paragraph opens with a short sentence that it goes on with; most state something or are without a comma."""
        loose = 0
        for paragraph in paragraphs:
            cut = sentences(self.text, paragraph)
            lead = self.to.words(cut[0]).strip()
            if len(cut) < 2 or len(lead) > _LONGEST_LEAD or remarks.introduces(lead) or measure_cue(lead):
                return False
            if names_part(lead, self.to.region.kind):
                return False
            loose += "，" in lead and not self.to.states(lead)
        return loose * 2 < len(paragraphs)

    def _remark(self, paragraph: Stretch, *, opens: bool) -> bool:
        """A paragraph that is no item at all is put aside."""
        words = self.to.words(paragraph).strip()
        reason = None
        if remarks.names_office(words):
            reason = remarks.OFFICE
        elif remarks.advises(words):
            reason = remarks.ADVICE
        elif is_label(words, self.to.region.kind) and bare(words):
            reason = remarks.LABEL
        elif len(cut := sentences(self.text, paragraph)) == 1:
            reason = self._aside(words, closes=True, opens=opens)
        elif not opens and all(self.to.closes(self.to.words(sentence)) for sentence in cut):
            reason = remarks.CLOSING
        if reason:
            self.to.say(paragraph, reason)
        return reason is not None

    def _sentence(self, sentence: Stretch, *, opens: bool, closes: bool) -> None:
        words = self.to.words(sentence).strip()
        if not re.search(r"\w", words):
            return
        if len(words) <= _LEAD and names_part(words, self.to.region.kind):
            self.to.say(sentence, remarks.LABEL)
            return
        if reason := self._aside(words, closes=closes, opens=opens):
            self.to.say(sentence, reason)
            return
        if not self.plans and opens_measure(words):
            self._measure(sentence)
            return
        states = self.plans or remarks.lacks(words) or measure_cue(words)
        if not states and self.harvest.shortcomings and self._extend(sentence):
            return
        for part in self._listed(sentence):
            self.to.item(part, "")

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
        head = _ANNOUNCED.match(self.to.words(sentence))
        if head and not remarks.announces(head[0]):
            return [sentence]  # "执法力量不足：人员少；年龄大。" is a lead with its detail
        if head:
            self.to.say(Stretch(sentence.start, sentence.start + head.end()), remarks.INTRODUCTION)
            sentence = Stretch(sentence.start + head.end(), sentence.end)
        elif not self.plans and (said := _SHOWN.match(self.to.words(sentence))):
            self.to.say(Stretch(sentence.start, sentence.start + said.end()), remarks.INTRODUCTION)
            sentence = Stretch(sentence.start + said.end(), sentence.end)
        return self._without_effects(parts(self.text, sentence))

    def _without_effects(self, listed: list[Stretch]) -> list[Stretch]:
        """A part that only says what came of the one before ("；导致…") goes on with it."""
        kept: list[Stretch] = []
        for part in listed:
            if kept and _EFFECT.match(self.text, part.start):
                kept[-1] = Stretch(kept[-1].start, part.end)
            else:
                kept.append(part)
        return kept

    def _extend(self, sentence: Stretch) -> bool:
        """A sentence that states nothing lacking is detail of the shortcoming before it in its paragraph."""
        last = self.harvest.shortcomings[-1]
        inner = trim(self.text, sentence)
        if re.search(r"[\w\n]", self.text[last.stretches[-1].end : inner.start]):
            return False
        last.stretches = (*last.stretches[:-1], Stretch(last.stretches[-1].start, inner.end))
        return True

    def _measure(self, sentence: Stretch) -> None:
        cue = opens_measure(self.to.words(sentence))
        start = sentence.start + (cue.end if cue else 0)
        self.to.say(Stretch(sentence.start, start), remarks.LINK)
        answers = self.harvest.shortcomings[-1] if self.harvest.shortcomings else None
        self.to.add_plan([Stretch(start, sentence.end)], "", answers)
