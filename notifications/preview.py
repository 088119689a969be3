"""Every message with invented content, so that an office sees what it will send."""

from collections.abc import Callable
from functools import partial
from typing import Final

from core.errors import NotFound
from models.enums import Light
from notifications.digests import Heading
from notifications.messages import Digest, DigestLine, Linked, Message, Section, TestMail
from notifications.render import Rendered, render
from rectification.labels import LIGHT_COLOUR

_HOME: Final = "https://ledger.example.gov.cn/"


def _line(number: int, about: str, why: str, title: str = "") -> DigestLine:
    code = f"2025-{number:03}"
    return DigestLine(code, title or f"2025年报告·不足第{number}项", about, why, f"{_HOME}tasks/{code}")


_OF_AN_OFFICE: Final = partial(Digest, home_url=_HOME, bureau="云山县交通运输局")
_CLERK: Final = "管台（023-12345678）"


def _digest() -> Digest:
    due = (
        _line(1, "整改任务　时限2026年6月30日", "还有3个工作日"),
        _line(3, "代赵主任　参与整改任务　时限2026年6月30日", "还有3个工作日", "行政处罚案卷评查问题"),
    )
    came = _line(7, "整改任务　时限2026年12月31日", "新下达；待签收")
    returned = _line(5, "整改任务　时限2026年7月31日", "2026年6月24日退回整改，理由见任务页", "执法人员培训")
    return _OF_AN_OFFICE(
        name="陈路",
        day="2026年6月25日",
        headline="1项已超期，2项临期，1项新交办，1项有新情况",
        ask=_CLERK,
        sections=(
            Heading.OVERDUE.section([_line(2, "整改任务　时限2026年6月15日", "已超期10天")]),
            Heading.DUE.section(due),
            Heading.CAME.section([came]),
            Heading.CHANGED.section([returned]),
        ),
    )


def _to_clerk() -> Digest:
    blue = LIGHT_COLOUR[Light.BLUE]
    return _OF_AN_OFFICE(
        name="管台",
        day="2026年6月29日",
        headline="1封邮件未送达，1项调度事项，1项年度报告环节，14项本周检查事项",
        sections=(
            Section("等人办理过久", blue, (_line(4, "等方文复核", "已等5个工作日"),)),
            Section("回头看一周内到期或已过期", blue, (_line(6, "2026年7月3日前核查", "还有4个工作日"),)),
            Section("拟定后迟迟未下达", blue, (_line(9, "2026年6月1日拟定", "尚未下达"),), unlisted=11),
        ),
        undelivered=1,
        said=(
            Linked("2026年上半年的数据截至2026年6月30日，还没有冻结，请核对后冻结", f"{_HOME}reviews"),
            Linked("年度报告“征集材料”期限2026年12月31日，还有5个工作日"),
        ),
    )


def _to_leader() -> Digest:
    return _OF_AN_OFFICE(
        name="周分管",
        day="2026年7月1日",
        headline="1项分管任务超期",
        ask=_CLERK,
        sections=(Heading.LED.section([_line(2, "整改任务　时限2026年6月15日", "已超期16天")]),),
        summaries=(
            Linked(
                "2026年6月通报（全局）：本期问题12项，已销号7项，超期2项；本期工作任务5项，已办结1项，超期0项；"
                "全局全部在账问题20项，已销号15项，工作任务6项，已办结2项",
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
NAMES: Final = tuple(_SAMPLES)


def preview(name: str) -> Rendered:
    """The template of this name, filled with its sample. Raises: NotFound."""
    if name not in _SAMPLES:
        raise NotFound(f"没有名为“{name}”的邮件模板", "", f"可选：{'、'.join(NAMES)}")
    return render(_SAMPLES[name]())
