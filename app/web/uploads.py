"""Files that come with a form: read at once, kept in the store, or put aside until their preview is confirmed.

A table put aside is kept an hour, for the person who sent it, known by its hash. What the browser sends back is the hash
alone; the bytes that are imported are those that were looked at.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from app.web.page_request import Visit
from core.errors import Unreadable
from core.files import StoredFile, tidy_name
from core.put_aside import drop_aside, drop_stale, find_aside, is_stale, put_aside

KEPT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WaitingTable:
    """An uploaded table that waits, under its own name, with the key its owner finds it by."""

    key: str
    path: Path


def stored_uploads(visit: Visit, field: str) -> list[StoredFile]:
    """The files that came with the form, kept in the store of evidence.

    Raises: Refused, where one is no office file or picture, too large, or more than the bureau's quota.
    """
    return [visit.keep(upload.file, name) for upload, name in _sent(visit, field)]


@contextmanager
def uploaded(visit: Visit, todo: str) -> Iterator[Path]:
    """The file that came with the form, under its own name, as long as the block.

    Raises: Unreadable, with `todo`, where none came.
    """
    upload, name = _one(visit, todo)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / tidy_name(name)
        path.write_bytes(upload.file.read())
        yield path


def _sent(visit: Visit, field: str) -> Iterator[tuple[UploadFile, str]]:
    for upload in visit.form.getlist(field):
        if isinstance(upload, UploadFile) and upload.filename:
            yield upload, upload.filename


def _one(visit: Visit, todo: str) -> tuple[UploadFile, str]:
    for sent in _sent(visit, "file"):
        return sent
    raise Unreadable("没有选择文件", "", todo)


def hold(visit: Visit, files: Iterable[StoredFile]) -> None:
    """Put the files of a form that was refused aside, so that they need not be chosen again."""
    _drop_stale(visit)
    for file in files:
        content = visit.files.path(file.sha256).read_bytes()
        put_aside(_folder(visit), file.file_name, content, visit.clock.now)


def held(visit: Visit, key: str) -> StoredFile:
    """A file held since a form was refused, in the store of evidence once more.

    Raises: Unreadable, where it waits no longer; Refused, as the store does.
    """
    waiting = kept_upload(visit, key, "刚才传的文件")
    with waiting.path.open("rb") as content:
        return visit.keep(content, waiting.path.name)


def let_go(visit: Visit, files: Iterable[StoredFile]) -> None:
    """They were taken in."""
    for file in files:
        if place := find_aside(_folder(visit), file.sha256):
            drop_aside(place)


def keep_upload(visit: Visit) -> WaitingTable:
    """Put the file that came with the form aside; what waited too long goes.

    Raises: Unreadable, where none came.
    """
    upload, name = _one(visit, "请先选择填好的表")
    _drop_stale(visit)
    return WaitingTable(*put_aside(_folder(visit), name, upload.file.read(), visit.clock.now))


def kept_upload(visit: Visit, key: str, what: str = "预览") -> WaitingTable:
    """The file this person put aside under `key`, byte for byte.

    Raises: Unreadable, where it waits no longer.
    """
    place = find_aside(_folder(visit), key)
    if place is None or is_stale(place, visit.clock.now, KEPT):
        raise Unreadable(f"{what}已经失效", f"{what}只保留一小时，用过一次后即清除", "请重新选择文件")
    return WaitingTable(key, place)


def drop_upload(kept: WaitingTable) -> None:
    """It was taken in."""
    drop_aside(kept.path)


def _drop_stale(visit: Visit) -> None:
    for folder in visit.site.settings.upload_dir.glob("[0-9]*"):
        drop_stale(folder, visit.clock.now, KEPT)


def _folder(visit: Visit) -> Path:
    return visit.site.settings.upload_dir / str(visit.actor.id)
