"""Whether the office's own templates can be used: each is tried before it is needed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import RectifyError, Unreadable
from documents.excel.workbook import new_book
from documents.halfyear.briefing_docx import own_templates as own_briefings
from documents.template_files import own_file
from documents.word.layout import empty_paper


def checked(folder: Path) -> Iterator[tuple[str, str]]:
    """The office's own templates in a folder by file name, each with what is wrong with it; empty where nothing is."""
    yield from own_briefings(folder)
    for file, attempt in (("official.docx", empty_paper), ("workbook.xlsx", new_book)):
        if own_file(file, folder) is None:
            continue
        try:
            attempt(folder=folder)
            yield file, ""
        except RectifyError as error:
            yield file, error.line


def must_do(file_name: str, path: Path) -> None:
    """Try a file as the template of this name. Raises: Unreadable, with what is wrong and where."""
    with TemporaryDirectory() as folder:
        try:
            shutil.copyfile(path, Path(folder) / file_name)
        except OSError as error:
            raise Unreadable(f"读不了文件“{path}”", error.strerror or "", "请核对文件名") from error
        for _, problem in checked(Path(folder)):
            if problem:
                raise Unreadable(problem)
