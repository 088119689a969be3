"""The annual report's material that the program writes by itself, anew on each day of the season."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from core.settings import Settings
from documents.files import keep_file
from documents.yearly.annual_docx import write_annual_draft, write_duty_sheet
from models.enums import AnnualStage
from rectification.yearly.drafts import annual_draft
from rectification.yearly.promises import claims_beside
from rectification.yearly.steps import annual_clocks, year_in_hand


def write_annual_material(
    session: Session, bureau_ids: Collection[int], today: date, settings: Settings
) -> int:
    """Write drafts and fact sheet of each bureau whose report is still to be drafted; returns how many files.

    A bureau without tasks that year has nothing to write.
    """
    year, written = year_in_hand(today), 0
    for bureau_id, stages in annual_clocks(session, bureau_ids, year, today).items():
        if any(line.stage is AnnualStage.DRAFT and line.is_done for line in stages):
            continue
        draft = annual_draft(session, bureau_id, year, today)
        if not draft.rows:
            continue
        folder = settings.paper_dir / draft.bureau
        claims = claims_beside(session, bureau_id, year)
        keep_file(folder / f"{year}年度报告素材.docx", write_annual_draft(draft, claims))
        keep_file(folder / f"{year}年度履职清单.docx", write_duty_sheet(draft))
        written += 2
    return written
