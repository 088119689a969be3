"""Text as it is kept, compared and put where there is little room."""

import hashlib
import json
import re
import unicodedata
from typing import Any, Final

from core.han import HAN

_UNHELD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORGING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
ELLIPSIS: Final = "……"
INVISIBLE: Final = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    rf"|[\u200c\u200d](?=[\x00-\x7f{HAN}]|$)"
)
"""What nobody sees and a copy from a page or a chat brings along; a joiner within a picture or a word is none."""


def printable(text: str) -> str:
    """`text` with line feeds as its only line ends, without the characters no database, page or office file can hold."""
    return _UNHELD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tidied(text: str) -> str:
    """`text` as it is kept: printable and trimmed."""
    return printable(text).strip()


def one_line(text: str) -> str:
    """`text` on one line: white space, and what could forge a line or turn its direction, becomes one blank."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in _FORGING else c for c in text)
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """The beginning of a text on one line; an ellipsis says that it goes on."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[:most]}{ELLIPSIS}"


def folded(text: str) -> str:
    """`text` as it is compared: full-width letters, digits and stray blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).split())


_WORD: Final = re.compile(f"[{HAN}]")
_UNSPOKEN: Final = re.compile(r"[\W_]")
_NUMERAL: Final = re.compile(r"[\d〇一二三四五六七八九十]")
_STOCK: Final = re.compile(
    r"(?:[暂无没有是的否不好行可以略均都已经确认请了]|[同见如][上前下题]|疑点|情况|核实|查实|属实|同意|成立"
    r"|审阅|批准|测试|试试|知道|知悉|收悉|其他|待定|理由|原因|问题)+"
    r"|(?:已经?|全部|[均都])*(?:整改|落实)(?:到位|完成|完毕)?了?"
)


def says_something(text: str) -> bool:
    """Whether words say something: two different Han characters at least, and no stock answer (无, 同上, 已核实, 测试)."""
    said = "".join(_WORD.findall(text))
    return len(set(said)) > 1 and not _STOCK.fullmatch(said)


def is_number(text: str) -> bool:
    """Whether a paper can be found by it: there is a numeral, and more than filling (1, 111)."""
    bare = _UNSPOKEN.sub("", folded(text))
    return len(set(bare)) > 1 and bool(_NUMERAL.search(bare))


_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """The one JSON form of plain values, to be hashed or compared: names sorted, no spaces."""
    return _CANONICAL.encode(value)


def sha256_of(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
