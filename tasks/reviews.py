"""The steps that keep one shard's half-yearly reviews going."""

from rectification.halfyear import daily_look
from tasks.step import Counts, InHand, fenced, task


@task("到期开启半年调度")
@fenced
def open_reviews(shard: InHand) -> Counts:
    """Open the reviews whose window has come."""
    return {"opened": daily_look.open_reviews(shard.session, shard.clock, shard.bureau_ids)}


@task("统计还缺的情况说明、待冻结和未听取的半年")
@fenced
def see_what_is_missing(shard: InHand) -> Counts:
    """Count statements that are missing, reviews to be frozen and half-years never heard."""
    return daily_look.what_is_missing(shard.session, shard.clock.today, shard.bureau_ids)
