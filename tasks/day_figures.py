"""The step that counts one shard's bureaus for the day."""

from rectification.lists.district import keep_day_figures
from tasks.step import Counts, InHand, fenced, task


@task("记下各单位当日的数字")
@fenced
def count_the_day(shard: InHand) -> Counts:
    """Keep the day's counts of every bureau of the shard."""
    return {"bureaus": keep_day_figures(shard.session, shard.clock, shard.bureau_ids)}
