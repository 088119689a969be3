"""Office files handed in: their size, their parts and their XML are looked at before any library opens them."""

from pathlib import Path
from typing import Final

from core.errors import Unreadable
from reports.files import read_bytes
from reports.limits import Budget, Limits
from reports.readers.archive import Archive

_MB: Final = 1024 * 1024
_LIMITS: Final = Limits(file_bytes=20 * _MB, unpacked_bytes=60 * _MB, part_bytes=50 * _MB, members=500)


def checked_parts(path: Path, what_it_is_not: str, todo: str) -> bytes:
    """The bytes of an office file that unpacks within its limits and declares no entity.

    Raises: Unreadable, with `todo` as what to do.
    """
    data = read_bytes(path, _LIMITS)
    if not data.startswith(b"PK"):
        raise Unreadable(f"{path.name} {what_it_is_not}", "", todo)
    try:
        archive = Archive(data, Budget(_LIMITS))
        for part in sorted(archive.names):
            if part.endswith((".xml", ".rels")):
                archive.xml(part)
    except Unreadable as error:
        raise Unreadable(f"{path.name} 读不了：{error.what}", error.why, todo) from error
    return data
