"""What of a reading a person should look at."""

from reports.parsed import Item, ParsedReport

CHECK_BELOW = 0.86
"""An item read less surely is to be looked at: of what is wrong nine in ten, of what is right one in ten (docs/reading.md)."""


def is_unsure(item: Item) -> bool:
    """Whether an item is marked 请核对."""
    return item.confidence < CHECK_BELOW


def to_check(report: ParsedReport) -> str:
    """The one line for the whole report; empty where nothing is to be looked at."""
    items = (*report.shortcomings, *report.plans)
    unsure = sum(map(is_unsure, items))
    told = [f"{len(items)} 条中 {unsure} 条请核对"] if unsure else []
    told += [f"可能遗漏 {len(report.missed)} 处"] if report.missed else []
    return "，".join(told)
