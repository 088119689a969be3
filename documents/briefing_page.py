"""The briefing as a page on which every figure leads to the rows it counts."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Final

from markupsafe import Markup

from documents.briefing import GROUP_HEADS
from documents.briefing_words import BriefingWords, briefing_words
from documents.pages import body, page
from documents.sentences import DRAFT_MARK, Counted
from rectification.figures import Figure, Row, Selection, rows_behind
from rectification.freezing import Version

FIGURE_NAMES: Final = {
    Figure.TOTAL: "总数",
    Figure.CARRIED: "上期结转",
    Figure.ADDED: "本期新增",
    Figure.REOPENED: "回头看重开",
    Figure.CLOSED: "已销号或办结",
    Figure.CLOSED_ON_TIME: "按期申请",
    Figure.CLOSED_LATE: "逾期申请",
    Figure.RUNNING: "正在整改或办理",
    Figure.OVERDUE: "超期",
    Figure.EXTENDED: "延期",
    Figure.TERMINATED: "已终止",
}


def briefing_body(version: Version, task_url: Callable[[str], str]) -> Markup:
    """The body; `task_url` tells where a task's page is."""
    words = briefing_words(version)
    return body(
        "briefing.html",
        words=words,
        draft_mark=DRAFT_MARK,
        group_heads=GROUP_HEADS,
        anchor=anchor,
        name_of=name_of,
        task_url=task_url,
        behind=list(_behind(words, version.frozen.rows)),
    )


def briefing_page(version: Version, task_url: Callable[[str], str]) -> str:
    """The page that stands alone."""
    return page(briefing_words(version).title.replace("\n", ""), briefing_body(version, task_url))


def anchor(selection: Selection) -> str:
    """The name of a figure's list on the page; the same figure has one list."""
    return "rows-" + sha256(repr(selection).encode()).hexdigest()[:12]


def name_of(selection: Selection) -> str:
    """What a figure counts, in words."""
    kind = {True: "问题", False: "工作任务", None: ""}[selection.are_problems]
    parts = (selection.unit, selection.source, kind, FIGURE_NAMES[selection.figure])
    return "·".join(part for part in parts if part)


def _behind(words: BriefingWords, rows: tuple[Row, ...]) -> Iterator[tuple[Selection, tuple[Row, ...]]]:
    """Every figure of the text once, with its rows."""
    sentences = (*words.overall, *words.overdue, *words.requests)
    said = [piece for sentence in sentences for piece in sentence if isinstance(piece, Counted)]
    tables = [counted for line in (*words.units, *words.sources) for counted in line.figures]
    for selection in dict.fromkeys(counted.selection for counted in (*said, *tables) if counted.value):
        yield selection, rows_behind(rows, selection)
