"""Characters that office files can hold."""

import re
from typing import Final

_UNHELD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` with line feeds as its only line ends, and without the characters no office file can hold."""
    return _UNHELD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
