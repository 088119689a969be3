"""What an audit found, in words people read: which chain, which event, which row, which column."""

from rectification.labels import column_label, row_label
from rectification.office.chain import Verification


def fault_text(found: Verification, bureau: str = "") -> str:
    """The fault of a bureau's history, or of the office's own, which is no bureau's; empty where there is none."""
    if found.fault is None:
        return ""
    if found.bureau_id is None:
        where = _where(found.row, found.column)
        return f"单位和人员变动记录第 {found.sequence} 条{found.fault.word}" + (
            f"（{where}）" if where else ""
        )
    where = _where(found.row, found.column, is_task=True)
    which = f"（任务 {found.task}{where}）" if found.task else ""
    return f"{bureau}的办理记录第 {found.sequence} 条{found.fault.word}{which}"


def _where(row: str, column: str, *, is_task: bool = False) -> str:
    if not row:
        return ""
    named = "" if is_task and row.startswith("rectification_task:") else row_label(row)
    parts = [part for part in (named, column_label(column) if column else "") if part]
    return ("的" if is_task and parts else "") + "·".join(parts)
