"""A hearing can be planned: its day, body and agenda, and who is to be there."""

from models.notation import make_tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    make_tables(
        """
planned_hearing: id number!; bureau_id -> unit; hearing_id -> hearing?; meets_on date; place, body 200;
    topic 400; planned_on date; changed_on, moved_from, called_off_on date?
    index bureau_id meets_on
hearing_guest: id number!; planned_hearing_id -> planned_hearing; person_id -> person; invited_on date;
    excused_on date?
    unique planned_hearing_id person_id
"""
    )
