"""The officer's one form: everything said on it is taken together or not at all, and nothing typed is lost."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest

from models.enums import EvidenceKind, Status, Verb
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import timeline
from tests.factories import DAY, case_file
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Board, Browser

TEXT = "四十二件案卷逐件补齐，合格率98%。"
PDF = b"%PDF-1.4 "


def files(*names: str) -> list[tuple[str, tuple[str, BytesIO]]]:
    return [("file", (name, BytesIO(PDF + name.encode()))) for name in names]


def file_of(world: World) -> CaseFile:
    with world.board.database.reading() as session:
        return case_file(session, world.running)


def verbs_of(world: World) -> list[Verb]:
    with world.board.database.reading() as session:
        return [event.verb for event in timeline(session, case_file(session, world.running).row.id)]


def send(officer: Browser, world: World, said: dict[str, Any], *names: str) -> Any:
    return officer.post(f"/tasks/{world.running}/progress", said, files=files(*names) or None)


@pytest.fixture
def officer(world: World) -> Browser:
    return world.board.browser(world.home.officer)


def after(world: World, days: int) -> tuple[World, Browser]:
    """The same ledger so many days later, with its officer."""
    board = Board(world.board.database, world.board.folder, DAY + timedelta(days))
    return world, board.browser(world.home.officer)


def test_a_plans_files_that_prove_nothing_yet_are_told_of(world: World, officer: Browser) -> None:
    for text in ("每季度评查一次", "年底前汇总通报"):
        officer.post(f"/tasks/{world.plan}/measure", {"text": text})
    answer = officer.post(f"/tasks/{world.plan}/progress", {"text": TEXT}, files=files("a.pdf"))
    assert answer.status_code == 303
    assert "未标明证明什么" in officer.get(answer.headers["location"]).text


def test_one_sending_brings_files_measures_progress_and_the_request(world: World, officer: Browser) -> None:
    """Three verbs of one form leave three steps, and no second text beside the statement."""
    officer.post(f"/tasks/{world.running}/measure", {"text": "每季度评查一次"})
    done = (DAY - timedelta(days=2)).isoformat()
    said = {
        "text": TEXT,
        "closing": "on",
        "despite_doubts": "on",
        "finish": "2",
        "done_on_2": done,
        "file0.proves": ["1"],
        "file0.kind": "case",
        "file1.proves": ["2"],
        "file1.kind": "register",
    }
    told = send(officer, world, said, "案卷.pdf", "评查台账.pdf")
    assert told.status_code == 303, officer.last
    file = file_of(world)
    assert file.row.status is Status.SUBMITTED
    assert [(each.kind, each.proves) for each in file.evidence] == [
        (EvidenceKind.CASE, (1,)),
        (EvidenceKind.REGISTER, (2,)),
    ]
    assert file.measures[1].done_on == date.fromisoformat(done)
    assert file.closures[-1].statement == TEXT
    assert verbs_of(world)[-4:] == [Verb.EVIDENCE, Verb.EVIDENCE, Verb.FINISH_MEASURE, Verb.SUBMIT]
    page = officer.get(f"/tasks/{world.running}").text
    assert f"已申请销号，等{world.home.reviewer.name}复核" in page


def test_a_refused_file_leaves_nothing_and_keeps_what_was_typed_and_the_good_file(
    world: World, officer: Browser
) -> None:
    officer.post(f"/tasks/{world.running}/measure", {"text": "每季度评查一次"})
    before = verbs_of(world)
    bad = ("file", ("a.pdf", BytesIO(b"MZ\x90\x00" + b"\0" * 64)))
    refused = officer.post(
        f"/tasks/{world.running}/progress", {"text": TEXT, "finish": "2"}, files=[bad, *files("案卷.pdf")]
    )
    assert (refused.status_code, TEXT in refused.text) == (422, True)
    assert verbs_of(world) == before
    held = re.search(r'name="held" value="([0-9a-f]{64})" checked> 案卷.pdf', refused.text)
    assert held is not None
    assert re.search(r'name="finish" value="2" checked', refused.text)

    about = {"held": held[1], f"held.{held[1]}.kind": "case", "finish": "2"}
    assert send(officer, world, {"text": TEXT, **about}).status_code == 303
    (piece,) = file_of(world).evidence
    assert (piece.file_name, piece.kind, piece.proves) == ("案卷.pdf", EvidenceKind.CASE, (2,))
    gone = send(officer, world, {"text": TEXT, "held": held[1]})
    assert (gone.status_code, "刚才传的文件已经失效" in gone.text) == (422, True)


def test_a_file_held_for_another_person_is_nobody_elses(world: World, officer: Browser) -> None:
    held = re.search(r'name="held" value="([0-9a-f]{64})"', send(officer, world, {}, "案卷.pdf").text)
    assert held is not None
    stranger = world.board.browser(world.foreign.officer)
    answer = stranger.post(f"/tasks/{world.foreign_task}/progress", {"text": TEXT, "held": held[1]})
    assert answer.status_code in (409, 422)


def test_a_doubt_is_asked_once_and_the_file_need_not_be_chosen_again(world: World, officer: Browser) -> None:
    early = (DAY - timedelta(days=19)).isoformat()
    said = {"text": TEXT, "closing": "on", "files.own_date": early, "files.kind": "case"}
    told = send(officer, world, said, "案卷.pdf")
    assert told.status_code == 422
    assert told.text.count("材料早于下达") == 1
    assert file_of(world).evidence == ()
    held = re.search(r'name="held" value="([0-9a-f]{64})"', told.text)
    assert held is not None
    assert f'value="{early}"' in told.text
    about = {f"held.{held[1]}.own_date": early, f"held.{held[1]}.kind": "case", "held": held[1]}
    kept = {"text": TEXT, "closing": "on"}
    assert send(officer, world, kept | about | {"despite_doubts": "on"}).status_code == 303
    assert status_of(world, world.running) is Status.SUBMITTED


def test_what_is_missing_is_told_beside_the_request(world: World, officer: Browser) -> None:
    page = officer.get(f"/tasks/{world.running}/progress").text
    assert "还没有佐证材料" in page
    assert f'href="/tasks/{world.running}/evidence"' not in page
    refused = send(officer, world, {"text": TEXT, "closing": "on"})
    assert (refused.status_code, status_of(world, world.running)) == (422, Status.IN_PROGRESS)


def test_who_comes_to_help_reports_and_is_not_asked_whether_to_close(world: World) -> None:
    head = world.board.browser(world.home.head)
    head.post(f"/tasks/{world.running}/participate", {"add_people": [str(world.home.clerk.id)]})
    helper = world.board.browser(world.home.clerk)
    page = helper.get(f"/tasks/{world.running}/progress").text
    assert 'name="closing"' not in page
    assert helper.post(f"/tasks/{world.running}/submit", {"statement": TEXT}).status_code == 403
    assert helper.get(f"/tasks/{world.running}/submit").status_code == 403
    sent = {"text": TEXT, "closing": "on"}
    assert helper.post(f"/tasks/{world.running}/progress", sent).status_code == 403


def test_a_reason_is_asked_for_when_it_is_late_and_only_then(world: World, officer: Browser) -> None:
    page = officer.get(f"/tasks/{world.running}/progress").text
    assert ('name="late_reason"' in page, "申请延期" in page, "申请重定时限" in page) == (False, True, False)

    world, late = after(world, 200)
    page = late.get(f"/tasks/{world.running}/progress").text
    assert ('name="late_reason"' in page, "申请延期" in page, "申请重定时限" in page) == (True, False, True)
    refused = send(late, world, {"text": TEXT})
    assert (refused.status_code, "请填写超期原因" in refused.text, TEXT in refused.text) == (422, True, True)
    assert send(late, world, {"text": TEXT, "late_reason": "当事人外出"}).status_code == 303
    assert "当事人外出" in late.get(f"/tasks/{world.running}/progress").text


def test_what_was_returned_begins_with_what_was_written(world: World, officer: Browser) -> None:
    officer.post(f"/tasks/{world.running}/evidence", {"archive_no": "档7", "kind": "case"})
    assert send(officer, world, {"text": TEXT, "closing": "on"}).status_code == 303
    reviewer = world.board.browser(world.home.reviewer)
    reviewer.post(f"/tasks/{world.running}/return", {"reason": "缺两件送达回证"})
    page = officer.get(f"/tasks/{world.running}/progress").text
    assert f">{TEXT}</textarea>" in page
    assert "缺两件送达回证" in page
    send(officer, world, {"text": "两件回证已经补上。"})
    assert ">两件回证已经补上。</textarea>" in officer.get(f"/tasks/{world.running}/progress").text


def test_a_measure_is_not_finished_tomorrow(world: World, officer: Browser) -> None:
    officer.post(f"/tasks/{world.running}/measure", {"text": "每季度评查一次"})
    ahead = (DAY + timedelta(days=1)).isoformat()
    refused = send(officer, world, {"text": TEXT, "finish": "2", "done_on_2": ahead})
    assert (refused.status_code, "完成日期" in refused.text) == (422, True)
    assert file_of(world).measures[1].done_on is None


def test_a_paper_of_the_archive_comes_by_the_same_form(world: World, officer: Browser) -> None:
    assert send(officer, world, {"text": TEXT, "paper.archive_no": "2026-法规-012"}).status_code == 303
    assert [each.archive_no for each in file_of(world).evidence] == ["2026-法规-012"]


def test_all_that_is_missing_is_told_at_once_each_beside_its_field(world: World, officer: Browser) -> None:
    """The reason why it is late, what the file proves and the measure that is not done: one answer, one more sending."""
    officer.post(f"/tasks/{world.running}/measure", {"text": "每季度评查一次"})
    world, officer = after(world, 400)
    before = verbs_of(world)
    refused = send(officer, world, {"text": TEXT, "closing": "on", "late_reason": ""}, "案卷.pdf")
    assert (refused.status_code, verbs_of(world)) == (422, before)
    page = refused.text
    assert re.search(r'id="f-late_reason-error"', page)
    steps = page[page.index('<fieldset class="steps">') : page.index('<fieldset class="files">')]
    assert re.search(r'class="error"[^>]*>还有 \d 条措施没有完成', steps)
    piece = page[page.index('name="held"') : page.index('id="f-file"')]
    assert re.search(r'class="error"[^>]*>材料“案卷.pdf”没有写明证明什么', piece)

    held = re.search(r'name="held" value="([0-9a-f]{64})"', page)
    assert held is not None
    said = {"text": TEXT, "closing": "on", "late_reason": "设备晚到", "despite_doubts": "on"}
    done = {"finish": "2", "held": held[1], f"held.{held[1]}.proves": ["1", "2"]}
    again = send(officer, world, said | done)
    assert again.status_code == 303, again.text
    assert status_of(world, world.running) is Status.SUBMITTED


def test_what_the_form_itself_brings_is_not_told_as_missing(world: World, officer: Browser) -> None:
    officer.post(f"/tasks/{world.running}/measure", {"text": "每季度评查一次"})
    refused = send(officer, world, {"text": "", "closing": "on", "finish": "2"}, "案卷.pdf")
    assert refused.status_code == 422
    assert "没有写明证明什么" not in refused.text
    steps = refused.text[refused.text.index('<fieldset class="steps">') :]
    assert "条措施没有完成" not in steps[: steps.index('<fieldset class="files">')]
