"""The papers say what the program says: written tables are current, files they name exist, numbers agree."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
SUFFIXES = (".py", ".md", ".toml", ".yaml", ".html", ".css", ".j2")
_NAMED = re.compile(r"(?<![\w./-])(?:[\w-]+/)+[\w.-]+\.(?:py|md|toml|yaml)\b")
_DECISION = re.compile(r"decisions?[/ ](00\d\d)")


def _papers() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.splitlines() if name.endswith(SUFFIXES)]
    return [ROOT / name for name in names if not name.startswith("tests/samples/") and (ROOT / name).exists()]


def test_the_pages_written_from_tables_are_current() -> None:
    found = subprocess.run(
        [sys.executable, ROOT / "docs" / "make_tables.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_files_that_papers_and_comments_name_are_in_the_repository() -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir()}
    lost = [
        (paper.relative_to(ROOT).as_posix(), name)
        for paper in _papers()
        for name in _NAMED.findall(paper.read_text(encoding="utf-8"))
        if name.split("/")[0] in rooms and not (ROOT / name).exists()
    ]
    assert lost == []


def test_decisions_that_are_named_are_there() -> None:
    there = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    named = {number for paper in _papers() for number in _DECISION.findall(paper.read_text(encoding="utf-8"))}
    assert named
    assert named <= there


def test_a_commit_is_checked_by_what_make_check_runs() -> None:
    recipes = re.findall(
        r"^(?:lint|types):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    commands = [line.strip().replace("$(BIN)", ".venv/bin") for each in recipes for line in each.splitlines()]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    assert [hook["entry"] for hook in hooks] == commands


def test_the_version_is_said_alike() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    newest = re.search(
        r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert [package["version"] for package in locked if package["name"] == "rectify"] == [version]
    assert newest
    assert newest[1] == version


def test_no_row_of_the_security_table_is_open() -> None:
    """Each is shown by a test or a paper that exists, or decided in SECURITY.md under the number it names."""
    decided = set(re.findall(r"\*\*(D\d+) ", (ROOT / "SECURITY.md").read_text(encoding="utf-8")))
    table = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if re.match(r"\| [^-i]", line)]
    assert len(rows) >= 97
    for item, verdict, why in rows:
        assert verdict in ("met", "decided", "n.a."), item
        assert set(re.findall(r"\bD\d+\b", why)) <= decided, item
        assert verdict != "decided" or why.startswith("D"), item
        shown = re.findall(r"tests/[\w/]+\.py|docs/[\w/]+\.md|SECURITY\.md|uv\.lock", why)
        assert verdict != "met" or shown or re.search(r"ruff|as \d", why), item
        assert all((ROOT / place).exists() for place in shown), item
    assert decided == set(re.findall(r"\bD\d+\b", table))
