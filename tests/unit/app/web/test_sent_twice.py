"""A form is taken once, also where it comes twice at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
from sqlalchemy import func, select
from starlette.datastructures import FormData, UploadFile

from app.web.sent import key_of
from models.organisation import Person, Unit
from models.report import Source
from models.review import Hearing, PlannedHearing
from models.signin import FormKey
from models.task import RectificationTask
from rectification.office import signin
from tests.factories import DAY, clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Browser
from tests.unit.app.web.test_tables import BOOK, edited

DAY_ISO = DAY.isoformat()
FORMS = {
    "hearing": ("/reviews/hearings/new", "/reviews/hearings", Hearing),
    "plan": ("/reviews/hearings/plans", "/reviews/hearings/plans", PlannedHearing),
    "task": ("/entry", "/entry", RectificationTask),
    "source": ("/sources", "/sources", Source),
    "person": ("/people", "/people", Person),
    "unit": ("/units", "/units", Unit),
}


def filled(page: str, action: str) -> dict[str, str]:
    """The form of a page that is sent to `action`: its hidden fields, and the first choice of every list."""
    form = re.search(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form is not None
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[1], re.DOTALL):
        found[name] = next(iter(re.findall(r'<option value="([^"]+)"', options)), "")
    return found


TYPED = {
    "hearing": {"held_on": DAY_ISO, "topic": "听取整改情况"},
    "plan": {"meets_on": (DAY + timedelta(days=9)).isoformat(), "topic": "听取整改情况"},
    "task": {"text": "行政检查未使用统一通知书"},
    "source": {"title": "关于法治督察情况的反馈意见"},
    "person": {"name": "周新", "login": "zhouxin", "role": "officer"},
    "unit": {"name": "规划科"},
}


def count(world: World, model: type) -> int:
    with world.board.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def a_form(world: World, clerk: Browser, name: str) -> tuple[str, dict[str, str]]:
    """Where a filled-in form is sent, with what."""
    if name == "task":
        clerk.get("/sources")
        clerk.post("/sources", {**filled(clerk.last, "/sources"), **TYPED["source"]})
    page, action, _ = FORMS[name]
    form = {**filled(clerk.get(page).text, action), **TYPED[name]}
    return action, form | ({"guest": str(world.home.chief.id)} if name == "plan" else {})


def at_once(world: World, clerk: Browser, action: str, form: dict[str, str]) -> list[tuple[int, str]]:
    """The answers to one form that a browser sends twice at the same moment, by their status."""
    start, other = Barrier(2), world.board.browser()
    other.client.cookies.update(dict(clerk.client.cookies))

    def post(browser: Browser) -> tuple[int, str]:
        start.wait()
        answer = browser.client.post(action, data=form, follow_redirects=False)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(2) as both:
        return sorted(both.map(post, (clerk, other)))


@pytest.mark.parametrize("name", FORMS)
def test_two_posts_of_one_form_at_the_same_moment_make_one_row(world: World, name: str) -> None:
    clerk, model = world.board.browser(world.home.clerk), FORMS[name][2]
    action, form = a_form(world, clerk, name)
    before = count(world, model)

    answers = at_once(world, clerk, action, form)

    assert [status for status, _ in answers] == [303, 409], answers
    assert "这份表单已经提交过" in answers[1][1]
    assert "Traceback" not in answers[1][1]
    assert count(world, model) == before + 1


def test_a_table_that_came_back_is_taken_in_once_by_two_posts_at_the_same_moment(world: World) -> None:
    clerk, before = world.board.browser(world.home.clerk), count(world, RectificationTask)
    preview = clerk.post("/ledger", files={"file": ("台账.xlsx", edited(clerk, world.running), BOOK)})
    form = filled(preview.text[preview.text.rindex("<form") :], "/ledger")
    assert "upload" in form

    answers = at_once(world, clerk, "/ledger", form)

    assert [status for status, _ in answers] == [200, 409]
    assert count(world, RectificationTask) == before + 1


def test_every_form_of_a_page_has_a_key_of_its_own_and_a_new_page_new_ones(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    first, second = (
        re.findall(r'name="form_key" value="([0-9a-f]{64})"', clerk.get("/people").text) for _ in range(2)
    )

    assert len(first) == clerk.last.count('method="post"')
    assert len({*first, *second}) == len(first) + len(second)


def test_a_refused_form_is_sent_again_with_what_was_mended(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    action, form = a_form(world, clerk, "hearing")

    assert clerk.post(action, {**form, "topic": ""}).status_code == 422
    assert clerk.post(action, {**form, "held_on": (DAY + timedelta(days=1)).isoformat()}).status_code == 422
    assert clerk.post(action, form).status_code == 303
    assert clerk.post(action, form).status_code == 409


def test_another_meeting_is_recorded_from_a_page_opened_anew(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    for topic in ("听取整改情况", "研究案卷评查"):
        action, form = a_form(world, clerk, "hearing")
        assert clerk.post(action, {**form, "topic": topic}).status_code == 303


def test_a_page_called_back_and_sent_with_other_words_is_another_form(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    action, form = a_form(world, clerk, "source")

    assert clerk.post(action, form).status_code == 303
    assert clerk.post(action, {**form, "title": "关于案卷评查的通报"}).status_code == 303
    assert clerk.post(action, {**form, "title": "关于案卷评查的通报"}).status_code == 409
    assert count(world, FormKey) == 2


def test_another_file_is_another_form_and_the_tokens_of_one_sending_make_none() -> None:
    def sent(name: str = "照片.png", size: int = 3, csrf: str = "a", **more: str) -> FormData:
        file = UploadFile(BytesIO(bytes(size)), size=size, filename=name)
        return FormData([("form_key", "k"), ("csrf", csrf), ("file", file), *more.items()])

    assert key_of(sent()) == key_of(sent(csrf="b")) == key_of(sent(present="密码"))
    assert len({key_of(sent(**each)) for each in ({}, {"name": "b.png"}, {"size": 4}, {"text": "字"})}) == 4
    assert key_of(FormData([("text", "字")])) == ""


@pytest.mark.parametrize("key", ["", "x" * 33, "0" * 4_000, "0\0"])
def test_a_form_without_a_good_key_is_taken_as_it_was(world: World, key: str) -> None:
    clerk = world.board.browser(world.home.clerk)
    action, form = a_form(world, clerk, "source")

    assert clerk.post(action, {**form, "form_key": key}).status_code == 303


def test_a_report_of_progress_is_entered_once(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    action = f"/tasks/{world.running}/progress"
    form = {**filled(officer.get(action).text, action), "text": "已经核对案卷。"}

    assert officer.post(action, form).status_code == 303
    assert officer.post(action, form).status_code == 409


def test_old_keys_go_when_somebody_signs_in(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    action, form = a_form(world, clerk, "source")
    clerk.post(action, form)
    assert count(world, FormKey) == 1

    for days, left in ((7, 1), (9, 0)):
        with world.board.database.unit_of_work() as session:
            signin.open_session(session, clock_on(DAY + timedelta(days=days)), world.home.clerk.id)
        assert count(world, FormKey) == left


def test_another_bureaus_chair_presides_over_nothing(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    action, form = a_form(world, clerk, "hearing")
    for chair in (world.foreign.chief.id, 999_999):
        answer = clerk.post(action, {**form, "presided_by_id": str(chair)})
        assert answer.status_code == 422
        assert "主持人不是本单位的人员" in answer.text
    assert count(world, Hearing) == 0
