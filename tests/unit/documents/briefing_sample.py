"""One invented frozen version with a line of every kind."""

from dataclasses import replace
from datetime import date
from typing import Final

from models.enums import Cadence, ItemKind, Status, TimeLimit
from rectification.halfyear.duty import DutyFacts, Instruction, Meeting
from rectification.halfyear.freezing import EarlierTerm, Frozen, Version
from rectification.halfyear.review_days import Term
from rectification.lists.figures import Opening, Period, Row, Tally, count

_PROBLEM: Final = Row(
    task_id=1,
    code="2025-001",
    kind=ItemKind.SHORTCOMING,
    title="2025年报告·不足第1项",
    text="个别执法案卷缺少送达回证。",
    unit="执法科",
    unit_order=1,
    officer="张三",
    whose_move="张三办理",
    leader="李四",
    source="本单位报告",
    source_order=1,
    source_paper="",
    status=Status.IN_PROGRESS,
    opening=Opening.CARRIED,
    time_limit=TimeLimit.DATED,
    issued_on=date(2026, 3, 2),
    due_on=date(2026, 5, 29),
    original_due_on=date(2026, 4, 30),
    deadline_on=date(2026, 5, 29),
    submitted_on=None,
    ended_on=None,
    overdue_days=32,
    days_late=None,
    extensions=1,
    was_redated=False,
    is_supervised=False,
    is_recurring=True,
    cause="案件审核环节把关不严。",
    report_year=2025,
    progress="已补正案卷12份。",
    progress_on=date(2026, 6, 3),
    late_reason="第三方评查结果晚于预期。",
    needs_decision="请研究执法记录仪的更新经费。",
)
_PLAN: Final = replace(
    _PROBLEM,
    task_id=2,
    code="2025-002",
    kind=ItemKind.PLAN,
    title="2025年报告·计划第1项",
    text="修订行政处罚裁量基准。",
    unit="法规科",
    unit_order=2,
    officer="王五",
    whose_move="",
    status=Status.CLOSED,
    opening=Opening.ADDED,
    due_on=date(2026, 12, 31),
    original_due_on=date(2026, 12, 31),
    deadline_on=date(2026, 12, 31),
    submitted_on=date(2026, 6, 10),
    ended_on=date(2026, 6, 18),
    overdue_days=0,
    days_late=0,
    extensions=0,
    is_recurring=False,
    cause="",
    progress="",
    progress_on=None,
    late_reason="",
    needs_decision="",
)

_SAID: Final = Instruction(date(2026, 4, 8), "李四", is_chief=True, code="2025-001", text="请抓紧整改。")
_DUTY: Final = DutyFacts(
    hearings=(
        Meeting(date(2026, 1, 20), "党组", "听取2025年下半年汇报", "党组纪要〔2026〕2号", ("2025-002",)),
    ),
    instructions=(_SAID,),
    supervisions=(_SAID,),
    approvals=(_SAID,),
)


def sample_version() -> Version:
    """The sample."""
    rows = (_PROBLEM, _PLAN)
    return Version(
        id=0,
        cycle_id=0,
        number=1,
        frozen_on=date(2026, 7, 1),
        chain_count=9,
        chain_head="0" * 64,
        sha256="",
        frozen=Frozen(
            bureau="示例局",
            term=Term(Cadence.HALF_YEARLY, 2026, 1),
            period=Period(date(2026, 1, 1), date(2026, 6, 30)),
            rows=rows,
            left_out=1,
            figures=count(rows),
            earlier=EarlierTerm(
                "2025年下半年", date(2025, 12, 31), Tally(total=2, closed=1, running=1), Tally()
            ),
            listed=10,
            duty=_DUTY,
        ),
    )
