"""Reports whole years are lived with: an invented one, and the real ones beside the checkout where they are there."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_SAMPLES: Final = [ROOT / "tests/samples/reports/s06_mingyuan_transport.txt"]
_REAL: Final = [ROOT.parent / "shared/reports" / name for name in ("yubei_2020.txt", "youyang_2023.txt")]
REPORTS: Final = _SAMPLES + [path for path in _REAL if path.is_file()]
