"""A bureau's settings: defaults here, changes as dated rows, so that a past day can be computed again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_type_hints

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from models.calendar import BureauSetting


@dataclass(frozen=True, slots=True)
class Policy:
    """What a bureau may set. Days of the ladder are working days.

    `ladder_before` are the rungs before the date, the first skipped for tasks shorter than it.
    `overdue_officer_day` tells officer and unit head, `overdue_leader_day` the leader too, then everyone every
    `overdue_every` days. `wait_days` is how long a request may lie before the one it waits for is told.
    """

    ladder_before: tuple[int, ...] = (30, 7, 3, 1, 0)
    overdue_officer_day: int = 1
    overdue_leader_day: int = 5
    overdue_every: int = 5
    wait_days: int = 3
    yellow_days: int = 7
    immediate_days: int = 5
    checkpoint_months: int = 6
    publicity_days: int = 5
    draft_days: int = 10
    requires_unit_head: bool = False
    requires_measures: bool = False
    mail_detail: Literal["minimal", "full"] = "minimal"
    light_names: tuple[str, str, str, str] = ("正常", "临期", "超期", "已结")


DEFAULT: Final = Policy()
_ADAPTERS: Final = {name: TypeAdapter[Any](hint) for name, hint in get_type_hints(Policy).items()}
KEYS: Final = tuple(_ADAPTERS)


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


def set_policy(
    session: Session, clock: Clock, bureau_id: int, key: str, value: object, *, set_by: int | None
) -> None:
    """Change one setting from today on.

    Raises: Refused, for an unknown name or a value of the wrong form.
    """
    if key not in _ADAPTERS:
        raise Refused(f"没有名为“{key}”的设置", "", f"可设置：{'、'.join(KEYS)}")
    try:
        checked = _ADAPTERS[key].validate_python(value)
    except ValidationError as error:
        raise Refused(f"设置“{key}”的值不对", error.errors()[0]["msg"], "请按说明填写") from error
    session.add(
        BureauSetting(
            bureau_id=bureau_id,
            key=key,
            value=list(checked) if isinstance(checked, tuple) else checked,
            valid_from=clock.today,
            set_by_id=set_by,
            set_at=clock.now,
        )
    )
