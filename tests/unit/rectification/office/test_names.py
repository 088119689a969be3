"""Names as people bring them: dots, widths, rare characters, letters nobody sees, large and small letters."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Refused
from models.enums import Role
from rectification.casework.enrolling import enrol
from rectification.office.names import checked_login, checked_name, folded_name, unseen_in
from rectification.office.people import NewPerson, add_person, person_by_login, roles_of
from rectification.office.people_by_name import person_called
from rectification.office.signin import hash_password, person_with, set_password_hash
from tests.factories import BY, make_bureau


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


@pytest.mark.parametrize("dot", ["·", "•", "・", "･", "．", "‧", "."])
def test_every_form_of_the_dot_in_a_name_is_one(dot: str) -> None:
    assert checked_name(f"艾力{dot}买买提", "姓名") == "艾力·买买提"
    assert checked_login(f"艾力{dot}买买提") == "艾力·买买提"


def test_a_point_between_letters_stays() -> None:
    assert checked_login("zhang.san@office") == "zhang.san@office"


@pytest.mark.parametrize("name", ["王䶮", "李𬭎", "王﨑", "李金", "陈𠮷"])
def test_rare_characters_stay_what_they_are(name: str) -> None:
    assert checked_name(name, "姓名") == name
    assert checked_login(name) == name


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [("何可\u200b", "何可", "U+200B"), ("\ufeff施工", "施工", "U+FEFF"), ("张\u00a0三", "张三", "")],
)
def test_what_nobody_sees_is_taken_out_and_said(typed: str, kept: str, said: str) -> None:
    assert checked_name(typed, "姓名") == kept
    assert said in unseen_in(typed)
    assert bool(unseen_in(typed)) == bool(said)


@given(st.text(max_size=30))
def test_a_folded_name_is_folded_for_good(text: str) -> None:
    assert folded_name(folded_name(text)) == folded_name(text)


def test_a_login_that_cannot_be_is_refused_with_a_proposal() -> None:
    with pytest.raises(Refused, match="可改为“zhangsan”"):
        checked_login("zhang/san")


def test_large_and_small_letters_are_one_person(session: Session) -> None:
    office = make_bureau(session)
    new = NewPerson("周管", "Zhouguan", office.roads.name)
    person = add_person(session, BY, office.bureau, new)

    assert person.login == "zhouguan"
    assert person_by_login(session, "ZHOUGUAN") is person
    assert person_called(session, office.bureau.id, "周管（ZhouGuan）") is person
    with pytest.raises(Conflict):
        add_person(session, BY, office.bureau, NewPerson("周二", "ZhouGuan", office.roads.name))
    set_password_hash(session, BY, person, hash_password("秋天的路边有一排老银杏树", login="zhouguan"))
    assert person_with(session, "ZhouGuan", "秋天的路边有一排老银杏树") == person.id


def test_a_list_says_what_it_took_out_and_takes_rare_names(session: Session) -> None:
    office = make_bureau(session)
    rows = [
        NewPerson("王䶮", "王䶮", office.roads.name, row=2),
        NewPerson("艾力·买买提", "艾力·买买提", office.roads.name, row=3),
        NewPerson("何可\u200b", "heke\u200b", office.roads.name, email="heke@example.gov.cn\u200b", row=4),
        NewPerson("何可", "HeKe", office.roads.name, row=5),
    ]
    outcome = enrol(session, BY, office.bureau, rows)

    assert outcome.added == ["王䶮", "艾力·买买提", "heke"]
    [(row, said)] = outcome.notes
    assert row == 4
    assert "U+200B" in said
    assert [row for row, _ in outcome.problems] == [5]
    found = person_by_login(session, "heke")
    assert found is not None
    assert found.email == "heke@example.gov.cn"
    assert Role.OFFICER in roles_of(session, found.id)
