"""The office's events in words: whom and what each concerns, by name; the rows themselves hold numbers."""

from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import CalendarYear
from models.enums import OfficeVerb, Role
from models.history import OfficeEvent
from models.organisation import Person, Unit
from rectification.labels import column_label, role_words, row_word
from rectification.office.chain import Facts, values
from rectification.office.journal import ABOUT, ROWS, OfficeEventRow, fact_of, in_words, newest, rows_of
from rectification.office.units import home_bureau

SIGNINS: Final = frozenset(
    {OfficeVerb.SIGN_IN, OfficeVerb.SIGN_OUT, OfficeVerb.FAIL_SIGN_IN, OfficeVerb.DELAY_SIGN_IN}
)
"""What would bury the rest: listed apart."""
_MODELS: Final = {model.__tablename__: model for model in ROWS}
_PEOPLE: Final = ("person_id", "substitute_id", "leader_id")
_CALLED: Final = ("name", "title", "body", "key")


def history(
    session: Session,
    *,
    limit: int,
    verbs: Collection[OfficeVerb] = tuple(OfficeVerb),
    before: int | None = None,
    bureau_id: int | None = None,
) -> list[OfficeEventRow]:
    """The newest events, with those they concern; `before` one of them, and of one bureau alone where it is given.

    What concerns no bureau (the calendar, a backup) is the home bureau's.
    """
    query = newest(verbs)
    if before is not None:
        query = query.where(OfficeEvent.sequence < before)
    named = Named(session)
    found: list[OfficeEventRow] = []
    with closing(session.scalars(query.execution_options(yield_per=200))) as events:
        for event in events:
            if bureau_id is None or bureau_id in named.bureaus(event):
                found.append(in_words(event, named.words(event)))
            if len(found) == limit:
                break
    return found


class Named:
    """Who and what the office's rows are, as they stand now."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people = self._all(Person)
        self._units = self._all(Unit)
        home = home_bureau(session)
        self._home = {home.id} if home else set()

    def _all(self, model: type[Person] | type[Unit]) -> dict[int, tuple[str, int]]:
        rows = self._session.execute(select(model.id, model.name, model.bureau_id))
        return {number: (name, bureau_id) for number, name, bureau_id in rows}

    def bureaus(self, event: OfficeEvent) -> set[int]:
        """Whose event it is."""
        of_rows = (self._row(row, change) for row, change in rows_of(event).items())
        found = {bureau for facts in of_rows if (bureau := self._bureau(facts))}
        people = self._people.keys() & {*self.people(event), event.actor_id}
        return found | {self._people[each][1] for each in people} or self._home

    def people(self, event: OfficeEvent) -> set[int]:
        """Whom it is about."""
        of_rows = (self._row(row, change) for row, change in rows_of(event).items())
        named = {facts.get(column) for facts in of_rows for column in ("person_id", "substitute_id")}
        return self._people.keys() & (named | {*(fact_of(event, ABOUT) or ())})

    def names(self, event: OfficeEvent) -> list[str]:
        """The same, by name."""
        return [self._people[each][0] for each in sorted(self.people(event))]

    def words(self, event: OfficeEvent) -> Iterator[str]:
        """Each row it changed, and whom else it is about."""
        for each in fact_of(event, ABOUT) or ():
            yield self._people.get(each, ("", 0))[0]
        if event.verb is OfficeVerb.BASELINE:
            yield f"{len(rows_of(event))} 条"
            return
        for row, (before, after) in rows_of(event).items():
            told = self._row(row, (before, after))
            if words := self._row_words(row.partition(":")[0], told, before, after):
                yield words

    def _row(self, row: str, change: tuple[Facts | None, Facts | None]) -> Facts:
        """A row as it was when it was told of; what did not change then, as it is."""
        table, _, number = row.partition(":")
        if table == CalendarYear.__tablename__:
            return {"name": f"{number}年"}
        now = self._session.get(_MODELS[table], int(number))
        called = {name: getattr(now, name) for name in _CALLED if hasattr(now, name)}
        own = {"person": "person_id", "unit": "unit_id"}.get(table, "id")
        before, after = change
        return {**(values(now) if now else {}), **(before or {}), **(after or {}), **called, own: int(number)}

    def _bureau(self, facts: Facts) -> int | None:
        for name, known in (("person_id", self._people), ("unit_id", self._units)):
            if facts.get(name) in known:
                return known[facts[name]][1]
        bureau_id: int | None = facts.get("bureau_id")
        return bureau_id

    def _row_words(self, table: str, facts: Facts, before: Facts | None, after: Facts | None) -> str:
        come_or_go = "增加" if before is None else "去掉" if after is None else ""
        who = self._people.get(facts.get("person_id", 0), ("", 0))[0]
        if table == "person_role":
            return f"{who}：{come_or_go}{role_words([Role(facts['role'])])}"
        if table == "substitute":
            other = self._people.get(facts["substitute_id"], ("", 0))[0]
            return f"{other}代{who}（{facts['starts_on']} 至 {facts['ends_on']}）"
        if table == "bureau_setting":
            return f"{facts['key']}"
        name = who if table in ("person", "hearing_guest") else facts.get("name") or facts.get("title") or who
        unit = self._units.get(facts.get("unit_id", 0), ("", 0))[0]
        changed = "、".join(map(column_label, after)) if before and after else ""
        return f"{come_or_go}{row_word(table)}{name or unit}" + (f"（{changed}）" if changed else "")
