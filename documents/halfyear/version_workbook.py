"""A frozen version as a workbook: the same figures and rows as the paper, for who wants to count them again."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from documents.excel.workbook import Head, Table, add_table, new_book, save
from documents.halfyear.annex import AnnexLine
from documents.halfyear.briefing_docx import GROUP_HEADS
from documents.halfyear.briefing_words import BriefingWords, GroupLine, briefing_words
from documents.word.layout import steady
from rectification.halfyear.freezing import Version
from rectification.lists.figures import RATE_FORMULA

_FIGURE_NAMES = (
    "总数",
    "上期结转",
    "本期新增",
    "回头看重开",
    "已销号办结",
    "按期申请",
    "逾期申请",
    "正在办理",
    "超期",
    "延期",
    "终止",
)


def write_version(version: Version) -> bytes:
    """The workbook's file; the same version gives the same bytes."""
    words = briefing_words(version)
    book = new_book(words.title.replace("\n", ""))
    for table in _tables(version, words):
        add_table(book, table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.xlsx"
        save(book, path)
        return steady(path.read_bytes(), made_on=version.frozen_on)


def _tables(version: Version, words: BriefingWords) -> Iterator[Table]:
    left, right = words.bureau, f"截至{words.cut_off}（{words.version}）"
    figures = version.frozen.figures
    names = ("事项", *_FIGURE_NAMES)
    rows = [
        (name, *(getattr(tally, field) for field in tally.__dataclass_fields__))
        for name, tally in (("问题", figures.problems), ("工作任务", figures.plans))
    ]
    rate = f"{RATE_FORMULA}：{figures.problems.rate}"
    yield Table("总体情况", f"{words.period}整改数据", rate, right, _heads(names), rows)
    for name, head, lines in (("分单位", "责任单位", words.units), ("分来源", "问题来源", words.sources)):
        yield Table(
            name,
            f"{words.period}整改数据（{name}）",
            left,
            right,
            _heads((head, *GROUP_HEADS)),
            _groups(lines),
        )
    for name, what, annex in (
        ("问题", "具体问题", words.problem_lines),
        ("工作任务", "具体任务", words.plan_lines),
    ):
        yield Table(name, f"{words.period}{name}台账", left, right, _annex_heads(what), _annex(annex))


def _heads(names: Sequence[str]) -> tuple[Head, ...]:
    first, *rest = names
    return (Head(first, 20), *(Head(name, 11, is_centred=True) for name in rest))


def _groups(lines: Sequence[GroupLine]) -> list[tuple[str | int, ...]]:
    return [(line.name, *(figure.value for figure in line.figures)) for line in lines]


def _annex_heads(what: str) -> tuple[Head, ...]:
    widths = (
        ("序号", 6.0),
        ("编号", 12.0),
        (what, 40.0),
        ("来源", 16.0),
        ("牵头单位", 14.0),
        ("责任人", 10.0),
    )
    more = (("时限", 16.0), ("状态", 14.0), ("进展、超期原因和需提请事项", 40.0))
    wide = {what, "进展、超期原因和需提请事项"}
    return tuple(Head(name, width, is_centred=name not in wide) for name, width in (*widths, *more))


def _annex(lines: Sequence[AnnexLine]) -> list[tuple[str | int, ...]]:
    return [
        (
            line.number,
            line.code,
            line.text,
            line.source,
            line.unit,
            line.officer,
            line.limit,
            line.state,
            line.progress,
        )
        for line in lines
    ]
