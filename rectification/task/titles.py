"""A task's name (任务名称): the opening words of what it says where everybody may read them, else where it stands."""

import re
from collections.abc import Iterator
from typing import Final

from models.enums import ItemKind

LONGEST: Final = 24
_SHORTEST: Final = 6
_SHORTEST_SENTENCE: Final = 4
_NUMBER: Final = re.compile(
    r"[\s▲△●○•·★☆※■□◆-]*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,3}(?:[、．）)]|\.(?!\d))"
    r"|[①-⑳]|[一二三四五六七八九十]{1,2}是要?|第[一二三四五六七八九十]{1,2}[，,、])?\s*"
)
_BETWEEN: Final = re.compile(r"(?:[，。；：！？;!?\n]|(?<!\d)[,:]|[,:](?!\d))\s*")
_SENTENCE_ENDS: Final = frozenset("。！？!?\n")
_PAIRS: Final = ("“”", "‘’", "《》", "（）", "()", "【】", "〔〕", "[]")
_LEAD_IN: Final = re.compile(
    r"受.*影响|(?:由于|随着|虽|尽管|因为|按照|根据|对照|结合|针对|为了).*|以.+为.{1,4}|[在当].*[时后]|(?:20\d\d|[今本上去]|.{0,4}一)年度?"
    r"|.*(?:方面|过程中|工作中|实践中|期间|以来|来看|来说|以后|之后|下一步|同时|此外|另外|其次|目前|基础上)"
)
"""A clause that only says where, when or in view of what: the matter follows it."""


def opening_clause(text: str) -> str:
    """The whole clauses, at most `LONGEST` characters of them, a text opens with and that say something by themselves.

    Empty where there are none so short: a clause is never cut.
    """
    words = _NUMBER.sub("", text.rstrip(), count=1)
    for end, is_sentence in _ends(words):
        clause = words[:end]
        if len(clause) > LONGEST:
            break
        if _is_open(clause):
            continue
        is_lead_in = _LEAD_IN.fullmatch(_BETWEEN.split(clause)[-1])
        if not is_lead_in and len(clause) >= (_SHORTEST_SENTENCE if is_sentence else _SHORTEST):
            return clause
        if is_sentence:
            break
    return ""


def proposed_title(text: str, neutral: str, *, is_published: bool) -> str:
    """What a task is called until the clerk writes otherwise; mail carries it, so it tells nothing unpublished."""
    return (opening_clause(text) if is_published else "") or neutral


def neutral_title(
    year: int, kind: ItemKind, position: int, *, was: ItemKind | None = None, is_new: bool
) -> str:
    """Where an item of a report stands. `was` is the kind it had there, where the clerk gave it another one.

    Positions of a new version say nothing to who knows the old one: with `is_new` the name says which is meant.
    """
    place = f"第{position}项" if was in (None, kind) else f"（原{was.word}第{position}项）"
    return f"{year}年报告{'（新版）' if is_new else ''}·{kind.word}{place}"


def _ends(words: str) -> Iterator[tuple[int, bool]]:
    """Where each clause ends, and whether a sentence ends with it."""
    for mark in _BETWEEN.finditer(words):
        yield mark.start(), words[mark.start()] in _SENTENCE_ENDS
    yield len(words), True


def _is_open(clause: str) -> bool:
    """Whether a quotation or bracket opened in it ends after it."""
    return any(clause.count(pair[0]) != clause.count(pair[1]) for pair in _PAIRS)


_NEUTRAL: Final = re.compile(r"[^·，。]+·[^·，。]*\d[^·，。]*")


def is_neutral(title: str) -> bool:
    """Whether a title says only where its task comes from (2025年报告·不足第1项, 督察反馈·第3项), not what it is about."""
    return bool(_NEUTRAL.fullmatch(title))
