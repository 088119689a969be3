"""How the office works: its settings with a preview of their effect."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Response

from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from core.errors import RectifyError, Refused
from models.enums import Cadence, Light, Role
from rectification.halfyear.review_days import CycleDays, cycle_days, term_of
from rectification.labels import CADENCE
from rectification.lists.board import overview
from rectification.office.people import unreached
from rectification.office.settings import Policy, checked_policy, set_policy
from rectification.task.deadlines import near_until

router = APIRouter()

_EXAMPLE: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the page asks for it: `kind` is number, numbers, words, text, flag or choice."""

    key: str
    label: str
    kind: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


SETTINGS: Final[Mapping[str, tuple[Setting, ...]]] = {
    "提醒": (
        Setting(
            "ladder_before",
            "到期前几个工作日提醒",
            "numbers",
            "第一个数不用于比它还短的任务；半年调度已请报情况说明的，也不再用它",
        ),
        Setting("overdue_officer_day", "超期第几个工作日告知责任人和科室负责人", "number"),
        Setting("overdue_leader_day", "超期第几个工作日同时告知分管领导", "number"),
        Setting("wait_days", "签收、复核、审签等几个工作日后催办", "number"),
        Setting(
            "mail_detail",
            "邮件写多少",
            "choice",
            "只写编号名称更安全",
            (("minimal", "只写编号、名称、日期和链接"), ("full", "写出问题原文")),
        ),
    ),
    "灯色": (
        Setting("yellow_days", "到期前几个工作日亮黄灯", "number"),
        Setting("light_names", "绿、黄、红、蓝灯的名称", "words"),
    ),
    "办理": (
        Setting("immediate_days", "立行立改几个工作日", "number"),
        Setting("checkpoint_months", "长期坚持最长几个月检查一次", "number"),
        Setting("publicity_days", "公示几个工作日", "number"),
        Setting("requires_publicity", "销号前须公示（对以后新建的任务，下达时可逐项改）", "flag"),
        Setting("requires_unit_head", "申请销号须先经科室负责人审核", "flag"),
        Setting("requires_measures", "签收时须写明整改措施", "flag"),
        Setting("requires_goal", "整改任务申请销号须有整改目标和措施", "flag"),
        Setting("requires_proof", "整改任务的每份佐证材料须标明证明什么", "flag"),
    ),
    "半年调度": (
        Setting(
            "review_cadence",
            "多久调度一次",
            "choice",
            "从下一次自动开启起生效，已经开启的不变",
            tuple((cadence.value, CADENCE[cadence]) for cadence in Cadence),
        ),
        Setting("review_open_days", "截止前几个工作日启动", "number"),
        Setting("review_due_days", "情况说明在截止前几个工作日交齐", "number"),
        Setting("review_chase_days", "没有报送的，报送期限前几个工作日再催", "numbers"),
        Setting("hearing_days", "截止后几个工作日内听取汇报", "number"),
        Setting("hearing_bodies", "听取汇报的会议", "words"),
        Setting("briefing_listed", "汇报材料正文每类最多列几项", "number", "其余见附件台账"),
    ),
    "年度报告": (
        Setting("annual_notices", "各环节到期前提醒台账管理员", "flag"),
        Setting("annual_collect_by", "征集材料", "text", "月-日，例如 12-31；在报告所写的那一年"),
        Setting("annual_draft_by", "起草报告", "text", "月-日，以下都在第二年"),
        Setting("annual_secrecy_by", "保密审查", "text"),
        Setting("annual_sign_by", "主要负责人签发", "text"),
        Setting("annual_send_by", "报送", "text", "规定为3月1日前"),
        Setting("annual_publish_by", "公开发布", "text", "规定为4月1日前"),
        Setting("annual_send_to", "报送给", "words"),
    ),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a set of settings means, by example: a task due in sixty days, today's lights, this term's review."""

    due: date
    before: tuple[date, ...]
    after: tuple[date, date]
    lights: Mapping[Light, int]
    review: CycleDays


@router.get("/settings", name="settings")
def settings(visit: Visitor) -> Response:
    """The settings in force."""
    return _settings_page(visit, visit.policy)


@router.post("/settings", name="settings_post")
def settings_post(visit: Visitor) -> Response:
    """Show what the changed settings would mean, or put them in force from today."""
    wanted = {setting.key: _sent(visit, setting) for setting in _all()}
    try:
        policy = _checked(visit.policy, wanted)
        if visit.text("do") == "preview":
            return _settings_page(visit, policy, preview=True)
        changed = [each for each in _all() if getattr(policy, each.key) != getattr(visit.policy, each.key)]
        with visit.unit_of_work() as session:
            for each in changed:
                before, after = (_told(each, getattr(now, each.key)) for now in (visit.policy, policy))
                words = f"{each.label}：{before} → {after}"
                set_policy(session, visit.by, visit.actor.bureau_id, each.key, wanted[each.key], words)
    except RectifyError as error:
        return _settings_page(visit, visit.policy, error=error, typed=wanted)
    return redirect(visit, "settings", note=f"已更改 {len(changed)} 项，今天起生效")


def _checked(policy: Policy, wanted: Mapping[str, Any]) -> Policy:
    """`policy` with what was sent.

    Raises: Refused, naming the setting as the page does.
    """
    for setting in _all():
        try:
            policy = checked_policy(policy, {setting.key: wanted[setting.key]})
        except Refused as error:
            raise Refused(f"“{setting.label}”填写有误", error.why, "请改正后再保存") from error
    return policy


def _all() -> Iterable[Setting]:
    return (setting for group in SETTINGS.values() for setting in group)


def _sent(visit: Visit, setting: Setting) -> Any:
    text = visit.text(setting.key).strip()
    if setting.kind == "flag":
        return bool(text)
    if setting.kind in ("numbers", "words"):
        return [part for part in re.split(r"[、,，;；\s]+", text) if part]
    return text


def _effect(visit: Visit, policy: Policy) -> Effect:
    today = visit.clock.today
    due = visit.calendar.on_or_before(today + _EXAMPLE)
    until = near_until(today, visit.calendar, policy)
    figures = overview(visit.session, today, until, visit.actor)
    return Effect(
        due=due,
        before=tuple(sorted(visit.calendar.shift(due, -days) for days in policy.ladder_before)),
        after=(
            visit.calendar.shift(due, policy.overdue_officer_day),
            visit.calendar.shift(due, policy.overdue_leader_day),
        ),
        review=cycle_days(term_of(today, policy.review_cadence), policy, visit.calendar),
        lights={light: figures.problems.lights[light] + figures.plans.lights[light] for light in Light},
    )


def _settings_page(
    visit: Visit,
    policy: Policy,
    *,
    preview: bool = False,
    error: RectifyError | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response:
    values = typed or {setting.key: getattr(policy, setting.key) for setting in _all()}
    return render(
        visit,
        "settings.html",
        groups=SETTINGS,
        unreached=unreached(visit.session, visit.actor.bureau_id, Role.UNIT_HEAD, Role.LEADER, Role.CLERK),
        values={key: _shown(value) for key, value in values.items()},
        current=_effect(visit, visit.policy),
        coming=_effect(visit, policy) if preview else None,
        error=error,
    )


def _told(setting: Setting, value: Any) -> str:
    """A value as the page shows it chosen."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return dict(setting.choices).get(value, str(_shown(value)))


def _shown(value: Any) -> Any:
    return "、".join(str(part) for part in value) if isinstance(value, (tuple, list)) else value
