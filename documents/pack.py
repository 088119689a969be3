"""Many files as one zip or folder: written one after another, never whole in memory, and there whole or not at all."""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from core.errors import Unreadable
from core.files import CHUNK

Files = Iterable[tuple[str, Iterable[bytes]]]
"""Names within the pack, parted by /, and the pieces of what stands there."""

SUMS: Final = "SHA256SUMS"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def pieces_of(place: Path) -> Iterator[bytes]:
    """A file piece by piece: a scan may be larger than memory should hold."""
    with place.open("rb") as stored:
        yield from iter(partial(stored.read, CHUNK), b"")


def with_sums(files: Files) -> Files:
    """The same files, and after them the SHA-256 of each as it was written, for `sha256sum -c`."""
    lines = []
    for name, pieces in files:
        digest = hashlib.sha256()
        yield name, _counted(pieces, digest)
        lines.append(f"{digest.hexdigest()}  {name}\n".encode())
    yield SUMS, lines


def zip_parts(files: Files) -> Iterator[bytes]:
    """A zip of these files piece by piece, as it is made; nothing is packed closer, as office files and scans are so already."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as out:
        for name, pieces in files:
            with out.open(zipfile.ZipInfo(name, _EPOCH), "w") as target:
                for piece in pieces:
                    target.write(piece)
                    yield pipe.take()
    yield pipe.take()


def write_pack(path: Path, files: Files, *, as_zip: bool = True) -> None:
    """Write a zip or a folder its owner alone can open; an earlier zip or an empty folder of this name gives way to it.

    Raises: Unreadable, where it cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".pack-") as beside:
            whole = Path(beside) / "whole"
            for place, pieces in [("", zip_parts(files))] if as_zip else files:
                (whole / place).parent.mkdir(parents=True, exist_ok=True)
                with (whole / place).open("wb") as out:
                    out.writelines(pieces)
            whole.chmod(0o600 if as_zip else 0o700)
            if path.is_dir():
                path.rmdir()  # Windows replaces no folder, not even an empty one
            whole.replace(path)
    except OSError as error:
        raise Unreadable(
            f"写不了文件“{path}”", error.strerror or str(error), "请确认文件夹存在、磁盘有空间"
        ) from error


def _counted(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


class _Pipe(io.RawIOBase):
    """What a zip is written to, until the next piece is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken
