"""Making the demonstration: an invented bureau's ledger, by the real reader and the real verbs on back-dated days."""

import threading
from contextlib import closing

from app.demo.place import label
from app.demo.telling import Telling
from core.clock import Clock
from core.db import Database
from core.errors import Conflict
from core.files import FileStore
from core.settings import Settings
from models.job import JobRun
from notifications.health import SWEEP
from notifications.letterhead import Letterhead
from notifications.sender import Sender
from notifications.sweep import sweep
from notifications.transports import transport_of
from rectification.halfyear.summary_versions import keep_summaries
from rectification.office.calendar import load_calendar
from rectification.office.identity import installation
from rectification.office.units import home_bureau


def make_demo(settings: Settings, database: Database, clock: Clock) -> None:
    """Fill an empty ledger with the demonstration; one that is filled with it already stays as it is.

    Raises: Conflict, where the ledger holds something else: invented data never stand beside real ones.
    """
    with database.reading() as session:
        if installation(session).is_demo:
            return
        if home_bureau(session) is not None:
            raise Conflict(
                "这个数据文件夹里是真实数据", "演示数据不会写进真实台账", "请去掉 --demo，或换一个文件夹"
            )
    store = FileStore(settings.evidence_dir, max_bytes=settings.evidence_megabytes << 20)
    bureau_id = Telling(database, store, clock.today).tell()
    with database.unit_of_work() as session:
        keep_summaries(session, clock, bureau_id)
    _write_mail(settings, database, clock, bureau_id)
    label(settings.data_dir, clock.today)


def _write_mail(settings: Settings, database: Database, clock: Clock, bureau_id: int) -> None:
    """Sweep the last working day and put its mail into the folder, so that there is some on a Sunday, too."""
    with database.unit_of_work() as session:
        day = load_calendar(session).on_or_before(clock.today)
        sweep(session, Clock(clock.now, day), [bureau_id], Letterhead.of(settings))
        session.add(JobRun(job=SWEEP, day=day, shard=1, bureau_ids=[bureau_id], done_at=clock.now))
    with closing(transport_of(settings)) as transport:
        Sender(database, settings, transport).run_once(threading.Event())
