"""The settings of mail as people paste them: what no mail server could read is named before anything is sent."""

import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

MAIL_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PROVIDERS: Final = {
    "163": "smtps://smtp.163.com:465",
    "126": "smtps://smtp.126.com:465",
    "qq": "smtps://smtp.qq.com:465",
    "exmail": "smtps://smtp.exmail.qq.com:465",
    "aliyun": "smtps://smtp.qiye.aliyun.com:465",
    "exchange": "smtp+starttls://{server}:587",
}
"""Where the usual mailboxes are sent from; an office's own Exchange has a server of its own."""

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_SENDER: Final = re.compile(r'\s*(?:("[^"<>]*"\s*|[^"<>]*)<([^<>]*)>|([^<>]*))\s*')
_HOST: Final = re.compile(r"[A-Za-z0-9_.:-]+")
_FORM: Final = "形如 smtps://用户:密码@主机:端口（或 smtp://、smtp+starttls://）"


def mail_server(url: str) -> SplitResult:
    """The parts of the server's address, user and password still percent-encoded.

    Raises: ValueError, saying what is wrong without the password.
    """
    try:
        parts = urlsplit(url.strip())
        is_known = parts.scheme in MAIL_PORTS and (parts.port or 1) > 0
    except ValueError:
        is_known = False
    if not is_known or not _HOST.fullmatch(parts.hostname or "") or parts.path not in ("", "/"):
        raise ValueError(
            f"发信服务器地址读不懂；{_FORM}；密码里的 @ / ? # % : 要写成 %40 %2F %3F %23 %25 %3A"
        )
    for what, text in (("用户名", parts.username), ("密码", parts.password)):
        for place, character in enumerate(unquote(text or ""), 1):
            if not ("!" <= character <= "~" or (character == " " and what == "密码")):
                raise ValueError(
                    f"{what}的第 {place} 个字符是{_kind(character)}，邮件服务器不认；请重新输入，不要从网页或文档里复制"
                )
    return parts


def mail_url(kind: str, account: str, password: str) -> str:
    """The server's address with user and password in it; `kind` is one of `PROVIDERS`, exchange:SERVER, or written out.

    Without a password nobody signs in, as at a relay of the office's own network.
    """
    name, _, server = kind.partition(":")
    scheme, _, place = PROVIDERS.get(name, kind).format(server=server).partition("://")
    login = f"{quote(account, safe='')}:{quote(password, safe='')}@" if password else ""
    return f"{scheme}://{login}{place}"


def mail_sender(text: str) -> tuple[str, str]:
    """The sender's name (it may be empty) and address. Raises: ValueError, saying what is wrong."""
    if found := next((sign for sign in "＜＞〈〉《》＠" if sign in text), ""):
        raise ValueError(f"有全角的“{found}”；请写成半角，形如 整改台账 <zgtz@example.gov.cn>")
    parts = _SENDER.fullmatch(text)
    name, address = ((parts[1] or "").strip(), (parts[2] or parts[3] or "").strip()) if parts else ("", "")
    if "," in address or ("," in name and not name.startswith('"')):
        raise ValueError("有英文逗号；名称里请不要用英文逗号，发件人只能有一个地址")
    if not _ADDRESS.fullmatch(address):
        raise ValueError(
            f"“{text[:60]}”里读不出邮箱地址；形如 整改台账 <zgtz@example.gov.cn>，地址里没有汉字和空格"
        )
    return name.strip('"'), address


def _kind(character: str) -> str:
    """What it is, without showing it: it may stand in a password."""
    if character.isspace():
        return f"特殊空格（U+{ord(character):04X}）"
    if unicodedata.category(character) in ("Cc", "Cf"):
        return f"看不见的字符（U+{ord(character):04X}）"
    if unicodedata.east_asian_width(character) == "F":
        return "全角字符"
    return "汉字" if "CJK" in unicodedata.name(character, "") else "非英文字符"
