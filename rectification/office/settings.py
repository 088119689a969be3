"""A bureau's settings: defaults here, changes as dated rows, so that a past day can be computed again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, Literal, get_type_hints

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refused
from models.calendar import BureauSetting
from models.enums import Cadence, OfficeVerb
from rectification.office.journal import By, change

Days = Annotated[int, Field(ge=0, le=400)]
SomeDays = Annotated[int, Field(ge=1, le=400)]
Words = Annotated[tuple[str, ...], Field(min_length=1)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a bureau may set. Days of the ladder are working days.

    `ladder_before` are the rungs before the date, the first skipped for tasks shorter than it.
    `overdue_officer_day` tells officer and unit head, `overdue_leader_day` the leader too, then everyone once a
    week. `requires_goal` and `requires_proof` are asked of who asks for 销号: goal and measures, and of each piece of
    evidence what it proves. `wait_days` is how long a request may lie before the one it waits for is told.

    A review opens `review_open_days` working days before its cut-off and wants its statements `review_due_days`
    before it; who is silent is asked again `review_chase_days` before that day, then once a week. A
    hearing is expected within `hearing_days` working days after the cut-off. A briefing lists at most
    `briefing_listed` items of a kind in its text; the annex holds all. Dates of the annual report are month and day.
    """

    ladder_before: tuple[Days, ...] = (30, 7, 3, 1, 0)
    overdue_officer_day: SomeDays = 1
    overdue_leader_day: SomeDays = 5
    wait_days: SomeDays = 3
    yellow_days: Days = 7
    immediate_days: SomeDays = 5
    checkpoint_months: SomeDays = 6
    publicity_days: Days = 5
    requires_publicity: bool = False
    draft_days: Days = 10
    requires_unit_head: bool = False
    requires_measures: bool = False
    requires_goal: bool = True
    requires_proof: bool = True
    mail_detail: Literal["minimal", "full"] = "minimal"
    light_names: tuple[str, str, str, str] = ("正常", "临期", "超期", "已结")

    review_cadence: Cadence = Cadence.HALF_YEARLY
    review_open_days: Days = 20
    review_due_days: Days = 5
    review_chase_days: tuple[Days, ...] = (5, 2, 0)
    hearing_days: Days = 40
    hearing_bodies: Words = ("党组", "党委", "局长办公会", "领导小组")
    briefing_listed: SomeDays = 10

    annual_notices: bool = True
    annual_collect_by: MonthDay = "12-31"
    annual_draft_by: MonthDay = "01-31"
    annual_secrecy_by: MonthDay = "02-10"
    annual_sign_by: MonthDay = "02-15"
    annual_send_by: MonthDay = "02-28"
    annual_publish_by: MonthDay = "03-31"
    annual_send_to: Words = (
        "本级党委",
        "本级政府",
        "上一级主管部门",
        "本级党委法治建设议事协调机构办公室",
    )


DEFAULT: Final = Policy()
_ADAPTERS: Final = {
    name: TypeAdapter[Any](hint) for name, hint in get_type_hints(Policy, include_extras=True).items()
}
KEYS: Final = tuple(_ADAPTERS)
_WRONG: Final = {
    "int": "请填整数",
    "greater": "数字太小",
    "less": "数字太大",
    "too_short": "不能为空",
    "string_pattern": "请写成“月-日”，例如 02-28",
    "missing": "个数不对",
    "unexpected": "个数不对",
    "too_long": "个数不对",
    "enum": "请从列表中选择",
    "literal": "请从列表中选择",
}


def policies(session: Session, bureau_ids: Collection[int], day: date) -> dict[int, Policy]:
    """The settings in force on `day`, a policy for every bureau asked for."""
    rows = session.execute(
        select(BureauSetting.bureau_id, BureauSetting.key, BureauSetting.value)
        .where(BureauSetting.bureau_id.in_(bureau_ids), BureauSetting.valid_from <= day)
        .order_by(BureauSetting.valid_from, BureauSetting.id)
    )
    set_values: dict[int, dict[str, Any]] = {bureau_id: {} for bureau_id in bureau_ids}
    for bureau_id, key, value in rows:
        if key in _ADAPTERS:
            set_values[bureau_id][key] = _ADAPTERS[key].validate_python(value)
    return {bureau_id: Policy(**values) for bureau_id, values in set_values.items()}


def policy_of(session: Session, bureau_id: int, day: date) -> Policy:
    """The settings of one bureau in force on `day`."""
    return policies(session, (bureau_id,), day)[bureau_id]


def set_policy(session: Session, by: By, bureau_id: int, key: str, value: object, words: str = "") -> None:
    """Change one setting from today on; `words` say what it is from what to what.

    Raises: Refused, for an unknown name or a value of the wrong form.
    """
    checked = _checked(key, value)
    kept = list(checked) if isinstance(checked, tuple) else checked
    keep_setting(session, by, bureau_id, key, kept, words)


def keep_setting(session: Session, by: By, bureau_id: int, key: str, value: object, words: str = "") -> None:
    """Write a setting, of the policy or of the installation, that holds from today on."""
    with change(session, by, OfficeVerb.SET_POLICY, words) as rows:
        rows.add(
            BureauSetting(
                bureau_id=bureau_id,
                key=key,
                value=value,
                valid_from=by.clock.today,
                set_by_id=by.acting.actor.id,
                set_at=by.clock.now,
            )
        )


def checked_policy(policy: Policy, changes: Mapping[str, object]) -> Policy:
    """`policy` as it would be with these changes; nothing is stored.

    Raises: Refused, for an unknown name or a value of the wrong form.
    """
    return replace(policy, **{key: _checked(key, value) for key, value in changes.items()})


def _checked(key: str, value: object) -> Any:
    if key not in _ADAPTERS:
        raise Refused(f"没有名为“{key}”的设置", "", f"可设置：{'、'.join(KEYS)}")
    try:
        return _ADAPTERS[key].validate_python(value)
    except ValidationError as error:
        kind = error.errors()[0]["type"]
        why = next((said for start, said in _WRONG.items() if kind.startswith(start)), "不是这一项能用的值")
        raise Refused(f"设置“{key}”的值不对", why, "请按说明填写") from error
