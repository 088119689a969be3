"""A task before and while somebody acts on it, for pages and for programs alike."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.web.page_request import Visit
from core.errors import FilesGone
from documents.own_text import own_text
from models.enums import Verb
from models.task import RectificationTask
from rectification import casework
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Acting
from rectification.task.access import seen_task


def seen_file(visit: Visit, code: str) -> tuple[RectificationTask, CaseFile]:
    """The task, and all that hangs on it.

    Raises: NotFound, alike where there is none and where it is not for this person.
    """
    found = seen_task(visit.session, visit.actor, code)
    only = TaskFilter(codes=(code,))
    (file,) = case_files(visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=only)
    return found, file


def do(
    visit: Visit,
    verb: Verb,
    acting: Acting,
    code: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """Call the verb of casework with the values of its form; a purged file is destroyed once that is kept.

    Raises: RectifyError, as the verb does.
    """
    if before := casework.BEFOREHAND.get(verb):
        with visit.unit_of_work() as session:
            before(session, visit.clock, acting, code, **values)
    values = with_own_text(visit, values)
    with visit.unit_of_work() as session:
        task = casework.perform(session, visit.clock, acting, code, verb, values, seen_version=seen_version)
    if verb is Verb.PURGE_EVIDENCE:
        with visit.unit_of_work() as session:
            casework.destroy_purged(session, visit.files)
    return task


def with_own_text(visit: Visit, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a form with what the file that came with it says by itself; read before anything is locked."""
    file = values.get("file")
    return {**values, "own_text": own_text(visit.files.path(file.sha256), file.file_name)} if file else values


def stored_place(visit: Visit, sha256: str, file_name: str) -> Path:
    """Where a stored file lies.

    Raises: FilesGone.
    """
    place = visit.files.path(sha256)
    if not place.is_file():
        raise FilesGone(file_name)
    return place
