"""Whether a source is published decides what its drafts are called; the clerk's names and issued tasks stay."""

from datetime import date

import pytest
from sqlalchemy import select

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound
from models.enums import ItemKind
from models.report import Source
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction, NewDraft
from rectification.office.sources import NewSource, source_for
from rectification.task import audit
from tests.factories import BY, acting, clock_on, make_bureau

CLOCK = clock_on(date(2026, 3, 2))
TEXTS = ("案卷制作不规范，缺少送达回证", "培训覆盖面不够，形式单一", "公示不及时，超过法定期限")


def titles(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(RectificationTask.title).order_by(RectificationTask.id)))


def test_names_follow_the_source_until_the_clerk_writes_one(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        clerk = acting(session, office.clerk)
        source = source_for(session, BY, office.bureau.id, NewSource("法治督察", "督察反馈")).id
        codes = [casework.enter(session, CLOCK, clerk, NewDraft(source, text)).code for text in TEXTS]
    neutral = [f"法治督察·问题第{n}项" for n in (1, 2, 3)]
    assert titles(database) == neutral
    with database.unit_of_work() as session:
        casework.edit(session, CLOCK, clerk, codes[1], Correction(title="执法培训"))
        assert casework.publish(session, CLOCK, clerk, source, is_published=True) == 2
    with database.reading() as session:
        assert audit.verify(session, office.bureau.id).is_sound
    assert titles(database) == ["案卷制作不规范", "执法培训", "公示不及时，超过法定期限"]
    with database.unit_of_work() as session:
        casework.archive(session, CLOCK, clerk, codes[2])
        casework.edit(session, CLOCK, clerk, codes[0], Correction(text="案卷评查走过场，问题多"))
    assert titles(database)[0] == "案卷评查走过场"
    with database.unit_of_work() as session:
        assert casework.publish(session, CLOCK, clerk, source, is_published=False) == 1
    assert titles(database) == [neutral[0], "执法培训", "公示不及时，超过法定期限"]


def test_only_the_bureaus_clerk_says_so_and_only_what_is_new(database: Database) -> None:
    with database.unit_of_work() as session:
        office, other = make_bureau(session), make_bureau(session, "另一局", prefix="x_")
        source = source_for(session, BY, office.bureau.id, NewSource("法治督察", "督察反馈")).id
        with pytest.raises(Forbidden):
            casework.publish(session, CLOCK, acting(session, office.leader), source, is_published=True)
        with pytest.raises(NotFound):
            casework.publish(session, CLOCK, acting(session, other.clerk), source, is_published=True)
        with pytest.raises(Conflict, match="未公开"):
            casework.publish(session, CLOCK, acting(session, office.clerk), source, is_published=False)


def test_own_reports_are_published_by_default_and_other_papers_are_not(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = make_bureau(session).bureau.id
        source_for(session, BY, bureau, NewSource("本单位报告", "2025年度报告"))
        source_for(session, BY, bureau, NewSource("巡察", "巡察反馈"))
        source_for(session, BY, bureau, NewSource("审计", "审计公告", is_published=True))
        assert session.scalars(select(Source.is_published).order_by(Source.id)).all() == [True, False, True]


def test_the_parts_of_a_published_draft_are_called_by_their_own_words(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        clerk = acting(session, office.clerk)
        source = source_for(session, BY, office.bureau.id, NewSource("本单位报告", "2025年度报告")).id
        entry = NewDraft(source, "案卷不够规范。普法形式单一。", ItemKind.SHORTCOMING)
        code = casework.enter(session, CLOCK, clerk, entry).code
        casework.split(session, CLOCK, clerk, code, ["案卷不够规范。", "普法形式单一。"])
    assert titles(database) == ["案卷不够规范", "普法形式单一"]
