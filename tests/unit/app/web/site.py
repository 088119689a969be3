"""A site to ask in tests: the app over a ledger, a fixed day, browsers that are signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from httpx2 import Response
from sqlalchemy import event
from starlette.testclient import TestClient

from app.web.application import create_app
from app.web.page_request import SESSION_COOKIE
from core.db import Database
from core.settings import Settings
from models.organisation import Person
from rectification.office import signin
from tests.factories import clock_on

BASE = "http://board.test"


@dataclass
class Browser:
    """One browser of one person (or nobody): remembers its cookies and sends each form with the token it was given."""

    client: TestClient
    last: str = ""
    _csrf: str = field(default="", init=False)

    def get(self, path: str, *, follow: bool = False) -> Response:
        return self._seen(self.client.get(path, follow_redirects=follow))

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Response:
        """Send a form with the token of the page seen last; any page has one."""
        if not self._csrf:
            self.get("/account", follow=True)
        sent = {"csrf": self._csrf, **(data or {})}
        return self._seen(self.client.post(path, data=sent, follow_redirects=False, **more))

    def _seen(self, response: Response) -> Response:
        self.last = response.text
        if found := re.search(r'name="csrf" value="([0-9a-f]+)"', response.text):
            self._csrf = found[1]
        return response


@dataclass
class Board:
    """The app of a test with its ledger and its day."""

    database: Database
    folder: Path
    day: date
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = Settings(data_dir=self.folder, **self.settings)
        self.app = create_app(settings, self.database, lambda: clock_on(self.day))

    def browser(self, person: Person | int | None = None) -> Browser:
        """A browser, signed in as `person` where one is given."""
        client = TestClient(self.app, base_url=BASE, raise_server_exceptions=False)
        if person is not None:
            person_id = person if isinstance(person, int) else person.id
            with self.database.unit_of_work() as session:
                token = signin.open_session(session, clock_on(self.day), person_id)
            client.cookies.set(SESSION_COOKIE, token)
        return Browser(client)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement sent meanwhile."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    engines = [database.reader, database.writer]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
