"""The step that writes one shard's reminders."""

from collections.abc import Mapping
from dataclasses import asdict

from notifications.letterhead import Letterhead
from notifications.sweep import sweep
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def remind(claim: ShardClaim) -> Mapping[str, int]:
    """Decide whom to tell today and write told and outbox rows; they and the done mark commit together."""
    place = workplace()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        letterhead = Letterhead.of(place.settings)
        counts = asdict(sweep(session, place.clock(claim.day), claim.bureau_ids, letterhead))
        shards.finish(session, claim, counts)
    return counts
