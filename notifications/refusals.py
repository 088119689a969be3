"""What a mail server's refusal means: whether it passes, and which setting would help where it is about the sender.

Sources: RFC 5321 §4.2.1 (4yz passes, 5yz stays; §4.5.3.1.10: 552 to RCPT is as 452) and RFC 3463 (class 4 passes);
NetEase 退信代码说明 (help.mail.163.com: SPM "请两分钟后重投", SFQ, QRC, DMC, STC, TRC); Tencent "退信代码" (service.mail.qq.com,
no1000722-1000728: "frequency limited" ends after minutes, hours or the day; "access denied" 短时间内收到大量邮件); Microsoft
"NDR error codes in Exchange Online" (5.1.90, 5.2.121, 5.2.122 limits; 5.2.2 full; 5.7.60 not allowed to send as).
"""

import re
from typing import Final

_ENHANCED: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_PASSES: Final = re.compile(
    r"frequency limit|too many|too fast|rate limit|limit exceeded|exceed\w* .{0,30}limit|throttl"
    r"|try again|greylist|graylist|temporar"
    r"|mailbox unavailable or access denied"
    r"|\b(?:DT:SPM|MI:SFQ|MI:STC|MI:DMC|MI:CEL|MI:CCL|RP:QRC|RP:TRC|RP:DRC|RP:CEL|RP:CCL|HL:REP|HL:ICC|HL:IFC|HL:MEP)\b"
    r"|quota ?(?:is )?(?:exceeded|full)|over ?quota|mailbox (?:is )?full"
    r"|频率|过于频繁|稍后|已满|超过.{0,12}限制",
    re.IGNORECASE,
)
_PASSING_CODES: Final = {"5.1.90", "5.2.2", "5.2.121", "5.2.122"}
_STAYS: Final = re.compile(
    r"too many (?:hops|same size)|mail ?size limit|size limit|message (?:size|too)|too large|attachment",
    re.IGNORECASE,
)
_ANOTHER_SENDER: Final = re.compile(
    r"must (?:be |)(?:equal|same|match)\w*|same as auth|not allowed to send as|permissions? to send as|sendasdenied"
    r"|sender address rejected: not owned|sender (?:is )?(?:mismatch|unvalidated)|\bDT:SUM\b|发件人.{0,8}(?:不一致|不匹配)",
    re.IGNORECASE,
)
_ANOTHER_SENDER_CODES: Final = {"5.7.60"}


def words_of(code: int, reply: bytes | str) -> str:
    """A server's reply as text; those of older Chinese servers are GBK."""
    if isinstance(reply, str):
        return f"{code} {reply}"
    try:
        return f"{code} {reply.decode()}"
    except UnicodeDecodeError:
        return f"{code} {reply.decode('gb18030', 'replace')}"


def is_passing(code: int, reply: str) -> bool:
    """Whether the same mail may be taken later."""
    if code < 500:
        return True
    if _STAYS.search(reply):
        return False
    enhanced = _enhanced(reply)
    return (
        enhanced.startswith("4.")
        or enhanced in _PASSING_CODES
        or (code == 552 and not enhanced)
        or _PASSES.search(reply) is not None
    )


def is_about_sender(reply: str) -> bool:
    """Whether the account may not write under the sender's address: no mail will go until a setting is changed."""
    return _enhanced(reply) in _ANOTHER_SENDER_CODES or _ANOTHER_SENDER.search(reply) is not None


def _enhanced(reply: str) -> str:
    found = _ENHANCED.search(reply)
    return found[0] if found else ""
