"""The papers that the program writes by itself: a frozen half-year's briefing and a page's bulletin once, the annual report's
material anew each day of its season.
"""

import gc
import logging
from collections.abc import Collection
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from core.errors import RectifyError
from core.settings import Settings
from documents.files import keep_file
from documents.halfyear.briefing_docx import briefing_name, write_briefing
from documents.halfyear.summary_docx import bulletin_name, write_bulletin
from documents.yearly.annual_docx import write_annual_draft, write_duty_sheet
from models.enums import AnnualStage
from models.review import Summary
from rectification.halfyear.freezing import frozen_by_name, read
from rectification.halfyear.summary_versions import read_summary
from rectification.yearly.drafts import annual_draft
from rectification.yearly.promises import claims_beside
from rectification.yearly.steps import annual_clocks, year_in_hand

log = logging.getLogger("rectify.papers")


def write_missing_briefings(
    session: Session, bureau_ids: Collection[int], settings: Settings
) -> tuple[int, int]:
    """Write what has no file yet into the data folder; returns how many, and how many could not be written.

    A file that is there stays as it is, and its version is not read.
    """
    written = failed = 0
    for bureau, term, kept in frozen_by_name(session, bureau_ids):
        place = settings.paper_dir / bureau / briefing_name(term, kept.version)
        if place.exists():
            continue
        try:
            _keep(place, write_briefing(read(kept), folder=settings.template_dir))
            written += 1
        except (RectifyError, ValueError) as error:
            log.error("frozen version %s has no paper: %s", kept.id, type(error).__name__)
            failed += 1
    return written, failed


def write_bulletins(kept: Collection[Summary], settings: Settings) -> int:
    """Write pages just kept as Word; returns how many files."""
    for page in map(read_summary, kept):
        _keep(settings.paper_dir / page.bureau / bulletin_name(page), write_bulletin(page))
    return len(kept)


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
        _keep(folder / f"{year}年度报告素材.docx", write_annual_draft(draft, claims))
        _keep(folder / f"{year}年度履职清单.docx", write_duty_sheet(draft))
        written += 2
    return written


def _keep(place: Path, paper: bytes) -> None:
    """A Word file's tree refers to itself: it would stand beside the trees of the next fifty until somebody collects it."""
    keep_file(place, paper)
    gc.collect(1)
