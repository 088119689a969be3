"""Files that stay as they are while the program runs: where they lie, and addresses that let browsers keep them.

The guides lie beside the program's folders, in the repository as in an installed wheel (pyproject.toml).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
GUIDES: Final = Path(__file__).parents[2] / "docs" / "guide"
PICTURES: Final = GUIDES.parent / "images"


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{name}?v={_mark(STATIC / name)}"


@cache
def picture(name: str) -> str:
    """The address of a picture of the guides, which changes with its content."""
    return f"/static/guide/{name}?v={_mark(PICTURES / name)}"


def _mark(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
