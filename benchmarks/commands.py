"""How long a person waits for the command line, beside an empty Python in the same run.

    .venv/bin/python benchmarks/commands.py [REPORT]

Warm medians of seven runs each; the cold first start (no bytecode) is told beside them. Wanted on a 2-core machine:
`--help` within 0.5 s, `read` within 0.8 s.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests" / "samples" / "reports" / "s01_qingcen_forestry.txt"
PYTHON = [sys.executable]
RECTIFY = [*PYTHON, "-c", "from app.cli import main; main()"]


def seconds(command: list[str], **environment: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    return time.perf_counter() - started


def main() -> None:
    report = sys.argv[1] if len(sys.argv) > 1 else str(SAMPLE)
    rows = {
        "python -c pass": [*PYTHON, "-c", "pass"],
        "rectify --help": [*RECTIFY, "--help"],
        "rectify read": [*RECTIFY, "read", report],
    }
    with tempfile.TemporaryDirectory() as nowhere:
        cold = {
            name: seconds(command, PYTHONPYCACHEPREFIX=f"{nowhere}/{i}")
            for i, (name, command) in enumerate(rows.items())
        }
    warm: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(RUNS + 1):
        for name, command in rows.items():
            warm[name].append(seconds(command))
    floor = statistics.median(warm["python -c pass"][1:])
    print(f"{'':16} {'warm':>8} {'of floor':>9} {'cold':>8}")
    for name, times in warm.items():
        median = statistics.median(times[1:])
        print(f"{name:16} {median:7.2f}s {median / floor:8.1f}x {cold[name]:7.2f}s")


if __name__ == "__main__":
    main()
