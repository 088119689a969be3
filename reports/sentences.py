"""Cutting text at its own punctuation: sentences, parts divided by semicolons, edges without punctuation."""

import re
from functools import lru_cache

from reports.source import Stretch

# What stands in a short pair of quotation marks or brackets is quoted, not said: it is neither cut nor searched.
_QUOTED = re.compile(
    r"“[^“”\n]{0,60}”|‘[^‘’\n]{0,60}’|《[^《》\n]{0,80}》|（[^（）\n]{4,80}）|\([^()\n]{4,80}\)"
)
_SENTENCE_END = re.compile(r"[。！？!?]+[”’）)】]*|\n+")
_SEMICOLON = re.compile(r"[；;]+")
_EDGE = " \t\r\n\u3000\xa0。；;，,、：:.!！？?"
_OPENING = _EDGE + "）)】]”’-–—•·"


def quoted(text: str) -> list[tuple[int, int]]:
    """Where short quotations and brackets stand."""
    return [match.span() for match in _QUOTED.finditer(text)]


@lru_cache(maxsize=1024)
def blank_quotes(text: str) -> str:
    """The text, as long as before, with every character inside quotations and brackets made neutral."""
    if not (spans := quoted(text)):
        return text
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += [text[at : start + 1], "〇" * (end - start - 2), text[end - 1 : end]]
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def sentences(text: str, stretch: Stretch) -> list[Stretch]:
    """The sentences of a stretch, each with its closing punctuation; a line border ends one too."""
    return _cut(text, stretch, _SENTENCE_END)


def parts(text: str, stretch: Stretch) -> list[Stretch]:
    """The parts of a stretch that semicolons divide, each with its semicolon."""
    said = text[stretch.start : stretch.end]
    if "；" not in said and ";" not in said:
        return [stretch] if said.strip() else []
    return _cut(text, stretch, _SEMICOLON)


def trim(text: str, stretch: Stretch) -> Stretch:
    """The stretch without white space and punctuation that only opens or closes it."""
    start, end = stretch
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    while start < end and text[start] in _OPENING:
        start += 1
    return Stretch(start, end)


def trim_all(text: str, stretches: list[Stretch]) -> list[Stretch]:
    """Each stretch trimmed, empty ones left out."""
    trimmed = (trim(text, stretch) for stretch in stretches)
    return [stretch for stretch in trimmed if stretch.end > stretch.start]


def without(whole: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """What remains of the stretches when others are taken out; in order of place."""
    rest: list[Stretch] = []
    holes = sorted(taken)
    first = 0
    for start, end in sorted(whole):
        while first < len(holes) and holes[first].end <= start:
            first += 1
        at, place = start, first
        while place < len(holes) and holes[place].start < end:
            if holes[place].start > at:
                rest.append(Stretch(at, holes[place].start))
            at = max(at, holes[place].end)
            place += 1
        if at < end:
            rest.append(Stretch(at, end))
    return rest


def _cut(text: str, stretch: Stretch, at: re.Pattern[str]) -> list[Stretch]:
    neutral = blank_quotes(text[stretch.start : stretch.end])
    cuts: list[Stretch] = []
    start = 0
    for match in at.finditer(neutral):
        cuts.append(Stretch(stretch.start + start, stretch.start + match.end()))
        start = match.end()
    if start < len(neutral):
        cuts.append(Stretch(stretch.start + start, stretch.end))
    return [cut for cut in cuts if text[cut.start : cut.end].strip()]
