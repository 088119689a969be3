"""The step that looks at one shard's closings."""

from collections import Counter
from collections.abc import Mapping

from models.enums import Channel
from rectification.casework import draw_look_backs
from rectification.office.actors import system
from rectification.office.calendar import load_calendar
from rectification.reminders.weekly_check import closure_watch
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def look_at_closings(claim: ShardClaim) -> Mapping[str, int]:
    """Draw the look-backs of the half-year before, and count what a clerk must see to."""
    place = workplace()
    counts: Counter[str] = Counter()
    clock = place.clock(claim.day)
    with contained(place.database, claim):
        for (
            bureau_id
        ) in claim.bureau_ids:  # a unit of work writes one bureau's history; drawn again adds nothing
            with place.database.unit_of_work() as session:
                shards.hold(session, claim)
                counts["drawn"] += len(draw_look_backs(session, clock, system(bureau_id, Channel.FLOW)))
        with place.database.unit_of_work() as session:
            shards.hold(session, claim)
            watched = closure_watch(session, claim.bureau_ids, clock.today, load_calendar(session))
            for watch in watched.values():
                counts.update(watch.counts)
            shards.finish(session, claim, counts)
    return dict(counts)
