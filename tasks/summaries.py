"""The step that makes one shard's pages for leaders."""

from collections.abc import Mapping

from rectification.halfyear.summary_versions import keep_summaries
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def summarise(claim: ShardClaim) -> Mapping[str, int]:
    """Keep the month's and the half-year's page of every bureau that lacks it; the next digest carries the counts."""
    place = workplace()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        clock = place.clock(claim.day)
        counts = {"pages": sum(len(keep_summaries(session, clock, each)) for each in claim.bureau_ids)}
        shards.finish(session, claim, counts)
    return counts
