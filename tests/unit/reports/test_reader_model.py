"""The trained model: it is the one its data give, it holds when one thing changes, and without it the rules read and say so."""

import hashlib
import json
from pathlib import Path

import pytest

from benchmarks.reader.corpus import OWN, WRITERS, written_by
from benchmarks.reader.judging import judged
from benchmarks.reader.mutations import MUTATIONS, changed
from benchmarks.reader.training import data_hash, gathered, train
from reports.checking import is_unsure, to_check
from reports.reading import read_document
from reports.tagger import MODEL, NO_MODEL, VERSION
from tests.unit.reports.saying import CLOSING, OPENING, PLAN, SHORT, document

LARGEST = 2 * 1024 * 1024
# What share of items is read in a sample of all writers' reports with one change; the model has seen these reports.
FLOORS = dict.fromkeys(MUTATIONS, 0.95) | {"headings_lost": 0.9, "in_one_line": 0.85, "in_a_form": 0.8}


def test_the_model_is_the_one_that_the_reports_here_give() -> None:
    made = json.loads(MODEL.with_suffix(".json").read_text(encoding="utf-8"))

    assert made["data"] == data_hash(), "the reports have changed: run make reader-model"
    assert made["sha256"] == hashlib.sha256(MODEL.read_bytes()).hexdigest()
    assert made["version"] == VERSION
    assert MODEL.stat().st_size < LARGEST


@pytest.mark.nightly
def test_the_same_reports_give_the_same_model(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for made in (first, second):
        train(gathered(["E"]), made)

    assert first.read_bytes() == second.read_bytes()


def test_without_a_model_the_rules_read_and_every_item_is_flagged(tmp_path: Path) -> None:
    report = document(f"{OPENING}\n{SHORT}\n{PLAN}\n{CLOSING}")

    read = read_document(report, sha256="", model=tmp_path / "none")

    assert [item.text for item in read.shortcomings] == ["执法力量薄弱"]
    assert [item.text for item in read.plans] == ["充实执法力量"]
    assert all(map(is_unsure, (*read.shortcomings, *read.plans)))
    assert [hint.message for hint in read.hints].count(NO_MODEL) == 1
    assert to_check(read) == "2 条中 2 条请核对"


def test_a_file_that_is_no_model_counts_as_none(tmp_path: Path) -> None:
    broken = tmp_path / "reader.crfsuite"
    broken.write_bytes(b"no model")

    assert read_document(document(f"{OPENING}\n{SHORT}\n{PLAN}\n{CLOSING}"), sha256="", model=broken).ruled


@pytest.mark.parametrize("said", ["sha256", "version"])
def test_a_model_that_is_not_what_its_record_says_counts_as_none(tmp_path: Path, said: str) -> None:
    cut = tmp_path / "reader.crfsuite"
    cut.write_bytes(MODEL.read_bytes()[:5000])  # with its head whole, which the library believes
    made = json.loads(MODEL.with_suffix(".json").read_text(encoding="utf-8"))
    if said == "version":
        made |= {"version": 0, "sha256": hashlib.sha256(cut.read_bytes()).hexdigest()}
    cut.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")

    assert read_document(document(f"{OPENING}\n{SHORT}\n{PLAN}\n{CLOSING}"), sha256="", model=cut).ruled


def test_the_rules_alone_read_nine_items_in_ten(tmp_path: Path) -> None:
    reports = [(one.document, one.gold) for writer in WRITERS for one in written_by(writer)]

    assert judged(reports, tmp_path / "none").f1("shortcomings", "plans") >= 0.9


def test_the_model_reads_the_reports_it_learnt_from() -> None:
    reports = [(one.document, one.gold) for writer in WRITERS for one in written_by(writer)]

    assert judged(reports, MODEL).f1("shortcomings", "plans") >= 0.99


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_one_change_to_a_report_leaves_its_items(name: str) -> None:
    sample = [one for writer in (*WRITERS, OWN) for one in written_by(writer)[::7]]
    made = [found for place, one in enumerate(sample) if (found := changed(name, one, place))]

    assert made
    assert judged(made, MODEL).f1("shortcomings", "plans") >= FLOORS[name]
