"""The briefing as a Word document: the template says what stands where, an office may put its own in its place."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.text import printable
from documents.halfyear.annex import ANNEX_HEADS, AnnexLine, annex_heads
from documents.halfyear.briefing_words import GROUP_COLUMNS, BriefingWords, GroupLine, briefing_words
from documents.sentences import DRAFT_MARK, TO_FILL, Counted, Sentence, plain
from documents.word.template import WordTemplate
from rectification.halfyear.freezing import Version, version_label
from rectification.halfyear.review_days import Term
from rectification.lists.figures import Selection

_TEXTS = ("title", "full_title", "bureau", "period", "next_period", "cut_off", "version", "dated")
_SENTENCES = (
    *("overall", "results", "achieved", "overdue", "falling_due", "requests", "shortfalls", "carried_on"),
)


def write_briefing(version: Version, *, is_full: bool = False, folder: Path | None = None) -> bytes:
    """The briefing of a frozen version; `folder` may hold the office's own templates.

    Raises: Unreadable, where the office's own template cannot be used.
    """
    return template(is_full=is_full, folder=folder).render(fields(briefing_words(version, is_full=is_full)))


def briefing_name(term: Term, version: int, *, is_full: bool = False) -> str:
    """What its file is called."""
    what = "汇报材料（全套提纲）" if is_full else "汇报材料"
    return f"{term.label}{what}（{version_label(version)}）.docx"


def template(*, is_full: bool, folder: Path | None = None) -> WordTemplate:
    """The template in force: the office's own, or the one shipped."""
    return WordTemplate("briefing_full" if is_full else "briefing", folder)


def own_templates(folder: Path) -> Iterator[tuple[str, str]]:
    """The office's own templates by file name, each with what is wrong with it; empty where nothing is."""
    sample = fields(_sample())
    for is_full in (False, True):
        found = template(is_full=is_full, folder=folder)
        if found.own is not None:
            yield found.file_name, found.problem(sample)


def _sample() -> BriefingWords:
    """Words with a line of every kind, for a template to be tried on."""
    said: dict[str, Any] = dict.fromkeys(_TEXTS, "示例") | dict.fromkeys(_SENTENCES, (("示例",),))
    group = GroupLine("示例", {column.key: Counted(1, Selection(column.figure)) for column in GROUP_COLUMNS})
    line = dict.fromkeys(ANNEX_HEADS, "示例")
    said |= {"units": (group,), "sources": (group,), "problem_lines": (line,), "plan_lines": (line,)}
    said["checks"] = (("示例", "示例"),)
    return BriefingWords(**said, duty=("示例",))


def fields(words: BriefingWords) -> dict[str, Any]:
    """What a template may name."""
    return {
        "draft_mark": DRAFT_MARK,
        "to_fill": TO_FILL,
        "heads": {column.key: column.head for column in GROUP_COLUMNS},
        "problem_heads": annex_heads("具体问题"),
        "plan_heads": annex_heads("具体任务"),
        **{name: printable(getattr(words, name)) for name in _TEXTS},
        **{name: _lines(getattr(words, name)) for name in _SENTENCES},
        "units": [_group(line) for line in words.units],
        "sources": [_group(line) for line in words.sources],
        "duty": [printable(line) for line in words.duty],
        "basis": "；".join(printable(value) for _, value in words.checks[:2]),
        "checks": [{"name": name, "value": printable(value)} for name, value in words.checks],
        "problems": [_clean(line) for line in words.problem_lines],
        "plans": [_clean(line) for line in words.plan_lines],
    }


def _lines(sentences: Sequence[Sentence]) -> list[str]:
    return [printable(plain(said)) for said in sentences]


def _group(line: GroupLine) -> dict[str, str]:
    return {"name": printable(line.name), **{key: str(figure) for key, figure in line.figures.items()}}


def _clean(line: AnnexLine) -> dict[str, str]:
    return {name: printable(value) for name, value in line.items()}
