"""Writing a finished paper where a person asked for it."""

from pathlib import Path

from core.errors import Unreadable


def write_file(path: Path, data: bytes) -> None:
    """Write a file. Raises: Unreadable, where it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Unreadable(
            f"写不了文件“{path}”",
            error.strerror or str(error),
            "请确认文件夹存在、文件没有被 Word、Excel 或 WPS 打开",
        ) from error


def keep_file(path: Path, data: bytes) -> None:
    """Put a paper where the program keeps them; whoever opens the file finds the old or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".part")
    beside.write_bytes(data)
    beside.replace(path)
