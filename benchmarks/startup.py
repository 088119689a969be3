"""How long a person waits from `rectify up` to the first page, cold and warm, and what memory an office's program takes.

    python benchmarks/startup.py [--runs 7]

Every run is a process of its own on a demonstration made beforehand; the first page is asked for as soon as the port
answers. The cold figure is a run with no bytecode and a fresh demonstration to make. Memory is that of an empty ledger's
program: after its first page, and once a job has run. Linux alone; on a busy machine the processor's seconds say more.
"""

import argparse
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = "from app.cli import main; main()"


def first_page(folder: Path, *, is_cold: bool = False) -> tuple[float, float]:
    """Seconds until the first page is there: by the clock, and of the processor."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    if is_cold:
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "no-bytecode")
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "up", "--demo", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/signin", timeout=30) as answer:
                    assert "演示数据" in answer.read().decode()
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None
                time.sleep(0.005)
        return time.perf_counter() - started, processor_seconds(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def memory(folder: Path) -> tuple[int, int]:
    """Megabytes resident after the first page of an empty ledger, and a while later, when what was missed has run."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "RECTIFY_DATA_DIR": str(folder),
    }
    for command in (("unit", "add", "青河县交通运输局"), ("run", "backup")):
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *command], env=environment, check=True, stdout=subprocess.DEVNULL
        )
    with sqlite3.connect(folder / "rectify.db") as ledger:
        ledger.execute("DELETE FROM job_run")
    ledger.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "up", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/signin", timeout=30).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        idle = resident(process.pid)
        time.sleep(60)
        return idle, resident(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def processor_seconds(pid: int) -> float:
    """What a process has taken of the processor until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Megabytes."""
    [line] = [
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) // 1024


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=7)
    runs = asked.parse_args().runs
    folder = Path(tempfile.mkdtemp())
    try:
        cold = first_page(folder, is_cold=True)
        by_clock, of_processor = zip(*(first_page(folder) for _ in range(runs)), strict=True)
        for name, seconds in (("by the clock", by_clock), ("of the processor", of_processor)):
            each = ", ".join(f"{s:.2f}" for s in sorted(seconds))
            print(f"warm, {name}: median {statistics.median(seconds):.2f} s, of {runs}: {each}")
        print("cold (no bytecode, demonstration to make): {:.2f} s, {:.2f} s of the processor".format(*cold))
        print("memory: {} MB idle, {} MB once jobs have run".format(*memory(folder / "office")))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
