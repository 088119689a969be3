"""Whole reports against their gold: the invented samples beside this test, and others where a folder of them is named."""

import os
from pathlib import Path

import pytest

from reports.reading import read_report
from tests.unit.reports.scoring import compare

SAMPLES = Path(__file__).parents[2] / "samples" / "reports"
ELSEWHERE = Path(os.environ.get("RECTIFY_REPORTS") or Path(__file__).parents[4] / "shared" / "reports")
GOLD = ".gold.json"


def pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Each report of a folder with its gold."""
    found = []
    for gold in sorted(folder.glob(f"*{GOLD}")):
        name = gold.name.removesuffix(GOLD)
        found += [(path, gold) for path in folder.glob(f"{name}.*") if path.suffix != ".json"]
    return found


@pytest.mark.parametrize(("report", "gold"), pairs(SAMPLES), ids=lambda path: path.name)
def test_an_invented_report_reads_as_its_gold(report: Path, gold: Path) -> None:
    assert compare(gold, read_report(report)).faults == []


@pytest.mark.parametrize(("report", "gold"), pairs(ELSEWHERE), ids=lambda path: path.name)
def test_a_report_kept_elsewhere_reads_as_its_gold(report: Path, gold: Path) -> None:
    assert compare(gold, read_report(report)).faults == []
