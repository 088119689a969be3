"""The steps that write papers: leaders' pages into the ledger, they, briefing and annual material as Word files beside it."""

from documents.kept_papers import write_annual_material, write_bulletins, write_missing_briefings
from rectification.halfyear.summary_versions import keep_summaries
from tasks.step import Counts, InHand, fenced, task


@task("生成还缺的整改进展通报，并写出 Word 文件")
@fenced
def keep_bulletins(shard: InHand) -> Counts:
    """Keep the month's and the half-year's page of every bureau that lacks it, as Word, too; the next digest carries the counts."""
    made = keep_summaries(shard.session, shard.clock, *shard.bureau_ids)
    return {"pages": len(made), "papers": write_bulletins(made, shard.place.with_files()) if made else 0}


@task("写出已冻结半年的汇报材料")
@fenced
def write_briefings(shard: InHand) -> Counts:
    """Write the briefing of every frozen version that has no file yet; one that cannot be written holds up no other."""
    written, failed = write_missing_briefings(shard.session, shard.bureau_ids, shard.place.with_files())
    return {"papers": written, "failed": failed} if failed else {"papers": written}


@task("重新写出年度报告素材和履职清单")
@fenced
def write_annual(shard: InHand) -> Counts:
    """Write the annual report's material anew until its draft is recorded as done."""
    today, settings = shard.clock.today, shard.place.with_files()
    return {"papers": write_annual_material(shard.session, shard.bureau_ids, today, settings)}
