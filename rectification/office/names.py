"""Names as they are compared and kept: of units, people, kinds of sources."""

import unicodedata
from typing import Final

from core.errors import Refused
from core.text import folded

MAX_NAME: Final = 100


def checked_name(name: str, what: str) -> str:
    """`name` folded.

    Raises: Refused, for an empty or overlong one, or one with control characters.
    """
    clean = folded(name)
    if not clean or len(clean) > MAX_NAME or any(unicodedata.category(c) in ("Cc", "Cf") for c in clean):
        raise Refused(
            f"{what}“{clean[:20]}”不可用", f"须为 1 至 {MAX_NAME} 个字，不含特殊字符", "请改正后再试"
        )
    return clean
