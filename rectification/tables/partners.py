"""配合单位 as a table's cell lists them: what it says otherwise than before joins or leaves the task."""

from sqlalchemy.orm import Session

from core.clock import Clock
from rectification import casework
from rectification.lists.case_file import CaseFile
from rectification.office.actors import Acting
from rectification.office.people_by_name import units_called


def set_partners(session: Session, clock: Clock, acting: Acting, task: CaseFile, text: str) -> None:
    """Let the units named in `text`, and no others, help with the task.

    Raises: NotFound, for a unit nobody knows; Refused.
    """
    wanted, standing = (
        {unit.name: unit.id for unit in units_called(session, task.row.bureau_id, names)}
        for names in (text, "、".join(task.units))
    )
    added = [unit_id for name, unit_id in wanted.items() if name not in standing]
    gone = [unit_id for name, unit_id in standing.items() if name not in wanted]
    if added or gone:
        casework.participate(session, clock, acting, task.row.code, add_units=added, remove_units=gone)
