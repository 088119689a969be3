"""A finding goes to a bureau below with one act: it is never lost between the two, nor there twice, and both see it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from models.enums import ItemKind, Status, Verb
from models.organisation import Person, Unit
from models.report import Source, SourceKind
from models.task import RectificationTask
from rectification import casework
from rectification.casework import NewDraft
from rectification.lists.district import place_below
from rectification.lists.timeline import timeline
from rectification.office import journal
from rectification.office.sources import NewSource, rename_kind, source_for
from rectification.task.audit import verify
from tests.factories import BY, DAY, Office, acting, case_file, clock_on, make_bureau
from tests.unit.rectification.casework.conftest import SQLITE

pytestmark = SQLITE


@dataclass
class County:
    """A county over a bureau, with one finding of an inspection as its draft."""

    database: Database
    own: Office
    below: Office
    code: str

    def pass_on(self, to: str = "第一局", who: Person | None = None) -> RectificationTask:
        """The two units of work of the one act, as pages and commands do it."""
        given = {"to": to, "reason": "属地整改"}
        with self.database.unit_of_work() as session:
            by = acting(session, who or self.own.clerk)
            casework.BEFOREHAND[Verb.PASS_ON](session, clock_on(DAY), by, self.code, **given)
        with self.database.unit_of_work() as session:
            by = acting(session, who or self.own.clerk)
            return casework.perform(session, clock_on(DAY), by, self.code, Verb.PASS_ON, given)

    def there(self, session: Session) -> list[RectificationTask]:
        query = select(RectificationTask).where(RectificationTask.bureau_id == self.below.bureau.id)
        return list(session.scalars(query))


@pytest.fixture
def county(database: Database) -> County:
    with database.unit_of_work() as session:
        own, below = make_bureau(session, "云山县政府"), make_bureau(session, "第一局", prefix="b_")
        make_bureau(session, "旁局", prefix="c_")
        place_below(session, BY, session.get_one(Unit, below.bureau.id), session.get_one(Unit, own.bureau.id))
        new = NewSource(
            "法治督察", "2026年督察反馈", "督〔2026〕2号", "市委依法治市办", DAY, None, DAY.replace(month=9)
        )
        source = source_for(session, BY, own.bureau.id, new).id
        entry = NewDraft(source, "罚没台账登记不全。", goal="登记完整")
        code = casework.enter(session, clock_on(DAY), acting(session, own.clerk), entry).code
    return County(database, own, below, code)


def test_a_finding_passed_on_is_a_draft_below_and_archived_here(county: County) -> None:
    assert county.pass_on().status is Status.ARCHIVED

    with county.database.reading() as session:
        (task,) = county.there(session)
        source = session.get_one(Source, task.source_id)
        assert (task.status, task.text, task.goal, task.due_on) == (
            Status.DRAFT,
            "罚没台账登记不全。",
            "登记完整",
            DAY.replace(month=9),
        )
        assert (source.bureau_id, source.paper_no, source.issuing_body) == (
            county.below.bureau.id,
            "督〔2026〕2号",
            "云山县政府",
        )
        below, own = case_file(session, task.code), case_file(session, county.code)
        assert below.passed_from is not None
        assert (below.passed_from.bureau, below.passed_from.code) == ("云山县政府", county.code)
        assert own.elsewhere == f"已交办第一局（{task.code}），现为“待确认”"
        here, there = timeline(session, own.row.id)[-1], timeline(session, task.id)[0]
        assert here.text == f"交办第一局，对方编号 {task.code}\n属地整改"
        assert (there.text, there.actor) == (f"云山县政府 {county.code} 交办", "管台")
        assert f"由上级单位交办：{county.code}" in there.changes
        assert all(verify(session, each.bureau.id).is_sound for each in (county.own, county.below))
        assert journal.verify(session).is_sound


def test_what_broke_off_between_the_two_is_done_again_and_adds_nothing(county: County) -> None:
    with county.database.unit_of_work() as session:
        casework.deliver(session, clock_on(DAY), acting(session, county.own.clerk), county.code, "第一局")
    with county.database.reading() as session:
        assert case_file(session, county.code).row.status is Status.DRAFT

    county.pass_on()

    with county.database.reading() as session:
        assert len(county.there(session)) == 1
    with pytest.raises(Conflict):
        county.pass_on()
    with county.database.reading() as session:
        assert len(county.there(session)) == 1


def test_nothing_is_archived_before_it_has_arrived(county: County) -> None:
    with pytest.raises(Refused, match="还没有收到"), county.database.unit_of_work() as session:
        casework.pass_on(session, clock_on(DAY), acting(session, county.own.clerk), county.code, "第一局")


@pytest.mark.parametrize("to", ["旁局", "没有的局", "云山县政府"])
def test_only_a_bureau_below_is_given_work(county: County, to: str) -> None:
    with pytest.raises(Refused, match="不是本单位的下级单位"):
        county.pass_on(to)
    with county.database.reading() as session:
        assert case_file(session, county.code).row.status is Status.DRAFT


def test_only_the_own_clerk_passes_on(county: County) -> None:
    with pytest.raises((Forbidden, NotFound)):
        county.pass_on(who=county.own.leader)
    with pytest.raises(NotFound):
        county.pass_on(who=county.below.clerk)
    with county.database.reading() as session:
        assert county.there(session) == []


def test_two_findings_share_the_source_below_and_an_unknown_kind_is_another(county: County) -> None:
    with county.database.unit_of_work() as session:
        rename_kind(session, BY, county.below.bureau.id, "法治督察", "督察")
        source = session.scalars(select(Source).where(Source.bureau_id == county.own.bureau.id)).one()
        by = acting(session, county.own.clerk)
        second = casework.enter(session, clock_on(DAY), by, NewDraft(source.id, "登记簿没有签名。")).code
    county.pass_on()
    county.code = second
    county.pass_on()
    with county.database.reading() as session:
        sources = session.scalars(select(Source).where(Source.bureau_id == county.below.bureau.id)).all()
        assert len(sources) == 1
        assert {task.source_id for task in county.there(session)} == {sources[0].id}
        assert {task.kind for task in county.there(session)} == {ItemKind.FINDING}


def test_what_a_meeting_decided_comes_from_outside_where_it_is_passed_on(county: County) -> None:
    with county.database.unit_of_work() as session:
        meeting = source_for(
            session, BY, county.own.bureau.id, NewSource("会议议定", "党组议定事项", "纪要〔2026〕1号")
        )
        by = acting(session, county.own.clerk)
        county.code = casework.enter(
            session, clock_on(DAY), by, NewDraft(meeting.id, "登记簿没有签名。")
        ).code
    county.pass_on()
    with county.database.reading() as session:
        (there,) = county.there(session)
        kind = session.get_one(SourceKind, session.get_one(Source, there.source_id).kind_id).name
        assert kind == "其他", "below it is a paper of the bureau above, which waits for an answer"
