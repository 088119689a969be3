"""Files people hand in: judged by content, kept once by SHA-256 in a folder of their own, outside the database.

A file is written and synced before any row speaks of it: a crash between the two leaves a file too many, never a row
without its file.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import NotFound, Refused
from core.filetypes import media_type_of

MOST_NAME_BYTES: Final = 200
"""A file system takes 255 bytes, and a Chinese character is three of them; what stands before a name needs room, too."""
CHUNK: Final = 1 << 20
_MOST_TITLE: Final = 44
_FULL_WIDTH: Final = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store, and the name it came with. `stamp` tells this upload from a later one of the same bytes, `quota`
    is how much its bureau may store, where that is limited.
    """

    sha256: str
    size: int
    media_type: str
    file_name: str
    stamp: int = 0
    quota: int | None = None


class FileStore:
    """A content-addressed folder: `ab/cd/abcd…`, each file readable by its owner alone. Sizes are in bytes.

    `quota` is how much the bureau may store, where one is asked for, and `held` how much it does.
    """

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.quota: int | None = None
        self.held = 0

    def keep(self, content: BinaryIO, file_name: str, media_type: str = "") -> StoredFile:
        """Store a file, judged by its content unless its `media_type` is known; the same bytes a second time take no more room.

        Raises: Refused, for an empty or too large file, or one that is neither office file nor picture.
        """
        name = tidy_name(file_name)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(prefix=".part-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as out:
                sha256, size = self._copy(content, out, name)
                out.flush()
                os.fsync(out.fileno())
            media_type = media_type or media_type_of(Path(part), name)
            place = self.path(sha256)
            if not self._is_whole(place, size):
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                Path(part).replace(place)
                _sync_folders(place.parent, self.folder)
            os.utime(place)
            stamp = place.stat().st_mtime_ns
        finally:
            Path(part).unlink(missing_ok=True)
        return StoredFile(sha256, size, media_type, name, stamp, self.quota)

    def path(self, sha256: str) -> Path:
        """Where the file with this hash stands, whether it is there or not.

        Raises: NotFound, for what is no hash.
        """
        if not _SHA256.fullmatch(sha256):
            raise NotFound("没有这个佐证文件", "", "请从任务页面打开")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def destroy(self, sha256: str) -> bool:
        """Remove a file; False where it was gone already."""
        place = self.path(sha256)
        if not place.exists():
            return False
        place.unlink()
        _sync_folders(place.parent, place.parent)
        return True

    def take_back(self, stored: StoredFile) -> None:
        """Remove what this upload stored and no row came to hold, unless the same bytes were stored again since."""
        place = self.path(stored.sha256)
        if place.exists() and place.stat().st_mtime_ns == stored.stamp:
            self.destroy(stored.sha256)

    def is_intact(self, sha256: str) -> bool | None:
        """Whether the file's bytes still have their hash; None where the file is missing."""
        place = self.path(sha256)
        if not place.is_file():
            return None
        with place.open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest() == sha256

    def __iter__(self) -> Iterator[str]:
        """The hash of every file in the store."""
        for place in sorted(self.folder.glob("??/??/*")):
            if _SHA256.fullmatch(place.name):
                yield place.name

    def _copy(self, content: BinaryIO, out: BinaryIO, name: str) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > self.max_bytes:
                raise Refused(
                    f"文件“{name}”太大",
                    f"上限是 {self.max_bytes >> 20} MB",
                    "请压缩图片或拆分后上传，或改登记纸质档号",
                )
            if self.quota is not None and self.held + size > self.quota:
                raise over_quota(name)
            digest.update(chunk)
            out.write(chunk)
        if not size:
            raise Refused(f"文件“{name}”是空的", "", "请检查文件后重新上传")
        return digest.hexdigest(), size

    def _is_whole(self, place: Path, size: int) -> bool:
        return place.is_file() and place.stat().st_size == size


def over_quota(name: str) -> Refused:
    return Refused(
        f"文件“{name}”存不下",
        "本单位的佐证材料已达到配额",
        "请系统管理员调大 RECTIFY_EVIDENCE_GIGABYTES，或清理后再传；也可登记纸质档号",
    )


def tidy_name(file_name: str, most_bytes: int = MOST_NAME_BYTES) -> str:
    """The last part of a path from any system, printable and of bounded length, its ending kept."""
    last = re.split(r"[/\\]", file_name)[-1].rstrip(" .")
    stem, dot, ending = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = ending.strip()[:16]
    most = most_bytes - len(f"{dot}{ending}".encode())
    stem = stem.strip(" .").encode("utf-8", "replace")[:most].decode("utf-8", "ignore").strip(" .")
    return f"{stem or '未命名'}{dot}{ending}"


def folder_name(title: str) -> str:
    """A title as part of a folder's name on any system: what Windows refuses is written in full width, the rest cut."""
    shown = "".join(c for c in title.translate(_FULL_WIDTH) if c.isprintable())
    return shown[:_MOST_TITLE].strip(" .")


def _sync_folders(first: Path, last: Path) -> None:
    """Make a new name durable, from `first` up to `last`; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    folder = first
    while True:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder == last:
            return
        folder = folder.parent
