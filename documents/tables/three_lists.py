"""三张清单: the lists of problems, of tasks and of responsibilities, as sheets beside the ledger."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from documents.excel.workbook import ColumnHead, Table
from models.enums import ItemKind, Light, Status
from rectification.labels import LIGHT_COLOUR, status_label
from rectification.lists.case_file import CaseFile
from rectification.tables.ledger import DUE, MEASURES, NUMBER, SOURCE, STATE
from rectification.task.time_limits import day_text

Row = tuple[str | int, ...]

LIST_NAMES: Final = ("问题清单", "任务清单", "责任清单")


_WORDS: Final = {light: (light.word,) for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.STATED)} | {
    Light.BLUE: [
        status_label(status, kind) for status in (Status.CLOSED, Status.TERMINATED) for kind in ItemKind
    ]
}
STATE_INKS: Final = {
    word: LIGHT_COLOUR[Light(light.colour)].lstrip("#") for light, words in _WORDS.items() for word in words
}
"""The colour of a task's light by the word that says it in 完成状态."""


def _centred(text: str, width: float) -> ColumnHead:
    return ColumnHead(text, width, is_centred=True)


def _approval(d: CaseFile) -> str:
    return "\n".join(part for part in (d.signer, d.approval_level.word) if part)


Columns = Sequence[tuple[ColumnHead, Callable[[CaseFile], str]]]

_CODE: Final = (_centred("编号", 13), lambda d: d.row.code)
_LIMIT: Final = (_centred("时限", 18), DUE.says)
_PROBLEM: Final[Columns] = (
    _CODE,
    (ColumnHead("问题来源", 26), SOURCE.says),
    (_centred("问题类别", 12), lambda d: d.category),
    (ColumnHead("具体问题", 54), lambda d: d.row.text),
    (ColumnHead("产生原因", 36), lambda d: d.row.cause),
    (_centred("反复出现", 8), lambda d: "是" if d.is_recurring else "否"),
)
_TASK: Final[Columns] = (
    _CODE,
    (ColumnHead("任务名称", 28), lambda d: d.row.title),
    (ColumnHead("目标", 30), lambda d: d.goal),
    (ColumnHead("措施", 48), MEASURES.says),
    _LIMIT,
    (ColumnHead("完成状态", 14, is_centred=True, inks=STATE_INKS), STATE.says),
)
_DUTY: Final[Columns] = (
    _CODE,
    (ColumnHead("任务名称", 30), lambda d: d.row.title),
    (_centred("责任领导", 11), lambda d: d.row.leader),
    (_centred("责任单位", 16), lambda d: d.row.unit),
    (_centred("责任人", 11), lambda d: d.row.officer),
    (_centred("配合单位", 17), lambda d: "、".join(d.units)),
    (_centred("经办人", 12), lambda d: "、".join(d.people)),
    (_centred("复核人", 11), lambda d: d.row.reviewer),
    (_centred("审签", 16), _approval),
    _LIMIT,
)


def three_lists(
    bureau: str, day: date, problems: Sequence[CaseFile], plans: Sequence[CaseFile]
) -> Iterator[Table]:
    """问题清单 of the problems; 任务清单 and 责任清单 of problems and plans, each under its own head, numbered from 1."""
    for name, columns in zip(LIST_NAMES, (_PROBLEM, _TASK, _DUTY), strict=True):
        rows = list(_numbered(problems, columns))
        if columns is not _PROBLEM:
            rows.insert(0, (f"一、问题整改（{len(problems)}项）",))
            rows += [(f"二、工作任务（{len(plans)}项）",), *_numbered(plans, columns)]
        heads = (_centred(NUMBER, 6), *(head for head, _ in columns))
        title, day_of = f"{bureau}{name}", f"截至{day_text(day)}"
        yield Table(name, title, f"填报单位：{bureau}", day_of, heads, rows, freeze_after=2)


def _numbered(case_files: Sequence[CaseFile], columns: Columns) -> Iterator[Row]:
    for number, case_file in enumerate(case_files, 1):
        yield (number, *(says(case_file) for _, says in columns))
