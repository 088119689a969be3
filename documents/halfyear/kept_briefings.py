"""The briefings that the program writes by itself: one Word file for each frozen version, never written twice."""

import logging
from collections.abc import Collection

from sqlalchemy.orm import Session

from core.errors import RectifyError
from core.settings import Settings
from documents.files import keep_file
from documents.halfyear.briefing_docx import briefing_name, write_briefing
from rectification.halfyear.freezing import frozen_by_name, read

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
            keep_file(place, write_briefing(read(kept), folder=settings.template_dir))
            written += 1
        except (RectifyError, ValueError) as error:
            log.error("frozen version %s has no paper: %s", kept.id, type(error).__name__)
            failed += 1
    return written, failed
