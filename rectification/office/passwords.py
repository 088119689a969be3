"""Which passwords are good enough: long, and not among those that are tried first.

How guessable one is, `zxcvbn` says: it knows the commonest passwords and words, neighbouring keys, repetitions and dates.
The library is loaded when the first password is set, not before.
"""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Final

from core.errors import Refused

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 128

_KNOWN: Final = "登录名、姓名、单位名称或机关常用词"
NOT_IN_PASSWORDS: Final = f"常见密码、日期和含有{_KNOWN}（如 jiaotong、fagui）的容易猜到，不能用"

_ENOUGH: Final = 10**10
"""Guesses: a password worth fewer is refused (zxcvbn's highest grade begins here)."""
_LOOKED_AT: Final = 72
"""Characters that are judged: what follows makes none worse, and judging takes ever longer."""
_TODO: Final = f"请用 {SHORTEST_PASSWORD} 个字符以上的密码，一句别人想不到的话就很合适"

_ONE_AT_A_TIME: Final = Lock()
_OFFICES: Final = (
    "jiaotong sifa jiaoyu minzheng caizheng gongan nongye zhujian chengguan huanbao shuili shuiwu yingji weisheng "
    "shangwu renshe wenlv tongji shenji linye zirangziyuan shichangjianguan fagai zhengfu zhengfa fazhi fagui bangong"
)
_OFFICE_WORDS: Final = (
    *("rectify", "zhenggai", "taizhang", "zhenggaitaizhang", "整改台账", "法治政府", "依法行政"),
    *(office + end for office in _OFFICES.split() for end in ("", "ju", "ting", "wei", "ban", "ke")),
)
"""What people of an office think of first, and no list of passwords from elsewhere knows."""

_WHY: Final = {
    "passwords": "是常见密码，或由常见密码变来",
    "user_inputs": f"含有{_KNOWN}",
    "spatial": "是键盘上相邻的键",
    "repeat": "是重复的字符",
    "sequence": "是连续的字母或数字",
    "date": "是日期",
}
_WHY_ELSE: Final = "由常用的词和少量数字、符号组成"


def must_be_strong(password: str, known: Iterable[str]) -> None:
    """`known` are words that others know of this person: login name, name, bureau.

    Raises: Refused, for a password that is too short, too long or easily guessed, saying why.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("密码太短", f"现在是 {len(password)} 个字符", _TODO)
    if len(password) > LONGEST_PASSWORD:
        raise Refused("密码太长", f"最多 {LONGEST_PASSWORD} 个字符", "请缩短后再试")
    from zxcvbn import zxcvbn

    with _ONE_AT_A_TIME:  # the library keeps what it is given with a call where the next call finds it
        judged = zxcvbn(password[:_LOOKED_AT], user_inputs=[*_parts(known), *_OFFICE_WORDS])
    if judged["guesses"] < _ENOUGH:
        raise Refused("密码太容易猜到", _why(judged["sequence"]), _TODO)


def _parts(words: Iterable[str]) -> Sequence[str]:
    """The words, and of Chinese ones each piece: 交通运输局 is said of 云山县交通运输局."""
    found = [word for word in words if word]
    for word in [each for each in found if not each.isascii()]:
        found += [word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1)]
    return found


def _why(sequence: Sequence[dict[str, Any]]) -> str:
    """What the longest part that was recognised is."""
    told = [part for part in sequence if part["pattern"] != "bruteforce"]
    if not told:
        return _WHY_ELSE
    longest = max(told, key=lambda part: len(part["token"]))
    return _WHY.get(longest.get("dictionary_name") or longest["pattern"], _WHY_ELSE)
