"""Sources of tasks: the office's own list of kinds, and what is put right of one."""

from datetime import date

import pytest

from core.db import Database
from core.errors import Conflict, Refused
from rectification.office.calendar import load_calendar
from rectification.office.history_words import history
from rectification.office.sources import (
    NewSource,
    add_kind,
    correct_source,
    list_kinds,
    mark_sent,
    rename_kind,
    retire_kind,
    source_for,
)
from rectification.tables.source_report import source_report
from tests.factories import BY, DAY, by_on, make_bureau
from tests.unit.rectification.casework.conftest import SQLITE

pytestmark = SQLITE

NEW = NewSource("审计", "审计报告", "审〔2026〕3号", "审计局", date(2026, 3, 2), date(2026, 4, 1))


def told(database: Database) -> str:
    """What the newest event of the office says."""
    with database.reading() as session:
        [event] = history(session, limit=1)
        return event.concerning


def test_a_kind_is_renamed_retired_and_comes_back(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = make_bureau(session).bureau.id
        add_kind(session, BY, bureau, "上级交办")
        with pytest.raises(Conflict, match="已经有了"):
            add_kind(session, BY, bureau, "上级交办")
        rename_kind(session, BY, bureau, "上级交办", "领导交办")
        retire_kind(session, BY, bureau, "领导交办")
        with pytest.raises(Refused, match="已停用"):
            source_for(session, BY, bureau, NewSource("领导交办", "又一张"))
        with pytest.raises(Refused, match="不能改动"):
            retire_kind(session, BY, bureau, "本单位报告")
        assert "领导交办" not in [kind.name for kind in list_kinds(session, bureau)]
        add_kind(session, BY, bureau, "领导交办")
        assert "领导交办" in [kind.name for kind in list_kinds(session, bureau)]


def test_what_was_entered_wrongly_is_put_right_or_emptied_and_both_are_on_record(database: Database) -> None:
    with database.unit_of_work() as session:
        source = source_for(session, BY, make_bureau(session).bureau.id, NEW)
        with pytest.raises(Refused):
            correct_source(session, BY, source, {"title": ""}, "登记错了")
        empty = {"paper_no": "", "issuing_body": "", "received_on": None, "plan_due_on": None}
        correct_source(session, BY, source, empty | {"result_due_on": date(2026, 5, 1)}, "登记错了")
        assert (source.title, source.paper_no, source.issuing_body) == ("审计报告", "", "")
        assert (source.received_on, source.plan_due_on, source.result_due_on) == (
            None,
            None,
            date(2026, 5, 1),
        )
    said = told(database)
    assert "文号：审〔2026〕3号 → （空）" in said
    assert "收文日期：2026-03-02 → （空）" in said
    assert said.endswith("原因：登记错了")


def test_what_was_sent_is_marked_with_its_day(database: Database) -> None:
    with database.unit_of_work() as session:
        source = source_for(session, BY, make_bureau(session).bureau.id, NEW)
        by = by_on(date(2026, 3, 20))
        with pytest.raises(Refused, match="在今天之后"):
            mark_sent(session, by, source, "plan", date(2026, 3, 21), "")
        with pytest.raises(Refused, match="没有变化"):
            mark_sent(session, by, source, "plan", None, "")
        mark_sent(session, by, source, "result", date(2026, 3, 18), "交〔2026〕8号")
    assert "整改结果报送日期：（空） → 2026-03-18" in told(database)


def test_an_own_report_is_not_reported_back_on_whoever_stands_as_its_issuer(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = make_bureau(session).bureau.id
        own = source_for(
            session, BY, bureau, NewSource("本单位报告", "年度报告", issuing_body="县委依法治县办")
        )
        session.flush()
        with pytest.raises(Refused, match="不是外单位的来文"):
            source_report(session, own, DAY, load_calendar(session))
