"""The steps that tell people: each flow writes its own entries into the day's digests, and the last one lets them go."""

from dataclasses import asdict

from models import shards
from notifications.letterhead import Letterhead
from notifications.outbox import open_digests
from notifications.robots import write_group_messages
from notifications.sweep import sweep
from notifications.tellers import Teller
from rectification.office.address import addressed
from tasks.step import Counts, InHand, fenced, task

TELLING = ("telling",)


@task("告知台账管理员和领导到期的年度报告环节", tags=TELLING)
@fenced
def tell_of_due_stages(shard: InHand) -> Counts:
    """Clerks hear of the stages that come, leaders of those whose day has come."""
    return _tell(shard, Teller.ANNUAL_REPORT)


@task("告知领导新生成的整改进展通报", tags=TELLING)
@fenced
def tell_of_bulletins(shard: InHand) -> Counts:
    """Leaders get the figures of the pages nobody told them of, and the way to them."""
    return _tell(shard, Teller.PROGRESS_SUMMARY)


@task("请责任人报情况说明，催报，告知还缺什么", tags=TELLING)
@fenced
def ask_and_chase(shard: InHand) -> Counts:
    """Ask every owner for a statement, chase the silent, and tell the clerk how many are missing."""
    return _tell(shard, Teller.SEMIANNUAL_REVIEW)


@task("告知久等、存疑的销号、到期的回头看和未下达的任务", tags=TELLING)
@fenced
def tell_of_closings(shard: InHand) -> Counts:
    """Those who must see to a closing hear what waits, is doubtful, is to be looked at again or lies."""
    return _tell(shard, Teller.CLOSURE_CHECK)


@task("决定当天提醒谁，写入待发邮件", tags=TELLING)
@fenced
def remind(shard: InHand) -> Counts:
    """Tell of everything no flow before it tells: dates, waiting, and what earlier digests left waiting."""
    return _tell(shard, Teller.DAILY_REMINDERS)


@task("放行当日提醒", tags=TELLING)
@fenced
def let_the_digests_go(shard: InHand) -> Counts:
    """From now on the sender takes them; without this they go at the hour of `Letterhead.digests_open`."""
    return {"let_go": open_digests(shard.session, shard.bureau_ids, shard.clock.today)}


@task("写当日的群消息", tags=TELLING)
@fenced
def tell_the_groups(shard: InHand) -> Counts:
    """Counts and the link for the group robots, where there are any."""
    return {
        "groups": write_group_messages(shard.session, shard.clock, shard.bureau_ids, shard.place.settings)
    }


def _tell(shard: InHand, teller: Teller) -> Counts:
    """Sweep for one flow; where the day's digests went already, what it writes goes at once."""
    session, clock = shard.session, shard.clock
    letterhead = Letterhead.of(addressed(shard.session, shard.place.settings))
    opens_at = letterhead.digests_open(clock.now)
    counts = sweep(session, clock, shard.bureau_ids, letterhead, (teller,), opens_at=opens_at)
    let_go = shards.past_step(session, Teller.DAILY_REMINDERS, clock.today, let_the_digests_go.name)
    open_digests(session, let_go.intersection(shard.bureau_ids), clock.today)
    return asdict(counts)
