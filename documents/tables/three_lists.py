"""三张清单: the lists of problems, of tasks and of responsibilities, as sheets beside the ledger."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from documents.excel.workbook import ColumnHead, Table
from rectification.labels import APPROVAL_LEVEL
from rectification.lists.case_file import CaseFile
from rectification.tables.ledger import DUE, MEASURES, NUMBER, SOURCE, STATE
from rectification.task.time_limits import day_text

Row = tuple[str | int, ...]

LIST_NAMES: Final = ("问题清单", "任务清单", "责任清单")


def three_lists(
    bureau: str, day: date, problems: Sequence[CaseFile], plans: Sequence[CaseFile]
) -> tuple[Table, Table, Table]:
    """问题清单 of the problems; 任务清单 and 责任清单 of problems and plans, each under its own head."""
    return (
        _table(bureau, day, LIST_NAMES[0], _PROBLEM_HEADS, tuple(_numbered(problems, _problem))),
        _table(bureau, day, LIST_NAMES[1], _TASK_HEADS, _sectioned(problems, plans, _task)),
        _table(bureau, day, LIST_NAMES[2], _DUTY_HEADS, _sectioned(problems, plans, _duty)),
    )


def _centred(text: str, width: float) -> ColumnHead:
    return ColumnHead(text, width, is_centred=True)


_PROBLEM_HEADS = (
    _centred(NUMBER, 6),
    _centred("编号", 13),
    ColumnHead("问题来源", 26),
    _centred("问题类别", 12),
    ColumnHead("具体问题", 54),
    ColumnHead("产生原因", 36),
    _centred("反复出现", 8),
)
_TASK_HEADS = (
    _centred(NUMBER, 6),
    _centred("编号", 13),
    ColumnHead("任务名称", 28),
    ColumnHead("目标", 30),
    ColumnHead("措施", 48),
    _centred("时限", 18),
    _centred("完成状态", 14),
)
_DUTY_HEADS = (
    _centred(NUMBER, 6),
    _centred("编号", 13),
    ColumnHead("任务名称", 30),
    _centred("责任领导", 11),
    _centred("责任单位", 16),
    _centred("责任人", 11),
    _centred("配合单位", 17),
    _centred("经办人", 12),
    _centred("复核人", 11),
    _centred("审签", 16),
    _centred("时限", 18),
)


def _problem(d: CaseFile) -> tuple[str, ...]:
    recurs = "是" if d.is_recurring else "否"
    return (d.row.code, SOURCE.says(d), d.category, d.row.text, d.row.cause, recurs)


def _task(d: CaseFile) -> tuple[str, ...]:
    return (d.row.code, d.row.title, d.goal, MEASURES.says(d), DUE.says(d), STATE.says(d))


def _duty(d: CaseFile) -> tuple[str, ...]:
    approval = "\n".join(part for part in (d.signer, APPROVAL_LEVEL[d.approval_level]) if part)
    return (
        d.row.code,
        d.row.title,
        d.row.leader,
        d.row.unit,
        d.row.officer,
        "、".join(d.units),
        "、".join(d.people),
        d.row.reviewer,
        approval,
        DUE.says(d),
    )


def _table(bureau: str, day: date, name: str, heads: tuple[ColumnHead, ...], rows: tuple[Row, ...]) -> Table:
    return Table(
        name, f"{bureau}{name}", f"填报单位：{bureau}", f"截至{day_text(day)}", heads, rows, freeze_after=2
    )


def _numbered(case_files: Sequence[CaseFile], says: Callable[[CaseFile], tuple[str, ...]]) -> Iterator[Row]:
    for number, case_file in enumerate(case_files, 1):
        yield (number, *says(case_file))


def _sectioned(
    problems: Sequence[CaseFile], plans: Sequence[CaseFile], says: Callable[[CaseFile], tuple[str, ...]]
) -> tuple[Row, ...]:
    """Problems and plans under a head of their own, each numbered from 1."""
    return (
        (f"一、问题整改（{len(problems)}项）",),
        *_numbered(problems, says),
        (f"二、工作任务（{len(plans)}项）",),
        *_numbered(plans, says),
    )
