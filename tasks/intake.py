"""The step that takes in a report."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from models.enums import Channel
from rectification.intake.import_report import register_report
from reports.reading import read_report
from tasks.workplace import workplace


def take_in(file: Path, new_bureau: bool) -> tuple[date, Mapping[str, int]]:
    """Read the file and draft its tasks, in one step: what a report says does not travel between steps."""
    place = workplace()
    clock = place.clock()
    parsed = read_report(file)
    with place.database.unit_of_work() as session:
        made = register_report(session, clock, parsed, channel=Channel.FLOW, new_bureau=new_bureau)
    return clock.today, {
        "report": made.report_id,
        "new": int(made.is_new),
        "shortcomings": made.shortcomings,
        "plans": made.plans,
    }
