"""The house rules no tool checks by itself."""

import ast
import re
from pathlib import Path

import pytest

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
    if "migrations" in path.parts:
        pytest.skip("a first schema is one list")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
