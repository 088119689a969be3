"""What was done about a source and counted of it: talks, circulars, clues, visits, stages."""

from models.notation import make_tables

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    make_tables(
        """
source_step: id number!; bureau_id -> unit; source_id -> source; kind 32; day date; until date?;
    paper_no 200; number int?; unit 200; rating 32?; text 400
    index source_id
"""
    )
