"""Calling the command line in this process, as a person would in a terminal."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.cli import common
from app.cli.root import run
from models.organisation import Person
from rectification.office.names import by_login
from tasks.workplace import workplace


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Rectify:
    """The command, on a data folder of its own."""

    def __init__(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir = data_dir
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        self._capsys.readouterr()
        if common.ledger.cache_info().currsize:
            common.ledger().dispose()  # a command begins with nothing open
        code = run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Said(code, captured.out, captured.err)

    def ok(self, *arguments: str | Path) -> Said:
        """The same, for a step that must succeed."""
        said = self(*arguments)
        assert said.code == 0, said.out + said.err
        return said


def person_named(session: Session, login: str) -> Person:
    """The person with this login name, also one who has left."""
    return session.scalars(by_login(login)).one()


def forget_installation() -> None:
    """Let the next command read its settings and open its ledger anew."""
    if common.ledger.cache_info().currsize:
        common.ledger().dispose()
    if workplace.cache_info().currsize:
        workplace().database.dispose()
    workplace.cache_clear()
    common.ledger.cache_clear()
    common.settings.cache_clear()
    if workplace.cache_info().currsize:
        workplace().database.dispose()
    workplace.cache_clear()


@pytest.fixture
def rectify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str
) -> Iterator[Rectify]:
    """The command on an empty ledger, on either database."""
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RECTIFY_DATABASE_URL", database_url)
    forget_installation()
    yield Rectify(tmp_path / "data", capsys)
    forget_installation()
