"""The briefing as a page on which every figure leads to the rows it counts."""

from collections.abc import Callable, Iterator

from markupsafe import Markup

from documents.figure_rows import CountedRows
from documents.halfyear.annex import ANNEX_HEADS
from documents.halfyear.briefing_words import GROUP_COLUMNS, BriefingWords, briefing_words
from documents.pages import body
from documents.sentences import DRAFT_MARK, Counted, figures_in
from rectification.halfyear.freezing import Version


def briefing_body(version: Version, task_url: Callable[[str], str]) -> Markup:
    """The body; `task_url` tells where a task's page is."""
    words = briefing_words(version)
    scope = CountedRows(version.frozen.rows)
    return body(
        "briefing.html",
        words=words,
        draft_mark=DRAFT_MARK,
        columns=GROUP_COLUMNS,
        annex_heads=ANNEX_HEADS,
        anchor=scope.anchor,
        task_url=task_url,
        behind=list(scope.lists(_figures(words))),
    )


def _figures(words: BriefingWords) -> Iterator[Counted]:
    yield from figures_in(*words.overall, *words.results, *words.achieved)
    for line in words.units:
        yield from line.figures.values()
