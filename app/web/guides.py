"""The guides by role (docs/guide) as pages: a closed network has no other place to read them.

Which guide a page opens follows from the table the page is guarded by, or from who may do what the page does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from markupsafe import Markup

from app.web.access import ACCESS
from app.web.actions import slug
from app.web.assets import GUIDES, picture
from core.errors import NotFound
from models.enums import Role
from rectification.roles_in_task import Part
from rectification.task.lifecycle import TRANSITIONS

if TYPE_CHECKING:
    from markdown_it.token import Token

CONTENTS: Final = "README"
OF_ROLE: Final = {
    Role.OFFICER: "officer",
    Role.UNIT_HEAD: "unit-head",
    Role.CLERK: "clerk",
    Role.REVIEWER: "reviewer",
    Role.LEADER: "leader",
    Role.CHIEF: "leader",
    Role.ADMIN: "admin",
    Role.AUDITOR: "auditor",
}
FOR_INSTALLERS: Final = ("install", "update", "backup", "move", "questions", "api")
_OF_PART: Final = {
    Part.OFFICER: "officer",
    Part.PARTICIPANT: "officer",
    Part.UNIT_HEAD: "unit-head",
    Part.CLERK: "clerk",
    Part.REVIEWER: "reviewer",
    Part.APPROVER: "leader",
    Part.LEADER: "leader",
    Part.CHIEF: "leader",
}
SECTIONS: Final = {
    "start": ("clerk", "第一次使用"),
    "reports": ("clerk", "从报告到任务"),
    "report_upload": ("clerk", "从报告到任务"),
    "report": ("clerk", "从报告到任务"),
    "report_issue": ("clerk", "从报告到任务"),
    "calls": ("clerk", "平时"),
    "reviews": ("clerk", "半年和年终"),
    "review": ("clerk", "半年和年终"),
    "hearing_new": ("clerk", "半年和年终"),
    "hearing_plan": ("clerk", "半年和年终"),
    "annual": ("clerk", "半年和年终"),
}
"""Pages that have a section of their own in a guide."""


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide, ready to be shown."""

    title: str
    text: Markup


@cache
def read_guide(name: str, root: str = "") -> Guide:
    """The guide of this name; `CONTENTS` names them all. `root` stands before every path of the board.

    Raises: NotFound.
    """
    from markdown_it import MarkdownIt

    if name not in {CONTENTS, *OF_ROLE.values(), *FOR_INSTALLERS}:
        raise NotFound("没有这一页说明", "", "请从“帮助”进入")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((GUIDES / f"{name}.md").read_text(encoding="utf-8"))
    title = tokens[1].content
    body = tokens[3:]
    _anchor(body)
    for token in body:
        _lead(token.children or (), root)
    return Guide(title, Markup(reader.renderer.render(body, reader.options, {})))  # noqa: S704  (raw HTML is off)


def _anchor(tokens: list["Token"]) -> None:
    """Let every heading be a place an address can name."""
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", inside.content)


def _lead(tokens: Iterable["Token"], root: str) -> None:
    """Let links and pictures that are files beside the guide be addresses of the board."""
    for token in tokens:
        if token.type == "image":
            token.attrSet("src", root + picture(str(token.attrGet("src")).removeprefix("../images/")))
        elif token.type == "link_open":
            token.attrSet("href", root + address(str(token.attrGet("href")).removesuffix(".md")))


def address(name: str, section: str = "") -> str:
    """Where a guide is read."""
    return f"/help/{name}" + (f"#{quote(section)}" if section else "")


def help_for(roles: frozenset[Role], route: str, action: str = "") -> str:
    """Where the help of a page leads: the guide for what these roles do on it, the list of guides where several do.

    `action` is the deed a task's page asks for, where the page is not that deed's own.
    """
    mine = {OF_ROLE[role] for role in roles}
    section = SECTIONS.get(route)
    if section and section[0] in mine:
        return address(*section)
    fitting = mine & set(_meant(route, action)) or mine
    return address(*(fitting if len(fitting) == 1 else (CONTENTS,)))


def _meant(route: str, action: str) -> Iterable[str]:
    """Whom a page is for."""
    deeds = [row for verb, row in TRANSITIONS.items() if slug(verb) == (action or route)]
    if deeds:
        return (_OF_PART[part] for row in deeds for part in row.by if part in _OF_PART)
    return (OF_ROLE[role] for role in ACCESS[route].roles) if route in ACCESS else ()
