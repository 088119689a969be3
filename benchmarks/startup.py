"""How long a person waits from `rectify up` to the first page, cold and warm.

    python benchmarks/startup.py [--runs 7]

Every run is a process of its own on a demonstration made beforehand; the first page is asked for as soon as the port
answers. The cold figure is a run with no bytecode and a fresh demonstration to make.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = "from app.cli import main; main()"


def first_page(folder: Path, *, is_cold: bool = False) -> float:
    """Seconds until the first page is there."""
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
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=7)
    runs = asked.parse_args().runs
    folder = Path(tempfile.mkdtemp())
    try:
        cold = first_page(folder, is_cold=True)
        seconds = sorted(first_page(folder) for _ in range(runs))
        print(
            f"warm: median {statistics.median(seconds):.2f} s, of {runs}: {', '.join(f'{s:.2f}' for s in seconds)}"
        )
        print(f"cold (no bytecode, demonstration to make): {cold:.2f} s")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
