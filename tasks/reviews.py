"""The step that opens one shard's half-yearly reviews."""

from rectification.halfyear import daily_look
from tasks.step import Counts, InHand, fenced, task


@task("到期开启半年调度")
@fenced
def open_reviews(shard: InHand) -> Counts:
    """Open the reviews whose window has come."""
    return {"opened": daily_look.open_reviews(shard.session, shard.clock, shard.bureau_ids)}
