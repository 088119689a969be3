"""The step that keeps one shard's reviews going."""

from collections import Counter
from collections.abc import Mapping

from rectification.halfyear.daily_look import keep_reviews
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def keep_reviews_going(claim: ShardClaim) -> Mapping[str, int]:
    """Open what is to be opened and count what is missing; the requests go out with the day's reminders."""
    place = workplace()
    counts: Counter[str] = Counter()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        counts.update(keep_reviews(session, place.clock(claim.day), claim.bureau_ids))
        shards.finish(session, claim, counts)
    return counts
