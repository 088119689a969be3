"""Reports whole years are lived with: an invented one, and the real ones beside the checkout where they are there."""

from pathlib import Path
from typing import Final

from reports.document import Document
from reports.files import LIMITS, document_from, read_bytes
from reports.limits import Limits

ROOT: Final = Path(__file__).parents[1]
INVENTED: Final = [ROOT / "tests/samples/reports/s06_mingyuan_transport.txt"]
REAL: Final = [ROOT.parent / "shared/reports" / name for name in ("yubei_2020.txt", "youyang_2023.txt")]
REPORTS: Final = INVENTED + [path for path in REAL if path.is_file()]


def open_document(path: Path, limits: Limits = LIMITS) -> Document:
    """The document in the file, as the reader of reports opens it."""
    return document_from(read_bytes(path, limits), path.name, limits)
