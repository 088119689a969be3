"""An uploaded table that waits for its preview to be confirmed: kept an hour, for the person who sent it, known by its hash.

What the browser sends back is the hash alone; the bytes that are imported are those that were looked at.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from app.web.page_request import Visit
from core.errors import Unreadable
from core.put_aside import drop_aside, drop_stale, find_aside, is_stale, put_aside

KEPT: Final = timedelta(hours=1)


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
    for folder in visit.site.settings.upload_dir.glob("[0-9]*"):
        drop_stale(folder, visit.clock.now, KEPT)
    return WaitingTable(*put_aside(_folder(visit), upload.filename, upload.file.read(), visit.clock.now))


def kept_upload(visit: Visit, key: str) -> WaitingTable:
    """The file this person put aside under `key`, byte for byte.

    Raises: Unreadable, where it waits no longer.
    """
    place = find_aside(_folder(visit), key)
    if place is None or is_stale(place, visit.clock.now, KEPT):
        raise Unreadable("预览已经失效", "预览只保留一小时，导入一次后即清除", "请重新选择文件")
    return WaitingTable(key, place)


def drop_upload(kept: WaitingTable) -> None:
    """It was taken in."""
    drop_aside(kept.path)


def _folder(visit: Visit) -> Path:
    return visit.site.settings.upload_dir / str(visit.actor.id)
