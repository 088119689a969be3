"""A program that asks the API with a token."""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from models.enums import TokenScope
from models.organisation import Person
from rectification.office import tokens
from tests.factories import by_on
from tests.unit.app.web.site import BASE, Board


def token_of(board: Board, person: Person | int, scope: TokenScope = TokenScope.ACT) -> str:
    """A fresh token of a person."""
    person_id = person if isinstance(person, int) else person.id
    with board.database.unit_of_work() as session:
        return tokens.make_token(session, by_on(board.day), person_id, "程序", scope, 30)


@dataclass
class Program:
    """A program without cookies, and its token."""

    board: Board
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str) -> Response:
        return self._client.get(path, headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> Response:
        sent: dict[str, Any] = more or {"json": body or {}}
        return self._client.post(path, headers=self.headers, **sent)

    @property
    def _client(self) -> TestClient:
        return TestClient(self.board.app, base_url=BASE, raise_server_exceptions=False)


def program(board: Board, person: Person | int, scope: TokenScope = TokenScope.ACT) -> Program:
    """A program that asks in a person's name."""
    return Program(board, token_of(board, person, scope))
