"""The step that makes one shard's monthly pages."""

from collections.abc import Mapping

from prefect import task
from prefect.cache_policies import NO_CACHE

from rectification.summaries import keep_summary
from tasks import shards
from tasks.shards import Claim, contained
from tasks.workplace import workplace


@task(name="summarise", retries=0, cache_policy=NO_CACHE)
def summarise(claim: Claim) -> Mapping[str, int]:
    """Keep last month's page of every bureau that lacks it; the leaders' next digest carries its counts."""
    place = workplace()
    with contained(place.database, claim), place.database.unit_of_work() as session:
        shards.hold(session, claim)
        clock = place.clock(claim.day)
        made = [keep_summary(session, clock, bureau_id) for bureau_id in claim.bureau_ids]
        counts = {"pages": sum(page is not None for page in made)}
        shards.finish(session, claim, counts)
    return counts
