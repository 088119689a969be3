"""The invented closures of tests/samples/closures as the closure checks see them; another hand wrote them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.enums import EvidenceKind
from rectification.task.proof import BindingMeasure, Dossier, Exhibit, LastTime

SAMPLES = Path(__file__).parents[3] / "samples" / "closures"
KINDS = {kind.word.replace("、", "/"): kind for kind in EvidenceKind}


@dataclass(frozen=True, slots=True)
class Told:
    """One closure: its number, whether it is honest, why, and its file."""

    number: int
    is_honest: bool
    why: str
    dossier: Dossier


def told_closures(folder: Path = SAMPLES) -> Iterator[Told]:
    for path in sorted(folder.glob("c*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        yield Told(int(path.stem[1:]), told["truth"] == "honest", told["why"], _dossier(told))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _dossier(told: dict[str, Any]) -> Dossier:
    last = told["last_time"]
    return Dossier(
        issued_on=_day(told["issued_on"]),
        needs_goal=True,
        needs_proof=True,
        exhibits=tuple(_exhibit(each) for each in told["evidence"]),
        measures=tuple(
            BindingMeasure(each["text"], each["is_done"], place, _day(each["due_on"]))
            for place, each in enumerate(told["measures"], 1)
        ),
        count_total=told["count_total"],
        count_done=told["count_done"],
        statement=told["statement"],
        others=tuple((code, text) for code, text in told["others"]),
        code=told["code"],
        due_on=_day(told["due_on"]),
        problem=told["problem"],
        goal=told["goal"],
        own_names=(told["bureau"], *told["units"]),
        submitted_on=datetime.fromisoformat(told["submitted_at"]).date(),
        submitted_at=datetime.fromisoformat(told["submitted_at"]),
        reported_on=tuple(date.fromisoformat(each["on"]) for each in told["progress"]),
        last_time=last and LastTime(last["statement"], frozenset(KINDS[kind] for kind in last["kinds"])),
    )


def _exhibit(told: dict[str, Any]) -> Exhibit:
    return Exhibit(
        name=told["name"],
        added_at=datetime.fromisoformat(told["added_at"]),
        own_date=_day(told["own_date"]),
        kind=KINDS[told["kind"]],
        own_text=told["text"],
        proves=frozenset(place + 1 for place in told["proves"]),
        also_in=tuple(told["also_in"]),
    )
