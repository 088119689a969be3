"""One shortcoming taken apart: what is lacking, the reason in a paragraph of its own, the measure in the same breath."""

import re
from dataclasses import dataclass, field

from reports.causes import reason_in, without_lead
from reports.remarks import names_office
from reports.source import Stretch
from reports.turns import measure_cue, opens_measure, problem_label, reason_label, turns_to_reasons

_INNER_MARK = re.compile(
    r"[ \u3000]*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、．.]|[①-⑳]|[一二三四五六七八九十]是|[-•●·])?[ \u3000]*"
)
_OPENS = "（("
_BRACKET_TAIL = re.compile(r"[（(]([^（()）\n]{4,120})[)）][。；;，, \u3000]*$", re.MULTILINE)
_REASON_CUE = re.compile(
    r"(?:主要|根本|直接)?(?:的)?(?:原因|成因|根源|症结)|由于|因(?!此|而|素|地)|主要(?:是|在于)|源于|缘于"
)


@dataclass(slots=True)
class Words:
    """What an entry says: the shortcoming, its cause, the measure, who is to do it, and the words that only link them."""

    stated: list[Stretch] = field(default_factory=list)
    cause: list[Stretch] = field(default_factory=list)
    measure: list[Stretch] = field(default_factory=list)
    offices: list[Stretch] = field(default_factory=list)
    links: list[Stretch] = field(default_factory=list)


def take_apart(text: str, lines: list[Stretch], *, reasons_in_brackets: bool = False) -> Words:
    """An entry of a shortcomings section, line by line: labels and cues at the head of a line decide what it is.

    `reasons_in_brackets`: the section's heading says that a bracket at an entry's end gives its reason.
    """
    words = Words()
    into = words.stated
    for place, line in enumerate(lines):
        said = text[line.start : line.end]
        mark = _INNER_MARK.match(said)
        after_mark = mark.end() if mark and place else 0
        said = said[after_mark:]
        at = line.start + after_mark
        if (label := problem_label(said)) is not None:
            into = words.stated
            words.links.append(Stretch(at, at + label))
            line = Stretch(at + label, line.end)
            said = text[line.start : line.end]
            at = line.start
        elif (label := reason_label(said)) is not None:
            into = words.cause
            words.links.append(Stretch(at, at + label))
            line = Stretch(at + label, line.end)
        elif place and (cue := opens_measure(said)):
            into = words.measure
            words.links.append(Stretch(at, at + cue.end))
            line = Stretch(at + cue.end, line.end)
        elif place and turns_to_reasons(said) and into is words.stated:
            found = without_lead(text, Stretch(at, line.end))
            words.links.append(Stretch(at, found.start))
            words.cause.append(found)
            continue
        elif names_office(said):
            words.offices.append(line)
            continue
        if into is words.stated and (cue := measure_cue(said)):
            _append(words.stated, Stretch(line.start, at + cue.start))
            into = words.measure
            words.links.append(Stretch(at + cue.start, at + cue.end))
            bracketed = text[at + cue.start] in _OPENS
            line = Stretch(at + cue.end, _before_closing(text, line) if bracketed else line.end)
        _append(into, line)
    words.cause = [
        found for stretch in words.cause if (found := without_lead(text, stretch)).end > found.start
    ]
    if not words.cause:
        words.cause = _cause_in_brackets(text, words, told=reasons_in_brackets) or _cause_within(text, words)
    return words


def _before_closing(text: str, line: Stretch) -> int:
    """Where the words of a bracket that runs to the end of a line end."""
    return line.start + len(text[line.start : line.end].rstrip("。；;，, \u3000").rstrip("）)"))


def _cause_in_brackets(text: str, words: Words, *, told: bool) -> list[Stretch]:
    for stretch in words.stated:
        match = _BRACKET_TAIL.search(text, stretch.start, stretch.end)
        if match and (told or _REASON_CUE.match(match[1])):
            return [without_lead(text, Stretch(*match.span(1)))]
    return []


def _append(into: list[Stretch], line: Stretch) -> None:
    """Add a line; lines that follow each other become one stretch, the line feed between them kept."""
    if line.end <= line.start:
        return
    if into and line.start - into[-1].end == 1:
        into[-1] = Stretch(into[-1].start, line.end)
    else:
        into.append(line)


def _cause_within(text: str, words: Words) -> list[Stretch]:
    for stretch in words.stated:
        if inner := reason_in(text[stretch.start : stretch.end]):
            return [Stretch(stretch.start + inner.start, stretch.start + inner.end)]
    return []
