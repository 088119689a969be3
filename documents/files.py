"""Writing a finished paper where a person asked for it."""

from pathlib import Path

from core.errors import Unreadable


def write_file(path: Path, data: bytes) -> None:
    """Write a file.

    Raises: Unreadable, where it cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Unreadable(
            f"写不了文件“{path}”",
            error.strerror or str(error),
            "请确认文件夹存在、文件没有被 Word、Excel 或 WPS 打开",
        ) from error
