"""Files that stay as they are while the program runs: where they lie, and addresses that let browsers keep them.

The guides are written in `docs/`; a wheel carries them inside this package (pyproject.toml).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"


def guides_of(package: Path) -> Path:
    """The folder of the guides, of an installed `package` or of the checkout it stands in; pictures lie beside it."""
    installed = package / "guide"
    return installed if installed.is_dir() else package.parents[1] / "docs" / "guide"


GUIDES: Final = guides_of(Path(__file__).parent)
PICTURES: Final = GUIDES.parent / "images"


@cache
def asset(name: str) -> str:
    """The address of a static file below the board's root, which changes with its content."""
    return f"/static/{name}?v={_mark(STATIC / name)}"


@cache
def picture(name: str) -> str:
    """The address of a picture of the guides, which changes with its content."""
    return f"/static/guide/{name}?v={_mark(PICTURES / name)}"


def _mark(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
