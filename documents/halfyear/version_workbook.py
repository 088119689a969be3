"""A frozen version as a workbook: the same figures and rows as the paper, for who wants to count them again."""

from collections.abc import Iterator, Sequence
from typing import Final

from documents.excel.workbook import ColumnHead, Table, add_table, new_book, to_bytes
from documents.halfyear.annex import ANNEX_HEADS, AnnexLine, annex_heads
from documents.halfyear.briefing_words import GROUP_COLUMNS, BriefingWords, GroupLine, briefing_words
from documents.word.layout import steady
from rectification.halfyear.freezing import Version
from rectification.lists.figures import RATE_FORMULA, Figure, figure_label

_ANNEX_WIDTHS: Final = {
    "number": 6.0,
    "code": 12.0,
    "text": 40.0,
    "source": 16.0,
    "unit": 14.0,
    "officer": 10.0,
    "limit": 16.0,
    "state": 14.0,
    "progress": 40.0,
}
_WIDE: Final = frozenset({"text", "progress"})


def write_version(version: Version) -> bytes:
    """The workbook's file; the same version gives the same bytes."""
    words = briefing_words(version)
    book = new_book(words.title.replace("\n", ""))
    for table in _tables(version, words):
        add_table(book, table)
    return steady(to_bytes(book), made_on=version.frozen_on)


def _tables(version: Version, words: BriefingWords) -> Iterator[Table]:
    left, right = words.bureau, f"截至{words.cut_off}（{words.version}）"
    figures = version.frozen.figures
    names = ("事项", *(figure_label(figure) for figure in Figure))
    rows: list[tuple[str | int, ...]] = [
        (name, *(tally.of(figure) for figure in Figure))
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
            _heads((head, *(column.head for column in GROUP_COLUMNS))),
            _groups(lines),
        )
    for name, what, annex in (
        ("问题", "具体问题", words.problem_lines),
        ("工作任务", "具体任务", words.plan_lines),
    ):
        yield Table(name, f"{words.period}{name}台账", left, right, _annex_heads(what), _annex(annex))


def _heads(names: Sequence[str]) -> tuple[ColumnHead, ...]:
    first, *rest = names
    return (ColumnHead(first, 20), *(ColumnHead(name, 11, is_centred=True) for name in rest))


def _groups(lines: Sequence[GroupLine]) -> list[tuple[str | int, ...]]:
    return [(line.name, *(line.figures[column.key].value for column in GROUP_COLUMNS)) for line in lines]


def _annex_heads(what: str) -> tuple[ColumnHead, ...]:
    return tuple(
        ColumnHead(head, _ANNEX_WIDTHS[key], is_centred=key not in _WIDE)
        for key, head in annex_heads(what).items()
    )


def _annex(lines: Sequence[AnnexLine]) -> list[list[str | int]]:
    return [[getattr(line, key) for key in ANNEX_HEADS] for line in lines]
