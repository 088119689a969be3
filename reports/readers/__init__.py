"""One reader per format, all giving the same Document."""

from collections.abc import Callable

from reports.document import Document
from reports.limits import Budget
from reports.readers import docx, html, markdown, pdf, text

Reader = Callable[[bytes, str, Budget], Document]

READERS: dict[str, Reader] = {
    "txt": text.read,
    "md": markdown.read,
    "html": html.read,
    "mht": html.read_archive,
    "docx": docx.read,
    "pdf": pdf.read,
}
