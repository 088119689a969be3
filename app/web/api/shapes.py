"""What the API answers with. A task has the names that `rectify task list --json` gives it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final, Generic, TypeVar, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from models.enums import ApprovalLevel, ItemKind, Light, Status, TimeLimit, UnitKind, Verb
from rectification.lists.board import Overview, UnitStanding
from rectification.lists.case_file import (
    CaseFile,
    ClosureLine,
    EvidenceLine,
    ExtensionLine,
    LinkedLine,
    LookBackLine,
    MeasureLine,
    ProgressLine,
)
from rectification.lists.figures import Whole
from rectification.lists.rows import TaskRow
from rectification.lists.timeline import EventRow

T = TypeVar("T")


class Shape(BaseModel):
    """One object of an answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


OrNone = Annotated[str | None, BeforeValidator(lambda text: text or None)]
"""A text that may be missing: rows have none as an empty one."""


class Page(Shape, Generic[T]):
    """一页；`next` 是下一页的地址，最后一页没有。"""

    items: Sequence[T]
    next: str | None = Field(None, title="下一页的地址")


class SourceShape(Shape):
    """任务的来源。"""

    kind: str
    title: str
    number: OrNone
    year: int | None
    section: OrNone
    text: str


class TaskShape(Shape):
    """一项任务，字段与 `rectify task list --json` 相同。"""

    code: str
    version: int = Field(title="版本", description="办理时带回，别人先改过就会被拒绝")
    org: str
    kind: ItemKind
    title: str
    status: Status
    unit: OrNone
    officer: OrNone
    officer_login: OrNone
    leader: OrNone
    reviewer: OrNone
    approver: OrNone
    issued_on: date | None
    due_on: date | None
    due_instead: date | None = Field(
        title="改拟的时限", description="草稿原拟的时限已过时才有；下达未另写时限即取它"
    )
    original_due_on: date | None
    deadline_on: date | None
    next_checkpoint_on: date | None
    overdue_days: int = Field(title="超期天数", description="0 为未超期")
    missed_days: int = Field(title="节点超期天数", description="长期坚持的任务检查节点已过而没有报告的天数")
    light: Light | None = Field(title="灯色", description="red、yellow、green、blue")
    time_limit: TimeLimit
    extension_count: int
    text: str
    cause: OrNone
    source: SourceShape

    @classmethod
    def of(cls, row: TaskRow) -> "TaskShape":
        return cls.model_validate(_task(row))


class TaskDetail(TaskShape):
    """一项任务和附在它上面的一切。"""

    lead_unit_id: int | None = Field(title="责任单位的编号", description="办理时写的就是它")
    officer_id: int | None = Field(title="责任人的编号", description="办理时写的就是它")
    category: str
    goal: str
    remark: str
    approval_level: ApprovalLevel
    submitted_on: date | None
    closed_on: date | None
    is_supervised: bool
    is_recurring: bool
    is_restricted: bool
    count_total: int | None
    count_done: int | None
    units: Sequence[str] = Field(title="配合单位")
    people: Sequence[str] = Field(title="经办人")
    measures: Sequence[MeasureLine]
    progress: Sequence[ProgressLine]
    evidence: Sequence[EvidenceLine]
    extensions: Sequence[ExtensionLine]
    closures: Sequence[ClosureLine]
    look_backs: Sequence[LookBackLine]
    merged_into: LinkedLine | None = Field(title="并入的任务", description="见其整改情况")
    merged: Sequence[LinkedLine] = Field(title="并入本任务的问题")
    passed_from: LinkedLine | None = Field(title="交办本任务的上级单位的条目")
    passed_to: Sequence[LinkedLine] = Field(title="交办下级单位后的任务")
    timeline: Sequence[EventRow] = Field(title="办理记录")
    verbs: Sequence[Verb] = Field(title="令牌所属人现在可以办理的事项")

    @classmethod
    def from_file(cls, file: CaseFile, timeline: Sequence[EventRow], verbs: Sequence[Verb]) -> "TaskDetail":
        own = {name: getattr(file, name) for name in cls.model_fields if hasattr(file, name)}
        return cls.model_validate({**_task(file.row), **own, "timeline": timeline, "verbs": verbs})


def _task(row: TaskRow) -> dict[str, object]:
    known = {name: getattr(row, name) for name in TaskShape.model_fields if name != "source"}
    known["light"] = row.light and row.light.colour
    own = {name: getattr(row, f"source_{name}") for name in ("kind", "title", "number", "year", "section")}
    return {**known, "source": {**own, "text": row.text}}


class Outcome(Shape):
    """办理之后任务的样子。"""

    code: str
    status: Status
    version: int
    due_on: date | None
    deadline_on: date | None


class Done(Shape):
    """办好了。"""

    said: str = Field(title="办了什么")
    made: int | str | None = Field(title="新登记的编号", description="任务为任务编号，其余为内部编号")
    page: str = Field(title="接着看的网页的地址")


class UnitShape(Shape):
    """一个单位或科室。"""

    id: int
    name: str
    kind: UnitKind
    leader: OrNone = Field(title="分管领导")
    is_active: bool
    aliases: Sequence[str]


def like(alike: type, **otherwise: Any) -> Any:
    """A row as an answer that reads from anything alike; what is given as None is left out."""
    hints = {**get_type_hints(alike), **otherwise}
    fields: dict[str, Any] = {name: (of, ...) for name, of in hints.items() if of is not None}
    return create_model(f"{alike.__name__}Shape", __base__=Shape, **fields)


_RATE: Final = "closed ÷（total − terminated），如“66.6%”；没有可算的为“—”"
_Tally: Any = like(
    Whole,
    earlier=None,
    origins=None,
    scope=Annotated[str, Field(title="口径", description="如“全部在账12项，含往年4项”")],
    lights=dict[Light, int],
    rate=Annotated[str, Field(title="整改率或办结率", description=_RATE)],
)
_UnitOverdue: Any = like(UnitStanding, unit_id=None, open=None)


class Figures(Shape):
    """总览的数字，限于令牌所属人看得到的任务。"""

    on: date
    problems: _Tally
    plans: _Tally
    drafts: int
    waiting: dict[Status, int]
    overdue_by_unit: Sequence[_UnitOverdue]

    @classmethod
    def of(cls, on: date, found: Overview) -> "Figures":
        own = {name: getattr(found, name) for name in cls.model_fields if name != "on"}
        return cls(on=on, **own)
