"""Opening files: what kind a file is by its content, which limits it must keep, and which there are in a folder."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.errors import Unreadable
from reports.document import Document
from reports.kinds import kind_of
from reports.limits import Budget, Limits
from reports.readers import read as read_as
from reports.readers.pasted import cleared
from reports.unfolding import unfolded

LIMITS = Limits()
DOCUMENT_ENDINGS = {
    ".docx", ".docm", ".dotx", ".pdf", ".html", ".htm", ".shtml", ".xhtml", ".mht", ".md", ".markdown",
    ".txt", ".doc", ".wps", ".wpt", ".ofd", ".rtf", ".odt", ".uof",
}  # fmt: skip


class Wordless(Unreadable):
    """A document that could be read and says nothing."""


def document_from(data: bytes, name: str, limits: Limits = LIMITS) -> Document:
    """The document in the bytes of a file; `name` is what the file was called. Raises: Unreadable."""
    budget = Budget(limits)
    budget.size(len(data))
    document = read_as(kind_of(data, name), data, name, budget)
    if not document.blocks:
        raise Wordless(
            "文件里没有文字",
            "打开后没有读到任何段落",
            "请确认报告正文在这个文件里；如是图片，请先用 OCR 转成文字",
        )
    return replace(document, blocks=tuple(unfolded(map(cleared, document.blocks))))


def read_bytes(path: Path, limits: Limits = LIMITS) -> bytes:
    """The bytes of the file, read only if it is no larger than it may be."""
    try:
        if path.is_dir():
            raise Unreadable(f"“{path.name}”是文件夹", "这里需要一个文件", "请指定文件夹里的报告文件")
        budget = Budget(limits)
        budget.size(path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(f"找不到文件“{path}”", "路径不存在", "请核对文件名和所在文件夹") from error
    except PermissionError as error:
        raise Unreadable(
            f"没有权限读取“{path.name}”", "系统拒绝访问", "请检查文件权限，或复制到自己的文件夹后再试"
        ) from error
    except (OSError, ValueError) as error:
        raise Unreadable(
            f"读不了文件“{path.name}”", "系统返回读取错误", "请把文件复制到本机硬盘后再试"
        ) from error


def sha256(data: bytes) -> str:
    """The fingerprint of a file's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named that look like documents, each once.

    A folder's files come in order of their names; hidden files and those an editor left open are passed over.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            documents = (name for name in sorted(names) if Path(name).suffix.lower() in DOCUMENT_ENDINGS)
            found |= {
                Path(folder, name): None for name in documents if not name.startswith((".", "~$", ".~"))
            }
    return list(found)
