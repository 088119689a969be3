"""The step that looks at one shard's annual reports."""

from collections import Counter
from collections.abc import Mapping

from rectification.yearly.steps import annual_clocks, year_in_hand
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def follow_annual_reports(claim: ShardClaim) -> Mapping[str, int]:
    """Count the stages that are open and those that are late; the clerk's next digest tells of them."""
    place = workplace()
    counts: Counter[str] = Counter()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        today = place.clock(claim.day).today
        clocks = annual_clocks(session, claim.bureau_ids, year_in_hand(today), today)
        for lines in clocks.values():
            for line in lines:
                counts["stages_open"] += not line.is_done
                counts["stages_late"] += line.is_overdue(today)
        shards.finish(session, claim, counts)
    return counts
