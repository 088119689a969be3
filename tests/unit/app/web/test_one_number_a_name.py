"""Every output of one ledger on one day says one number under one name: the one that counting by hand finds."""

import io
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import count as numbers
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import Workbook, load_workbook

from core.db import Database
from documents.halfyear.briefing_docx import write_briefing
from documents.halfyear.briefing_page import briefing_body
from documents.halfyear.summary_docx import write_bulletin
from documents.halfyear.summary_page import summary_body
from documents.yearly.annual_docx import write_annual_draft
from models.enums import Channel, Light, Status
from rectification.halfyear import freezing
from rectification.halfyear.summaries import compute_summary, month_of
from rectification.lists.district import Counts, district, keep_day_figures, place_below
from rectification.office.actors import system
from rectification.office.journal import By
from rectification.yearly.drafts import annual_draft
from tests.factories import clock_on, make_bureau
from tests.unit.app.web.programs import Program, token_of
from tests.unit.app.web.site import Board, Browser
from tests.unit.documents.halfyear.test_one_version import (
    AFTER,
    BEFORE,
    CUT_OFF,
    ENDED,
    TERM,
    URL,
    Spec,
    entered,
    specs,
)

Said = dict[str, int | str]
KINDS = ((True, "问题", "销号", "整改"), (False, "工作任务", "办结", "办结"))
FROM = "(?:（[^）]*）)?"  # which papers they are of
_bureaus = numbers(1)


def by_hand(ledger: list[Spec], *, are_problems: bool) -> Said:
    """What a clerk finds with a pencil; 仅限指定人员 is left out."""
    tasks = [
        task
        for task in ledger
        if task.kind.is_problem is are_problems
        and task.status not in (Status.DRAFT, Status.ARCHIVED)
        and not task.is_restricted
    ]
    period = [task for task in tasks if task.is_of_the_term]
    running = [task for task in period if task.status not in ENDED]
    done = [task for task in period if task.status is Status.CLOSED]
    closed = sum(task.status is Status.CLOSED for task in tasks)
    terminated = sum(task.status is Status.TERMINATED for task in tasks)
    base = len(tasks) - terminated
    return {
        "在账": len(tasks),
        "往年": sum(task.issued is BEFORE for task in tasks),
        "已结": closed,
        "终止": terminated,
        "率": f"{(Decimal(100 * closed) / base).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if base else "—",
        "以前各期已了结": len(tasks) - len(period),
        "本期": len(period),
        "上期结转": sum(task.issued is BEFORE for task in period),
        "本期新增": sum(task.issued is not BEFORE for task in period),
        "本期已结": len(done),
        "本期终止": sum(task.status is Status.TERMINATED for task in period),
        "超期申请": sum(task.is_late for task in done),
        "正在": len(running),
        "超期": sum(task.is_late for task in running),
        "延期": sum(task.is_extended and task.issued is not BEFORE for task in period),
    }


def named(names: str, pattern: str, text: str) -> Said:
    """What a text says under some names, in the order of the pattern's groups."""
    match = re.search(pattern, text)
    assert match is not None, (pattern, text)
    values = (int(value) if value.isdecimal() else value for value in match.groups())
    return dict(zip(names.split(), values, strict=True))


def scoped(text: str, *, are_problems: bool) -> Said:
    """What a paper on a period prints beside its figures (口径)."""
    _, what, done, rate = next(kind for kind in KINDS if kind[0] is are_problems)
    pattern = rf"共有{what}(\d+)项（全部在账，含往年(\d+)项），已{done}(\d+)项，{rate}率([^；]+)；其中以前各期已了结(\d+)项，本期{what}(\d+)项"
    return named("在账 往年 已结 率 以前各期已了结 本期", pattern, text)


def checked(text: str, *, are_problems: bool) -> Said:
    """The sums of the 核验单."""
    start = text.index("工作任务数字" if not are_problems else "问题数字")
    done = "销号" if are_problems else "办结"
    return named(
        "在账 以前各期已了结 本期 上期结转 本期新增 本期已结 正在 本期终止 超期申请",
        r"全部在账(\d+)项＝以前各期已了结(\d+)项＋本期(\d+)项\s*本期..\d+项＝上期结转(\d+)项＋本期新增(\d+)项＋回头看重开0项\s*"
        rf"本期..\d+项＝已{done}(\d+)项＋正在..(\d+)项＋终止(\d+)项\s*已{done}\d+项＝按期申请\d+项＋超期申请(\d+)项",
        text[start:],
    )


def told(text: str, *, are_problems: bool) -> Said:
    """The period's sentence of a briefing; nothing where it has no tasks."""
    _, what, done, _ = next(kind for kind in KINDS if kind[0] is are_problems)
    if not re.search(rf"本期（[^）]*）{what}", text):
        return {}
    return named(
        "本期 上期结转 本期新增 本期已结 正在 超期 延期",
        rf"本期（[^）]*）{what}(\d+)项，其中上期结转(\d+)项，本期新增(\d+)项；[^。]*。已{done}(\d+)项[^。]*，正在..(\d+)项，"
        r"其中已超期(\d+)项；经批准延期(\d+)项",
        text,
    )


def flat(page: str) -> str:
    return " ".join(" ".join(map(str, html.fromstring(page).itertext())).split())


def word(paper: bytes) -> str:
    document = Document(io.BytesIO(paper))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def on_board(browser: Browser, *, are_problems: bool) -> Said:
    """The panel of 总览, and the line of 领导一页纸."""
    _, _, done, rate = next(kind for kind in KINDS if kind[0] is are_problems)
    panel = named(
        "率 在账 往年 已结 终止",
        rf"(\S+) {rate}率 全部在账(\d+)项{FROM}，含往年(\d+)项{FROM}。{rate}率 = 已{done} (\d+) ÷（总数 \d+ − 已终止 (\d+) ）",
        flat(browser.get("/board").text),
    )
    one_page = flat(browser.get("/summary").text)
    what = "问题" if are_problems else "工作任务"
    line = named("在账 往年", rf"{what}全部在账(\d+)项{FROM}，含往年(\d+)项", one_page)
    head = "问题整改" if are_problems else "计划办理"
    line |= named("在账 率", rf"{head} (\d+) (?:\d+ )+(\S+)", one_page)
    assert {name: panel[name] for name in line} == line
    return panel


def in_api(program: Program, *, are_problems: bool) -> Said:
    tally = program.get("/api/figures").json()["problems" if are_problems else "plans"]
    return {
        "在账": tally["total"],
        "已结": tally["closed"],
        "终止": tally["terminated"],
        "率": tally["rate"],
        "超期": tally["lights"][Light.RED.value],
    } | named("在账 往年", r"全部在账(\d+)项(?:（[^）]*）)?，含往年(\d+)项", tally["scope"])


def in_district(counts: Counts) -> Said:
    return {
        "在账": counts.total,
        "已结": counts.closed,
        "终止": counts.terminated,
        "率": counts.rate,
        "正在": counts.open,
        "超期": counts.overdue,
    }


def in_workbook(book: Workbook, *, are_problems: bool) -> Iterator[Said]:
    """Each sheet that lists tasks: what its head says, and how many rows it has."""
    sheet = book["整改台账" if are_problems else "工作任务台账"]
    head = named("在账 往年", r"全部在账(\d+)项(?:（[^）]*）)?，含往年(\d+)项", str(sheet["A2"].value))
    yield head
    yield {"在账": sum(isinstance(row[0].value, int) for row in sheet.iter_rows(min_row=5))}
    if are_problems:
        rows = book["问题清单"].iter_rows(min_row=5)
        yield {"在账": sum(isinstance(row[0].value, int) for row in rows)}
    for name in ("任务清单", "责任清单"):
        column = "\n".join(str(row[0].value) for row in book[name].iter_rows(min_row=5))
        yield named("在账", rf"{'一、问题整改' if are_problems else '二、工作任务'}（(\d+)项）", column)


@pytest.mark.slow
@settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ledger=st.lists(specs().filter(lambda task: task.issued is not AFTER), min_size=1, max_size=8))
def test_every_output_of_a_day_says_what_counting_by_hand_says(
    database: Database, tmp_path: Path, ledger: list[Spec]
) -> None:
    number, clock = next(_bureaus), clock_on(CUT_OFF)
    with database.unit_of_work() as session:
        above = make_bureau(session, f"第{number}号县政府", prefix=f"a{number}_")
        office = make_bureau(session, f"第{number}号县交通运输局", prefix=f"o{number}_")
        place_below(session, By(clock, system(0, Channel.CLI)), office.bureau, above.bureau)
        for task in ledger:
            entered(session, office, task)
    with database.unit_of_work() as session:
        keep_day_figures(session, clock, [office.bureau.id])
    board = Board(database, tmp_path, CUT_OFF)
    program = Program(board, token_of(board, office.chief))
    chief, clerk = board.browser(office.chief), board.browser(office.clerk)
    workbook = load_workbook(io.BytesIO(clerk.get("/ledger.xlsx").content))
    with database.reading() as session:
        version = freezing.preview(session, clock, office.bureau.id, TERM)
        summary = compute_summary(session, office.bureau.id, month_of(CUT_OFF))
        month, bulletin = flat(summary_body(summary, URL)), word(write_bulletin(summary))
        [below] = district(session, CUT_OFF, above.bureau.id)
        annual = word(write_annual_draft(annual_draft(session, office.bureau.id, 2026, CUT_OFF)))
    papers = [word(write_briefing(version, is_full=is_full)) for is_full in (False, True)]
    papers.append("".join(map(str, html.fromstring(briefing_body(version, URL)).itertext())))

    for are_problems, *_ in KINDS:
        right = by_hand(ledger, are_problems=are_problems)
        outputs: dict[str, Said] = {
            "api": in_api(program, are_problems=are_problems),
            "district": in_district(below.problems if are_problems else below.plans),
            **{
                name: {
                    key: value
                    for key, value in scoped(told, are_problems=are_problems).items()
                    if key in ("在账", "往年", "已结", "率")
                }
                for name, told in (("month", month), ("bulletin", bulletin))
            },
        }
        if any(task.is_counted for task in ledger):
            outputs["board"] = on_board(chief, are_problems=are_problems)
            hidden = sum(
                task.is_restricted
                and task.kind.is_problem is are_problems
                and task.status not in (Status.DRAFT, Status.ARCHIVED)
                for task in ledger
            )
            told_of = rf"全部在账{int(right['在账']) + hidden}项(?:（[^）]*）)?，含往年"
            page = flat(clerk.get("/board").text)
            assert re.search(told_of, page), (
                "who may see what only named persons see is told how much of it there is"
            )
            assert (f"含仅限指定人员{hidden}项" in page) is bool(hidden)
        for place, said in enumerate(in_workbook(workbook, are_problems=are_problems)):
            outputs[f"workbook {place}"] = said
        for place, text in enumerate(papers):
            outputs[f"briefing {place}"] = scoped(text, are_problems=are_problems)
            outputs[f"checks {place}"] = checked(text, are_problems=are_problems)
            outputs[f"told {place}"] = told(text, are_problems=are_problems)
        if are_problems and right["本期"]:
            outputs["annual"] = named("本期", r"全年在账的问题共(\d+)项", annual)
        for where, said in outputs.items():
            assert said == {name: right[name] for name in said}, where
