"""Which processes work on a ledger, and the mark each left in its data folder."""

from models.notation import make_tables

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    make_tables("process: machine 64!; part 16!; name 100; mark 32; runs_with json; at time")
