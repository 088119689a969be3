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
    wide = _utf16(data)
    if wide:
        return _lenient(data, (wide,))
    for encoding in ("utf-8", "gb18030", *_known(declared)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if plausibility(text) > 0.5:
            return text, False
    return _lenient(data, ("utf-8", "gb18030"))


def plausibility(text: str) -> float:
    """The share of characters that Chinese prose is made of, over the first part of the text."""
    sample = text[:_SAMPLE]
    return len(_PLAUSIBLE.findall(sample)) / len(sample) if sample else 1.0


def _known(declared: str) -> tuple[str, ...]:
    """The declared encoding, if it is one that such pages use and its name can be believed."""
    name = declared.strip().lower()
    return (name,) if name in {"big5", "big5-hkscs"} else ()


def _utf16(data: bytes) -> str:
    """The byte order of unmarked UTF-16, or nothing where the bytes do not look like it."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    sample = sample[: len(sample) - len(sample) % 2]
    if b"\x00" not in sample and _is_utf8(data):
        return ""
    scores = {order: plausibility(sample.decode(order, "replace")) for order in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=lambda order: scores[order])
    return best if scores[best] > 0.85 else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
