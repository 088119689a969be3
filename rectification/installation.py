"""Opening an installation's ledger: the data folder, the schema, the shipped calendar."""

from core.clock import Clock
from core.db import Database
from core.settings import Settings, prepare_data_dir
from models import schema
from rectification.calendar import install_shipped, load_calendar, shipped_years


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
                install_shipped(session, clock)
    except BaseException:
        database.dispose()
        raise
    return database
