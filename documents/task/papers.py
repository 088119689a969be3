"""The papers of one task or one person: 销号单, 回头看核查记录, 催办通知单. What is not signed yet is left to be signed.

Every word comes from the ledger or is the form's own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from core.workdays import WorkCalendar
from documents.task.exhibits import exhibits, proof_of, standing
from documents.word.layout import FormCell, OfficialPaper
from documents.word.styles import SIZE_5, SIZE_SMALL_4
from models.enums import ApprovalLevel, Channel, ClosureStage, Status, Verb
from rectification.labels import ERRAND, TASK_NOUN, closing_noun, late_words
from rectification.lists.case_file import CaseFile, ClosureLine, LookBackLine, StepLine
from rectification.lists.rows import TaskRow
from rectification.lists.timeline import EventRow
from rectification.tables.ledger import due_text, source_text
from rectification.tables.measure_lines import measure_line, numbered
from rectification.task.doubts import Doubt
from rectification.task.proof import WHOLE
from rectification.task.time_limits import day_text, until_text

_WIDTHS: Final = (29, 49, 29, 49)
_SIGN_HEIGHT: Final = 18
_TEXT_HEIGHT: Final = 7
_BLANK_DATE: Final = "　　年　月　日"
_MOST_LISTED: Final = 20
_UNNAMED: Final = "系统"
"""Stands as the recorder of what came in by command line or sheet, and is not printed."""

_STAGES: Final = {
    ClosureStage.CONFIRM: "科室审核",
    ClosureStage.VERIFY: "复核意见",
    ClosureStage.APPROVE: "审签意见",
    ClosureStage.CLOSE: "公示情况",
    ClosureStage.RETURN: "退回意见",
    ClosureStage.OBJECT: "公示异议",
}

Rows = list[list[FormCell]]


def sheet_name(task: CaseFile) -> str:
    """What the sheet of a task's end is called."""
    return f"{'终止' if task.row.status is Status.TERMINATED else closing_noun(task.row.kind)}单"


def closing_sheet(task: CaseFile, events: Sequence[EventRow]) -> OfficialPaper:
    """销号单 (办结单 for a plan): the problem, what was done, the proof of each measure, who signed, what was doubted.

    It tells of the last round; stages not signed yet are blank, so that the sheet can go round on paper. Of a task that
    was terminated it is the 终止单: why, who signed, which meeting decided. Its last line holds the sheet to the history.
    """
    title = f"{TASK_NOUN[task.row.kind]}{sheet_name(task)}"
    paper = OfficialPaper(f"{title} {task.row.code}")
    paper.title(task.row.org + title)
    is_ended = task.row.status is Status.TERMINATED
    task = _with_recorders(task, events)
    rows = [*_what_was_to_be_done(task), *(_how_it_ended(task) if is_ended else _what_was_done(task))]
    paper.form(_WIDTHS, rows, size=SIZE_5)
    if events:
        last = events[-1]
        chained = f"本任务办理记录{len(events)}条，末条为本单位办理记录第{last.sequence}条。"
        paper.small_print(f"{chained}核验码：{last.sequence}:{last.hash}（供核对办理记录）")
    return paper


def _with_recorders(task: CaseFile, events: Sequence[EventRow]) -> CaseFile:
    """The same, each step that came in by command line or sheet marked as recorded by nobody named."""
    unnamed = {
        (event.verb.value, event.effective_on)
        for event in events
        if event.channel in (Channel.CLI, Channel.EXCEL)
    }
    closures = (
        replace(
            each,
            steps=tuple(
                replace(step, recorder=_UNNAMED)
                if not step.recorder and (step.stage.value, step.signed_on) in unnamed
                else step
                for step in each.steps
            ),
        )
        for each in task.closures
    )
    return replace(task, closures=tuple(closures))


def _what_was_to_be_done(task: CaseFile) -> Rows:
    row = task.row
    is_problem = row.kind.is_problem
    merged = [f"{each.text}（{each.code}，《{each.source}》）" for each in task.merged]
    section = f"\n“{row.source_section}”部分" if row.source_section else ""
    partners = f"\n配合：{'、'.join((*task.units, *task.people))}" if task.units or task.people else ""
    return [
        _pair("编号", row.code, "问题来源" if is_problem else "任务来源", source_text(task) + section),
        _wide("任务名称", row.title),
        _wide("具体问题" if is_problem else "具体任务", row.text),
        *([_wide("并入的问题", numbered(merged))] if merged else []),
        *([_wide("产生原因", row.cause)] if is_problem and row.cause else []),
        _wide("目标", task.goal),
        _wide("措施和佐证", _measures(task)),
        _pair("责任单位", f"{row.unit}{partners}", "责任人", row.officer),
        _pair("下达日期", day_text(row.issued_on), "时限", due_text(task)),
    ]


def _what_was_done(task: CaseFile) -> Rows:
    noun = closing_noun(task.row.kind)
    closure = task.closures[-1] if task.closures else None
    asked = closure.last(ClosureStage.SUBMIT) if closure else None
    earlier = [_round(each) for each in task.closures[:-1]]
    closed_on = day_text(task.closed_on) if task.row.status is Status.CLOSED else ""
    return [
        _wide("完成情况", closure.statement if closure else "", right=_signed_step(asked) if asked else ""),
        _wide("佐证材料", _listed(task)),
        _wide("疑点和答复", _doubted(closure) if closure else ""),
        *_signatures(task, closure),
        *([_wide("以前的申请", "\n".join(earlier))] if earlier else []),
        _pair(f"申请{noun}日期", day_text(task.submitted_on), f"{noun}日期", closed_on),
    ]


def _how_it_ended(task: CaseFile) -> Rows:
    step = task.closures[-1].last(ClosureStage.TERMINATE) if task.closures else None
    last = task.progress[-1] if task.progress else None
    return [
        _wide("终止前的进展", f"{day_text(last.reported_on)}：{last.text}" if last else ""),
        _wide("佐证材料", _listed(task)),
        _signature(f"终止理由和\n审签意见\n{_level(task, step)}", step),
        _wide("终止日期", day_text(step.signed_on) if step else ""),
    ]


def _measures(task: CaseFile) -> str:
    """Each measure with its proof, then what was counted; without measures every piece proves the result."""
    found = exhibits(task)
    lines = [
        f"{each.position}. {measure_line(each)}——{proof_of(each.position, found)}" for each in task.measures
    ]
    if task.count_total is not None:
        counted = f"共{task.count_total}项，已完成{task.count_done or 0}项"
        lines.append(f"{counted}——{proof_of(WHOLE, found)}")
    return "\n".join(lines) or "无"


def _listed(task: CaseFile) -> str:
    lines = [each.named for each in standing(exhibits(task))]
    if more := lines[_MOST_LISTED:]:
        lines[_MOST_LISTED:] = [f"另有{len(more)}份，见佐证材料目录"]
    return "\n".join(lines)


def _doubted(closure: ClosureLine) -> str:
    """Every doubt with what was said to it at each stage, and room where nobody has said it yet.

    One that was answered and then dispelled stands too.
    """
    told = {each.code: f"{each.word}：{each.text}" for each in closure.doubts}
    for step in closure.steps:
        told |= {code: f"{Doubt(code).word}（后已消除）" for code in step.answers if code not in told}
    asked = (ClosureStage.VERIFY, ClosureStage.APPROVE) if closure.must_be_defended else ()
    lines = []
    for n, (code, words) in enumerate(told.items(), 1):
        lines.append(f"{n}. {words}")
        lines += [
            f"{step.stage.word}答复（{step.who}）：{step.answers[code]}"
            for step in closure.steps
            if code in step.answers
        ]
        lines += [f"{stage.word}答复：" for stage in asked if not closure.last(stage)]
    return "\n".join(lines) or "无"


def _round(closure: ClosureLine) -> str:
    """One line on a round that came to nothing, or was opened again."""
    steps = (f"{day_text(step.signed_on)}{step.who}{step.stage.word}" for step in closure.steps)
    return "：".join(filter(None, (f"第{closure.round}次", "，".join(steps), closure.steps[-1].opinion)))


def look_back_sheet(task: CaseFile) -> OfficialPaper:
    """回头看核查记录: what was closed, why it was drawn last, what the reviewer found; blank where it waits to be checked."""
    row = task.row
    check = task.look_backs[-1] if task.look_backs else None
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
    paper.form(_WIDTHS, rows, size=SIZE_SMALL_4)
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

    Tasks stand by code and neutral title; what urges is handed over and signed for.
    """
    title, wanted, beside = _NOTES[signs]
    paper = OfficialPaper(f"{title} {person}")
    paper.title(title)
    paper.salute(f"{unit}　{person}同志：")
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
                state_words(row, request, day, calendar),
            )
            for n, (row, request) in enumerate(asked, 1)
        ],
        centred=(0, 1, 3, 4),
    )
    paper.sign_off(bureau, day)
    if not signs:
        paper.paragraph("")
        paper.paragraph(f"签收人：　　　　　　　　签收日期：{_BLANK_DATE}", first=0)
    return paper


def state_words(row: TaskRow, request: str, day: date, calendar: WorkCalendar) -> str:
    """How a task stands for who is urged or rung: what is asked there, and how late it is or how long it has."""
    late = f"{'已' if row.overdue_days else ''}{late_words(row.overdue_days, row.missed_days)}"
    if request:
        return f"{request}；任务{late}" if late else request
    return late or (until_text(row.deadline_on, day, calendar) if row.deadline_on else "未定时限")


def _pair(first: str, one: str, second: str, other: str) -> list[FormCell]:
    label = FormCell(first, is_label=True, height=_TEXT_HEIGHT)
    return [label, FormCell(one), FormCell(second, is_label=True), FormCell(other)]


def _wide(label: str, text: str, *, height: float = _TEXT_HEIGHT, right: str = "") -> list[FormCell]:
    return [FormCell(label, is_label=True, height=height), FormCell(text, span=3, right=right)]


def _signatures(task: CaseFile, closure: ClosureLine | None) -> Rows:
    """A row for every stage, signed or to be signed; a return in this round stands among them.

    The unit head (the leader in his stead) has one where he signed, or the request waits for him.
    """
    signed = {stage: closure.last(stage) if closure else None for stage in ClosureStage}
    to_be_signed = {
        ClosureStage.CONFIRM: task.row.step == ERRAND[Verb.CONFIRM],
        ClosureStage.VERIFY: True,
        ClosureStage.APPROVE: True,
        ClosureStage.CLOSE: task.is_publicity_required,
    }
    labels = _STAGES | {ClosureStage.APPROVE: f"审签意见\n{_level(task, signed[ClosureStage.APPROVE])}"}
    return [
        _signature(label, signed[stage])
        for stage, label in labels.items()
        if signed[stage] or to_be_signed.get(stage)
    ]


def _level(task: CaseFile, step: StepLine | None) -> str:
    level = ApprovalLevel.MEETING if step and step.minutes_no else task.approval_level
    return level.word


def _signature(label: str, step: StepLine | None) -> list[FormCell]:
    if step is None:
        return _wide(label, "", height=_SIGN_HEIGHT, right=_unsigned())
    override = f"本科室复核理由：{step.override_reason}" if step.override_reason else ""
    said = "\n".join(filter(None, (step.opinion or "同意", override)))
    return _wide(label, said, right=_signed_step(step))


def _signed_step(step: StepLine) -> str:
    signed = _signed(step.who, step.signed_on)
    if not (step.recorder or step.paper_no):
        return signed
    basis = " ".join(filter(None, (day_text(step.paper_date), step.paper_no)))
    return f"{signed}\n（{step.recorder.removeprefix(_UNNAMED)}代录{basis and f'，依据：{basis}'}）"


def _signed(person: str, day: date | None) -> str:
    return f"签名：{person}　{day_text(day)}" if person and day else _unsigned()


def _unsigned() -> str:
    return f"签名：　　　　　　{_BLANK_DATE}"


def _conclusion(check: LookBackLine | None) -> str:
    if check is None or check.checked_on is None:
        return "□ 整改属实，维持原结论　　□ 整改不到位，重新整改"
    return "整改不到位，重新整改" if check.has_reopened else "整改属实，维持原结论"
