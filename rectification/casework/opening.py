"""Opening an installation's ledger: the data folder, the schema, the shipped calendar."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from core.clock import Clock
from core.db import Database
from core.settings import Settings, prepare_data_dir
from models import schema
from models.enums import Channel, OfficeVerb
from models.organisation import Person
from models.storage.backup import write_backup
from models.storage.snapshot import WITHHELD
from rectification.casework.recomputing import Moved, recalculate
from rectification.office import journal
from rectification.office.calendar import (
    HolidayNotice,
    install_shipped,
    load_calendar,
    put_in_force,
    shipped_years,
)
from rectification.office.journal import By, by_system, change, has_begun
from rectification.office.units import bureau_ids
from rectification.task.baseline import bureaus_without_baseline, write_baseline


def open_ledger(settings: Settings, clock: Clock) -> Database:
    """The ledger, ready for use; an empty one is given its tables, and announced years it lacks are put in force.

    Raises: Misconfigured, where the data folder, the database or its schema does not fit this program.
    """
    prepare_data_dir(settings)
    database = Database(settings.database)
    try:
        schema.require_current(database)
        tell_what_was_untold(database, clock)
        with database.reading() as session:
            is_complete = shipped_years() <= load_calendar(session).announced
        if not is_complete:
            with database.unit_of_work() as session:
                schema.take_turns(session.connection())
                new = install_shipped(session, clock)
            if new:
                _recalculate(database, clock, new, Channel.FLOW)
    except BaseException:
        database.dispose()
        raise
    return database


def tell_what_was_untold(database: Database, clock: Clock) -> None:
    """What a ledger from before schema 0003 holds goes on its chains, once; each chain in a unit of work of its own.

    So does that in one that came from a backup nobody has a password any more.
    """
    is_withheld = Person.password_hash == WITHHELD
    with database.reading() as session:
        bureaus, is_begun = bureaus_without_baseline(session), has_begun(session)
        forgotten = session.scalars(select(Person.id).where(is_withheld)).all()
    if not is_begun:
        with database.unit_of_work() as session:
            journal.write_baseline(session, clock)
    if forgotten:
        by, why = by_system(clock, Channel.CLI), "恢复的备份不含密码，须重新设置"
        with database.unit_of_work() as session, change(session, by, OfficeVerb.SET_PASSWORD, why) as rows:
            for person in session.scalars(select(Person).where(is_withheld)):
                rows.alter(person).password_hash = ""
    for bureau_id in bureaus:
        with database.unit_of_work() as session:
            write_baseline(session, clock, bureau_id)


def upgrade_ledger(settings: Settings, database: Database, clock: Clock) -> tuple[str | None, Path | None]:
    """Bring a ledger to this program's schema; killed at any moment it stands whole at the old one or the new.

    Returns the schema it came from and its copy at that; no copy where there was nothing to do.
    Raises: Misconfigured, for a ledger of a newer program; Conflict, where it would not be whole.
    """
    before, copy = schema.require_not_newer(database), None
    if before not in (None, schema.HEAD):
        copy = settings.backup_dir / f"before-upgrade-{before}-{clock.now:%Y%m%d-%H%M%S}.zip"
        write_backup(database, settings.evidence_dir, copy, now=clock.now, with_passwords=True)
    schema.upgrade(database)
    tell_what_was_untold(database, clock)
    return before, copy


def announce(database: Database, by: By, notice: HolidayNotice, *, adds: bool = False) -> list[Moved]:
    """Put a year's notice in force, or add to what is, and count limits in days again, each bureau in a transaction of its own.

    Returns the tasks whose date moved. An interruption is mended by doing it again.
    """
    with database.unit_of_work() as session:
        put_in_force(session, by, notice, adds=adds)
    return _recalculate(database, by.clock, [notice], by.acting.channel)


def _recalculate(
    database: Database, clock: Clock, notices: Sequence[HolidayNotice], channel: Channel
) -> list[Moved]:
    with database.reading() as session:
        bureaus = bureau_ids(session)
    reason = "、".join(notice.number for notice in notices)
    moved: list[Moved] = []
    for bureau_id in bureaus:
        with database.unit_of_work() as session:
            moved += recalculate(session, clock, bureau_id, reason, channel=channel)
    return moved
