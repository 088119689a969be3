"""Reports whole years are lived with: an invented one, and the real ones beside the checkout where they are there."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
INVENTED: Final = [ROOT / "tests/samples/reports/s06_mingyuan_transport.txt"]
REAL: Final = [ROOT.parent / "shared/reports" / name for name in ("yubei_2020.txt", "youyang_2023.txt")]
REPORTS: Final = INVENTED + [path for path in REAL if path.is_file()]
