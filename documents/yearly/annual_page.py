"""The drafts for the annual report as a page: sentences lead to their tasks, figures to the rows they count."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from documents.figure_rows import CountedRows
from documents.pages import body
from documents.sentences import DRAFT_MARK, figures_in
from documents.yearly.annual_words import annual_words
from rectification.yearly.drafts import AnnualDraft
from rectification.yearly.promises import ClaimLine


def annual_body(
    draft: AnnualDraft, claims: Sequence[ClaimLine] | None, task_url: Callable[[str], str]
) -> Markup:
    """The body; `claims` are laid beside the ledger where that year's report is there (None where not)."""
    words = annual_words(draft)
    scope = CountedRows(draft.rows)
    said = [each.said for each in (*words.promised, *words.shortcomings, *words.plans)]
    return body(
        "annual.html",
        draft=draft,
        words=words,
        claims=claims,
        draft_mark=DRAFT_MARK,
        anchor=scope.anchor,
        task_url=task_url,
        behind=list(scope.lists(figures_in(*said))),
    )
