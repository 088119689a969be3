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

Content = bytes | Path | Iterable[bytes]
Files = Iterable[tuple[str, Content]]
"""Names within the pack, parted by /, and what stands there."""

SUMS: Final = "SHA256SUMS"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_SHRINKS: Final = (".json", ".txt")
"""Endings of what is worth compressing: office files, scans and pictures are so already."""


def with_sums(files: Files) -> Iterator[tuple[str, Content]]:
    """The same files, and after them the SHA-256 of each as it was written, for `sha256sum -c`."""
    lines = []
    for name, content in files:
        digest = hashlib.sha256()
        yield name, _counted(content, digest)
        lines.append(f"{digest.hexdigest()}  {name}\n")
    yield SUMS, "".join(lines).encode()


def zip_parts(files: Files) -> Iterator[bytes]:
    """A zip of these files piece by piece, as it is made."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as out:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_SHRINKS) else zipfile.ZIP_STORED
            with out.open(entry, "w") as target:
                for part in _parts(content):
                    target.write(part)
                    yield pipe.take()
    yield pipe.take()


def write_pack(path: Path, files: Files, *, as_zip: bool = True) -> None:
    """Write a zip or a folder its owner alone can open; an earlier zip or an empty folder of this name gives way to it.

    Raises: Unreadable, where it cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".pack-") as beside:
            whole = Path(beside) / "whole"
            if as_zip:
                _write(whole, zip_parts(files))
            else:
                for name, content in files:
                    _write(whole / name, _parts(content))
            whole.chmod(0o600 if as_zip else 0o700)
            whole.replace(path)
    except OSError as error:
        raise Unreadable(
            f"写不了文件“{path}”", error.strerror or str(error), "请确认文件夹存在、磁盘有空间"
        ) from error


def _write(place: Path, parts: Iterable[bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as out:
        out.writelines(parts)


def _counted(content: Content, digest: Any) -> Iterator[bytes]:
    for part in _parts(content):
        digest.update(part)
        yield part


def _parts(content: Content) -> Iterable[bytes]:
    """Evidence comes in pieces: a scan may be larger than memory should hold."""
    if isinstance(content, bytes):
        return (content,)
    return _read(content) if isinstance(content, Path) else content


def _read(place: Path) -> Iterator[bytes]:
    with place.open("rb") as stored:
        yield from iter(partial(stored.read, CHUNK), b"")


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
