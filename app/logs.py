"""Where the program notes what it does."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from typing import Final

from core.settings import Settings

BYTES: Final = 5_000_000
FILES: Final = 5


@contextmanager
def logging_to(settings: Settings, name: str) -> Iterator[None]:
    """Note what happens within the block in `name` in the data folder's logs, rotating.

    Two processes never share a name: rotating would lose lines. A log that cannot be written stops nobody.
    """
    logging.raiseExceptions = False
    handler = RotatingFileHandler(
        settings.log_dir / name, maxBytes=BYTES, backupCount=FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
