"""Can this closing be defended? Pure checks of what the file of a task holds.

Blocks stop a closing somewhere on its way; what only looks like a closing on paper is a doubt (rectification/task/doubts.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from core.text import says_something, shortened
from models.enums import EvidenceKind

WHOLE: Final = 0
"""Stands for the whole where the place of a measure stands else."""
BLANK: Final = "（没有内容）"
"""What is kept as the own text of a file that could be read and says nothing."""


class Block(StrEnum):
    """Why a task cannot be closed as it stands."""

    NO_GOAL = "no_goal"
    NO_MEASURES = "no_measures"
    OPEN_MEASURES = "open_measures"
    COUNT_SHORT = "count_short"
    NO_EVIDENCE = "no_evidence"
    UNTIED = "untied"


@dataclass(frozen=True, slots=True)
class Finding:
    """One block or doubt, with the sentence people read, and what would dispel it."""

    code: StrEnum
    text: str
    dispelled_by: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence. `also_in` are the codes of other tasks that hold the same file.

    `proves` are the places of the measures it is tied to, WHOLE for the task's count or result; `own_text` is what the
    file itself says; `is_paper` where the archive holds it and the ledger its number alone.
    """

    name: str
    added_at: datetime
    own_date: date | None = None
    kind: EvidenceKind | None = None
    also_in: tuple[str, ...] = ()
    proves: frozenset[int] = frozenset()
    own_text: str = ""
    is_paper: bool = False


@dataclass(frozen=True, slots=True)
class BindingMeasure:
    """A measure that was not dropped, at its place among the task's."""

    text: str
    is_done: bool
    position: int = 1
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class LastTime:
    """How a problem that recurs was closed before."""

    statement: str
    kinds: frozenset[EvidenceKind | None]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the file of a task holds when its closing is judged.

    `last_submitted_at` is the submission of the round before; `others` are the statements of other closings by code;
    `needs_goal` and `needs_proof` are what the bureau asks of this task. `submitted_on` is today where it is yet to be
    submitted; `submitted_at` the moment, None where a paper was recorded later. `own_names` are the bureau's and its
    units', its full name first.
    """

    issued_on: date | None
    goal: str = ""
    needs_goal: bool = False
    needs_proof: bool = False
    exhibits: tuple[Exhibit, ...] = ()
    measures: tuple[BindingMeasure, ...] = ()
    count_total: int | None = None
    count_done: int | None = None
    statement: str = ""
    last_submitted_at: datetime | None = None
    others: tuple[tuple[str, str], ...] = ()
    code: str = ""
    problem: str = ""
    due_on: date | None = None
    own_names: tuple[str, ...] = ()
    submitted_on: date | None = None
    submitted_at: datetime | None = None
    reported_on: tuple[date, ...] = ()
    last_time: LastTime | None = None


def provable(measures: Iterable[int], *, is_counted: bool) -> tuple[int, ...]:
    """What a piece of evidence may prove: the measures at these places, and the whole where it is counted or all there is."""
    places = tuple(measures)
    return (*places, WHOLE) if is_counted or not places else places


def place_words(place: int, count_total: int | None) -> str:
    """What stands at a place, as a list names it."""
    if place != WHOLE:
        return f"措施{place}"
    return f"总数（{count_total}）" if count_total is not None else "整改结果"


def unproven(dossier: Dossier) -> Iterator[Finding]:
    """What is asked for before anybody may ask for the closing, and is not there."""
    if dossier.needs_goal and not says_something(dossier.goal):
        told = f"整改目标“{shortened(dossier.goal, 20)}”没有内容" if dossier.goal else "还没有整改目标"
        yield Finding(Block.NO_GOAL, told, "请写明整改目标")
    if dossier.needs_goal and not any(says_something(step.text) for step in dossier.measures):
        yield Finding(Block.NO_MEASURES, "还没有整改措施", "请拟定至少一条措施")
    unfinished = [step.text for step in dossier.measures if not step.is_done]
    if unfinished:
        yield Finding(
            Block.OPEN_MEASURES,
            f"还有 {len(unfinished)} 条措施没有完成，如“{shortened(unfinished[0], 20)}”",
            "请先完成措施，或由科室负责人说明理由后取消",
        )
    if dossier.count_total and (dossier.count_done or 0) < dossier.count_total:
        yield Finding(
            Block.COUNT_SHORT,
            f"共 {dossier.count_total} 项，只完成 {dossier.count_done or 0} 项",
            "请先完成，或写明没有全部完成的理由",
        )
    if not dossier.exhibits:
        yield Finding(Block.NO_EVIDENCE, "还没有佐证材料", "请先上传佐证材料，或登记纸质档号")
    untied = [exhibit.name for exhibit in dossier.exhibits if not exhibit.proves]
    if dossier.needs_proof and untied:
        yield Finding(
            Block.UNTIED,
            f"材料“{'”“'.join(untied[:3])}”没有写明证明什么",
            "请“标明证明事项”，一份可以证明几条措施",
        )
