"""The steps of the week's look at one shard's closings."""

from collections import Counter

from rectification.casework import draw_look_backs as look_backs
from rectification.office.calendar import load_calendar
from rectification.reminders.weekly_check import closure_watch
from tasks.step import Counts, InHand, fenced, task


@task("抽取上一个半年的回头看")
@fenced
def draw_look_backs(shard: InHand) -> Counts:
    """Draw what the half-year before left to be looked at again."""
    day = shard.clock.today
    return {"drawn": sum(len(look_backs(shard.session, bureau, day)) for bureau in shard.bureau_ids)}


@task("统计久等、存疑的销号和未下达的任务")
@fenced
def watch_closings(shard: InHand) -> Counts:
    """Count what a clerk must see to."""
    counts: Counter[str] = Counter()
    calendar = load_calendar(shard.session)
    watched = closure_watch(shard.session, shard.bureau_ids, shard.clock.today, calendar)
    for watch in watched.values():
        counts.update(watch.counts)
    return counts
