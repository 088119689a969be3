"""The ledger's workbook as a page hands it out."""

from collections.abc import Sequence

from app.web.page_request import Visit
from models.enums import OfficeVerb, Role
from models.organisation import Unit
from rectification.lists.case_file import CaseFile
from rectification.office.journal import note
from rectification.office.people_by_name import choices_of
from rectification.task.access import sees_the_bureau


def ledger_workbook(
    visit: Visit, files: Sequence[CaseFile], *, is_public: bool = False, is_whole: bool = True
) -> bytes:
    """These tasks as the office's workbook; the clerk, who may hand it in again, gets the names to choose from."""
    from documents.tables.ledger import LedgerExport
    from documents.tables.ledger import ledger_workbook as workbook

    bureau = visit.session.get_one(Unit, visit.actor.bureau_id)
    choices = choices_of(visit.session, bureau.id) if is_public or visit.actor.has(Role.CLERK) else None
    is_whole = is_whole and sees_the_bureau(visit.actor)
    today = visit.clock.today
    export = LedgerExport(bureau.name, today, files, is_public=is_public, is_whole=is_whole, choices=choices)
    content, outcome = workbook(export)
    if files:
        with visit.unit_of_work() as session:
            what = "公开稿" if is_public else "台账"
            note(session, visit.by, OfficeVerb.EXPORT, f"{what}，{len(files) - outcome.left_out} 项")
    return content
