"""Names of bodies as reports print them: what is one, and when two names mean the same body."""

import re

from core.han import HAN

ORG_END = r"(?:人民政府|政府|街道办事处|办事处|管理委员会|管委会|委员会|办公室|管理局|分局|总局|监察局|局|厅|委|办|署|院|馆|部|处|站|所|会|社|中心|支队|大队|总队|镇|乡|街道|开发区|园区|党组|党委|公司|集团|海关|林场|农场)"
_SEAL = r"[（(](?:盖章|公章|印章|章)[)）]"
_SECOND_NAME = rf"[（(][{HAN}、]{{2,60}}{ORG_END}[)）]"
_ORG = re.compile(rf"[{HAN}（）()、·\s]{{2,45}}{ORG_END}(?:{_SECOND_NAME})?(?:{_SEAL})?")
_PLACE = re.compile(r"(?:县|区|市|州|盟|旗|省|镇|乡|街道?|苏木)$")
_GOVERNMENT = r"(?:人民政府|街道办事处|办事处|政府|管理委员会|管委会)"
_ANY_PLACE = re.compile(r"(?:[全我本各]|本级)?.?[县区市州盟旗省镇乡]")
_BRACKET = re.compile(r"[（(].*$")


def is_org(text: str) -> bool:
    """Whether a line is the name of a body and nothing else; its second name may stand in brackets behind."""
    return bool(_ORG.fullmatch(text.strip()))


def is_place(text: str) -> bool:
    """Whether the name is of a place (白马镇), which its government may go by; 全县 names none."""
    return bool(_PLACE.search(text)) and not _ANY_PLACE.fullmatch(text)


def tidy(name: str) -> str:
    """The name without the seal's note and inner spaces."""
    return re.sub(rf"{_SEAL}|\s", "", name)


def bare(name: str) -> str:
    """The name without what stands in brackets behind it."""
    return _BRACKET.sub("", name)


def same_body(one: str, other: str) -> bool:
    """Whether one name is a shorter form of the other, or a place and the other its government."""
    short, long = sorted((bare(one), bare(other)), key=len)
    if not short:
        return False
    if is_place(short) and not is_place(long):
        governed = re.sub(f"{_GOVERNMENT}$", "", long)
        return governed != long and _in_order(short.removesuffix("街道"), governed)
    return short[-1] == long[-1] and _in_order(short, long)


def government_of(place: str, text: str) -> str | None:
    """The government of a place as the text names it."""
    found = re.search(rf"{re.escape(place)}{_GOVERNMENT}", text)
    return found[0] if found else None


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)
