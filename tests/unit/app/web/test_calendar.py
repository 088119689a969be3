"""The working-day calendar's page: a notice pasted, ticked or uploaded is shown first, then put in force."""

import re
from html import unescape
from io import BytesIO

from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Browser

NOTICE = """
year = 2027
number = "国办发明电〔2026〕8号"

[[holiday]]
name = "元旦"
off = [2027-01-01, 2027-01-03]
work = [2027-01-09]
"""
TEXT = "国务院办公厅关于2027年部分节假日安排的通知 国办发明电〔2026〕8号\n一、元旦：1月1日（周五）至3日（周日）放假，共3天。1月9日（周六）上班。"


def confirmed(clerk: Browser, page: str, **more: str) -> str:
    """The previewed notice put in force; where that leads."""
    found = re.search(r'name="notice" value="([^"]*)"', page)
    assert found
    adds = re.search(r'name="adds" value="(\w+)" checked', page)
    sent = {"notice": unescape(found[1]), "adds": adds[1] if adds else "no", "do": "go", **more}
    return str(clerk.post("/calendar", sent).headers["location"])


def test_a_pasted_notice_is_shown_and_counts_once_it_is_confirmed(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    page = clerk.post("/calendar", {"kind": "text", "text": TEXT}).text
    assert "换掉这一年现有的安排" in page
    assert "上班（补班）" in page
    assert "暂定" in clerk.get("/calendar?year=2027").text
    assert confirmed(clerk, page) == "/calendar?year=2027"
    assert "国办发明电〔2026〕8号" in clerk.get("/calendar?year=2027").text


def test_a_supplement_adds_its_day_and_the_shipped_year_comes_back(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    text = "纪念日：12月3日（周四）放假，共1天。"
    page = clerk.post("/calendar", {"kind": "text", "text": text, "year": "2026", "number": "补充通知"}).text
    assert "加到现有的安排上" in page
    assert page.count("放假（纪念日）") == 1
    confirmed(clerk, page)
    shown = clerk.get("/calendar?year=2026").text
    assert "纪念日" in shown
    assert "国庆节" in shown
    page = clerk.post("/calendar", {"kind": "shipped", "year": "2026"}).text
    assert "去掉这一安排" in page
    confirmed(clerk, page)
    assert "纪念日" not in clerk.get("/calendar?year=2026").text


def test_to_replace_instead_shows_what_would_go(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    text = "纪念日：12月3日（周四）放假，共1天。"
    page = clerk.post("/calendar", {"kind": "text", "text": text, "year": "2026", "number": "补充通知"}).text
    notice = unescape(re.findall(r'name="notice" value="([^"]*)"', page)[0])
    again = clerk.post("/calendar", {"notice": notice, "adds": "no", "do": "preview"}).text
    assert again.count("去掉这一安排") > 30


def test_days_ticked_in_the_months_are_the_whole_year_and_unchanged_change_nothing(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    page = clerk.get("/calendar?year=2026").text
    ticked = re.findall(r'name="day" value="([\d-]+)" checked', page)
    assert "2026-10-10" in ticked
    sent = {"kind": "days", "year": "2026", "number": "国办发明电〔2025〕7号"}
    assert "没有要改动的日子" in clerk.post("/calendar", {**sent, "day": ticked}).text
    page = clerk.post("/calendar", {**sent, "name": "纪念日", "day": [*ticked[1:], "2026-12-03"]}).text
    assert "放假（纪念日）" in page
    confirmed(clerk, page)
    assert "2026-12-03" in re.findall(r'value="([\d-]+)" checked', clerk.get("/calendar?year=2026").text)


def test_a_years_notice_comes_in_by_file_and_a_wrong_one_does_not(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    file = {"file": ("2027.toml", BytesIO(NOTICE.encode("gb18030")))}
    page = clerk.post("/calendar", {"kind": "file"}, files=file).text
    assert confirmed(clerk, page) == "/calendar?year=2027"
    assert clerk.get("/calendar?year=2027").text.count(">放假</span>") == 3
    answer = clerk.post("/calendar", {"kind": "file"}, files={"file": ("x.toml", BytesIO(b"year = "))})
    assert answer.status_code == 422


def test_what_is_wrong_is_said_and_the_pasted_text_stays(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    answer = clerk.post(
        "/calendar", {"kind": "text", "text": "元旦：1月1日（周六）放假。", "year": "2027", "number": "x"}
    )
    assert answer.status_code == 422
    assert "是周五，通知写的是周六" in answer.text
    assert "元旦：1月1日（周六）放假。" in answer.text
    assert clerk.post("/calendar", {"notice": "{}", "do": "go"}).status_code == 422
    assert clerk.post("/calendar", {"kind": "days", "day": ["昨天"]}).status_code == 422
