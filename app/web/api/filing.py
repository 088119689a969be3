"""What programs may file: what a page's form does, at the page's own address under /api, by the page's own function.

So nothing is said twice: fields and limits are the form's, rights the page's row of the access table, refusals the verb's.
What a program leaves out is what the page would have proposed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from inspect import Parameter, signature, unwrap
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.datastructures import FormData, UploadFile

from app.web.api.bodies import FILE, FILES, FORM_KEY, FileBody, as_body, in_description
from app.web.api.door import Call, Calling
from app.web.api.problem import Malformed
from app.web.api.shapes import Done
from app.web.forms import Form, RecordId
from app.web.page_request import Mistyped, Visit
from app.web.pages import Endpoint, Onward
from app.web.routers.halfyear import hearings, reviews
from app.web.routers.intake import report, reports
from app.web.routers.lists import look_backs
from app.web.routers.office import handover, leaving, people, units
from app.web.routers.reminders import telephone
from app.web.routers.task import sources
from app.web.routers.yearly import annual_report
from rectification.halfyear import hearing_plans
from rectification.lists.source_steps import steps_of
from rectification.office.people import list_auditors, list_people
from rectification.office.sources import source_of_bureau

router = APIRouter(prefix="/api")

Said = Mapping[str, str]


@dataclass(frozen=True)
class Filing:
    """A page's form that programs may send, and what the page proposes.

    `way` is the button, where a page has several; what stands behind a - in it is the part of the address it is about.
    `do` is what the button says if that is not its way; `files` come under a name beside the form.
    """

    page: Endpoint
    summary: str
    form: type[Form] = Form
    way: str = ""
    proposes: Callable[..., Said] | None = None
    do: str = ""
    files: Mapping[str, Any] = field(default_factory=dict)

    @property
    def route(self) -> APIRoute:
        """The page's own."""
        routes: list[APIRoute] = import_module(self.page.__module__).router.routes
        return next(each for each in routes if each.endpoint is self.page)

    @property
    def name(self) -> str:
        """By which the access table knows it: a row of the page's own rule."""
        return "_".join(filter(None, ("api", self.route.name, self.way.partition("-")[0])))

    @property
    def path(self) -> str:
        way, _, about = self.way.partition("-")
        return "/".join(filter(None, (self.route.path, about, way)))

    @property
    def body(self) -> type[Form]:
        """The form as a body."""
        name = self.name.removeprefix("api_").replace("_post", "").title().replace("_", "")
        return as_body(self.form, f"{name}Filing", self.summary, form_key=(str, FORM_KEY), **self.files)


def _plan_said(visit: Visit, plan: int | None = None) -> Said:
    return hearings.plan_said(hearing_plans.plan_of(visit.session, visit.actor, plan)) if plan else {}


def _source_said(visit: Visit, source_id: int) -> Said:
    return sources.source_said(source_of_bureau(visit.session, visit.actor.bureau_id, source_id))


def _sent_said(what: str) -> Callable[..., Said]:
    def said(visit: Visit, source_id: int) -> Said:
        known = _source_said(visit, source_id)
        return {name: known[f"{what}_{name}"] for name in sources.SentForm.model_fields}

    return said


def _step_said(visit: Visit, source_id: int, step_id: int) -> Said:
    _source_said(visit, source_id)
    steps = steps_of(visit.session, [source_id])
    return next((sources.step_said(each) for each in steps if each.id == step_id), {})


def _person_said(visit: Visit, person_id: int) -> Said:
    everybody = list_people(visit.session, visit.actor.bureau_id)
    return next((people.person_said(each) for each in everybody if each.id == person_id), {})


def _grant_said(visit: Visit, person_id: int) -> Said:
    granted = list_auditors(visit.session, visit.actor.bureau_id)
    found = next((each for each in granted if each.person_id == person_id), None)
    return {name: str(getattr(found, name) or "") for name in people.GrantForm.model_fields} if found else {}


def _place_said(visit: Visit, unit_id: int) -> Said:
    return {"parent_id": str(units.own_unit(visit, visit.session, unit_id).parent_id)}


_PAPERS: Final = {"papers": FILES}
FILINGS: Final = (
    Filing(reviews.open_review, "开启一期半年调度", reviews.TermForm),
    Filing(reviews.freeze, "冻结数据"),
    Filing(reviews.cut_off, "调整数据截止日", reviews.CutOffForm),
    Filing(hearings.keep_plan, "安排或调整听取汇报", hearings.PlanForm, "", _plan_said),
    Filing(hearings.call_off, "取消会议安排"),
    Filing(hearings.hearing, "登记听取汇报", hearings.HearingForm, files=_PAPERS),
    Filing(hearings.minutes, "登记纪要编号", hearings.MinutesForm),
    Filing(hearings.papers, "存放会议材料", files=_PAPERS),
    Filing(hearings.resolution, "登记议定事项", hearings.ResolutionForm),
    Filing(sources.sources_post, "登记来源", sources.SourceForm),
    Filing(sources.source_post, "更正来源", sources.CorrectionForm, "correct", _source_said),
    Filing(sources.source_post, "登记报送整改方案", sources.SentForm, "plan", _sent_said("plan")),
    Filing(sources.source_post, "登记报送整改结果", sources.SentForm, "result", _sent_said("result")),
    Filing(sources.source_steps_post, "登记来源的工作情况", sources.StepForm),
    Filing(
        sources.source_steps_post,
        "更正工作情况",
        sources.StepCorrectionForm,
        "correct-{step_id}",
        _step_said,
    ),
    Filing(sources.source_steps_post, "删去工作情况", sources.ReasonForm, "remove-{step_id}"),
    Filing(sources.source_kinds_post, "增加来源种类", sources.KindForm),
    Filing(sources.source_kinds_post, "来源种类改名", sources.KindForm, "rename"),
    Filing(sources.source_kinds_post, "停用来源种类", sources.KindForm, "retire"),
    Filing(sources.source_published_post, "来源改为公开", way="publish"),
    Filing(sources.source_published_post, "来源改为未公开", way="withhold"),
    Filing(sources.entry_post, "登记一项任务（草稿）", sources.EntryForm, "", lambda _: sources.USUAL),
    Filing(reports.report_upload_post, "导入年度报告", reports.UploadForm, files={"file": FILE}),
    Filing(report.report_pick_post, "把报告原文列为条目", report.PickForm),
    Filing(people.person_add_post, "增加人员", people.PersonForm),
    Filing(people.person_post, "修改人员", people.ChangeForm, "", _person_said),
    Filing(people.person_grant_post, "设置查阅范围", people.GrantForm, "", _grant_said),
    Filing(people.person_mail_post, "打开邮件提醒", way="on"),
    Filing(people.person_mail_post, "关闭邮件提醒", way="off"),
    Filing(leaving.leave_post, "离岗"),
    Filing(leaving.return_post, "回岗"),
    Filing(handover.hand_over_post, "交接任务", handover.HandOverForm),
    Filing(handover.substitutes_post, "登记AB岗", handover.SubstituteForm),
    Filing(handover.substitute_end_post, "结束AB岗"),
    Filing(units.unit_add_post, "增加科室", units.UnitForm),
    Filing(units.unit_alias_post, "科室加别名", units.NameForm),
    Filing(units.unit_alias_post, "科室改名", units.NameForm, "rename"),
    Filing(units.unit_place_post, "科室改上级", units.PlaceForm, "", _place_said),
    Filing(units.unit_close_post, "科室撤并", units.CloseForm, do="go"),
    Filing(units.unit_remove_post, "删去误登的科室", units.SeenForm),
    Filing(units.line_post, "分管调整", units.LineForm, do="go"),
    Filing(units.body_post, "听取汇报机构的组成", units.BodyForm),
    Filing(look_backs.look_backs_post, "抽取回头看"),
    Filing(annual_report.annual_post, "登记年度报告的环节", annual_report.StepForm),
    Filing(telephone.calls_post, "登记电话通知", telephone.TickForm),
)


def _endpoint(filing: Filing, body: type[Form]) -> Callable[..., Done]:
    act, known = unwrap(filing.page), signature(filing.page).parameters

    def done(call: Call, **address: Any) -> Done:
        visit, ids = call.visit, {name: value for name, value in address.items() if name in known}
        said = filing.proposes(visit, **address) if filing.proposes else {}
        sent = call.read(body, {name: value for name, value in said.items() if name in body.model_fields})
        do = (filing.do or filing.way).format(**address)
        visit.body, visit.form = sent, _as_form(sent, do, visit)
        try:
            answer = act(visit, **ids)
        except Mistyped:
            raise Malformed from None
        finally:
            visit.take_back_unheld()
        assert isinstance(answer, Onward)  # noqa: S101  (a page that shows something instead is no filing)
        return Done(said=answer.note, made=answer.made, page=answer.address)

    asked = [each for name, each in known.items() if name != "visit"]
    new = set(re.findall(r"{(\w+)}", filing.path)) - known.keys()
    named = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=RecordId) for name in new]
    first = Parameter("call", Parameter.KEYWORD_ONLY, annotation=Calling)
    rest = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in asked]
    done.__signature__ = signature(done).replace(parameters=[first, *rest, *named])  # type: ignore[attr-defined]
    return done


def _as_form(sent: Form, do: str, visit: Visit) -> FormData:
    """What a page reads by name, and what one that was sent is known by: the button, the files, each field, who and where."""
    items: list[tuple[str, str | UploadFile]] = [("do", do)]
    items += [("by", str(visit.actor.person_id)), ("at", visit.request.url.path)]
    for name in type(sent).model_fields:
        value = getattr(sent, name)
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(each, FileBody):
                items.append((name, each.upload))
            elif each is not None:
                items.append((name, str(each)))
    return FormData(items)


BODIES: Final = {filing.name: filing.body for filing in FILINGS}
for _filing in FILINGS:
    router.add_api_route(
        _filing.path,
        _endpoint(_filing, BODIES[_filing.name]),
        methods=["POST"],
        name=_filing.name,
        summary=_filing.summary,
        openapi_extra=in_description(BODIES[_filing.name]),
    )
