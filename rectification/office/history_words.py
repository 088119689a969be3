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
from rectification.office.second_person import ASKS
from rectification.office.units import home_bureau

SIGNINS: Final = frozenset(
    {OfficeVerb.SIGN_IN, OfficeVerb.SIGN_OUT, OfficeVerb.FAIL_SIGN_IN, OfficeVerb.DELAY_SIGN_IN}
)
"""What would bury the rest: listed apart."""
_OWN: Final = SIGNINS | {OfficeVerb.USE_CODE, OfficeVerb.MAKE_TOKEN, OfficeVerb.REVOKE_TOKEN}
"""What is about its actor: the name stands there once."""
_NAMES_THEM: Final = (*ASKS, OfficeVerb.CONFIRM, OfficeVerb.DECLINE)
"""Whose words name the person."""
_MODELS: Final = {model.__tablename__: model for model in ROWS}


def history(
    session: Session,
    *,
    limit: int,
    verbs: Collection[OfficeVerb] = tuple(OfficeVerb),
    before: int | None = None,
    bureau_id: int | None = None,
) -> list[OfficeEventRow]:
    """The newest events, with what they concern; `before` one of them, and of one bureau alone where it is given."""
    query = newest(verbs)
    if before is not None:
        query = query.where(OfficeEvent.sequence < before)
    found: list[OfficeEventRow] = []
    with closing(session.scalars(query.execution_options(yield_per=200))) as events:
        for event in events:
            if bureau_id is None or bureau_id in bureaus_in(session, event):
                found.append(told(session, event))
            if len(found) == limit:
                break
    return found


def told(session: Session, event: OfficeEvent) -> OfficeEventRow:
    """An event with whom and what it concerns."""
    if event.verb is OfficeVerb.BASELINE:
        return in_words(event, [f"{len(rows_of(event))} 条"])
    about = () if event.verb in _NAMES_THEM else fact_of(event, ABOUT) or ()
    others = [each for each in about if each != event.actor_id or event.verb not in _OWN]
    named = (_called(session, Person, each) for each in others)
    return in_words(event, [*named, *(_words(session, *row) for row in _rows(session, event))])


def people_in(session: Session, event: OfficeEvent) -> list[Person]:
    """Whom it is about."""
    of_rows = (
        facts.get(name) for _, facts, _ in _rows(session, event) for name in ("person_id", "substitute_id")
    )
    ids = {each for each in (*of_rows, *(fact_of(event, ABOUT) or ())) if each}
    return [person for each in sorted(ids) if (person := session.get(Person, each)) is not None]


def bureaus_in(session: Session, event: OfficeEvent) -> set[int]:
    """Whose event it is; what concerns none (the calendar, a backup) is the home bureau's."""
    of_rows = {facts["bureau_id"] for _, facts, _ in _rows(session, event) if facts.get("bureau_id")}
    found = of_rows | {person.bureau_id for person in people_in(session, event)}
    home = home_bureau(session)
    return found or {event.actor.bureau_id if event.actor else home.id if home else 0}


def _rows(
    session: Session, event: OfficeEvent
) -> Iterator[tuple[str, Facts, tuple[Facts | None, Facts | None]]]:
    """Each row it changed: its table, what it said then (what did not change, as it is), and the change."""
    for row, change in rows_of(event).items() if event.verb is not OfficeVerb.BASELINE else ():
        table, _, number = row.partition(":")
        if table == CalendarYear.__tablename__:
            yield table, {"name": f"{number}年"}, change
            continue
        now = session.get(_MODELS[table], int(number))
        called = {name: getattr(now, name) for name in ("name", "title", "body") if hasattr(now, name)}
        own = {f"{table}_id": int(number)}
        yield (
            table,
            {**(values(now) if now else {}), **(change[0] or {}), **(change[1] or {}), **called, **own},
            change,
        )


def _words(session: Session, table: str, facts: Facts, change: tuple[Facts | None, Facts | None]) -> str:
    before, after = change
    come_or_go = "增加" if before is None else "去掉" if after is None else ""
    who = _called(session, Person, facts.get("person_id"))
    if table == "person_role":
        return f"{who}：{come_or_go}{role_words([Role(facts['role'])])}"
    if table == "substitute":
        other = _called(session, Person, facts["substitute_id"])
        return f"{other}代{who}（{facts['starts_on']} 至 {facts['ends_on']}）"
    name = facts.get("name") or facts.get("title") or facts.get("key") or who
    unit = "" if name else _called(session, Unit, facts.get("unit_id"))
    labels = ((each, column_label(each)) for each in after or () if before)
    changed = "、".join(
        label for each, label in labels if label != each
    )  # the event's own words tell the rest
    return f"{come_or_go}{row_word(table)}{name or unit}" + (f"（{changed}）" if changed else "")


def _called(session: Session, model: type[Person] | type[Unit], number: int | None) -> str:
    name: str | None = session.scalar(select(model.name).where(model.id == number)) if number else ""
    return name or ""
