"""The pieces of a task's evidence as its papers number them, and where the file of each lies.

佐证1, 佐证2 … prove something; 签批件1 … are the scans an action was recorded from. A piece that left the task's file keeps
its number, so that a paper printed earlier still names the right one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.files import FileStore
from rectification.labels import EVIDENCE_KIND
from rectification.lists.case_file import CaseFile, EvidenceLine
from rectification.task.time_limits import day_text


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece and its number."""

    label: str
    line: EvidenceLine

    @property
    def proves(self) -> str:
        """What it proves, in words: 措施1、整改结果."""
        if self.line.is_signed_paper:
            return "代录所依据的签批"
        return "、".join(f"措施{place}" if place else "整改结果" for place in self.line.proves)

    @property
    def named(self) -> str:
        """Number, name, kind and own date in one line."""
        line = self.line
        kind = EVIDENCE_KIND[line.kind] if line.kind else ""
        facts = "，".join(filter(None, (kind, day_text(line.own_date))))
        return f"{self.label} {line.name}" + (f"（{facts}）" if facts else "")


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a piece's file lies, or why there is none; `is_missing` where there ought to be one."""

    place: Path | None = None
    why_not: str = ""
    is_missing: bool = False


def exhibits(task: CaseFile) -> tuple[Exhibit, ...]:
    """All pieces, what proves something first."""
    signed = [line for line in task.evidence if line.is_signed_paper]
    proving = [line for line in task.evidence if not line.is_signed_paper]
    return (*_numbered("佐证", proving), *_numbered("签批件", signed))


def standing(found: Iterable[Exhibit]) -> Sequence[Exhibit]:
    """Those that prove something and are still in the task's file."""
    return [each for each in found if not (each.line.is_purged or each.line.is_signed_paper)]


def proof_of(place: int, found: Iterable[Exhibit]) -> str:
    """The numbers of what proves the measure at a place, or the whole."""
    return "、".join(each.label for each in standing(found) if place in each.line.proves) or "佐证：无"


def stored(line: EvidenceLine, store: FileStore) -> Stored:
    """Look a piece's file up; one whose bytes are no longer those that were handed in is as good as missing."""
    if line.is_purged:
        return Stored(why_not=line.gone_words)
    if not line.sha256:
        return Stored(why_not="纸质材料，存档案室")
    intact = store.is_intact(line.sha256)
    if intact is None:
        return Stored(why_not="文件缺失，请告诉系统管理员", is_missing=True)
    if not intact:
        return Stored(why_not="文件内容与上传时不同，未收入", is_missing=True)
    return Stored(store.path(line.sha256))


def _numbered(word: str, lines: Iterable[EvidenceLine]) -> list[Exhibit]:
    return [Exhibit(f"{word}{n}", line) for n, line in enumerate(lines, 1)]
