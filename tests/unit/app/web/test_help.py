"""The guides as pages: every role's is there with its pictures, and every page leads to the right one."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from app.web.access import ACCESS
from app.web.assets import GUIDES, PICTURES, guides_of
from app.web.guides import CONTENTS, FOR_INSTALLERS, OF_ROLE, SECTIONS, address, help_for, read_guide
from core.errors import NotFound
from models.enums import Role
from tests.unit.app.web.conftest import World

ROOT = Path(__file__).parents[4]


def _help(page: str) -> str:
    found = re.search(r'<a href="([^"]+)">帮助</a>', page)
    assert found
    return found[1]


@pytest.mark.parametrize("name", [CONTENTS, *FOR_INSTALLERS, *sorted(set(OF_ROLE.values()))])
def test_a_guide_is_a_page_whose_links_and_pictures_are_all_there(world: World, name: str) -> None:
    browser = world.board.browser(world.home.officer)
    page = browser.get(address(name)).text
    text = page.split("<article")[1].split("</article>")[0]

    assert re.search(r"<h1>.+</h1>", page)
    for link in re.findall(r'(?:href|src)="([^"]+)"', text):
        assert browser.get(link).status_code == 200, link
    for picture in re.findall(r'src="([^"]+)"', text):
        answer = browser.get(picture)
        assert answer.headers["content-type"] in {"image/jpeg", "image/png"}
        assert "immutable" in answer.headers["cache-control"]
    assert "<script" not in text
    assert "style=" not in text


def test_the_contents_name_every_guide() -> None:
    named = set(re.findall(r'href="/help/([\w-]+)"', read_guide(CONTENTS).text))

    assert named == {*OF_ROLE.values(), *FOR_INSTALLERS}
    assert named | {CONTENTS} == {file.stem for file in GUIDES.glob("*.md")}


def test_a_name_that_is_no_guide_is_not_read_as_a_file(world: World) -> None:
    browser = world.board.browser(world.home.officer)

    for name in ("nothing", "..%2F..%2FREADME", "admin.md"):
        assert browser.get(f"/help/{name}").status_code == 404, name
    with pytest.raises(NotFound):
        read_guide("../operations")


def test_every_section_a_page_leads_to_is_in_its_guide() -> None:
    for route, (name, section) in SECTIONS.items():
        assert route in ACCESS
        assert f'id="{section}"' in read_guide(name).text, route


@pytest.mark.parametrize(
    ("roles", "route", "action", "wanted"),
    [
        ({Role.OFFICER}, "my_tasks", "", "officer"),
        ({Role.CHIEF, Role.LEADER}, "board", "", "leader"),
        ({Role.CLERK, Role.ADMIN}, "my_tasks", "", CONTENTS),
        ({Role.CLERK, Role.ADMIN}, "sources", "", "clerk"),
        ({Role.OFFICER, Role.REVIEWER}, "act", "verify", "reviewer"),
        ({Role.OFFICER, Role.REVIEWER}, "act", "progress", "officer"),
        ({Role.OFFICER, Role.LEADER}, "act", "approve", "leader"),
        ({Role.CLERK}, "act", "verify", "clerk"),
        ({Role.OFFICER}, "act", "no-such-deed", "officer"),
        ({Role.AUDITOR}, "", "", "auditor"),
        (set(), "", "", CONTENTS),
    ],
)
def test_help_is_for_what_this_person_does_here(
    roles: set[Role], route: str, action: str, wanted: str
) -> None:
    assert help_for(frozenset(roles), route, action) == address(wanted)


def test_every_page_has_its_help_also_the_page_of_a_refusal(world: World) -> None:
    officer, clerk = world.board.browser(world.home.officer), world.board.browser(world.home.clerk)

    assert _help(officer.get("/my").text) == "/help/officer"
    assert _help(officer.get(f"/tasks/{world.running}/progress").text) == "/help/officer"
    assert _help(officer.get("/nothing").text) == "/help/officer"
    assert _help(officer.get(f"/tasks/{world.running}/nothing").text) == "/help/officer"
    start = _help(clerk.get("/reports").text)
    assert start == address("clerk", "从报告到任务")
    assert clerk.get(start.split("#")[0]).status_code == 200
    assert "帮助" not in world.board.browser().get("/signin").text


def test_the_guides_travel_with_the_program(tmp_path: Path) -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]
    in_wheel = build["wheel"]["force-include"]
    assert {ROOT / folder for folder in in_wheel} == {GUIDES, PICTURES}
    assert set(in_wheel) <= set(build["sdist"]["only-include"])
    for source, target in in_wheel.items():
        shutil.copytree(ROOT / source, tmp_path / target)
    installed = guides_of(tmp_path / "app" / "web")
    assert (installed / "clerk.md").is_file()
    assert (installed.parent / "images" / "board.jpg").is_file()
    assert {folder.split("/")[0] for folder in in_wheel.values()} <= set(build["wheel"]["packages"])
