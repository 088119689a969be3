"""The briefing as a Word document, laid out as GB/T 9704-2012 asks (documents/word/layout.py)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.text import printable
from documents.halfyear.annex import ANNEX_HEADS
from documents.halfyear.briefing_sample import sample_version
from documents.halfyear.briefing_words import (
    GROUP_COLUMNS,
    BriefingWords,
    GroupLine,
    briefing_words,
)
from documents.sentences import DRAFT_MARK, TO_FILL, Sentence, plain
from documents.word.layout import OfficialPaper
from documents.word.template import WordTemplate
from rectification.halfyear.freezing import Version

SHORT: Final = "briefing"
FULL: Final = "briefing_full"

_GROUP_WIDTHS: Final = (36.0, *[15.0] * len(GROUP_COLUMNS))
_ANNEX_WIDTHS: Final = {
    "number": 10.0,
    "code": 22.0,
    "text": 60.0,
    "source": 20.0,
    "unit": 20.0,
    "officer": 16.0,
    "limit": 24.0,
    "state": 20.0,
    "progress": 65.0,
}
_WIDE: Final = frozenset({"text", "progress"})


def write_briefing(version: Version, *, is_full: bool = False, folder: Path | None = None) -> bytes:
    """The briefing of a frozen version; `folder` may hold the office's own templates.

    Raises: Unreadable, where the office's own template cannot be used.
    """
    return template(is_full=is_full, folder=folder).render(fields(briefing_words(version, is_full=is_full)))


def template(*, is_full: bool, folder: Path | None = None) -> WordTemplate:
    """The template in force: the office's own, or the one shipped."""
    return WordTemplate(FULL if is_full else SHORT, _full if is_full else _short, folder)


def own_templates(folder: Path) -> Iterator[tuple[str, str]]:
    """The office's own templates by file name, each with what is wrong with it; empty where nothing is."""
    sample = fields(briefing_words(sample_version()))
    for is_full in (False, True):
        found = template(is_full=is_full, folder=folder)
        if found.own is not None:
            yield found.file_name, found.problem(sample)


def fields(words: BriefingWords) -> dict[str, Any]:
    """What a template may name."""
    return {
        "draft_mark": DRAFT_MARK,
        "title": printable(words.title),
        "full_title": printable(words.full_title),
        "bureau": printable(words.bureau),
        "period": words.period,
        "next_period": words.next_period,
        "cut_off": words.cut_off,
        "version": words.version,
        "overall": _lines(words.overall),
        "units": [_group(line) for line in words.units],
        "sources": [_group(line) for line in words.sources],
        "overdue": _lines(words.overdue),
        "requests": _lines(words.requests),
        "achieved": _lines(words.achieved),
        "duty": [printable(line) for line in words.duty],
        "shortfalls": _lines(words.shortfalls),
        "carried_on": _lines(words.carried_on),
        "problems": [_clean(asdict(line)) for line in words.problem_lines],
        "plans": [_clean(asdict(line)) for line in words.plan_lines],
        "basis": words.basis,
    }


def _lines(sentences: Sequence[Sentence]) -> list[str]:
    return [printable(plain(said)) for said in sentences]


def _group(line: GroupLine) -> dict[str, str]:
    return {"name": printable(line.name), **{key: str(figure) for key, figure in line.figures.items()}}


def _clean(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: printable(str(value)) for name, value in values.items()}


@cache
def _short() -> bytes:
    paper = OfficialPaper("问题整改情况的汇报")
    paper.title("{{ title }}")
    paper.paragraph("{{ draft_mark }}")
    _rectification(paper, level=1, numbers=("一、", "二、", "三、", "四、", "五、"))
    paper.paragraph("{{ basis }}", how="left")
    _annexes(paper)
    return paper.to_bytes()


@cache
def _full() -> bytes:
    paper = OfficialPaper("法治政府建设工作情况的汇报")
    paper.title("{{ full_title }}")
    paper.paragraph("{{ draft_mark }}")
    paper.heading(1, "一、基本情况")
    paper.paragraph(f"{TO_FILL}学习贯彻习近平法治思想、制度建设、组织领导等情况")
    paper.heading(1, "二、{{ period }}主要工作")
    _each(paper, "achieved")
    paper.paragraph(f"{TO_FILL}行政许可和处罚件数、双随机抽查、合法性审查、行政复议和诉讼、法治培训等情况")
    paper.heading(1, "三、主要负责人履行推进法治建设第一责任人职责情况")
    _each(paper, "duty")
    paper.paragraph(f"{TO_FILL}亲自部署、亲自过问、亲自协调、亲自督办中台账没有记录的情况")
    paper.heading(1, "四、问题整改情况")
    _rectification(paper, level=2, numbers=("（一）", "（二）", "（三）", "（四）", ""))
    paper.heading(1, "五、存在的主要问题")
    _each(paper, "shortfalls")
    paper.heading(1, "六、{{ next_period }}工作安排")
    _each(paper, "carried_on")
    paper.heading(1, "七、提请研究事项")
    _each(paper, "requests")
    paper.paragraph("{{ basis }}", how="left")
    _annexes(paper)
    return paper.to_bytes()


def _rectification(paper: OfficialPaper, *, level: int, numbers: Sequence[str]) -> None:
    first, second, third, fourth, fifth = numbers
    heading = paper.heading
    at: Any = level
    heading(at, f"{first}总体情况")
    _each(paper, "overall")
    heading(at, f"{second}各责任单位情况")
    _groups(paper, "责任单位", "units")
    heading(at, f"{third}按问题来源统计")
    _groups(paper, "问题来源", "sources")
    heading(at, f"{fourth}超期事项及原因")
    _each(paper, "overdue")
    if fifth:
        heading(at, f"{fifth}提请研究事项")
        _each(paper, "requests")


def _each(paper: OfficialPaper, field: str) -> None:
    paper.paragraph(f"{{%p for line in {field} %}}\n{{{{ line }}}}\n{{%p endfor %}}")


def _groups(paper: OfficialPaper, head: str, field: str) -> None:
    heads = (head, *(column.head for column in GROUP_COLUMNS))
    cells = ["{{ line.name }}", *(f"{{{{ line.{column.key} }}}}" for column in GROUP_COLUMNS)]
    _looped(paper, heads, _GROUP_WIDTHS, field, cells, centred=range(1, len(cells)))


def _annexes(paper: OfficialPaper) -> None:
    paper.attachment_note(["问题整改台账", "工作任务台账"])
    for number, (title, what, field) in enumerate(
        (("问题整改台账", "具体问题", "problems"), ("工作任务台账", "具体任务", "plans")), 1
    ):
        paper.start_attachment(f"附件{number}", f"{title}（截至{{{{ cut_off }}}}）", is_landscape=True)
        heads = tuple(head.format(what=what) for head in ANNEX_HEADS.values())
        widths = tuple(_ANNEX_WIDTHS[key] for key in ANNEX_HEADS)
        centred = [place for place, key in enumerate(ANNEX_HEADS) if key not in _WIDE]
        cells = [f"{{{{ line.{key} }}}}" for key in ANNEX_HEADS]
        _looped(paper, heads, widths, field, cells, centred=centred)


def _looped(
    paper: OfficialPaper,
    heads: Sequence[str],
    widths: Sequence[float],
    field: str,
    cells: Sequence[str],
    *,
    centred: Collection[int],
) -> None:
    """A table whose one row stands for every entry of a field, and another for none."""
    rest = [""] * (len(heads) - 1)
    loop = (
        [f"{{%tr for line in {field} %}}", *rest],
        cells,
        ["{%tr else %}", *rest],
        ["无", *rest],
        ["{%tr endfor %}", *rest],
    )
    paper.table(heads, widths, loop, centred=centred)
