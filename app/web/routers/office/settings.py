"""How the office works: its settings with a preview of their effect."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Response

from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from core.errors import Refused
from models.enums import Cadence, Light, Role
from rectification.halfyear.review_days import CycleDays, cycle_days, term_of
from rectification.lists.board import overview
from rectification.office.people import unreached
from rectification.office.settings import DEFAULT, Policy, checked_policy, set_policy
from rectification.reminders.ladders import day_told
from rectification.task.deadlines import near_until

router = APIRouter()

_EXAMPLE: Final = timedelta(days=60)


SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "谁在什么时候收到提醒": {
        "ladder_before": "到期前几个工作日提醒",
        "overdue_officer_day": "超期第几个工作日告知责任人和科室负责人",
        "overdue_leader_day": "超期第几个工作日同时告知分管领导",
        "wait_days": "签收、复核、审签等几个工作日后催办",
        "review_chase_days": "没有报送情况说明的，报送期限前几个工作日再催",
        "mail_detail": "邮件写多少",
    },
    "灯色": {
        "yellow_days": "到期前几个工作日亮黄灯",
        "light_names": "绿、黄、红、蓝灯的名称",
    },
    "办理和销号": {
        "immediate_days": "立行立改几个工作日",
        "checkpoint_months": "长期坚持最长几个月检查一次",
        "publicity_days": "公示几个工作日",
        "requires_publicity": "销号前须公示",
        "requires_unit_head": "申请销号须先经科室负责人审核",
        "requires_measures": "签收时须写明整改措施",
        "requires_goal": "整改任务申请销号须有整改目标和措施",
        "requires_proof": "整改任务的每份佐证材料须标明证明什么",
    },
    "半年调度": {
        "review_cadence": "多久调度一次",
        "review_open_days": "截止前几个工作日启动",
        "review_due_days": "情况说明在截止前几个工作日交齐",
        "hearing_days": "截止后几个工作日内听取汇报",
        "hearing_bodies": "听取汇报的会议",
        "briefing_listed": "汇报材料正文每类最多列几项",
    },
    "年度报告": {
        "annual_notices": "各环节到期前提醒台账管理员",
        "annual_collect_by": "征集材料",
        "annual_draft_by": "起草报告",
        "annual_secrecy_by": "保密审查",
        "annual_sign_by": "主要负责人签发",
        "annual_send_by": "报送",
        "annual_publish_by": "公开发布",
        "annual_send_to": "报送给",
    },
}
"""What is asked for, by subject; the first is what offices change, the others are folded. Beside the words: settings.html."""
LABELS: Final = {key: label for group in SETTINGS.values() for key, label in group.items()}
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "mail_detail": {"minimal": "只写编号、名称、日期和链接", "full": "写出问题原文"},
    "review_cadence": {cadence.value: cadence.word for cadence in Cadence},
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
    wanted = {key: _sent(visit, key) for key in LABELS}
    policy, wrong = _judged(visit.policy, wanted)
    if wrong:
        return _settings_page(visit, visit.policy, typed=wanted, wrong=wrong)
    if visit.text("do") == "preview":
        return _settings_page(visit, policy, preview=True)
    changed = [key for key in LABELS if getattr(policy, key) != getattr(visit.policy, key)]
    with visit.unit_of_work() as session:
        for key in changed:
            before, after = (_told(key, getattr(now, key)) for now in (visit.policy, policy))
            words = f"{LABELS[key]}：{before} → {after}"
            set_policy(session, visit.by, visit.actor.bureau_id, key, wanted[key], words)
    return redirect(visit, "settings", note=f"{len(changed)} 项设置已更改，今天起生效")


def _judged(policy: Policy, wanted: Mapping[str, Any]) -> tuple[Policy, dict[str, str]]:
    """`policy` with what was sent, and what of it is wrong, with the reason."""
    wrong = {}
    for key, value in wanted.items():
        try:
            policy = checked_policy(policy, {key: value})
        except Refused as error:
            wrong[key] = error.why
    return policy, wrong


def _sent(visit: Visit, key: str) -> Any:
    text, kept = visit.text(key).strip(), getattr(DEFAULT, key)
    if isinstance(kept, bool):
        return bool(text)
    if isinstance(kept, tuple):
        return [part for part in re.split(r"[、,，;；\s]+", text) if part]
    return text


def _effect(visit: Visit, policy: Policy) -> Effect:
    today = visit.clock.today
    due = visit.calendar.on_or_before(today + _EXAMPLE)
    until = near_until(today, visit.calendar, policy)
    figures = overview(visit.session, today, until, visit.actor)
    return Effect(
        due=due,
        before=tuple(sorted({day_told(due, -days, visit.calendar) for days in policy.ladder_before})),
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
    typed: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    values = typed or {key: getattr(policy, key) for key in LABELS}
    changed = {key for key in LABELS if getattr(policy, key) != getattr(visit.policy, key)}
    names = "、".join(f"“{LABELS[key]}”" for key in wrong or ())
    return render(
        visit,
        "settings.html",
        groups=SETTINGS,
        choices=_CHOICES,
        unreached=unreached(visit.session, visit.actor.bureau_id, Role.UNIT_HEAD, Role.LEADER, Role.CLERK),
        values={key: _shown(value) for key, value in values.items()},
        wrong=wrong or {},
        opened=changed.union(wrong or ()),
        current=_effect(visit, visit.policy),
        coming=_effect(visit, policy) if preview else None,
        error=Refused(f"{names}填写有误", "", "请改正后再保存") if wrong else None,
    )


def _told(key: str, value: Any) -> str:
    """A value as the page shows it chosen."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return _CHOICES.get(key, {}).get(value, str(_shown(value)))


def _shown(value: Any) -> Any:
    return "、".join(str(part) for part in value) if isinstance(value, (tuple, list)) else value
