"""Every message with invented content, so that an office sees what it will send."""

from collections.abc import Callable
from typing import Final

from core.errors import NotFound
from notifications.digests import Heading
from notifications.messages import Digest, DigestLine, Linked, Message, Section, TestMail
from notifications.render import Rendered, render

_HOME: Final = "https://ledger.example.gov.cn/"


def _line(number: int, about: str, why: str, title: str = "") -> DigestLine:
    code = f"2025-{number:03}"
    return DigestLine(code, title or f"2025年报告·不足第{number}项", about, why, f"{_HOME}tasks/{code}")


def _digest() -> Digest:
    due = (
        _line(1, "整改任务　时限2026年6月30日", "还有3个工作日"),
        _line(3, "参与整改任务　时限2026年6月30日", "还有3个工作日", "行政处罚案卷评查问题"),
        _line(5, "检查节点　时限2026年6月30日", "还有3个工作日", "执法人员培训"),
    )
    return Digest(
        name="陈路",
        day="2026年6月25日",
        home_url=_HOME,
        headline="3项临期，1项已超期，1项待办",
        sections=(
            Heading.OVERDUE.section([_line(2, "整改任务　时限2026年6月15日", "已超期10天")]),
            Heading.DUE.section(due),
            Heading.ASKED.section([_line(7, "整改任务　时限2026年12月31日", "待签收，新下达")]),
        ),
    )


def _to_clerk() -> Digest:
    return Digest(
        name="管台",
        day="2026年6月29日",
        home_url=_HOME,
        headline="1封邮件未送达，1项调度事项，1项年度报告环节，14项本周检查事项",
        sections=(
            Section("等人办理过久", "#0b4f9e", (_line(4, "等方文复核", "已等5个工作日"),)),
            Section(
                "回头看一周内到期或已过期", "#0b4f9e", (_line(6, "2026年7月3日前核查", "还有4个工作日"),)
            ),
            Section(
                "拟定后迟迟未下达", "#0b4f9e", (_line(9, "2026年6月1日拟定", "已放19个工作日"),), unlisted=11
            ),
        ),
        undelivered=1,
        stages=("年度报告“征集材料”期限2026年12月31日，还有5个工作日",),
        matters=(Linked("2026年上半年的数据截至2026年6月30日，还没有冻结，请核对后冻结", f"{_HOME}reviews"),),
    )


def _to_leader() -> Digest:
    return Digest(
        name="周分管",
        day="2026年7月1日",
        home_url=_HOME,
        headline="2项分管任务超期",
        led_overdue=2,
        summaries=(
            Linked(
                "2026年6月整改进展：问题12项，已销号7项，超期2项；工作任务5项，已办结1项，超期0项",
                f"{_HOME}summaries/2026-06",
            ),
        ),
    )


_SAMPLES: Final[dict[str, Callable[[], Message]]] = {
    Digest.template: _digest,
    "digest_to_clerk": _to_clerk,
    "digest_to_leader": _to_leader,
    TestMail.template: lambda: TestMail(name="管台", moment="2026年6月25日 09:12", home_url=_HOME),
}
PREVIEWS: Final = {
    Digest.template: "责任人的提醒",
    "digest_to_clerk": "台账管理员的提醒",
    "digest_to_leader": "领导的提醒（本人可以关闭）",
    TestMail.template: "测试邮件",
}
NAMES: Final = tuple(_SAMPLES)


def preview(name: str) -> Rendered:
    """The template of this name, filled with its sample.

    Raises: NotFound.
    """
    if name not in _SAMPLES:
        raise NotFound(f"没有名为“{name}”的邮件模板", "", f"可选：{'、'.join(NAMES)}")
    return render(_SAMPLES[name]())
