"""Names as they are compared and kept: of units, people, kinds of sources, and login names.

Every form of the dot inside a name (· • ・ ． ‧) is kept as ·; characters nobody sees are taken out (`unseen_in` says
which). NFKC is left out where it would change a name: a compatibility ideograph is its own character there.
"""

import re
import unicodedata
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select

from core.errors import Refused
from core.han import HAN
from models.organisation import Person

MAX_NAME: Final = 100
_OWN_CHARACTERS: Final = re.compile("[豈-﫿\U0002f800-\U0002fa1f]")
_DOTS: Final = re.compile("[•・･‧∙⋅●᛫]")
_POINT_INSIDE: Final = re.compile(rf"(?<=[{HAN}])[.．](?=[{HAN}])")
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_LOGIN: Final = re.compile(rf"[A-Za-z0-9{HAN}][A-Za-z0-9{HAN}·._@-]{{0,63}}")


def unseen_in(text: str) -> str:
    """What is taken out of a text because nobody sees it, in words; empty where there is nothing."""
    found = sorted(set(_UNSEEN.findall(text)))
    return f"含看不见的字符（{'、'.join(f'U+{ord(each):04X}' for each in found)}），已去掉" if found else ""


def without_unseen(text: str) -> str:
    """`text` without the characters nobody sees, trimmed."""
    return _UNSEEN.sub("", text).strip()


def folded_name(name: str) -> str:
    """`name` as it is kept and compared: blanks, widths and the form of its dot make no difference."""
    parts = (
        c if _OWN_CHARACTERS.match(c) else unicodedata.normalize("NFKC", c) for c in _UNSEEN.sub("", name)
    )
    return _POINT_INSIDE.sub("·", _DOTS.sub("·", "".join("".join(parts).split())))


def checked_name(name: str, what: str) -> str:
    """`name` folded. Raises: Refused, for an empty or overlong one, or one with control characters."""
    clean = folded_name(name)
    if not clean or len(clean) > MAX_NAME or any(unicodedata.category(c) in ("Cc", "Cf") for c in clean):
        raise Refused(
            f"{what}“{clean[:20]}”不可用", f"须为 1 至 {MAX_NAME} 个字，不含特殊字符", "请改正后再试"
        )
    return clean


def checked_login(login: str) -> str:
    """A login name as it is kept for a new person: in small letters.

    Raises: Refused, with the form it must have.
    """
    clean = login_key(login)
    if not _LOGIN.fullmatch(clean) or len(without_unseen(login).split()) > 1:
        proposed = re.sub(rf"[^A-Za-z0-9{HAN}·._@-]", "", clean).lstrip("·._@-")[:64]
        todo = f"可改为“{proposed}”" if proposed else "请改正后再试"
        raise Refused(f"登录名“{login.strip()[:20]}”不可用", "须为字母、数字或汉字，可含 · . _ - @", todo)
    return clean


def login_key(login: str) -> str:
    """What two spellings of one login name have in common."""
    return folded_name(login).lower()


def has_login(login: str) -> ColumnElement[bool]:
    """Whether a person goes by this login name, in large letters or small."""
    return func.lower(Person.login) == login_key(login)


def by_login(login: str) -> Select[tuple[Person]]:
    """Who goes by this login name; where an older ledger has two that differ in letters' size, as it is written."""
    return (
        select(Person)
        .where(has_login(login))
        .order_by((Person.login == login.strip()).desc(), Person.id)
        .limit(1)
    )
