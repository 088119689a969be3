"""The papers of one task or one person: 销号单, 回头看核查记录, 催办通知单. What is not signed yet is left to be signed.

Every word comes from the ledger or is the form's own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from core.workdays import WorkCalendar
from documents.word.layout import FormCell, OfficialPaper
from models.enums import ApprovalLevel, ClosureStage, Status
from rectification.labels import APPROVAL_LEVEL, TASK_NOUN, closing_noun, late_words
from rectification.lists.case_file import CaseFile, ClosureLine, LookBackLine, StepLine
from rectification.lists.rows import TaskRow
from rectification.tables.ledger import due_text, measures_text, source_text
from rectification.task.time_limits import day_text, until_text

_WIDTHS: Final = (27, 51, 27, 51)
_SIGN_HEIGHT: Final = 21
_TEXT_HEIGHT: Final = 10
_BLANK_DATE: Final = "　　年　月　日"
_SIZE: Final = 12.0

Rows = list[list[FormCell]]


def sheet_name(task: CaseFile) -> str:
    """What the sheet of a task's end is called."""
    return f"{'终止' if task.row.status is Status.TERMINATED else closing_noun(task.row.kind)}单"


def closing_sheet(task: CaseFile) -> OfficialPaper:
    """销号单 (办结单 for a plan): what was to be done, what was done, the proof, and who signed at each stage.

    It tells of the last round; stages not signed yet are blank, so that the sheet can go round on paper. Of a task that
    was terminated it is the 终止单: why, who signed, which meeting decided.
    """
    if task.row.status is Status.TERMINATED:
        return _ending_sheet(task)
    row, noun = task.row, closing_noun(task.row.kind)
    closure = task.closures[-1] if task.closures else None
    title = f"{TASK_NOUN[row.kind]}{sheet_name(task)}"
    paper = OfficialPaper(f"{title} {row.code}")
    paper.title(title)
    rows: Rows = [
        *_what_was_to_be_done(task),
        _pair("时限", due_text(task), f"申请{noun}日期", day_text(task.submitted_on)),
        _wide("完成情况", closure.statement if closure else ""),
        _wide("佐证材料", _exhibits(task)),
        *_signatures(task, closure),
        _wide(f"{noun}日期", day_text(task.closed_on) if row.status is Status.CLOSED else ""),
    ]
    paper.form(_WIDTHS, rows, size=_SIZE)
    return paper


def _ending_sheet(task: CaseFile) -> OfficialPaper:
    closure = task.closures[-1] if task.closures else None
    step = closure.last(ClosureStage.TERMINATE) if closure else None
    title = f"{TASK_NOUN[task.row.kind]}{sheet_name(task)}"
    paper = OfficialPaper(f"{title} {task.row.code}")
    paper.title(title)
    last = task.progress[-1] if task.progress else None
    level = ApprovalLevel.MEETING if step and step.minutes_no else task.approval_level
    rows: Rows = [
        *_what_was_to_be_done(task),
        _pair("时限", due_text(task), "终止日期", day_text(step.signed_on) if step else ""),
        _wide("终止前的进展", f"{day_text(last.reported_on)}：{last.text}" if last else ""),
        _wide("佐证材料", _exhibits(task)),
        _signature(f"终止理由和\n审签意见\n（{APPROVAL_LEVEL[level]}）", step),
    ]
    paper.form(_WIDTHS, rows, size=_SIZE)
    return paper


def _what_was_to_be_done(task: CaseFile) -> Rows:
    row = task.row
    return [
        _pair("编号", row.code, "问题来源" if row.kind.is_problem else "任务来源", source_text(task)),
        _wide("任务名称", row.title),
        _wide("具体问题" if row.kind.is_problem else "具体任务", row.text),
        *([_wide("并入的问题", _merged(task))] if task.merged else []),
        _wide("目标", task.goal),
        _wide("措施", measures_text(task)),
        _pair("责任单位", row.unit, "责任人", row.officer),
    ]


def look_back_sheet(task: CaseFile, check: LookBackLine | None = None) -> OfficialPaper:
    """回头看核查记录: what was closed, why it was drawn, what the reviewer found; blank where it waits to be checked.

    `check` is the last one of the task by default.
    """
    row = task.row
    check = check or (task.look_backs[-1] if task.look_backs else None)
    closure = task.closures[-1] if task.closures else None
    paper = OfficialPaper(f"回头看核查记录 {row.code}")
    paper.title("整改“回头看”核查记录")
    approved = closure.last(ClosureStage.APPROVE) if closure else None
    verified = closure.last(ClosureStage.VERIFY) if closure else None
    rows: Rows = [
        _pair("编号", row.code, "责任单位", row.unit),
        _wide("任务名称", row.title),
        _wide("具体问题" if row.kind.is_problem else "具体任务", row.text),
        _wide(f"申请{closing_noun(row.kind)}时的完成情况", closure.statement if closure else ""),
        _pair("原复核人", verified.who if verified else "", "原审签人", approved.who if approved else ""),
        _pair(
            "抽取原因",
            check.reason if check else "",
            "抽取日期",
            f"{day_text(check.drawn_on)}\n（{day_text(check.due_on)}前核查）" if check else "",
        ),
        _wide("核查情况", check.finding if check else "", height=60),
        _wide("核查结论", _conclusion(check)),
        _wide("核查人", "", right=_signed(check.checked_by, check.checked_on) if check else _unsigned()),
    ]
    paper.form(_WIDTHS, rows, size=_SIZE)
    return paper


Asked = tuple[TaskRow, str]
"""A task as it stands, and what waits for the person there beside its own date."""


_NOTES: Final = {
    False: (
        "催办通知单",
        "请抓紧办理并报送进展",
        "确有困难的，请说明情况；未到期的任务可以按程序申请延期。",
    ),
    True: ("呈签提示单", "呈请您审签或者复核", "办理意见请在台账中登记。"),
}
"""Title, what is wanted, and what is said beside it: of what is to be done, and of what is to be signed."""


def task_note(
    bureau: str,
    unit: str,
    person: str,
    asked: Sequence[Asked],
    day: date,
    calendar: WorkCalendar,
    *,
    signs: bool = False,
) -> OfficialPaper:
    """催办通知单 of what a person still has to do, or 呈签提示单 of what waits for the person's signature.

    Tasks stand by code and neutral title: it is handed over and signed for.
    """
    title, wanted, beside = _NOTES[signs]
    paper = OfficialPaper(f"{title} {person}")
    paper.title(title)
    paper.salute(f"{unit}　{person}：")
    overdue = sum(bool(row.overdue_days) for row, _ in asked)
    missed = sum(bool(row.missed_days) for row, _ in asked)
    counts = (f"{overdue}项已超期" if overdue else "", f"{missed}项节点超期" if missed else "")
    late = f"，其中{'，'.join(filter(None, counts))}" if any(counts) else ""
    paper.paragraph(f"截至{day_text(day)}，下列{len(asked)}项任务{wanted}{late}。")
    paper.paragraph(beside)
    paper.table(
        ("序号", "编号", "任务名称", "时限", "情况"),
        (12, 24, 40, 40, 40),
        [
            (
                str(n),
                row.code,
                row.title,
                day_text(row.deadline_on) or "—",
                _state(row, request, day, calendar),
            )
            for n, (row, request) in enumerate(asked, 1)
        ],
        centred=(0, 1, 3, 4),
    )
    paper.sign_off(bureau, day)
    paper.paragraph("")
    paper.paragraph(f"签收人：　　　　　　　　签收日期：{_BLANK_DATE}", first=0)
    return paper


def _state(row: TaskRow, request: str, day: date, calendar: WorkCalendar) -> str:
    late = f"{'已' if row.overdue_days else ''}{late_words(row.overdue_days, row.missed_days)}"
    if request:
        return f"{request}；任务{late}" if late else request
    return late or (until_text(row.deadline_on, day, calendar) if row.deadline_on else "未定时限")


def _pair(first: str, one: str, second: str, other: str) -> list[FormCell]:
    return [
        FormCell(first, is_label=True, height=10),
        FormCell(one),
        FormCell(second, is_label=True),
        FormCell(other),
    ]


def _wide(label: str, text: str, *, height: float = _TEXT_HEIGHT, right: str = "") -> list[FormCell]:
    return [FormCell(label, is_label=True, height=height), FormCell(text, span=3, right=right)]


def _signatures(task: CaseFile, closure: ClosureLine | None) -> Rows:
    """A row for every stage, signed or to be signed; a return in this round stands among them.

    A closed task has no row for the unit head where the bureau asked none.
    """
    approved = closure.last(ClosureStage.APPROVE) if closure else None
    level = ApprovalLevel.MEETING if approved and approved.minutes_no else task.approval_level
    approval = f"审签意见\n（{APPROVAL_LEVEL[level]}）"
    stages = [
        (ClosureStage.CONFIRM, "科室审核"),
        (ClosureStage.VERIFY, "复核意见"),
        (ClosureStage.APPROVE, approval),
    ]
    if task.is_publicity_required:
        stages.append((ClosureStage.CLOSE, "公示情况"))
    rows: Rows = []
    for stage, label in stages:
        step = closure.last(stage) if closure else None
        is_skipped = stage is ClosureStage.CONFIRM and task.row.status is Status.CLOSED
        if step or not is_skipped:
            rows.append(_signature(label, step))
    for stage, label in ((ClosureStage.RETURN, "退回意见"), (ClosureStage.OBJECT, "公示异议")):
        if closure and (step := closure.last(stage)):
            rows.append(_signature(label, step))
    return rows


def _signature(label: str, step: StepLine | None) -> list[FormCell]:
    if step is None:
        return _wide(label, "", height=_SIGN_HEIGHT, right=_unsigned())
    return _wide(label, step.opinion or "同意", height=_SIGN_HEIGHT, right=_signed_step(step))


def _signed_step(step: StepLine) -> str:
    signed = _signed(step.who, step.signed_on)
    if not (step.recorder or step.paper_no):
        return signed
    basis = " ".join(part for part in (day_text(step.paper_date), step.paper_no) if part)
    recorded = f"{step.recorder}代录" if step.recorder else "代录"
    return f"{signed}\n（{recorded}，依据：{basis}）" if basis else f"{signed}\n（{recorded}）"


def _signed(person: str, day: date | None) -> str:
    return f"签名：{person}　{day_text(day)}" if person and day else _unsigned()


def _unsigned() -> str:
    return f"签名：　　　　　　{_BLANK_DATE}"


def _merged(task: CaseFile) -> str:
    return "\n".join(
        f"{n}. {each.text}（{each.code}，《{each.source}》）" for n, each in enumerate(task.merged, 1)
    )


def _exhibits(task: CaseFile) -> str:
    lines = [line for line in task.evidence if not (line.is_purged or line.is_signed_paper)]
    named = [line.name + (f"（{day_text(line.own_date)}）" if line.own_date else "") for line in lines]
    return "\n".join(f"{n}. {name}" for n, name in enumerate(named, 1))


def _conclusion(check: LookBackLine | None) -> str:
    if check is None or check.checked_on is None:
        return "□ 整改属实，维持原结论　　□ 整改不到位，重新整改"
    return "整改不到位，重新整改" if check.has_reopened else "整改属实，维持原结论"
