"""The step that counts one shard's bureaus for the day."""

from collections.abc import Mapping

from rectification.lists.district import keep_day_figures
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def count_the_day(claim: ShardClaim) -> Mapping[str, int]:
    """Keep the day's counts of every bureau of the shard."""
    place = workplace()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        counts = {"bureaus": keep_day_figures(session, place.clock(claim.day), claim.bureau_ids)}
        shards.finish(session, claim, counts)
    return counts
