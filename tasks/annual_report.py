"""The step that looks at one shard's annual reports."""

from collections import Counter

from rectification.yearly.steps import annual_clocks, year_in_hand
from tasks.step import Counts, InHand, fenced, task


@task("统计年度报告在办和逾时的环节")
@fenced
def follow_annual_reports(shard: InHand) -> Counts:
    """Count the stages that are open and those that are late; the clerk's next digest tells of them."""
    today = shard.clock.today
    counts: Counter[str] = Counter()
    clocks = annual_clocks(shard.session, shard.bureau_ids, year_in_hand(today), today)
    for lines in clocks.values():
        for line in lines:
            counts["stages_open"] += not line.is_done
            counts["stages_late"] += line.is_overdue(today)
    return counts
