"""An uploaded table that waits for its preview to be confirmed: kept an hour, for the person who sent it, known by its hash.

What the browser sends back is the hash alone; the bytes that are imported are those that were looked at.
"""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from app.web.page_request import Visit
from core.errors import Unreadable
from core.files import tidy_name

KEPT: Final = timedelta(hours=1)
_KEY: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class WaitingTable:
    """An uploaded table that waits, under its own name, with the key its owner finds it by."""

    key: str
    path: Path


def keep_upload(visit: Visit, field: str) -> WaitingTable:
    """Put the file that came with the form aside; what waited too long goes.

    Raises: Unreadable, where none came.
    """
    upload = visit.form.get(field)
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Unreadable("没有选择文件", "", "请先选择填好的表")
    _sweep(visit)
    content = upload.file.read()
    key = hashlib.sha256(content).hexdigest()
    folder = _folder(visit) / key
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    place = folder / tidy_name(upload.filename)
    place.write_bytes(content)
    now = visit.clock.now.timestamp()
    os.utime(folder, (now, now))
    return WaitingTable(key, place)


def kept_upload(visit: Visit, key: str) -> WaitingTable:
    """The file this person put aside under `key`, byte for byte.

    Raises: Unreadable, where it waits no longer.
    """
    folder = _folder(visit) / key
    place = next(folder.iterdir(), None) if _KEY.fullmatch(key) and folder.is_dir() else None
    if place is None or _is_old(visit, folder) or hashlib.sha256(place.read_bytes()).hexdigest() != key:
        raise Unreadable("预览已经失效", "预览只保留一小时，导入一次后即清除", "请重新选择文件")
    return WaitingTable(key, place)


def drop_upload(kept: WaitingTable) -> None:
    """Delete the file: it was imported."""
    shutil.rmtree(kept.path.parent, ignore_errors=True)


def _folder(visit: Visit) -> Path:
    return visit.site.settings.upload_dir / str(visit.actor.id)


def _is_old(visit: Visit, folder: Path) -> bool:
    return visit.clock.now.timestamp() - folder.stat().st_mtime > KEPT.total_seconds()


def _sweep(visit: Visit) -> None:
    for folder in visit.site.settings.upload_dir.glob("*/*"):
        if _is_old(visit, folder):
            shutil.rmtree(folder, ignore_errors=True)
