"""Where the program notes what it does."""

import logging
from logging.handlers import RotatingFileHandler
from typing import Final

from core.settings import Settings

BYTES: Final = 5_000_000
FILES: Final = 5


def log_to_folder(settings: Settings, name: str) -> None:
    """Note what happens in `name` in the data folder's logs, rotating; one resident process a name."""
    handler = RotatingFileHandler(
        settings.log_dir / name, maxBytes=BYTES, backupCount=FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
