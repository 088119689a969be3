"""The step that looks at one shard's closings."""

from collections import Counter
from collections.abc import Mapping

from rectification.casework import draw_look_backs
from rectification.office.calendar import load_calendar
from rectification.reminders.weekly_check import closure_watch
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def look_at_closings(claim: ShardClaim) -> Mapping[str, int]:
    """Draw the look-backs of the half-year before, and count what a clerk must see to."""
    place = workplace()
    counts: Counter[str] = Counter()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        day = place.clock(claim.day).today
        for bureau_id in claim.bureau_ids:
            counts["drawn"] += len(draw_look_backs(session, bureau_id, day))
        for watch in closure_watch(session, claim.bureau_ids, day, load_calendar(session)).values():
            counts.update(watch.counts)
        shards.finish(session, claim, counts)
    return dict(counts)
