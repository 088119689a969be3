"""What must not be imported before it is needed: seen from outside, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples" / "reports"
HEAVY = ("prefect", "fastapi", "starlette", "uvicorn", "apscheduler", "holidays")


def imported(arguments: list[str], data_dir: Path) -> set[str]:
    script = (
        "import sys\n"
        "from app.cli.root import run\n"
        f"code = run({arguments!r})\n"
        "print('\\n'.join(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"RECTIFY_DATA_DIR": str(data_dir), "PYTHONUTF8": "1", "PATH": ""},
        cwd=Path(__file__).parents[3],
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["task", "--help"]])
def test_help_imports_neither_engine_nor_web_nor_database(arguments: list[str], tmp_path: Path) -> None:
    modules = imported(arguments, tmp_path)
    assert modules.isdisjoint({*HEAVY, "sqlalchemy", "alembic"})


def test_reading_a_text_report_needs_no_engine_web_or_database(tmp_path: Path) -> None:
    report = next(SAMPLES.glob("s01_*.txt"))
    assert imported(["read", str(report)], tmp_path).isdisjoint(
        {*HEAVY, "sqlalchemy", "alembic", "lxml", "docx", "pypdfium2"}
    )
    assert list(tmp_path.iterdir()) == []


def test_a_job_needs_no_year_unannounced(tmp_path: Path) -> None:
    assert "holidays" not in imported(["run", "daily_reminders", "--on", "2026-06-16"], tmp_path)


def test_the_resident_program_serves_pages_without_prefect(tmp_path: Path) -> None:
    script = "import sys, app.up, app.scheduler, app.web.application as web; web.create_app; sys.exit('prefect' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=Path(__file__).parents[3])


def test_prefect_keeps_its_files_in_the_data_folder_and_the_log_of_the_board_as_it_was(
    tmp_path: Path,
) -> None:
    script = (
        "import logging, os\n"
        "from flows.runner import run_job\n"
        "run_job('daily_reminders', {'day': '2026-06-16'})\n"
        "assert os.environ['PREFECT_HOME'].startswith(os.environ['RECTIFY_DATA_DIR'])\n"
        "assert logging.getLogger('uvicorn').propagate and not logging.getLogger('uvicorn').handlers\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        timeout=120,
        env={"RECTIFY_DATA_DIR": str(tmp_path / "data"), "HOME": str(home), "PYTHONUTF8": "1", "PATH": ""},
        cwd=Path(__file__).parents[3],
    )
    assert list(home.iterdir()) == []
