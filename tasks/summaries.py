"""The step that makes one shard's pages for leaders."""

from rectification.halfyear.summary_versions import keep_summaries
from tasks.step import Counts, InHand, fenced, task


@task("生成还缺的整改进展通报")
@fenced
def keep_bulletins(shard: InHand) -> Counts:
    """Keep the month's and the half-year's page of every bureau that lacks it; the next digest carries the counts."""
    made = (keep_summaries(shard.session, shard.clock, bureau) for bureau in shard.bureau_ids)
    return {"pages": sum(map(len, made))}
