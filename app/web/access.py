"""Who may open which page: one table, which guards every route and decides what the navigation offers.

What is on a page is narrowed further by `rectification.task.access`; both together are tested route by route, role by role.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from models.enums import Role
from rectification.halfyear.hearing_plans import READERS
from rectification.office.actors import Actor
from rectification.office.people import WORKS
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


_ALL: Final = frozenset(Role)
_OVERSEERS: Final = frozenset({Role.CLERK, Role.LEADER, Role.CHIEF, Role.UNIT_HEAD, Role.AUDITOR})
_WHOLE_BUREAU: Final = frozenset({Role.CLERK, Role.CHIEF})
_HALF_YEAR: Final = frozenset(READERS)
_CLERK: Final = frozenset({Role.CLERK})
_CHECKERS: Final = frozenset({Role.CLERK, Role.CHIEF, Role.LEADER, Role.REVIEWER, Role.AUDITOR})
_KEEPERS: Final = frozenset({Role.CLERK, Role.ADMIN})

_OPENS: Final[tuple[tuple[Rule, str], ...]] = (
    (
        Rule(is_public=True),
        "healthz static static_guide signin signin_post signin_demo enter enter_post enter_code enter_code_post api_openapi",
    ),
    (
        Rule(_ALL),
        "home my_tasks tasks tasks_text tasks_xlsx upcoming help help_contents signout signout_everywhere kept kept_drop_post",
    ),
    (
        Rule(_ALL),
        "account account_password account_mail_post account_confirm_post token_add_post token_revoke_post api_tasks",
    ),
    (
        Rule(_ALL, subject=Subject.TASK),
        "task act act_post progress submit progress_post issue issue_post evidence_file evidence_preview evidence_page task_sheet task_dossier task_look_back task_folder",
    ),
    (Rule(_ALL, subject=Subject.TASK), " ".join(("api_task", *(f"api_act_{verb.value}" for verb in FORMS)))),
    (Rule(_OVERSEERS), "board api_figures"),
    (Rule(_CHECKERS), "look_backs"),
    (Rule(frozenset(WORKS)), "statements statements_post"),
    (Rule(_WHOLE_BUREAU), "district"),
    (Rule(_WHOLE_BUREAU, subject=Subject.UNIT), "district_rows"),
    (
        Rule(_HALF_YEAR, is_bureau_wide=True),
        """
        summary month month_latest term_summary reviews review review_briefing review_briefing_docx
        hearing hearing_plan hearing_paper source_report_docx annual annual_docx duty_docx
        """,
    ),
    (Rule(_KEEPERS | {Role.CHIEF, Role.AUDITOR}, is_bureau_wide=True), "office"),
    (Rule(_KEEPERS | {Role.CHIEF}), "request_post"),
    (
        Rule(_CLERK),
        """
        reports report_upload report_upload_post sources sources_post source source_post source_steps_post source_kinds_post source_published_post
        entry entry_post ledger ledger_xlsx archive_zip ledger_post forms forms_post form form_post form_file breakdown breakdown_file breakdown_post hand_over
        hand_over_post look_backs_post review_open_post review_freeze_post review_cut_off_post hearing_new
        hearing_post hearing_paper_post minutes_post resolution_post annual_post district_count_post
        hearing_plan_post hearing_call_off_post
        rows_release_post api_reports
        """,
    ),
    (
        Rule(_CLERK, subject=Subject.REPORT),
        "report report_pick_post report_withdraw_post report_purge_post report_draft_post report_issue report_issue_post api_report",
    ),
    (Rule(_WHOLE_BUREAU | {Role.AUDITOR}, subject=Subject.REPORT, is_bureau_wide=True), "report_file"),
    (
        Rule(_KEEPERS),
        """
        people people_template people_import people_import_post person_add_post substitutes substitutes_post
        substitute_end_post units unit_add_post line_post body_post slips slips_post mail mail_resend_post calls
        calls_post runs runs_check_post start start_address_post settings settings_post calendar calendar_post api_people api_units api_mail
        """,
    ),
    (
        Rule(_KEEPERS, subject=Subject.PERSON),
        """
        person person_post person_grant_post person_mail_post person_link_post person_leave person_leave_post person_return_post
        calls_notice
        """,
    ),
    (
        Rule(_KEEPERS, subject=Subject.UNIT),
        "unit unit_alias_post unit_place_post unit_close_post unit_remove_post",
    ),
)
ACCESS: Final = {route: rule for rule, routes in _OPENS for route in routes.split()}
"""Every route's rule; what programs have of a page is entered under the page's own."""

_SENSITIVE: Final = """
    account_confirm_post token_add_post person_add_post person_post person_grant_post person_link_post person_leave_post
    person_return_post request_post people_import_post slips_post substitutes_post substitute_end_post
    settings_post start_address_post rows_release_post ledger_xlsx archive_zip form_file
"""
SENSITIVE: Final = frozenset(_SENSITIVE.split())
"""Routes that act on accounts, settings or what may leave: the password is asked for again before them."""


def is_sensitive(route: str, roles: frozenset[Role]) -> bool:
    """Whether the password is asked for again. The list of tasks is an officer's own work; a clerk's is the ledger."""
    return route in SENSITIVE or (route == "tasks_xlsx" and bool(roles & {Role.CLERK, Role.AUDITOR}))


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One place in the navigation; where several are `is_office`, they stand together (管理)."""

    route: str
    label: str
    is_office: bool = False


NAVIGATION: Final = (
    NavigationEntry("board", "总览"),
    NavigationEntry("my_tasks", "我的任务"),
    NavigationEntry("tasks", "台账"),
    NavigationEntry("statements", "情况说明"),
    NavigationEntry("reviews", "调度与汇报"),
    NavigationEntry("reports", "报告与下达"),
    NavigationEntry("people", "人员与科室", is_office=True),
    NavigationEntry("office", "变动记录", is_office=True),
    NavigationEntry("mail", "邮件", is_office=True),
    NavigationEntry("runs", "运行", is_office=True),
    NavigationEntry("settings", "设置", is_office=True),
    NavigationEntry("start", "启用清单", is_office=True),
)


def navigation_for(actor: Actor, session: Session) -> tuple[NavigationEntry, ...]:
    """The entries this person may open."""
    entries = [entry for entry in NAVIGATION if ACCESS[entry.route].admits(actor.roles)]
    if any(ACCESS[entry.route].is_bureau_wide for entry in entries) and not reads_the_bureau(session, actor):
        entries = [entry for entry in entries if not ACCESS[entry.route].is_bureau_wide]
    return tuple(entries)
