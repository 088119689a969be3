"""Settings with their preview, and what leaves as a file."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.web.routers.office.settings import LABELS
from models.enums import Cadence
from rectification.office.settings import policy_of
from tests.factories import DAY
from tests.unit.app.web.conftest import World


def sent_back(page: str) -> dict[str, str]:
    """The settings form as a browser would send it unchanged."""
    fields = dict(re.findall(r'<input id="f-\w+" name="(\w+)"[^>]* value="([^"]*)"', page))
    flags = re.findall(r'type="checkbox"[^>]* name="(\w+)" checked', page)
    chosen = re.findall(r'<select id="f-\w+" name="(\w+)"[^>]*>.*?value="(\w+)" selected', page)
    return {**fields, **dict.fromkeys(flags, "on"), **dict(chosen)}


def test_a_setting_is_shown_before_it_is_saved(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    form = sent_back(clerk.get("/settings").text)
    assert form["yellow_days"] == "7"

    preview = clerk.post("/settings", {**form, "yellow_days": "200", "do": "preview"})
    assert preview.status_code == 200
    assert "改动后的效果" in preview.text
    assert clerk.get("/tasks?light=yellow").text.count('class="main"') == 0

    assert clerk.post("/settings", {**form, "yellow_days": "200", "do": "save"}).status_code == 303
    assert clerk.get("/tasks?light=yellow").text.count('class="main"') == 3
    with world.board.database.reading() as session:
        assert policy_of(session, world.home.bureau.id, DAY).yellow_days == 200
        assert policy_of(session, world.home.bureau.id, DAY - timedelta(days=1)).yellow_days == 7
        assert policy_of(session, world.foreign.bureau.id, DAY).yellow_days == 7


def test_a_setting_that_makes_no_sense_changes_nothing_and_stays_typed(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    form = sent_back(clerk.get("/settings").text)

    answer = clerk.post("/settings", {**form, "yellow_days": "多几天", "wait_days": "9", "do": "save"})

    assert answer.status_code == 422
    assert 'value="多几天"' in answer.text
    with world.board.database.reading() as session:
        assert policy_of(session, world.home.bureau.id, DAY).wait_days == 3


def test_the_offices_own_names_of_the_lights_are_used(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    form = sent_back(clerk.get("/settings").text)
    clerk.post("/settings", {**form, "light_names": "按序时、将到期、慢序时、完成", "do": "save"})

    assert "按序时" in clerk.get("/board").text
    assert ">按序时</span>" in clerk.get("/tasks").text


def test_the_reviews_rhythm_and_the_years_dates_are_settings(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    form = sent_back(clerk.get("/settings").text)
    wanted = {
        "review_cadence": "quarterly",
        "review_chase_days": "3、1",
        "annual_send_by": "02-20",
        "annual_send_to": "县委、县政府",
    }

    preview = clerk.post("/settings", {**form, **wanted, "do": "preview"})
    assert "2026年第一季度调度" in preview.text
    assert clerk.post("/settings", {**form, **wanted, "do": "save"}).status_code == 303
    with world.board.database.reading() as session:
        policy = policy_of(session, world.home.bureau.id, DAY)
    assert policy.review_cadence is Cadence.QUARTERLY
    assert policy.review_chase_days == (3, 1)
    assert (policy.annual_send_by, policy.annual_send_to) == ("02-20", ("县委", "县政府"))
    assert policy.annual_notices


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("annual_send_by", "2月底", "请写成“月-日”"),
        ("hearing_bodies", "", "不能为空"),
        ("review_cadence", "monthly", "请从列表中选择"),
        ("hearing_days", "999", "数字太大"),
    ],
)
def test_a_refused_setting_is_named_in_the_offices_words(
    world: World, key: str, typed: str, said: str
) -> None:
    clerk = world.board.browser(world.home.clerk)
    form = sent_back(clerk.get("/settings").text)
    answer = clerk.post("/settings", {**form, key: typed, "do": "save"})
    assert answer.status_code == 422
    assert said in answer.text
    assert key not in re.sub(r'(name|id|for|aria-describedby)="[^"]*"', "", answer.text)
    assert f"“{LABELS[key]}”填写有误" in answer.text
    folds = re.findall(r"<details class=\"subject\"( open)?>(.*?)</details>", answer.text, re.DOTALL)
    assert [bool(is_open) for is_open, inside in folds if f'name="{key}"' in inside] == [True]
    assert sum(bool(is_open) for is_open, _ in folds) == 1


def test_six_settings_are_shown_and_each_says_what_it_changes(world: World) -> None:
    page = world.board.browser(world.home.clerk).get("/settings").text
    shown = page[: page.index('<details class="subject"')]
    folded = re.sub(r"<details class=\"subject\"( open)?>.*?</details>", "", page, flags=re.DOTALL)

    assert len(re.findall(r'<div class="field', shown)) == 6
    assert " open>" not in page
    assert 'name="yellow_days"' not in folded
    for key, label in LABELS.items():
        (said,) = re.findall(rf'id="f-{key}-hint">([^<]+)<', page)
        assert len(said) > 3
        assert label in page


def test_the_workbook_holds_what_the_list_shows(world: World) -> None:
    chief = world.board.browser(world.home.chief)

    def texts(path: str) -> str:
        answer = chief.get(path)
        assert answer.headers["content-disposition"].startswith("attachment;")
        book = load_workbook(BytesIO(answer.content))
        return "".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell)

    assert "开展执法案卷质量提升行动" in texts("/tasks.xlsx")
    assert "个别案卷缺少送达回证" in texts("/tasks.xlsx")
    assert "开展执法案卷质量提升行动" not in texts("/tasks.xlsx?kind=problem")
