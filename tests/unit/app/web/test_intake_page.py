"""The intake page: source beside items, each draft's forms, what a new version changed, what is proposed."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select

from models.enums import ItemKind, Status
from models.task import RectificationTask
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import program
from tests.unit.app.web.site import Browser

REPORT = """云山县交通运输局
2025年度法治政府建设情况报告

一、主要举措和成效
（一）规范执法。全年办理案件一百余件，窗口服务还有差距。

二、存在的不足
（一）执法案卷制作不规范，个别案卷缺少送达回证。
（二）政府信息公开答复不及时。

三、2026年工作安排
（一）开展案卷评查，每季度一次。
（二）深入学习贯彻习近平法治思想。

云山县交通运输局
2026年2月18日
"""


def taken_in(clerk: Browser, text: str = REPORT) -> str:
    """Where the report stands after its upload."""
    answer = clerk.post("/reports/upload", files={"file": ("a.txt", BytesIO(text.encode()), "text/plain")})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def tasks(world: World) -> dict[str, RectificationTask]:
    """The report's tasks by code."""
    with world.board.database.reading() as session:
        found = session.scalars(
            select(RectificationTask)
            .where(RectificationTask.report_item_id.is_not(None))
            .order_by(RectificationTask.id)
        )
        return {task.code: task for task in found}


@pytest.fixture
def clerk(world: World) -> Browser:
    return world.board.browser(world.home.clerk)


def test_every_item_has_its_place_in_the_text_and_back(clerk: Browser) -> None:
    page = clerk.get(taken_in(clerk)).text

    there = re.findall(r'href="#(at-\d+)"', page)
    assert len(there) == 4
    for anchor in there:
        assert page.count(f'id="{anchor}"') == 1
        assert f'href="#item-{anchor[3:]}"' in page
        assert f'<li id="item-{anchor[3:]}"' in page


def test_the_text_stands_whole_and_unaltered(clerk: Browser) -> None:
    page = clerk.get(taken_in(clerk)).text

    shown = page[page.index('class="original"') :]
    shown = shown[shown.index(">") + 1 : shown.index("</div>")]
    assert "".join(re.sub(r"<[^>]*>", "", shown).split()) == "".join(REPORT.split())


def test_a_draft_is_edited_beside_the_source(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    code = next(iter(tasks(world)))
    at = f"{place}/drafts/{code}/edit"
    typed = {f"{code}.edit.kind": "plan", f"{code}.edit.title": "案卷", f"{code}.edit.text": "案卷须补回证"}

    done = clerk.post(at, typed)

    assert done.status_code == 303
    assert done.headers["location"] == f"{place}#task-{code}"
    task = tasks(world)[code]
    assert (task.kind, task.title, task.text) == (ItemKind.PLAN, "案卷", "案卷须补回证")
    assert "任务文字：案卷须补回证" in clerk.get(place).text


def test_what_was_typed_stays_where_it_is_refused(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    code = next(iter(tasks(world)))

    empty = clerk.post(
        f"{place}/drafts/{code}/edit",
        {f"{code}.edit.kind": "plan", f"{code}.edit.title": "我刚写的名称", f"{code}.edit.text": ""},
    )
    assert empty.status_code == 422
    assert 'value="我刚写的名称"' in empty.text
    assert "请填写问题或计划" in empty.text
    whole = clerk.post(f"{place}/drafts/{code}/split", {f"{code}.split.parts": "没有空行的一段"})
    assert whole.status_code == 422
    assert "没有空行的一段</textarea>" in whole.text
    assert "请在要拆开的地方空一行" in whole.text
    assert len(tasks(world)) == 4


def test_a_date_that_has_passed_is_moved_in_sight_of_the_clerk(world: World, clerk: Browser) -> None:
    """On the intake page, in the issuing row and on the task's own pages; the draft keeps what its paper says."""
    place = taken_in(
        clerk, REPORT.replace("，每季度一次", "").replace("2026", "2024").replace("2025", "2023")
    )
    first, _, plan, _ = tasks(world)
    answer = clerk.get(place).text
    assert "2 项时限改拟2026年6月30日（原拟2024年6月30日已过）" in answer
    assert "时限改拟 2026年6月30日（原拟2024年6月30日已过）" in answer
    assert "时限改拟 2026年12月31日（原拟2024年12月31日已过）" in answer

    issuing = clerk.get(f"{place}/issue").text
    assert re.search(rf'name="{first}.due_on"[^>]*', issuing)
    assert 'value="2026-06-30"' in issuing
    assert "原拟2024年6月30日已过</small>" in issuing
    for page in (f"/tasks/{first}", f"/tasks/{first}/issue", "/tasks?status=draft"):
        assert "原拟2024年6月30日已过" in clerk.get(page).text, page
    told = program(world.board, world.home.clerk).get(f"/api/tasks/{plan}").json()
    assert (told["due_on"], told["due_instead"]) == ("2024-12-31", "2026-12-31")

    line = {"is_chosen": "on", "lead_unit_id": world.home.roads.id}
    form = {f"{first}.{name}": value for name, value in line.items()}
    assert clerk.post(f"{place}/issue", {"reviewer_id": world.home.reviewer.id, **form}).status_code == 303
    task = tasks(world)[first]
    assert (task.due_on, task.original_due_on) == (date(2026, 6, 30), date(2026, 6, 30))
    assert "时限改为2026年6月30日（原拟2024年6月30日已过）" in clerk.get(f"/tasks/{first}").text


def test_split_join_and_archive_from_the_page(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    first, second, *_ = tasks(world)

    clerk.post(f"{place}/drafts/{first}/split", {f"{first}.split.parts": "案卷不规范\r\n\r\n缺少回证"})
    piece = list(tasks(world))[-1]
    assert (tasks(world)[first].text, tasks(world)[piece].text) == ("案卷不规范", "缺少回证")
    assert clerk.get(place).text.count('class="made"') == 5

    clerk.post(f"{place}/drafts/{second}/join", {f"{second}.join.other": piece})
    assert tasks(world)[piece].status is Status.ARCHIVED
    assert tasks(world)[second].text.endswith("\n缺少回证")

    clerk.post(f"{place}/drafts/{first}/archive")
    assert tasks(world)[first].status is Status.ARCHIVED


def test_a_form_of_an_older_page_is_refused(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    code = next(iter(tasks(world)))
    clerk.post(f"{place}/drafts/{code}/split", {f"{code}.split.parts": "一\n\n二"})

    late = clerk.post(
        f"{place}/drafts/{code}/edit",
        {"version": "1", f"{code}.edit.kind": "plan", f"{code}.edit.text": "晚了一步"},
    )

    assert late.status_code == 409
    assert tasks(world)[code].text == "一"


def test_words_of_the_text_become_an_item(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)

    wrong = clerk.post(f"{place}/items", {"kind": "shortcoming", "words": "报告里没有的话"})
    assert wrong.status_code == 422
    assert "原文中没有这些文字" in wrong.text
    assert "报告里没有的话</textarea>" in wrong.text
    done = clerk.post(f"{place}/items", {"kind": "shortcoming", "words": "窗口服务\r\n还有差距"})

    assert done.status_code == 303
    code = list(tasks(world))[-1]
    assert tasks(world)[code].text == "窗口服务还有差距"
    page = clerk.get(place).text
    assert "<b>不足 3</b>" in page
    assert re.search(r"<mark[^>]*>窗口服务还有差距</mark>", page)


def test_study_is_proposed_for_the_archive_and_an_open_task_for_merging(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    page = clerk.get(place).text
    first, *_, study = tasks(world)

    assert "学习、思想类要求" in page
    assert f'name="{first}.merge.into" value="{world.running}"' in page
    table = clerk.get(f"{place}/issue").text
    ticked = re.findall(r'name="([\d-]+)\.is_chosen"[^>]* checked', table)
    assert len(ticked) == 2
    assert not {first, study} & set(ticked)

    clerk.post(f"{place}/drafts/{first}/merge", {f"{first}.merge.into": world.running})
    assert tasks(world)[first].status is Status.ARCHIVED


def test_a_new_version_shows_what_changed_and_keeps_the_tasks(world: World, clerk: Browser) -> None:
    old = taken_in(clerk)
    before = tasks(world)
    place = taken_in(
        clerk, REPORT.replace("个别案卷缺少", "5件案卷缺少").replace("（二）政府信息公开答复不及时。", "")
    )
    page = clerk.get(place).text

    assert "新增 0 项，改写 1 项，未变 2 项" in page
    assert "没有了 1 项" in page
    assert "上一版：执法案卷制作不规范，个别案卷缺少送达回证" in page
    assert "报告新版本中已没有这一条" in page
    assert list(tasks(world)) == list(before)
    replaced = clerk.get(old).text
    assert "这份报告已有新版本" in replaced
    assert "修改草稿" not in replaced
    assert "已有新版本" in clerk.get("/reports").text


def test_another_reports_draft_and_other_actions_are_not_done_here(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    code = next(iter(tasks(world)))

    assert clerk.post(f"{place}/drafts/{world.draft}/archive").status_code == 404
    assert clerk.post(f"{place}/drafts/{code}/issue").status_code == 404
    assert clerk.post("/reports/99/items", {"words": "一"}).status_code == 404


ASSIGNED = """云山县交通运输局
2025年度法治政府建设情况报告

一、存在的不足
（一）执法案卷制作不规范，个别案卷缺少送达回证；现场笔录要素不全。
（二）政府信息公开答复仍不及时。

二、2026年工作安排
（一）开展案卷评查。（责任单位：路政科；完成时限：2026年9月30日）
（二）修订裁量基准。（责任单位：财务审计科；完成时限：2026年10月底前）

云山县交通运输局
2026年2月18日
"""


def click(clerk: Browser, page: str, button: str, at: int = 0) -> None:
    """Press a button as a browser without scripts does: its own form is sent, with the button's name and value."""
    forms = [each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if button in each]
    form = forms[at]
    address = re.search(r'action="([^"#]+)', form)
    pressed = next(each for each in re.findall(r"<button.*?</button>", form, re.DOTALL) if button in each)
    fields = re.findall(
        r'<(?:input|button)[^>]*? name="([^"]+)" value="([^"]*)"',
        "".join([*re.findall(r"<input[^>]*>", form), pressed]),
    )
    assert address
    sent = {name: unescape(value) for name, value in fields if not name.startswith("csrf")}
    assert clerk.post(unescape(address[1]), sent).status_code == 303


def test_what_the_report_assigns_is_proposed_with_its_words_beside(world: World, clerk: Browser) -> None:
    place = taken_in(clerk, ASSIGNED)
    *_, matched, unmatched = tasks(world).values()

    assert (matched.lead_unit_id, matched.due_on) == (world.home.roads.id, date(2026, 9, 30))
    assert (unmatched.lead_unit_id, unmatched.due_on) == (None, date(2026, 10, 31))
    page = clerk.get(place).text
    assert re.search(r"报告写明：[^<]*财务审计科[^<]*2026年10月底", page)
    assert "拟：路政科，限期整改 2026年9月30日" in page
    assert "拟：责任单位待定，限期整改 2026年10月31日" in page
    for address in (f"{place}/issue", f"/tasks/{matched.code}/issue"):
        assert f'<option value="{world.home.roads.id}" selected' in clerk.get(address).text
    assert "财务审计科" in clerk.get(f"{place}/issue").text


def test_one_line_tells_how_sure_the_whole_was_read(clerk: Browser) -> None:
    page = clerk.get(taken_in(clerk, ASSIGNED)).text
    line = re.search(r'id="sure">(.*?)</p>', page, re.DOTALL)
    assert line
    told = re.sub(r"<[^>]*>", "", line[1])
    counted = re.match(r"4 条中 (\d) 条请核对", told)
    assert counted
    assert page.count('<span class="status check">请核对</span>') == int(counted[1])
    assert "已修正" not in told


def test_a_click_splits_and_a_click_puts_together_again(world: World, clerk: Browser) -> None:
    place = taken_in(clerk, ASSIGNED)
    first = next(iter(tasks(world)))
    whole = tasks(world)[first].text
    assert "；" in whole

    click(clerk, clerk.get(place).text, "拆</button>")
    piece = list(tasks(world))[-1]
    assert tasks(world)[first].text + tasks(world)[piece].text == whole
    assert "已修正 1 处：拆分 1" in clerk.get(place).text

    click(clerk, clerk.get(place).text, "与下一条合并")
    assert tasks(world)[first].text == whole
    assert "已修正" not in clerk.get(place).text


def test_a_click_joins_moves_and_archives_and_a_click_undoes_it(world: World, clerk: Browser) -> None:
    place = taken_in(clerk, ASSIGNED)
    first, second, *_ = before = tasks(world)
    words = {code: (task.kind, task.text, task.status) for code, task in before.items()}

    click(clerk, clerk.get(place).text, "与下一条合并")
    assert tasks(world)[first].text.endswith(words[second][1])
    assert "合并 1" in clerk.get(place).text
    click(clerk, clerk.get(place).text, "恢复草稿")

    click(clerk, clerk.get(place).text, "移到计划")
    assert tasks(world)[first].kind is ItemKind.PLAN
    assert "移动 1" in clerk.get(place).text
    click(clerk, clerk.get(place).text, "移到不足")

    click(clerk, clerk.get(place).text, "仅存档</button>")
    assert tasks(world)[first].status is Status.ARCHIVED
    click(clerk, clerk.get(place).text, "恢复草稿")

    assert {code: (task.kind, task.text, task.status) for code, task in tasks(world).items()} == words
    assert "已修正" not in clerk.get(place).text


def test_a_leftover_becomes_an_item_by_a_click(world: World, clerk: Browser) -> None:
    place = taken_in(
        clerk, ASSIGNED.replace("一、存在的不足", "一、存在的不足\n对照上级要求，还有以下差距。")
    )
    page = clerk.get(place).text
    assert page.count("列为不足</button>") >= 1

    click(clerk, page, "列为不足</button>")
    page = clerk.get(place).text
    assert "已列为条目" in page
    assert "补列 1" in page
    code = list(tasks(world))[-1]
    clerk.post(f"{place}/drafts/{code}/archive")
    assert "已修正" not in clerk.get(place).text


def test_what_says_still_is_offered_as_recurring(world: World, clerk: Browser) -> None:
    place = taken_in(clerk, ASSIGNED)
    _, second, *_ = tasks(world)
    assert not tasks(world)[second].is_recurring

    click(clerk, clerk.get(place).text, "记为反复出现")
    assert tasks(world)[second].is_recurring
    page = clerk.get(place).text
    assert "记为反复出现" not in page
    click(clerk, page, "移到计划", at=1)
    assert tasks(world)[second].is_recurring


def test_an_import_is_withdrawn_and_stands_among_the_withdrawn(clerk: Browser, world: World) -> None:
    place = taken_in(clerk).partition("?")[0]
    refused = clerk.post(f"{place}/withdraw", data={"reason": ""})
    assert refused.status_code == 422
    assert 'id="withdraw" open' in refused.text
    with world.board.database.reading() as session:
        code = session.scalars(select(RectificationTask.code).order_by(RectificationTask.id.desc())).first()
    answer = clerk.post(f"{place}/withdraw", data={"reason": "传成了别的单位的报告"})
    assert "恢复草稿" not in clerk.get(f"/tasks/{code}").text
    assert answer.status_code == 303
    page = clerk.get("/reports").text
    assert "已撤回的导入（1）" in page
    assert "传成了别的单位的报告" in page
    assert f'href="{place}"' not in page
    assert tasks(world) == {}
    assert clerk.get(place).status_code == 404
    taken_in(clerk)
    assert len(tasks(world)) == 4


def stored(world: World) -> list[bytes]:
    return [each.read_bytes() for each in (world.board.folder / "evidence").rglob("*") if each.is_file()]


def test_the_reports_own_file_is_there_for_who_may_read_it_and_goes_with_the_import(
    clerk: Browser, world: World
) -> None:
    place = taken_in(clerk).partition("?")[0]
    assert f'href="{place}/file"' in clerk.get(place).text
    for person in (world.home.clerk, world.home.chief):
        answer = world.board.browser(person).get(f"{place}/file")
        assert answer.content == REPORT.encode()
        assert answer.headers["content-disposition"].startswith("attachment")
    assert world.board.browser(world.home.officer).get(f"{place}/file").status_code == 403
    assert clerk.post(f"{place}/withdraw", data={"reason": "传错了"}).status_code == 303
    assert stored(world) == []


def test_a_reports_file_is_destroyed_before_a_witness_and_what_was_read_stays(
    clerk: Browser, world: World
) -> None:
    place = taken_in(clerk).partition("?")[0]
    for witness in ("", str(world.home.clerk.id)):
        refused = clerk.post(f"{place}/purge", data={"reason": "附有身份证", "witness_id": witness})
        assert refused.status_code == 422
        assert 'id="purge" open' in refused.text
    assert stored(world) == [REPORT.encode()]
    code, home = next(iter(tasks(world))), world.home
    order = {"lead_unit_id": home.officer.unit_id, "officer_id": home.officer.id, "due_on": "2026-12-31"}
    assert clerk.post(f"/tasks/{code}/issue", data={"time_limit": "dated", **order}).status_code == 303
    chief = world.board.browser(home.chief)
    assert f'href="{place}/file"' in chief.get(f"/tasks/{code}").text
    assert f'href="{place}/file"' not in world.board.browser(home.officer).get(f"/tasks/{code}").text
    sent = {"reason": "附有身份证", "witness_id": str(world.home.chief.id)}
    assert clerk.post(f"{place}/purge", data=sent).status_code == 303
    assert stored(world) == []
    assert f'href="{place}/file"' not in chief.get(f"/tasks/{code}").text
    page = clerk.get(place).text
    assert "没有保存原件" in page
    assert "执法案卷制作不规范" in page
    assert len(tasks(world)) == 4
    assert clerk.get(f"{place}/file").status_code == 404
    told = clerk.get("/office").text
    assert "附有身份证" in told
    assert "在场" in told
    taken_in(clerk)  # the same file again is kept again
    assert stored(world) == [REPORT.encode()]


def test_a_page_is_kept_as_it_came_and_what_was_refused_is_not(clerk: Browser, world: World) -> None:
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in REPORT.splitlines()) + "</body></html>"
    taken_in(clerk, page)
    assert stored(world) == [page.encode()]
    other = REPORT.replace("云山县交通运输局", "别处的局").encode()
    sent = {"file": ("b.txt", BytesIO(other), "text/plain")}
    assert clerk.post("/reports/upload", files=sent).status_code == 422
    assert stored(world) == [page.encode()]


def test_a_report_of_which_something_was_issued_is_not_withdrawn(clerk: Browser, world: World) -> None:
    place = taken_in(clerk).partition("?")[0]
    code = next(iter(tasks(world)))
    home = world.home
    order = {"lead_unit_id": home.officer.unit_id, "officer_id": home.officer.id, "due_on": "2026-12-31"}
    assert clerk.post(f"/tasks/{code}/issue", data={"time_limit": "dated", **order}).status_code == 303
    refused = clerk.post(f"{place}/withdraw", data={"reason": "传错了"})
    assert refused.status_code == 422
    assert code in unescape(refused.text)
    assert "已下达或交办" in refused.text
    assert len(tasks(world)) == 4


def test_the_task_to_merge_into_is_chosen_from_the_most_alike_or_typed(clerk: Browser, world: World) -> None:
    place = taken_in(clerk)
    first, second, *_ = tasks(world)
    page = clerk.get(f"/tasks/{first}/merge").text
    [listed] = re.findall(r'<datalist id="f-into-list">(.*?)</datalist>', page)
    offered = re.findall(r'<option value="([^"]+)">', listed)
    assert offered[0] in (world.running, world.assigned), "which say the same"
    assert world.plan not in offered, "another kind"
    assert re.search(r'<input type="text"[^>]* list="f-into-list"[^>]* name="into"', page)
    assert clerk.post(f"/tasks/{first}/merge", {"into": offered[0]}).status_code == 303
    report = clerk.get(place).text
    assert f'已并入 <a href="/tasks/{offered[0]}">{offered[0]}</a>' in report
    refused = clerk.post(f"/tasks/{second}/merge", {"into": "2019-999"})
    assert refused.status_code in (404, 422)
    assert 'value="2019-999"' in refused.text
    leader = world.board.browser(world.home.leader)
    assert f'<option value="{world.assigned}">' in leader.get(f"/tasks/{world.running}/duplicate").text
