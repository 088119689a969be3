"""The briefings that the program writes by itself: one Word file for each frozen version, never written twice."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from core.settings import Settings
from documents.files import keep_file
from documents.halfyear.briefing_docx import briefing_name, write_briefing
from rectification.halfyear.freezing import frozen_versions


def write_missing_briefings(session: Session, bureau_ids: Collection[int], settings: Settings) -> int:
    """Write what has no file yet into the data folder; returns how many. A file that is there stays as it is."""
    written = 0
    for version in frozen_versions(session, bureau_ids):
        place = settings.paper_dir / version.frozen.bureau / briefing_name(version)
        if not place.exists():
            keep_file(place, write_briefing(version, folder=settings.template_dir))
            written += 1
    return written
