"""The pieces of a task's evidence as its papers number them, and where the file of each lies.

佐证1, 佐证2 … prove something; 签批件1 … are the scans an action was recorded from. A piece that left the task's file keeps
its number, so that a paper printed earlier still names the right one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from core.files import FileStore
from documents.word.layout import OfficialPaper
from documents.word.styles import SIZE_5
from rectification.lists.case_file import CaseFile, EvidenceLine
from rectification.task.proof import place_words
from rectification.task.time_limits import day_text


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece, its number and what it proves; its file, or why there is none, once that was looked up.

    `is_missing` says that there ought to be one.
    """

    label: str
    line: EvidenceLine
    proves: str
    place: Path | None = None
    why_not: str = ""
    is_missing: bool = False

    @property
    def named(self) -> str:
        """Number, name, kind and own date in one line."""
        line = self.line
        facts = "，".join(filter(None, (line.kind and line.kind.word, day_text(line.own_date))))
        return f"{self.label} {line.name}" + (f"（{facts}）" if facts else "")


def exhibits(task: CaseFile, store: FileStore | None = None) -> list[Exhibit]:
    """All pieces, what proves something first; with their files, where a store is given."""
    signed = [line for line in task.evidence if line.is_signed_paper]
    proving = [line for line in task.evidence if not line.is_signed_paper]
    proved = ["、".join(place_words(place, task.count_total) for place in line.proves) for line in proving]
    found = [
        *(Exhibit(f"佐证{n}", *each) for n, each in enumerate(zip(proving, proved, strict=True), 1)),
        *(Exhibit(f"签批件{n}", line, "代录所依据的签批") for n, line in enumerate(signed, 1)),
    ]
    return [_looked_up(each, store) for each in found] if store else found


def standing(found: Iterable[Exhibit]) -> Sequence[Exhibit]:
    """Those that prove something and are still in the task's file."""
    return [each for each in found if not (each.line.is_purged or each.line.is_signed_paper)]


def proof_of(place: int, found: Iterable[Exhibit]) -> str:
    """The numbers of what proves the measure at a place, or the whole."""
    return "、".join(each.label for each in standing(found) if place in each.line.proves) or "佐证：无"


def add_catalogue(paper: OfficialPaper, title: str, listed: Sequence[Exhibit], zone: tzinfo) -> None:
    """A page that lists all pieces, with what each proves; `zone` is the office's, as upload times are stored in UTC."""
    paper.start_attachment(title, "佐证材料")
    if not listed:
        paper.paragraph("没有佐证材料。")
        return
    paper.table(
        ("编号", "材料名称", "材料日期", "提交", "证明和说明"),
        (14, 49, 33, 31, 29),
        [_line(each, zone) for each in listed],
        centred=(0, 2, 3),
        size=SIZE_5,
    )


def _line(exhibit: Exhibit, zone: tzinfo) -> tuple[str, ...]:
    line = exhibit.line
    facts = (line.name, line.kind and line.kind.word, line.sha256 and f"校验码 {line.sha256[:12]}")
    return (
        exhibit.label,
        "\n".join(filter(None, facts)),
        day_text(line.own_date),
        f"{day_text(line.uploaded_at.astimezone(zone).date())}\n{line.uploaded_by}",
        "\n".join(filter(None, (exhibit.proves, line.note, exhibit.why_not))),
    )


def _looked_up(exhibit: Exhibit, store: FileStore) -> Exhibit:
    """One whose bytes are no longer those handed in is as good as missing."""
    line = exhibit.line
    if line.is_purged or not line.sha256:
        return replace(exhibit, why_not=line.gone_words or "纸质材料，存档案室")
    intact = store.is_intact(line.sha256)
    if not intact:
        why_not = "文件缺失，请告诉系统管理员" if intact is None else "文件内容与上传时不同，未收入"
        return replace(exhibit, why_not=why_not, is_missing=True)
    return replace(exhibit, place=store.path(line.sha256))
