"""Which pages programs have, and what they are given of each; a page that asks before it acts is answered yes."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Response
from pydantic import BeforeValidator, Field

from app.web.access import ACCESS
from app.web.api.bodies import FILE, FILES, in_description
from app.web.api.of_pages import Filing, OfPage
from app.web.api.shapes import Done, Shape, like
from app.web.forms import Form, RecordId
from app.web.pages import DOCX, SHEET
from app.web.routers.halfyear import hearings, papers, reviews, statements
from app.web.routers.intake import report, reports
from app.web.routers.lists import look_backs, task_lists
from app.web.routers.office import handover, leaving, people, units
from app.web.routers.reminders import telephone
from app.web.routers.tables import tables
from app.web.routers.task import papers as task_papers
from app.web.routers.task import previews, sources
from app.web.routers.yearly import annual_report
from documents.tables.row_by_row import RowFate, RowOutcome
from notifications.phone import Callee, CallItem
from rectification.casework.enrolling import EnrolOutcome
from rectification.halfyear.freezing import Frozen
from rectification.halfyear.hearings import HearingRow
from rectification.halfyear.statements import StatementLine
from rectification.halfyear.status import ReviewStatus
from rectification.lists.figures import Figure, figure_label, scope_text
from rectification.lists.look_backs import CheckRow
from rectification.lists.source_steps import StepLine
from rectification.office.journal import OfficeEventRow
from rectification.office.sources import SourceRow

router = APIRouter(prefix="/api")


class NamedTask(Shape):
    """一项任务的名称和时限。"""

    code: str
    title: str
    deadline_on: date | None


class FormShape(Shape):
    """登记了的上级表样。"""

    id: int
    name: str
    file_name: str


class TaskLine(NamedTask):
    """同上，和责任单位、责任人。"""

    unit: str
    officer: str


class PlanShape(Shape):
    """安排了的会议。"""

    id: int
    meets_on: date
    place: str
    body: str
    topic: str
    hearing_id: int | None
    called_off_on: date | None


class FiguresShape(Shape):
    """问题或工作任务的数字：口径、比率，和每个数字的名称与值，与汇报材料相同。"""

    are_problems: bool
    scope: str
    rate: Annotated[str, Field(title="本期整改率或办结率")]
    labels: dict[Figure, str]
    values: dict[Figure, int]


class TableForm(Form):
    """A table that comes back."""

    dry_run: Annotated[bool, Field(title="只预览，不写入")] = False
    empties: Annotated[Literal["keep", "clear"], Field(title="表中空着的格：保留或清空")] = "keep"


class LedgerTableForm(TableForm):
    """A ledger that comes back, or a superior's form that was filled with it."""

    form: Annotated[RecordId | None, Field(title="上级表样的编号", description="填的是上级的表时写")] = None
    source: Annotated[RecordId | None, Field(title="来源的编号", description="表中新增的问题来自哪里")] = None


class ApprovedTableForm(TableForm, tables.ApprovalForm):
    """A breakdown with the paper it was approved on."""


class PeopleTableForm(TableForm):
    """A list of people, with the answers to what its preview asks."""

    same: Annotated[tuple[str, ...], Field(title="改了姓名、确是同一人的登录名")] = ()
    tasks: Annotated[dict[str, str], Field({}, title="换科室的人名下任务由谁接手：两人的登录名，或 keep")]


class StatementsForm(Form):
    """Statements, any number at once."""

    statements: Annotated[list[statements.NamedStatementForm], Field(min_length=1, title="情况说明")]


def _figures(found: Frozen) -> Iterator[FiguresShape]:
    for which in (True, False):
        tally = found.figures.of(are_problems=which)
        yield FiguresShape(
            are_problems=which,
            scope=scope_text(found.figures, found.whole, are_problems=which),
            rate=tally.rate,
            labels={each: figure_label(each, are_problems=which) for each in Figure},
            values={each: tally.of(each) for each in Figure},
        )


_Figures = Annotated[list[FiguresShape], BeforeValidator(lambda found: list(_figures(found)))]
_Lines = Annotated[list[StatementLine], BeforeValidator(lambda rows: [line for line, _ in rows])]
_Cycles = Annotated[list[date], BeforeValidator(lambda rows: [cycle.ends_on for cycle, _, _ in rows])]
_Kinds = Annotated[list[str], BeforeValidator(lambda kinds: [each.name for each in kinds if each.is_active])]
_REVIEWS: Final = {"cycles": _Cycles, "plans": list[PlanShape], "hearings": list[HearingRow]}
_REVIEW: Final = {"review": like(ReviewStatus, missing=list[TaskLine])}
_SOURCE: Final = {"source": like(SourceRow, kind=None, tasks=None), "steps": list[StepLine], "counts": str}
_Item: Any = like(CallItem, row=NamedTask)
_Callee: Any = like(Callee, items=list[_Item], why=str)
SHOWN: Final = (
    OfPage(reviews.reviews, "半年调度和听取汇报", gives=_REVIEWS),
    OfPage(reviews.review, "一期半年调度", gives=_REVIEW),
    OfPage(reviews.briefing, "一期汇报材料的数字", gives={"label": str, "figures": _Figures}),
    OfPage(hearings.plan_page, "安排了的会议", gives={"planned": PlanShape | None}),
    OfPage(hearings.hearing_page, "听取汇报的记录", gives={"hearing": HearingRow}),
    OfPage(statements.page, "要本人报送情况说明的任务", gives={"lines": _Lines}),
    OfPage(sources.sources_page, "问题来源", gives={"rows": list[SourceRow], "kinds": _Kinds}),
    OfPage(sources.source_page, "一个来源和它的工作情况", gives=_SOURCE),
    OfPage(look_backs.look_backs, "回头看", gives={"waiting": list[CheckRow], "done": list[CheckRow]}),
    OfPage(telephone.calls, "待电话通知", gives={"callees": list[_Callee]}),
    OfPage(people.office, "变动记录", gives={"rows": list[OfficeEventRow], "older": int | None}),
    OfPage(reviews.briefing_docx, "汇报材料"),
    OfPage(hearings.paper, "会上所用材料"),
    OfPage(papers.source_report_docx, "整改情况报告"),
    OfPage(task_papers.task_sheet, "销号单"),
    OfPage(task_papers.task_dossier, "销号单和佐证材料"),
    OfPage(task_papers.task_look_back, "回头看核查记录"),
    OfPage(task_papers.task_folder, "一项一档"),
    OfPage(previews.evidence_file, "佐证材料原件"),
    OfPage(tables.ledger_xlsx, "台账"),
    OfPage(tables.forms, "上级表样", gives={"forms": list[FormShape]}),
    OfPage(tables.form_file, "按上级的表样填好的台账"),
    OfPage(tables.archive_zip, "一个年度的归档"),
    OfPage(tables.breakdown_file, "整改任务分解表"),
    OfPage(task_lists.tasks_xlsx, "任务列表"),
    OfPage(telephone.notice, "催办通知单或呈签提示单"),
    OfPage(annual_report.annual_docx, "年度报告素材"),
    OfPage(annual_report.duty_docx, "述法素材"),
)
"""What they read: what a page knows, or the file it hands out."""

_PAPERS: Final = {"papers": FILES}
_FILE: Final = {"file": FILE}
_WHY: Final = ("reason",)
_COVER: Final = ("person_id", "substitute_id", "ends_on")
_ENROLLED: Final = {"outcome": EnrolOutcome}
_Row: Any = like(RowOutcome, line=str)
_ROWS: Final[Any] = {"counts": dict[RowFate, int], "told": list[_Row]}
_TAKEN: Final = {"taken": like(tables.TableOutcome, outcomes=None, key=None, empties=None, **_ROWS)}
FILINGS: Final = (
    Filing(reviews.open_review, "开启一期半年调度", reviews.TermForm),
    Filing(reviews.freeze, "冻结数据"),
    Filing(reviews.cut_off, "调整数据截止日", reviews.CutOffForm, must=()),
    Filing(statements.post, "报送情况说明", StatementsForm),
    Filing(hearings.keep_plan, "安排或调整听取汇报", hearings.PlanForm),
    Filing(hearings.call_off, "取消会议安排"),
    Filing(hearings.hearing, "登记听取汇报", hearings.HearingForm, beside=_PAPERS, must=("body", "topic")),
    Filing(hearings.minutes, "登记纪要编号", hearings.MinutesForm),
    Filing(hearings.papers, "存放会议材料", beside=_PAPERS, must=("papers",)),
    Filing(hearings.resolution, "登记议定事项", hearings.ResolutionForm),
    Filing(sources.sources_post, "登记来源", sources.SourceForm),
    Filing(sources.source_post, "更正来源", sources.CorrectionForm, way="correct", must=_WHY),
    Filing(sources.source_post, "登记报送整改方案", sources.SentForm, way="plan"),
    Filing(sources.source_post, "登记报送整改结果", sources.SentForm, way="result"),
    Filing(sources.source_steps_post, "登记来源的工作情况", sources.StepForm),
    Filing(sources.source_steps_post, "更正工作情况", sources.StepCorrectionForm, way="correct-{step_id}"),
    Filing(sources.source_steps_post, "删去工作情况", sources.ReasonForm, way="remove-{step_id}", must=_WHY),
    Filing(sources.source_kinds_post, "增加来源种类", sources.KindForm),
    Filing(
        sources.source_kinds_post, "来源种类改名", sources.KindForm, way="rename", must=("name", "new_name")
    ),
    Filing(sources.source_kinds_post, "停用来源种类", sources.KindForm, way="retire"),
    Filing(sources.source_published_post, "来源改为公开", way="publish"),
    Filing(sources.source_published_post, "来源改为未公开", way="withhold"),
    Filing(sources.entry_post, "登记一项任务（草稿）", sources.EntryForm),
    Filing(reports.report_upload_post, "导入年度报告", reports.UploadForm, beside=_FILE),
    Filing(report.report_pick_post, "把报告原文列为条目", report.PickForm),
    Filing(report.report_withdraw_post, "撤回导入", report.WithdrawForm),
    Filing(report.report_purge_post, "清除报告原件（误传）", report.PurgeForm),
    Filing(people.person_add_post, "增加人员", people.PersonForm),
    Filing(people.person_post, "修改人员", people.ChangeForm, must=()),
    Filing(people.person_grant_post, "设置查阅范围", people.GrantForm),
    Filing(people.person_mail_post, "打开邮件提醒", way="on"),
    Filing(people.person_mail_post, "关闭邮件提醒", way="off"),
    Filing(leaving.leave_post, "离岗"),
    Filing(leaving.return_post, "回岗"),
    Filing(handover.hand_over_post, "交接任务", handover.HandOverForm),
    Filing(handover.substitutes_post, "登记AB岗", handover.SubstituteForm, must=_COVER),
    Filing(handover.substitute_end_post, "结束AB岗"),
    Filing(units.unit_add_post, "增加科室", units.UnitForm),
    Filing(units.unit_alias_post, "科室加别名", units.NameForm),
    Filing(units.unit_alias_post, "科室改名", units.NameForm, way="rename"),
    Filing(units.unit_place_post, "科室改上级", units.PlaceForm),
    Filing(units.unit_close_post, "科室撤并", units.CloseForm, do="go", must=()),
    Filing(units.unit_remove_post, "删去误登的科室"),
    Filing(units.line_post, "分管调整", units.LineForm, do="go", must=("unit",)),
    Filing(units.body_post, "听取汇报机构的组成", units.BodyForm),
    Filing(look_backs.look_backs_post, "抽取回头看"),
    Filing(annual_report.annual_post, "登记年度报告的环节", annual_report.StepForm),
    Filing(tables.ledger_post, "台账导回", LedgerTableForm, beside=_FILE, gives=_TAKEN),
    Filing(tables.breakdown_post, "分解表导回并下达", ApprovedTableForm, beside=_FILE, gives=_TAKEN),
    Filing(people.people_import_post, "导入人员表", PeopleTableForm, beside=_FILE, gives=_ENROLLED),
    Filing(telephone.calls_post, "登记电话通知", telephone.TickForm),
)
"""What they file."""

ACCESS.update({each.name: ACCESS[each.route.name] for each in (*SHOWN, *FILINGS)})
BODIES: Final = {filing.name: filing.body() for filing in FILINGS}
_HANDED_OUT: Final[Any] = {
    200: {"content": {media: {} for media in (DOCX, SHEET, "application/zip", "application/octet-stream")}}
}
for _shown in SHOWN:
    _answer = _shown.answer() if _shown.gives else None
    _file: dict[str, Any] = {} if _answer else {"response_class": Response, "responses": _HANDED_OUT}
    router.add_api_route(
        _shown.path,
        _shown.endpoint(_answer),
        name=_shown.name,
        summary=_shown.summary,
        response_model=_answer,
        **_file,
    )
for _filing in FILINGS:
    _answer = _filing.answer() if _filing.gives else Done
    router.add_api_route(
        _filing.path,
        _filing.files(BODIES[_filing.name], _answer),
        methods=["POST"],
        name=_filing.name,
        summary=_filing.summary,
        response_model=_answer,
        openapi_extra=in_description(BODIES[_filing.name]),
    )
