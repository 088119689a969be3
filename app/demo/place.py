"""Where the demonstration lives: a folder of its own, whatever the environment says of the real ledger."""

import os
from pathlib import Path
from typing import Final

FOLDER: Final = Path("demo-data")
_KEPT: Final = frozenset({"RECTIFY_TIMEZONE", "RECTIFY_HOST", "RECTIFY_PORT"})


def move_in() -> None:
    """Let this process, and all it runs, know no other ledger and no mail server."""
    for name in [name for name in os.environ if name.startswith("RECTIFY_") and name not in _KEPT]:
        del os.environ[name]
    os.environ["RECTIFY_DATA_DIR"] = str(FOLDER.resolve())
