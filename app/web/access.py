"""Who may open which page: one table, which guards every route and decides what the navigation offers.

What is on a page is narrowed further by `rectification.task.access`; both together are tested route by route, role by role.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from models.enums import Role
from rectification.office.actors import Actor
from rectification.task.access import reads_the_bureau
from rectification.verb_forms import FORMS


class Subject(StrEnum):
    """What a route's address names; one of another bureau is not found."""

    NONE = "none"
    TASK = "task"
    REPORT = "report"
    PERSON = "person"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: anybody, or whoever is signed in (under /api: sends a token) with one of these roles.

    `is_bureau_wide` shows every matter of the bureau together: an auditor limited to one source is not let in.
    """

    roles: frozenset[Role] = frozenset()
    is_public: bool = False
    subject: Subject = Subject.NONE
    is_bureau_wide: bool = False

    def admits(self, roles: frozenset[Role]) -> bool:
        return self.is_public or not self.roles.isdisjoint(roles)


_PUBLIC: Final = Rule(is_public=True)
_ALL: Final = frozenset(Role)
_OVERSEERS: Final = frozenset({Role.CLERK, Role.LEADER, Role.CHIEF, Role.UNIT_HEAD, Role.AUDITOR})
_WHOLE_BUREAU: Final = frozenset({Role.CLERK, Role.CHIEF})
_HALF_YEAR: Final = Rule(_WHOLE_BUREAU | {Role.LEADER, Role.AUDITOR}, is_bureau_wide=True)
"""Whom the half-year and the year are for: they read reviews, hearings, summaries and annual pages."""
_CLERK: Final = frozenset({Role.CLERK})
_CHECKERS: Final = frozenset({Role.CLERK, Role.CHIEF, Role.LEADER, Role.REVIEWER})
_KEEPERS: Final = frozenset({Role.CLERK, Role.ADMIN})

ACCESS: Final[dict[str, Rule]] = {
    "healthz": _PUBLIC,
    "static": _PUBLIC,
    "static_guide": _PUBLIC,
    "signin": _PUBLIC,
    "signin_post": _PUBLIC,
    "signin_demo": _PUBLIC,
    "enter": _PUBLIC,
    "enter_post": _PUBLIC,
    "help": Rule(_ALL),
    "help_contents": Rule(_ALL),
    "signout": Rule(_ALL),
    "signout_everywhere": Rule(_ALL),
    "account": Rule(_ALL),
    "account_password": Rule(_ALL),
    "account_mail_post": Rule(_ALL),
    "home": Rule(_ALL),
    "my_tasks": Rule(_ALL),
    "tasks": Rule(_ALL),
    "tasks_xlsx": Rule(_ALL),
    "board": Rule(_OVERSEERS),
    "summary": _HALF_YEAR,
    "district": Rule(_WHOLE_BUREAU),
    "district_count_post": Rule(_CLERK),
    "district_rows": Rule(_WHOLE_BUREAU, subject=Subject.UNIT),
    "task": Rule(_ALL, subject=Subject.TASK),
    "evidence_file": Rule(_ALL, subject=Subject.TASK),
    "task_sheet": Rule(_ALL, subject=Subject.TASK),
    "task_look_back": Rule(_ALL, subject=Subject.TASK),
    "task_folder": Rule(_ALL, subject=Subject.TASK),
    "look_backs": Rule(_CHECKERS),
    "look_backs_post": Rule(_CLERK),
    "look_backs_xlsx": Rule(_CHECKERS),
    "act": Rule(_ALL, subject=Subject.TASK),
    "act_post": Rule(_ALL, subject=Subject.TASK),
    "reports": Rule(_CLERK),
    "report_upload": Rule(_CLERK),
    "report_upload_post": Rule(_CLERK),
    "report": Rule(_CLERK, subject=Subject.REPORT),
    "report_pick_post": Rule(_CLERK, subject=Subject.REPORT),
    "report_draft_post": Rule(_CLERK, subject=Subject.REPORT),
    "report_issue": Rule(_CLERK, subject=Subject.REPORT),
    "report_issue_post": Rule(_CLERK, subject=Subject.REPORT),
    "sources": Rule(_CLERK),
    "sources_post": Rule(_CLERK),
    "source": Rule(_CLERK),
    "source_post": Rule(_CLERK),
    "source_kinds_post": Rule(_CLERK),
    "source_published_post": Rule(_CLERK),
    "entry": Rule(_CLERK),
    "entry_post": Rule(_CLERK),
    "ledger": Rule(_CLERK),
    "ledger_xlsx": Rule(_CLERK),
    "ledger_post": Rule(_CLERK),
    "breakdown": Rule(_CLERK),
    "breakdown_file": Rule(_CLERK),
    "breakdown_post": Rule(_CLERK),
    "people": Rule(_KEEPERS),
    "hand_over": Rule(_CLERK),
    "hand_over_post": Rule(_CLERK),
    "substitutes": Rule(_KEEPERS),
    "substitutes_post": Rule(_KEEPERS),
    "substitute_end_post": Rule(_KEEPERS),
    "people_template": Rule(_KEEPERS),
    "people_import": Rule(_KEEPERS),
    "people_import_post": Rule(_KEEPERS),
    "person_add_post": Rule(_KEEPERS),
    "person_grant_post": Rule(_KEEPERS, subject=Subject.PERSON),
    "person_mail_post": Rule(_KEEPERS, subject=Subject.PERSON),
    "person_link_post": Rule(_KEEPERS, subject=Subject.PERSON),
    "person_leave": Rule(_KEEPERS, subject=Subject.PERSON),
    "person_leave_post": Rule(_KEEPERS, subject=Subject.PERSON),
    "person_return_post": Rule(_KEEPERS, subject=Subject.PERSON),
    "units": Rule(_KEEPERS),
    "unit_add_post": Rule(_KEEPERS),
    "rows_release_post": Rule(_CLERK),
    "unit_alias_post": Rule(_KEEPERS, subject=Subject.UNIT),
    "line_post": Rule(_KEEPERS),
    "mail": Rule(_KEEPERS),
    "mail_resend_post": Rule(_KEEPERS),
    "mail_previews": Rule(_KEEPERS),
    "mail_preview": Rule(_KEEPERS),
    "calls": Rule(_KEEPERS),
    "calls_post": Rule(_KEEPERS),
    "calls_notice": Rule(_KEEPERS, subject=Subject.PERSON),
    "upcoming": Rule(_ALL),
    "runs": Rule(_KEEPERS),
    "start": Rule(_KEEPERS),
    "settings": Rule(_KEEPERS),
    "settings_post": Rule(_KEEPERS),
    "calendar": Rule(_KEEPERS),
    "calendar_post": Rule(_KEEPERS),
    "token_add_post": Rule(_ALL),
    "token_revoke_post": Rule(_ALL),
    "api_openapi": _PUBLIC,
    "api_tasks": Rule(_ALL),
    "api_task": Rule(_ALL, subject=Subject.TASK),
    "api_figures": Rule(_OVERSEERS),
    "api_reports": Rule(_CLERK),
    "api_report": Rule(_CLERK, subject=Subject.REPORT),
    "api_people": Rule(_KEEPERS),
    "api_units": Rule(_KEEPERS),
    "api_mail": Rule(_KEEPERS),
    **{f"api_act_{verb.value}": Rule(_ALL, subject=Subject.TASK) for verb in FORMS},
    "reviews": _HALF_YEAR,
    "review_open_post": Rule(_CLERK),
    "review": _HALF_YEAR,
    "review_freeze_post": Rule(_CLERK),
    "review_cut_off_post": Rule(_CLERK),
    "review_briefing": _HALF_YEAR,
    "review_briefing_docx": _HALF_YEAR,
    "review_figures_xlsx": _HALF_YEAR,
    "hearing": _HALF_YEAR,
    "hearing_paper": _HALF_YEAR,
    "hearing_new": Rule(_CLERK),
    "hearing_post": Rule(_CLERK),
    "hearing_paper_post": Rule(_CLERK),
    "minutes_post": Rule(_CLERK),
    "resolution_post": Rule(_CLERK),
    "statements": Rule(frozenset({Role.OFFICER})),
    "statements_post": Rule(frozenset({Role.OFFICER})),
    "month_latest": _HALF_YEAR,
    "month": _HALF_YEAR,
    "term_summary": _HALF_YEAR,
    "source_report_docx": _HALF_YEAR,
    "annual": _HALF_YEAR,
    "annual_post": Rule(_CLERK),
    "annual_docx": _HALF_YEAR,
    "duty_docx": _HALF_YEAR,
}


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One place in the navigation."""

    route: str
    label: str


NAVIGATION: Final = (
    NavigationEntry("board", "总览"),
    NavigationEntry("my_tasks", "我的任务"),
    NavigationEntry("tasks", "台账"),
    NavigationEntry("statements", "情况说明"),
    NavigationEntry("reviews", "调度与汇报"),
    NavigationEntry("reports", "报告与下达"),
    NavigationEntry("people", "人员与科室"),
    NavigationEntry("mail", "邮件"),
    NavigationEntry("runs", "运行"),
    NavigationEntry("settings", "设置"),
)


def navigation_for(actor: Actor, session: Session) -> tuple[NavigationEntry, ...]:
    """The entries this person may open."""
    entries = [entry for entry in NAVIGATION if ACCESS[entry.route].admits(actor.roles)]
    if any(ACCESS[entry.route].is_bureau_wide for entry in entries) and not reads_the_bureau(session, actor):
        entries = [entry for entry in entries if not ACCESS[entry.route].is_bureau_wide]
    return tuple(entries)
