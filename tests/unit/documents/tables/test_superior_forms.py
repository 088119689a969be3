"""A superior's own form: its heads are known, it goes out filled and otherwise as it came, and it comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database
from documents.tables.ledger_import import import_ledger
from documents.tables.row_by_row import RowFate, RowOutcome
from documents.tables.superior_forms import fill_form, filled_rows, read_form
from models.calendar import SuperiorForm
from models.enums import Channel
from models.organisation import Unit
from rectification.office.actors import Acting, actor_by_login
from rectification.tables.superior_forms import add_form
from tests.factories import by_on, clock_on
from tests.unit.documents.making import SHOWN_ON, converted, filled_office, whole
from tests.unit.documents.tables import superior_papers

DAY = SHOWN_ON
Make = Callable[[Path], Path]
SHAPES = [
    ("justice_bureau", "xlsx"),
    ("auditors", "xlsx"),
    ("inspectors", "xlsx"),
    ("plain", "xlsx"),
    ("word_form", "docx"),
]
PROBLEMS = ("执法案卷制作不规范，个别案卷缺少送达回证。", "信息公开答复超期")
PLAN = "组织两次案卷评查"


@pytest.fixture
def office(database: Database) -> Database:
    with database.unit_of_work() as session:
        filled_office(session)
    return database


def register(database: Database, path: Path, name: str = "上级台账") -> int:
    with database.unit_of_work() as session:
        bureau = session.scalars(select(Unit).where(Unit.name == "云山县交通运输局")).one()
        table = read_form(path)
        form = add_form(session, by_on(DAY), bureau.id, name, path.name, path.read_bytes(), table)
        return form.id


def fill(database: Database, form_id: int, path: Path) -> Path:
    with database.reading() as session:
        data, _ = fill_form(session, session.get_one(SuperiorForm, form_id), whole(database))
    path.write_bytes(data)
    return path


def take(database: Database, form_id: int, path: Path, *, dry_run: bool = False) -> list[RowOutcome]:
    with database.reading() as session:
        actor = actor_by_login(session, "clerk", today=DAY)
        bureau = session.get_one(Unit, actor.bureau_id)
        rows = filled_rows(session, path, clock_on(DAY), actor, form_id, None)
    acting = Acting(actor, Channel.EXCEL)
    return list(import_ledger(database, clock_on(DAY), acting, bureau, rows, dry_run=dry_run))


@pytest.mark.parametrize(("shape", "ending"), SHAPES)
def test_a_form_that_went_out_and_comes_back_changes_nothing(
    office: Database, tmp_path: Path, shape: str, ending: str
) -> None:
    form_id = register(office, getattr(superior_papers, shape)(tmp_path / f"form.{ending}"))
    filled = fill(office, form_id, tmp_path / f"filled.{ending}")
    outcomes = take(office, form_id, filled)
    assert [(each.fate, each.why, each.left) for each in outcomes] == [(RowFate.UNCHANGED, "", ())] * 3


@pytest.mark.parametrize(("shape", "ending"), SHAPES)
def test_so_it_does_once_another_program_has_saved_it(
    office: Database, tmp_path: Path, shape: str, ending: str
) -> None:
    form_id = register(office, getattr(superior_papers, shape)(tmp_path / f"form.{ending}"))
    filled = fill(office, form_id, tmp_path / f"filled.{ending}")
    (tmp_path / "saved").mkdir()
    outcomes = take(office, form_id, converted(filled, ending, tmp_path / "saved"))
    assert [(each.fate, each.why, each.left) for each in outcomes] == [(RowFate.UNCHANGED, "", ())] * 3
