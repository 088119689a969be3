"""What mail servers answer, as 163, QQ and Exchange say it: what passes, what stays, and whose setting it is."""

import pytest

from notifications.refusals import is_about_sender, is_passing, words_of

PASSES = [
    "450 4.2.1 mailbox busy",
    "451 DT:SPM,163 smtp5,please try again later",
    "550 Ip frequency limited. http://service.mail.qq.com/cgi-bin/help?id=20022",
    "550 Connection frequency limited",
    "550 Domain frequency limited",
    "550 Mailbox unavailable or access denied",
    "550 RP:TRC 163 smtp2",
    "554 DT:SPM 163 smtp9,EMCowAD3,please see http://mail.163.com/help/help_spam_16.htm",
    "554 MI:STC 163 smtp",
    "550 too many messages from this sender",
    "550 5.2.121 RecipLimit; Requested action not taken",
    "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
    "552 Quota exceeded",
    "550 4.4.7 queue expired",
    "550 5.7.1 rate limit exceeded",
    "550 发信频率过高，请稍后再试",
]
STAYS = [
    "550 no such user",
    "550 5.1.1 User unknown",
    "550 Mailbox not found. http://service.mail.qq.com",
    "553 5.1.2 mailbox name not allowed",
    "550 5.4.1 Recipient address rejected: Access denied",
    "552 5.3.4 Message size exceeds fixed limit",
    "552 Requested mail action aborted: exceeded mailsize limit",
    "554 5.4.6 too many hops",
    "550 User suspended",
]
SENDER = [
    "553 Mail from must equal authorized user",
    "501 mail from address must be same as authorization user.",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "554 DT:SUM 163 smtp",
    "553 5.7.1 <a@b.cn>: Sender address rejected: not owned by user c@b.cn",
]


@pytest.mark.parametrize("reply", PASSES)
def test_what_passes_is_tried_again(reply: str) -> None:
    assert is_passing(int(reply[:3]), reply)
    assert not is_about_sender(reply)


@pytest.mark.parametrize("reply", STAYS)
def test_what_stays_is_not(reply: str) -> None:
    assert not is_passing(int(reply[:3]), reply)
    assert not is_about_sender(reply)


@pytest.mark.parametrize("reply", SENDER)
def test_a_sender_who_is_not_the_account_is_known(reply: str) -> None:
    assert is_about_sender(reply)


def test_a_reply_in_gbk_can_be_read() -> None:
    assert words_of(550, "用户没有权限".encode("gb18030")) == "550 用户没有权限"
