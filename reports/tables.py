"""Tables of tasks and of problems: what each column holds is told by its header."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from reports.causes import is_none
from reports.sentences import trim
from reports.source import Line, Source, Stretch


class Column(StrEnum):
    PROBLEM = "problem"
    CAUSE = "cause"
    TASK = "task"
    MEASURE = "measure"
    OTHER = "other"


_HEADERS = (
    (
        Column.OTHER,
        re.compile(
            r"^(?:序号|编号|№|no\.?)$|责任|牵头|配合|负责|主办|协办|单位|科室|股室|部门|领导|时限|期限|时间|进度|日期|备注|类别|分类|类型|来源|状态|是否|完成情况|进展|落实情况|成效|依据|联系人|附件|指标",
            re.IGNORECASE,
        ),
    ),
    (Column.CAUSE, re.compile(r"原因|成因|根源|剖析")),
    (
        Column.MEASURE,
        re.compile(
            r"措施|举措|做法|打算|对策|方法|步骤|下一步|下步|改进|整改(?!问题|任务|事项|项目)|如何|怎么"
        ),
    ),
    (Column.PROBLEM, re.compile(r"问题|不足|短板|弱项|差距|薄弱|困难|表现|欠缺")),
    (Column.TASK, re.compile(r"任务|工作|目标|内容|项目|事项|重点|计划|安排|要点")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row by what its cells are; stretches without closing punctuation, empty cells left out."""

    problem: tuple[Stretch, ...]
    cause: tuple[Stretch, ...]
    plan: tuple[Stretch, ...]
    number: str


@dataclass(slots=True)
class Table:
    """What a table says; `understood` is false where no header named its columns."""

    rows: list[Row] = field(default_factory=list)
    understood: bool = False


def read_table(source: Source, line: Line, *, of_problems: bool) -> Table:
    """The rows of a table. `of_problems`: it stands in a section of shortcomings, so a column that says neither
    ("具体表现", "内容") holds problems there and tasks elsewhere.
    """
    found = _find_header(source, line)
    if found is None:
        return Table()
    at, columns = found
    if len(line.cells) > at + 1 and (finer := _finer_header(source, line, at)):
        at, columns = at + 1, finer
    if of_problems and Column.PROBLEM not in columns:
        columns = [Column.PROBLEM if column is Column.TASK else column for column in columns]
    if Column.PROBLEM not in columns and Column.TASK not in columns and Column.MEASURE not in columns:
        return Table()
    header_words = [source.text[start:end] for start, end in line.cells[at]]
    table = Table(understood=True)
    for cells in line.cells[at + 1 :]:
        words = [source.text[start:end] for start, end in cells]
        if words == header_words or len(set(words)) == 1:
            continue  # the header again on a new page, or a row merged into one heading
        row = _row(source, cells, columns, of_problems=of_problems)
        if row.problem or row.plan:
            table.rows.append(row)
    return table


def _find_header(source: Source, line: Line) -> tuple[int, list[Column]] | None:
    for at, cells in enumerate(line.cells[:4]):
        words = [re.sub(r"\s", "", source.text[start:end]) for start, end in cells]
        columns = [_column(word) for word in words]
        named = [column for column in columns if column is not None]
        if (
            len(set(words)) > 1
            and len(named) >= max(1, (len(words) + 1) // 2)
            and any(column is not Column.OTHER for column in named)
        ):
            return at, [column or Column.OTHER for column in columns]
    return None


def _finer_header(source: Source, line: Line, at: int) -> list[Column] | None:
    """The columns by a second row of headers, which names the parts of those that stand over several."""
    upper, lower = (
        [re.sub(r"\s", "", source.text[start:end]) for start, end in cells]
        for cells in line.cells[at : at + 2]
    )
    columns = [_column(word) for word in lower]
    spanned = len(set(upper)) < len(upper)
    kept = any(one == other for one, other in zip(upper, lower, strict=False))
    if len(upper) != len(lower) or not (spanned and kept) or any(column is None for column in columns):
        return None
    return [column or Column.OTHER for column in columns]


def _column(header: str) -> Column | None:
    if not header or len(header) > 16:
        return None
    # "责任单位" is an office and "整改措施及完成时限" is still the measure: the offices win only without a measure.
    measured = re.search(r"措施|举措", header)
    for column, words in _HEADERS:
        if words.search(header) and not (column is Column.OTHER and measured):
            return column
    return None


def _row(source: Source, cells: tuple[Stretch, ...], columns: list[Column], *, of_problems: bool) -> Row:
    by_column: dict[Column, list[Stretch]] = {column: [] for column in Column}
    number = ""
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else Column.OTHER
        inner = trim(source.text, cell)
        words = source.text[inner.start : inner.end]
        if column is Column.OTHER and place == 0:
            number = words
        if is_none(words) or any(source.text[start:end] == words for start, end in by_column[column]):
            continue
        by_column[column].append(inner)
    plan = [*by_column[Column.TASK], *by_column[Column.MEASURE]]
    if of_problems or by_column[Column.PROBLEM]:
        plan = by_column[Column.MEASURE] or ([] if of_problems else by_column[Column.TASK])
    return Row(
        problem=tuple(by_column[Column.PROBLEM]),
        cause=tuple(by_column[Column.CAUSE]),
        plan=tuple(sorted(plan)),
        number=number[:8],
    )
