"""The house rules no tool checks by itself."""

import ast
import re
from pathlib import Path

import pytest

from models.task import RectificationTask
from rectification.task.history import HANGING

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "core", "documents", "flows", "models", "notifications", "rectification", "reports", "tasks")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def _having(pattern: str, *, outside: tuple[str, ...]) -> list[str]:
    found = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(outside) and re.search(pattern, path.read_text(encoding="utf-8")):
            found.append(name)
    return found


def test_there_is_one_commit() -> None:
    assert _having(r"\.commit\(\)", outside=("core/db.py", "models/migrations/env.py")) == []


def test_only_edges_read_the_clock() -> None:
    edges = ("core/clock.py", "core/db.py", "app/", "tasks/", "flows/")
    assert _having(r"datetime\.now\(|date\.today\(|time\.time\(|read_clock\(", outside=edges) == []


def test_the_engine_is_not_imported_with_the_rooms_it_runs() -> None:
    for room in ("flows", "tasks"):
        assert (ROOT / room / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_nothing_cascades_in_the_database() -> None:
    assert _having(r"ondelete", outside=()) == []


def _spoken(path: Path) -> list[str]:
    """The texts of a module that people may read: no docstrings, and not what is for the command line alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(part) for node in ast.walk(tree) for kept in _silent(node) for part in ast.walk(kept)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    ]


def _silent(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call):
        return [given.value for given in node.keywords if given.arg == "command"]
    return [node.value] if isinstance(node, ast.Expr) else []


@pytest.mark.parametrize("room", ["rectification", "documents", "notifications", "reports"])
def test_what_pages_may_show_names_no_command(room: str) -> None:
    named = [
        (path.name, text)
        for path in sorted((ROOT / room).rglob("*.py"))
        for text in _spoken(path)
        if re.search(r"rectify [a-z]|(?<![-\w])--[a-z]{2}", text) and re.search(r"[\u4e00-\u9fff]", text)
    ]
    assert named == []


def test_which_characters_are_chinese_is_said_once() -> None:
    said = [
        path.name
        for path in SOURCES
        if re.search(r"\\u4e00|一-[\u9fa5\u9fff]", path.read_text(encoding="utf-8"))
    ]
    assert said == ["han.py"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_stay_readable_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


WRITES_TASKS = ("rectification/casework/", "rectification/task/drafting.py")
MAY_KNOW_TASKS = ("app/", "flows/", "tasks/", "notifications/", "rectification/")
OF_OTHER_TABLES = {
    ("notifications/log.py", "message.status"),
    ("notifications/phone.py", "call.note"),
    ("rectification/halfyear/hearing_plans.py", "setattr(planned)"),
    ("rectification/halfyear/hearings.py", "hearing.minutes_no"),
    ("rectification/halfyear/hearings.py", "hearing.source_id"),
    (
        "rectification/halfyear/hearings.py",
        "rows.alter(session.get_one(Source, hearing.source_id)).paper_no",
    ),
    ("rectification/intake/import_report.py", "report.size"),
    ("rectification/intake/withdrawing.py", "report.size"),
    ("rectification/intake/recurrence.py", "item.recurs_of_id"),
    ("rectification/intake/recurrence.py", "later.recurs_of_id"),
    ("rectification/office/people.py", "grant.source_id"),
    ("rectification/office/people.py", "rows.alter(person).version"),
    ("rectification/office/people.py", "setattr(person)"),
    ("rectification/office/sources.py", "setattr(row)"),
    ("rectification/office/units.py", "bureau.bureau_id"),
    ("rectification/office/units.py", "rows.alter(unit).leader_id"),
    ("rectification/office/units.py", "unit.version"),
    ("rectification/task/history.py", "words.text"),
}
"""Columns of the same name in tables that are no task's."""
TASK_ROWS = (RectificationTask, *HANGING)


def _assigned(path: Path) -> list[str]:
    """What a module does to rows of a task: assigns to a column, makes a row, inserts, updates, deletes."""
    columns = {column.key for model in TASK_ROWS for column in model.__table__.columns}
    names = {model.__name__ for model in TASK_ROWS} | {"Task"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store | ast.Del)
            and node.attr in columns
            and ast.unparse(node.value) not in ("self", "described")
        ):
            found.append(ast.unparse(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = node.func.id
            first = node.args[0].id if node.args and isinstance(node.args[0], ast.Name) else ""
            if (
                called in names
                or called == "setattr"
                or (called in ("insert", "update", "delete") and first in names)
            ):
                found.append(f"{called}({first})")
    return found


def test_a_task_and_what_hangs_on_it_change_in_casework_and_drafting_alone() -> None:
    """Whoever changes them elsewhere changes them without an event."""
    found = {
        (path.relative_to(ROOT).as_posix(), what)
        for path in SOURCES
        if path.relative_to(ROOT).as_posix().startswith(MAY_KNOW_TASKS)
        if not path.relative_to(ROOT).as_posix().startswith(WRITES_TASKS)
        for what in _assigned(path)
    }
    assert found == OF_OTHER_TABLES
