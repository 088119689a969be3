"""first schema

Keys and constraints are named by the convention of models/base.py, which env.py hands to Alembic.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, *parts: sa.schema.SchemaItem, is_numbered: bool = True) -> None:
    """A table, its rows known by a number unless it has a key of its own."""
    number = [sa.Column("id", _NUMBER, primary_key=True)] if is_numbered else []
    op.create_table(name, *parts, *number)


def _columns(kind: sa.types.TypeEngine[Any], *names: str, optional: bool = False) -> Iterator[sa.Column[Any]]:
    """Columns of one type that stand side by side."""
    return (sa.Column(name, kind, nullable=optional) for name in names)


def _refers(
    name: str, table: str, *, optional: bool = False, later: bool = False, is_key: bool = False
) -> sa.Column[Any]:
    """A column that points at a row of `table`; `later` where the two tables point at each other."""
    points = sa.ForeignKey(f"{table}.id", use_alter=later)
    return sa.Column(name, _NUMBER, points, nullable=optional, primary_key=is_key)


def _index(table: str, *columns: str, name: str = "", where: str = "") -> None:
    """An index, of the rows alone that meet `where`."""
    only: dict[str, Any] = (
        {f"{kind}_where": sa.text(where) for kind in ("postgresql", "sqlite")} if where else {}
    )
    op.create_index(name or f"ix_{table}_{'_'.join(columns)}", table, list(columns), **only)


def upgrade() -> None:
    _table(
        "calendar_day",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        is_numbered=False,
    )
    _table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, primary_key=True),
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        is_numbered=False,
    )
    _table(
        "heartbeat",
        sa.Column("name", sa.String(length=100), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        is_numbered=False,
    )
    _table(
        "job_run",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("bureau_ids", sa.JSON(), nullable=False),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_columns(sa.DateTime(timezone=True), "started_at", "done_at", optional=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.UniqueConstraint("job", "day", "shard"),
    )
    _index("job_run", "day")
    _table(
        "signin_failure",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    _index("signin_failure", "subject", "at")
    _table(
        "unit",
        _refers("bureau_id", "unit", optional=True),
        _refers("parent_id", "unit", optional=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *_columns(sa.Boolean(), "is_home", "is_active"),
        sa.Column("code_prefix", sa.String(length=16), nullable=False),
        sa.Column("releases_rows", sa.Boolean(), nullable=False),
        _refers("leader_id", "person", optional=True, later=True),
        sa.UniqueConstraint("bureau_id", "name"),
    )
    _index("unit", "parent_id")
    _table(
        "chain_head",
        _refers("bureau_id", "unit", is_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        is_numbered=False,
    )
    _table(
        "person",
        _refers("bureau_id", "unit"),
        _refers("unit_id", "unit"),
        sa.Column("login", sa.String(length=64), nullable=False),
        *_columns(sa.String(length=200), "name", "position"),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.UniqueConstraint("login"),
    )
    _index("person", "bureau_id")
    _index("person", "unit_id")
    _table(
        "source_kind",
        _refers("bureau_id", "unit"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("bureau_id", "name"),
    )
    _table(
        "unit_alias",
        _refers("bureau_id", "unit"),
        _refers("unit_id", "unit"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.UniqueConstraint("bureau_id", "name"),
    )
    _index("unit_alias", "unit_id")
    _table(
        "bureau_setting",
        _refers("bureau_id", "unit"),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        _refers("set_by_id", "person", optional=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )
    _index("bureau_setting", "bureau_id", "key", "valid_from")
    _table(
        "one_time_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _refers("person_id", "person", optional=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        *_columns(sa.DateTime(timezone=True), "created_at", "expires_at"),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    _index("one_time_link", "person_id")
    _table(
        "api_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _refers("person_id", "person"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        *_columns(sa.DateTime(timezone=True), "created_at", "expires_at"),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    _index("api_token", "person_id")
    _table(
        "outbox_message",
        _refers("bureau_id", "unit"),
        _refers("person_id", "person"),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        *_columns(sa.Text(), "body_text", "body_html", optional=True),
        sa.Column("frozen", sa.LargeBinary(), nullable=True),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_columns(sa.DateTime(timezone=True), "next_attempt_at", "send_until"),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("message_id"),
    )
    _index("outbox_message", "bureau_id", "created_at")
    _index("outbox_message", "status", "next_attempt_at", "id", name="ix_outbox_message_due")
    _index("outbox_message", "person_id", "day")
    if op.get_bind().dialect.name == "postgresql":
        # base64 does not shrink: trying costs more than the rest of a claim
        op.execute("ALTER TABLE outbox_message ALTER COLUMN frozen SET STORAGE EXTERNAL")
    _table(
        "person_role",
        _refers("person_id", "person"),
        sa.Column("role", sa.String(length=32), nullable=False),
        _refers("source_id", "source", optional=True, later=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.UniqueConstraint("person_id", "role"),
    )
    _table(
        "phone_call",
        _refers("bureau_id", "unit"),
        _refers("person_id", "person"),
        sa.Column("day", sa.Date(), nullable=False),
        _refers("called_by_id", "person", optional=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("person_id", "day"),
    )
    _index("phone_call", "bureau_id")
    _table(
        "source",
        _refers("bureau_id", "unit"),
        _refers("kind_id", "source_kind"),
        sa.Column("title", sa.String(length=400), nullable=False),
        *_columns(sa.String(length=200), "paper_no", "issuing_body"),
        *_columns(sa.Date(), "received_on", "plan_due_on", "result_due_on", optional=True),
    )
    _index("source", "bureau_id")
    _table(
        "substitute",
        _refers("person_id", "person"),
        _refers("substitute_id", "person"),
        *_columns(sa.Date(), "starts_on", "ends_on"),
    )
    _index("substitute", "person_id")
    _index("substitute", "substitute_id")
    _table(
        "web_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _refers("person_id", "person"),
        sa.Column("csrf_secret", sa.String(length=64), nullable=False),
        *_columns(sa.DateTime(timezone=True), "created_at", "seen_at", "expires_at"),
        sa.UniqueConstraint("token_hash"),
    )
    _index("web_session", "person_id")
    _table(
        "report",
        _refers("bureau_id", "unit"),
        _refers("source_id", "source"),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("org", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_columns(sa.JSON(), "hints", "leftovers"),
        _refers("supersedes_id", "report", optional=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        _refers("imported_by_id", "person", optional=True),
        sa.UniqueConstraint("bureau_id", "sha256"),
    )
    _table(
        "report_item",
        _refers("report_id", "report"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_columns(sa.Text(), "text", "cause"),
        sa.Column("section", sa.String(length=400), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        *_columns(sa.JSON(), "spans", "answered_by"),
        _refers("continues_id", "report_item", optional=True),
        _refers("recurs_of_id", "report_item", optional=True),
        sa.UniqueConstraint("report_id", "kind", "position"),
    )
    _table(
        "rectification_task",
        _refers("bureau_id", "unit"),
        sa.Column("code", sa.String(length=64), nullable=False),
        *_columns(sa.String(length=32), "kind", "status"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        *_columns(sa.Text(), "text", "cause"),
        sa.Column("category", sa.String(length=200), nullable=False),
        *_columns(sa.Text(), "goal", "remark"),
        _refers("source_id", "source"),
        _refers("report_item_id", "report_item", optional=True),
        _refers("lead_unit_id", "unit", optional=True),
        _refers("officer_id", "person", optional=True),
        _refers("leader_id", "person", optional=True),
        _refers("reviewer_id", "person", optional=True),
        _refers("approver_id", "person", optional=True),
        *_columns(sa.String(length=32), "approval_level", "time_limit"),
        sa.Column("limit_days", sa.Integer(), nullable=True),
        sa.Column("limit_unit", sa.String(length=32), nullable=True),
        *_columns(sa.Date(), "issued_on", "due_on", "original_due_on", "next_checkpoint_on", optional=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("extension_count", sa.Integer(), nullable=False),
        *_columns(sa.Date(), "waiting_since", "submitted_on", "closed_on", optional=True),
        sa.Column("days_overdue_at_submission", sa.Integer(), nullable=True),
        sa.Column("days_overdue_at_redating", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        *_columns(sa.Integer(), "count_total", "count_done", optional=True),
        *_columns(sa.Boolean(), "is_supervised", "is_recurring", "is_restricted", "is_publicity_required"),
        _refers("recurs_of_id", "rectification_task", optional=True),
        _refers("merged_into_id", "rectification_task", optional=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("bureau_id", "code"),
    )
    _index("rectification_task", "approver_id")
    _index(
        "rectification_task",
        "bureau_id",
        name="ix_rectification_task_attention",
        where="is_recurring OR is_supervised OR extension_count > 0",
    )
    _index("rectification_task", "bureau_id", "status", "deadline_on", "id")
    _index("rectification_task", "lead_unit_id", "status")
    _index("rectification_task", "leader_id")
    _index("rectification_task", "officer_id", "status")
    _index("rectification_task", "report_item_id")
    _index("rectification_task", "reviewer_id")
    _index("rectification_task", "source_id")
    _table(
        "checkpoint",
        _refers("task_id", "rectification_task"),
        *_columns(sa.Date(), "due_on", "concluded_on"),
        sa.Column("conclusion", sa.Text(), nullable=False),
        _refers("person_id", "person"),
    )
    _index("checkpoint", "task_id")
    _table(
        "closure",
        _refers("task_id", "rectification_task"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("publicise_until", sa.Date(), nullable=True),
        sa.UniqueConstraint("task_id", "round"),
    )
    _table(
        "evidence",
        _refers("task_id", "rectification_task"),
        _refers("uploader_id", "person"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("archive_no", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("own_date", sa.Date(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        *_columns(sa.Boolean(), "is_notice_only", "is_signed_paper"),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purge_reason", sa.Text(), nullable=False),
        _refers("purged_by_id", "person", optional=True),
        _refers("purge_witness_id", "person", optional=True),
    )
    _index("evidence", "sha256")
    _index("evidence", "task_id")
    _table(
        "extension",
        _refers("task_id", "rectification_task"),
        _refers("asked_by_id", "person"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_columns(sa.Date(), "due_before", "due_wanted"),
        sa.Column("decision", sa.String(length=32), nullable=True),
        _refers("decided_by_id", "person", optional=True),
        *_columns(sa.Date(), "decided_on", "due_granted", optional=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
    )
    _index("extension", "task_id")
    _table(
        "look_back",
        _refers("task_id", "rectification_task"),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        _refers("checked_by_id", "person", optional=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("has_reopened", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("task_id", "drawn_on"),
    )
    _table(
        "measure",
        _refers("task_id", "rectification_task"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _refers("owner_id", "person", optional=True),
        *_columns(sa.Date(), "due_on", "confirmed_on", "done_on", optional=True),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
    )
    _index("measure", "owner_id")
    _index("measure", "task_id")
    _table(
        "participant",
        _refers("task_id", "rectification_task"),
        _refers("person_id", "person", optional=True),
        _refers("unit_id", "unit", optional=True),
        sa.UniqueConstraint("task_id", "person_id"),
        sa.UniqueConstraint("task_id", "unit_id"),
    )
    _index("participant", "person_id")
    _index("participant", "unit_id")
    _table(
        "progress",
        _refers("task_id", "rectification_task"),
        _refers("person_id", "person"),
        *_columns(sa.Text(), "text", "late_reason", "needs_decision"),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    _index("progress", "task_id", name="ix_progress_needs_decision", where="needs_decision <> ''")
    _index("progress", "task_id", "reported_on")
    _table(
        "task_event",
        _refers("bureau_id", "unit"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _refers("task_id", "rectification_task"),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("old_status", sa.String(length=32), nullable=True),
        sa.Column("new_status", sa.String(length=32), nullable=False),
        _refers("actor_id", "person", optional=True),
        _refers("recorder_id", "person", optional=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("paper_no", sa.String(length=200), nullable=False),
        sa.Column("paper_date", sa.Date(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        *_columns(sa.String(length=64), "text_hash", "previous_hash", "hash"),
        sa.UniqueConstraint("bureau_id", "sequence"),
    )
    _index("task_event", "bureau_id", "effective_on")
    _index("task_event", "task_id", "sequence")
    _table(
        "told",
        _refers("bureau_id", "unit"),
        _refers("person_id", "person"),
        _refers("task_id", "rectification_task"),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        _refers("message_id", "outbox_message", optional=True),
        sa.UniqueConstraint("task_id", "person_id", "subject", "due_on", "rung"),
    )
    _index("told", "bureau_id")
    _index("told", "message_id")
    _index("told", "person_id", "day")
    _index("told", "bureau_id", name="ix_told_waiting", where="status = 'waiting'")
    _table(
        "closure_step",
        _refers("closure_id", "closure"),
        sa.Column("stage", sa.String(length=32), nullable=False),
        _refers("person_id", "person"),
        _refers("recorder_id", "person", optional=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("paper_no", sa.String(length=200), nullable=False),
        sa.Column("paper_date", sa.Date(), nullable=True),
        sa.Column("minutes_no", sa.String(length=200), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    _index("closure_step", "closure_id")
    _table(
        "event_text",
        _refers("event_id", "task_event", is_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_redacted", sa.Boolean(), nullable=False),
        sa.Column("redaction_reason", sa.Text(), nullable=False),
        is_numbered=False,
    )
    # Units and people, and roles and sources, point at each other.
    with op.batch_alter_table("unit") as batch:
        batch.create_foreign_key(batch.f("fk_unit_leader_id"), "person", ["leader_id"], ["id"])
    with op.batch_alter_table("person_role") as batch:
        batch.create_foreign_key(batch.f("fk_person_role_source_id"), "source", ["source_id"], ["id"])
    _review_tables()


def _review_tables() -> None:
    """The half-year and the year: reviews, frozen figures, hearings, summaries, the annual clock."""
    _table(
        "day_figure",
        _refers("bureau_id", "unit"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_problem", sa.Boolean(), nullable=False),
        *_columns(sa.Integer(), "total", "open", "overdue", "near", "closed", "terminated"),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("bureau_id", "day", "is_problem"),
    )
    _table(
        "summary",
        _refers("bureau_id", "unit"),
        *_columns(sa.Date(), "starts_on", "ends_on"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("trend", sa.JSON(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("bureau_id", "ends_on", "starts_on", "version"),
    )
    _table(
        "annual_step",
        _refers("bureau_id", "unit"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("paper_no", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _refers("recorded_by_id", "person"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("bureau_id", "year", "stage", "body"),
    )
    _table(
        "review_cycle",
        _refers("bureau_id", "unit"),
        sa.Column("cadence", sa.String(length=32), nullable=False),
        *_columns(sa.Integer(), "year", "number"),
        *_columns(
            sa.Date(),
            "starts_on",
            "ends_on",
            "cut_off_on",
            "opens_on",
            "statements_due_on",
            "hearing_by",
            "opened_on",
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _refers("opened_by_id", "person", optional=True),
        sa.UniqueConstraint("bureau_id", "ends_on"),
    )
    _table(
        "frozen_version",
        _refers("cycle_id", "review_cycle"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("chain_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        _refers("frozen_by_id", "person"),
        sa.UniqueConstraint("cycle_id", "version"),
    )
    _table(
        "hearing",
        _refers("bureau_id", "unit"),
        _refers("cycle_id", "review_cycle", optional=True),
        _refers("frozen_version_id", "frozen_version", optional=True),
        _refers("source_id", "source", optional=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=400), nullable=False),
        sa.Column("minutes_no", sa.String(length=200), nullable=False),
        _refers("presided_by_id", "person", optional=True),
        sa.Column("note", sa.Text(), nullable=False),
        _refers("recorded_by_id", "person"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    _index("hearing", "bureau_id", "held_on")
    _index("hearing", "cycle_id")
    _table(
        "hearing_paper",
        _refers("hearing_id", "hearing"),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _refers("added_by_id", "person"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("hearing_id", "sha256"),
    )
    _table(
        "resolution",
        _refers("hearing_id", "hearing"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _refers("task_id", "rectification_task"),
        sa.UniqueConstraint("hearing_id", "position"),
    )
    _index("resolution", "task_id")
