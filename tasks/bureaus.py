"""The steps on a bureau's own ledger: its counts of the day, its reviews, its look-backs."""

from models import shards
from models.enums import Channel
from models.shards import ShardClaim
from rectification.casework import draw_look_backs as look_backs
from rectification.casework.looking_back import closed_before
from rectification.halfyear import daily_look
from rectification.lists.district import keep_day_figures
from rectification.office.actors import system
from tasks.step import Counts, InHand, fenced, leased, task
from tasks.workplace import workplace


@task("记下各单位当日的数字")
@fenced
def count_the_day(shard: InHand) -> Counts:
    """Keep the day's counts of every bureau of the shard."""
    return {"bureaus": keep_day_figures(shard.session, shard.clock, shard.bureau_ids)}


@task("到期开启半年调度")
@fenced
def open_reviews(shard: InHand) -> Counts:
    """Open the reviews whose window has come."""
    return {"opened": daily_look.open_reviews(shard.session, shard.clock, shard.bureau_ids)}


@task("抽取上一个半年的回头看")
@leased
def draw_look_backs(claim: ShardClaim) -> Counts:
    """Draw what the half-year before left to be looked at again.

    A unit of work writes one bureau's history; what is drawn already is not drawn again.
    """
    place, drawn = workplace(), 0
    with place.database.reading() as session:
        bureau_ids = closed_before(session, claim.bureau_ids, claim.day)
    for bureau_id in bureau_ids:
        with place.database.unit_of_work() as session:
            shards.hold(session, claim)
            by = system(bureau_id, Channel.FLOW)
            drawn += len(look_backs(session, place.clock(claim.day), by))
    return {"drawn": drawn}
