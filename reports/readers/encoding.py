"""Telling the encodings of Chinese text apart: UTF-8, GB18030 and UTF-16, with or without a mark."""

import codecs
import re

from core.errors import Unreadable
from core.han import COMMON

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (("utf-8", 0.5), ("utf-16-le", 0.85), ("utf-16-be", 0.85), ("gb18030", 0.5))
_BELIEVED = {"big5", "big5-hkscs"}  # what pages declare is often wrong
_SAMPLE = 65_536
_PLAUSIBLE = re.compile(rf"[\t\n\r -~\u00a0·—‘-”…\u3000-\u303f{COMMON}\uff01-\uff60○①-⑳]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_BROKEN_SHARE = 0.02


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """The text of the bytes, and whether some of them were broken and replaced.

    Raises: Unreadable, where no encoding gives text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], (encoding,))
    other = declared.strip().lower()
    for encoding, least in (*_UNMARKED, *(((other, 0.5),) if other in _BELIEVED else ())):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if plausibility(text) > least:
            return text, False
    return _lenient(data, ("utf-8", "gb18030"))


def plausibility(text: str) -> float:
    """The share of characters that Chinese prose is made of, over the first part of the text."""
    sample = text[:_SAMPLE]
    return len(_PLAUSIBLE.findall(sample)) / len(sample) if sample else 1.0


def _lenient(data: bytes, encodings: tuple[str, ...]) -> tuple[str, bool]:
    texts = [data.decode(encoding, "replace") for encoding in encodings]
    text = min(texts, key=lambda each: each.count("\ufffd"))
    broken = text.count("\ufffd")
    if broken + len(_CONTROL.findall(text)) > max(8, len(text) * _BROKEN_SHARE) or plausibility(text) < 0.5:
        raise Unreadable(
            "文件内容不是文字",
            "按 UTF-8、GB18030、UTF-16 都读不出正常文字，文件可能已损坏或不是文本",
            "请用 Word 或 WPS 打开后另存为 .docx，或用记事本另存为 UTF-8 编码的 .txt",
        )
    return text, broken > 0
