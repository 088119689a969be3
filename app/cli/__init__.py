"""The command line: `rectify`.

Exit codes: 0 done, 1 refused or failed (one clear line on standard error), 2 wrong usage.
"""

import sys


def main() -> None:
    """Run one command; a refusal is one line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    from app.cli.root import run

    sys.exit(run(sys.argv[1:]))
