"""What the clerk is proposed for a draft: nothing of it happens by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.enums import Ground, ItemKind, Verb
from rectification.intake.likeness import most_alike
from rectification.intake.recurrence import says_still
from reports.wording import is_study_only

_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class Promise:
    """The part of a task that is compared."""

    code: str
    kind: ItemKind
    text: str
    is_recurring: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verb and why; `into` is the open task a draft may be merged into."""

    verb: Verb
    ground: Ground
    into: str = ""


def proposals(
    drafts: Sequence[Promise], running: Sequence[Promise], dropped: Iterable[str] = ()
) -> Mapping[str, tuple[Proposal, ...]]:
    """For each draft, by code: an open task (of `running`) that covers it, that it is better archived, or recurs.

    `dropped` are the codes of drafts a new version of the report no longer names.
    """
    found: dict[str, tuple[Proposal, ...]] = {}
    gone = set(dropped)
    for is_problem in (True, False):
        others = [task for task in running if task.kind.is_problem is is_problem]
        texts = [task.text for task in others]
        for draft in drafts:
            if draft.kind.is_problem is is_problem:
                near = most_alike(draft.text, texts)[:_MOST]
                merging = [Proposal(Verb.MERGE, Ground.COVERED, others[place].code) for place in near]
                found[draft.code] = (
                    *merging,
                    *_archiving(draft, is_gone=draft.code in gone),
                    *_recurring(draft),
                )
    return found


def _archiving(draft: Promise, *, is_gone: bool) -> Iterable[Proposal]:
    if is_gone:
        yield Proposal(Verb.ARCHIVE, Ground.DROPPED)
    elif draft.kind is ItemKind.PLAN and is_study_only(draft.text):
        yield Proposal(Verb.ARCHIVE, Ground.STUDY)


def _recurring(draft: Promise) -> Iterable[Proposal]:
    if draft.kind is ItemKind.SHORTCOMING and not draft.is_recurring and says_still(draft.text):
        yield Proposal(Verb.EDIT, Ground.STILL)
