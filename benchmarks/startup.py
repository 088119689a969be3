"""How long a person waits from `rectify up` to the first page, and what is imported by then.

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

PROGRAM = """
import sys
from app.web import errors
def told():
    print("prefect" in sys.modules, flush=True)
from app.web.routers import signin
page = signin.signin.__globals__["_signin_page"]
def noted(*given, **named):
    told()
    return page(*given, **named)
signin.signin.__globals__["_signin_page"] = noted
from app.cli.root import run
sys.exit(run(sys.argv[1:]))
"""


def first_page(folder: Path, *, is_cold: bool = False) -> tuple[float, bool]:
    """(seconds until the first page is there, whether Prefect was imported by then)."""
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
        stdout=subprocess.PIPE,
        text=True,
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
        took = time.perf_counter() - started
        assert process.stdout is not None
        heard = (line.strip() for line in process.stdout)
        return took, next(line for line in heard if line in ("True", "False")) == "True"
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=7)
    runs = asked.parse_args().runs
    folder = Path(tempfile.mkdtemp())
    try:
        cold, _ = first_page(folder, is_cold=True)
        warm = [first_page(folder) for _ in range(runs)]
        seconds = sorted(took for took, _ in warm)
        print(
            f"warm: median {statistics.median(seconds):.2f} s, of {runs}: {', '.join(f'{s:.2f}' for s in seconds)}"
        )
        print(f"cold (no bytecode, demonstration to make): {cold:.2f} s")
        print(f"prefect imported by the first page: {any(imported for _, imported in warm)}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
