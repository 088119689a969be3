"""The annex of a paper: every task of the ledger, one line each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rectification.labels import late_words, status_label
from rectification.lists.figures import Row
from rectification.task.time_limits import Limit, day_text, limit_text, original_text

ANNEX_HEADS: Final[Mapping[str, str]] = {
    "number": "序号",
    "code": "编号",
    "text": "{what}",
    "source": "来源",
    "unit": "责任单位",
    "officer": "责任人",
    "limit": "时限",
    "state": "状态",
    "progress": "进展或成效、超期原因、提请研究事项",
}
"""The annex's columns in the order of the paper; {what} is 具体问题 or 具体任务."""
AnnexLine = Mapping[str, str]
"""One task in the annex, by these columns."""


def annex_heads(what: str) -> dict[str, str]:
    """The heads in words."""
    return {key: head.format(what=what) for key, head in ANNEX_HEADS.items()}


def annex_lines(rows: Sequence[Row]) -> Iterator[AnnexLine]:
    """Every row as the annex shows it."""
    for number, row in enumerate(rows, 1):
        yield {
            "number": str(number),
            "code": row.code,
            "text": row.text,
            "source": f"{row.source}（{row.source_paper}）" if row.source_paper else row.source,
            "unit": row.unit,
            "officer": row.officer,
            "limit": _limit(row),
            "state": _state(row),
            "progress": _said(row),
        }


def _limit(row: Row) -> str:
    text = f"{limit_text(Limit(row.time_limit, day=row.deadline_on))}{original_text(row.original_due_on, row.moved)}"
    return text.replace("（", "\n（")


def _state(row: Row) -> str:
    parts = (
        status_label(row.status, row.kind),
        late_words(row.overdue_days, row.missed_days) or day_text(row.ended_on),
        f"共{row.count_total}项，已完成{row.count_done or 0}项" if row.count_total else "",
        "补录" if row.is_entered_late else "",
    )
    return "\n".join(filter(None, parts))


def _said(row: Row) -> str:
    parts = (
        row.statement or row.progress,
        row.late_reason and f"超期原因：{row.late_reason}",
        row.needs_decision and f"提请研究事项：{row.needs_decision}",
    )
    return "\n".join(part for part in parts if part)
