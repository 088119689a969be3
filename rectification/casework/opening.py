"""Opening an installation's ledger: the data folder, the schema, the shipped calendar."""

from collections.abc import Sequence

from core.clock import Clock
from core.db import Database
from core.settings import Settings, prepare_data_dir
from models import schema
from models.enums import Channel
from rectification.casework.recomputing import Moved, recalculate
from rectification.office.calendar import Notice, install_shipped, load_calendar, put_in_force, shipped_years
from rectification.office.units import bureau_ids


def open_ledger(settings: Settings, clock: Clock) -> Database:
    """The ledger, ready for use; an empty one is given its tables, and announced years it lacks are put in force.

    Raises: Misconfigured, where the data folder, the database or its schema does not fit this program.
    """
    prepare_data_dir(settings)
    database = Database(settings.database)
    try:
        schema.require_current(database)
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


def announce(database: Database, clock: Clock, notice: Notice, channel: Channel) -> list[Moved]:
    """Put a year's notice in force and count limits in days again, each bureau in a transaction of its own.

    Returns the tasks whose date moved. An interruption is mended by doing it again.
    """
    with database.unit_of_work() as session:
        put_in_force(session, clock, notice)
    return _recalculate(database, clock, [notice], channel)


def _recalculate(
    database: Database, clock: Clock, notices: Sequence[Notice], channel: Channel
) -> list[Moved]:
    with database.reading() as session:
        bureaus = bureau_ids(session)
    reason = "、".join(notice.number for notice in notices)
    moved: list[Moved] = []
    for bureau_id in bureaus:
        with database.unit_of_work() as session:
            moved += recalculate(session, clock, bureau_id, reason, channel=channel)
    return moved
