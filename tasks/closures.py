"""The step that draws look-backs."""

from models import shards
from models.enums import Channel
from models.shards import ShardClaim
from rectification.casework import draw_look_backs as look_backs
from rectification.office.actors import system
from tasks.step import Counts, leased, task
from tasks.workplace import workplace


@task("抽取上一个半年的回头看")
@leased
def draw_look_backs(claim: ShardClaim) -> Counts:
    """Draw what the half-year before left to be looked at again.

    A unit of work writes one bureau's history; what is drawn already is not drawn again.
    """
    place, drawn = workplace(), 0
    for bureau_id in claim.bureau_ids:
        with place.database.unit_of_work() as session:
            shards.hold(session, claim)
            by = system(bureau_id, Channel.FLOW)
            drawn += len(look_backs(session, place.clock(claim.day), by))
    return {"drawn": drawn}
