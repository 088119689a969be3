"""What a clerk is told beside the items; a hint is never a task by itself."""

import re
from collections.abc import Iterator

from reports import remarks
from reports.choosing import CHECK_BELOW
from reports.document import Document
from reports.figures import figures
from reports.frame import Frame
from reports.metadata import Metadata
from reports.parsed import Hint, HintKind, Leftover, Plan, Shortcoming, Span
from reports.source import Line, Source

_RUN_TOGETHER = re.compile(r"(?<!\d)20\d\d(?:1[0-2]|0?[1-9])月|(?<!\d)20\d\d\d{3,4}(?=日|[，。；\s]|$)(?!\d)")


def hints(
    document: Document,
    source: Source,
    frame: Frame,
    meta: Metadata,
    shortcomings: tuple[Shortcoming, ...],
    plans: tuple[Plan, ...],
    left: tuple[Leftover, ...],
    unread: list[Line],
) -> tuple[Hint, ...]:
    """Everything worth telling, metadata first, then in order of the text."""
    return (
        *_of_metadata(source, frame, meta),
        *_of_items(shortcomings, plans),
        *_of_reading(source, left, unread),
        *figures(source, frame),
        *(Hint(kind=HintKind.FILE, message=notice) for notice in document.notices),
    )


def _of_metadata(source: Source, frame: Frame, meta: Metadata) -> Iterator[Hint]:
    for name, choice in meta.named():
        if choice is None:
            yield Hint(kind=HintKind.UNCERTAIN, message=f"没有读出{name}，请填写")
        elif choice.confidence < CHECK_BELOW:
            other = f"，也可能是“{choice.runner_up}”" if choice.runner_up else ""
            yield Hint(kind=HintKind.UNCERTAIN, message=f"{name}“{choice.value}”不太确定{other}，请核对")
    if meta.broken and meta.issued:
        words = source.text[meta.broken.start : meta.broken.end].strip()
        yield Hint(
            kind=HintKind.BROKEN_DATE,
            message=f"成文日期“{words}”数字不全，按 {meta.issued.value:%Y-%m-%d} 读取，请核对",
            span=meta.broken.span,
        )
    for line in frame.body:
        for match in _RUN_TOGETHER.finditer(line.text):
            yield Hint(
                kind=HintKind.BROKEN_DATE,
                message=f"“{match[0]}”像是缺了“年”的日期，请核对原件",
                span=Span(start=line.start + match.start(), end=line.start + match.end()),
            )
    if frame.second is not None:
        second = source.lines[frame.second]
        yield Hint(
            kind=HintKind.SECOND_REPORT,
            message=f"文件里还有另一份报告（“{second.text[:40]}”），这里只读了开头的一份",
            span=second.stretch.span,
        )


def _of_items(shortcomings: tuple[Shortcoming, ...], plans: tuple[Plan, ...]) -> Iterator[Hint]:
    if not shortcomings:
        yield Hint(
            kind=HintKind.NO_SHORTCOMINGS,
            message="没有找到“存在的不足”部分；如报告确有不足，请在原文中选取后添加",
        )
    if not plans:
        yield Hint(
            kind=HintKind.NO_PLANS, message="没有找到下一步工作安排；如报告确有安排，请在原文中选取后添加"
        )
    for place, shortcoming in enumerate(shortcomings, 1):
        if not shortcoming.answered_by:
            yield Hint(
                kind=HintKind.UNANSWERED,
                message=f"第 {place} 项不足没有找到对应的工作安排，请在单项下达页补充整改措施",
                span=shortcoming.spans[0] if shortcoming.spans else None,
            )


def _of_reading(source: Source, left: tuple[Leftover, ...], unread: list[Line]) -> Iterator[Hint]:
    for line in unread:
        yield Hint(
            kind=HintKind.UNCERTAIN, message="这张表没有认出表头，请自行选取条目", span=line.stretch.span
        )
    for leftover in left:
        if leftover.reason == remarks.UNASSIGNED and not any(
            line.start <= leftover.span.start < line.end for line in unread
        ):
            yield Hint(
                kind=HintKind.UNCERTAIN,
                message=f"“{leftover.text[:20]}…”没有归入任何条目，请核对",
                span=leftover.span,
            )
    if not source.lines:
        yield Hint(kind=HintKind.UNCERTAIN, message="文件里没有可读的文字")
