"""How alike two items are said: whether a later report says again what an earlier one said, or a task covers it.

The score is the mean of two of rapidfuzz's: which characters both hold, and in what order they stand. What nearly
every shortcoming says (有待, 不够, 进一步) is left out first. How the thresholds were measured: docs/reading.md.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from core.han import HAN

ALIKE: Final = 62.0
"""From here on two items of different papers are taken to be the same matter."""
ANSWERS: Final = 34.0
"""From here on a plan the reader names may put a shortcoming right."""
SAME_LINE: Final = 55.0
"""From here on an item of a new version is an item of the version before, reworded."""

_ASSESSING: Final = re.compile(
    r"有待|进一步|仍然|仍有|仍|还需要?|还|需要|不够|不足|不高|不强|不到位|不及时|存在|问题|现象|情况|部分|个别|少数|一些"
    r"|较为|比较|主要|全年|工作|方面|提高|提升|加强|增强|的|了|等|和|与"
)
_CLAUSE: Final = re.compile(r"[，。；：,;:\n]")
_LEAST: Final = 4
"""So many characters a clause has at least that says what the matter is."""
_NO_WORD: Final = re.compile(f"[^{HAN}A-Za-z]")
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared: `words` in their order, and `spaced` for comparing them as a set."""

    words: str
    spaced: str


@lru_cache(maxsize=8_192)
def folded(text: str) -> Folded:
    """`text` without punctuation, figures and assessing words."""
    bare = text[:_LONGEST]
    words = _NO_WORD.sub("", _ASSESSING.sub("", bare)) or _NO_WORD.sub("", bare)
    return Folded(words, " ".join(words))


def likeness(one: str, other: str) -> float:
    """0 where two texts share nothing, 100 where they say the same in the same words."""
    return _score(folded(one), folded(other), 0.0)


def most_alike(text: str, others: Iterable[str], at_least: float = ALIKE) -> list[int]:
    """The places of those that are alike enough, best first; of equals the first."""
    wanted = folded(text)
    scores = ((_score(wanted, folded(other), at_least), place) for place, other in enumerate(others))
    return [place for score, place in sorted(scores, key=lambda each: -each[0]) if score >= at_least]


def said_again(text: str, earlier: Sequence[str]) -> int | None:
    """The place of the earlier text that says the matter of `text`, whole or clause by clause: what is added hides none."""
    wanted = _clauses(text)
    scores = [
        (
            max(
                likeness(text, other), _answered(wanted, _clauses(other)), _answered(_clauses(other), wanted)
            ),
            -place,
        )
        for place, other in enumerate(earlier)
    ]
    score, place = max(scores, default=(0.0, 0))
    return -place if score >= ALIKE else None


@lru_cache(maxsize=8_192)
def _clauses(text: str) -> tuple[Folded, ...]:
    parts = [folded(part) for part in _CLAUSE.split(text[:_LONGEST])]
    return tuple(part for part in parts if len(part.words) >= _LEAST) or (folded(text),)


def _answered(clauses: Sequence[Folded], others: Sequence[Folded]) -> float:
    """How alike each clause is to the one of `others` that answers it, the long ones counting more."""
    length = sum(len(each.words) for each in clauses)
    scores = (len(each.words) * max(_score(each, other, 0.0) for other in others) for each in clauses)
    return sum(scores) / length if length else 0.0


def paired(before: Sequence[str], now: Sequence[str], at_least: float = SAME_LINE) -> dict[int, int]:
    """Which of `now` says again which of `before` (place to place), each at most once, the most alike first."""
    texts = [folded(text) for text in before]
    scores = [
        (_score(texts[old], folded(text), at_least), -abs(old - new), old, new)
        for new, text in enumerate(now)
        for old in range(len(before))
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, old, new in sorted(scores, key=lambda each: each[:2], reverse=True):
        if score >= at_least and old not in taken and new not in found:
            found[new] = old
            taken.add(old)
    return found


def _score(one: Folded, other: Folded, at_least: float) -> float:
    """Nothing is compared twice where the order alone rules it out."""
    if not one.words or not other.words:
        return 0.0
    in_order = fuzz.ratio(one.words, other.words, score_cutoff=max(0.0, 2 * at_least - 100))
    if in_order == 0.0:
        return 0.0
    return (in_order + fuzz.token_set_ratio(one.spaced, other.spaced)) / 2
