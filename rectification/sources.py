"""Where tasks come from: a bureau's editable list of source kinds, and the papers themselves."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from models.report import Source, SourceKind

OWN_REPORT: Final = "本单位报告"
LITIGATION: Final = "行政复议和诉讼"
MEETING: Final = "会议议定"
DEFAULT_KINDS: Final = (
    OWN_REPORT,
    "法治督察",
    "案卷评查",
    "专项整治",
    "双随机抽查",
    "投诉举报和12345、信访",
    "建议提案",
    LITIGATION,
    "司法建议和检察建议",
    "行政执法监督",
    "巡察",
    "审计",
    "考核",
    "第三方评估",
    "工作要点",
    MEETING,
    "其他",
)


def install_source_kinds(session: Session, bureau_id: int) -> None:
    """Give a new bureau the usual list, which it may edit."""
    session.add_all(
        SourceKind(bureau_id=bureau_id, name=name, position=position)
        for position, name in enumerate(DEFAULT_KINDS, 1)
    )
    session.flush()


def source_kind(session: Session, bureau_id: int, name: str) -> SourceKind:
    """The kind of this name.

    Raises: NotFound, naming the kinds there are.
    """
    kind = session.scalar(
        select(SourceKind).where(SourceKind.bureau_id == bureau_id, SourceKind.name == name)
    )
    if kind is None:
        names = session.scalars(
            select(SourceKind.name).where(SourceKind.bureau_id == bureau_id).order_by(SourceKind.position)
        )
        raise NotFound(f"没有名为“{name}”的问题来源", "", f"可选：{'、'.join(names)}")
    return kind


def own_report_source(session: Session, bureau_id: int, title: str) -> Source:
    """The source a bureau's own report is."""
    kind = source_kind(session, bureau_id, OWN_REPORT)
    source = Source(bureau_id=bureau_id, kind_id=kind.id, title=title)
    session.add(source)
    session.flush()
    return source
