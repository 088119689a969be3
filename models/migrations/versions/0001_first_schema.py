"""first schema

Keys and constraints are named by the convention of models/base.py, which env.py hands to Alembic.
"""

from alembic import op

from models.notation import make_tables

revision = "0001"
down_revision = None

_TABLES = """
calendar_day: day date!; is_workday bool; name 200
calendar_year: year int!; notice 200; revision int; loaded_at time
heartbeat: name 100!; at time
job_run: job 64; day date; shard int; bureau_ids json; claim_token 32?; worker 100; lease_until time?;
    attempts int; started_at, done_at time?; counts json; error text
    unique job day shard; index day
signin_failure: subject 200; at time
    index subject at
unit: bureau_id -> unit?; parent_id -> unit?; kind 32; name 200; is_home, is_active bool; code_prefix 16;
    releases_rows bool; leader_id ~> person?
    unique bureau_id name; index parent_id
chain_head: bureau_id -> unit!; sequence int; hash 64
person: bureau_id -> unit; unit_id -> unit; login 64; name, position 200; phone 64; email 254;
    is_active bool; left_on date?; wants_mail bool; password_hash 255
    unique login; index bureau_id; index unit_id
source_kind: bureau_id -> unit; name 200; position int; is_active bool
    unique bureau_id name
unit_alias: bureau_id -> unit; unit_id -> unit; name 200
    unique bureau_id name; index unit_id
bureau_setting: bureau_id -> unit; key 64; value json; valid_from date; set_by_id -> person?; set_at time
    index bureau_id key valid_from
one_time_link: token_hash 64; person_id -> person?; purpose 32; created_at, expires_at time; used_at time?
    unique token_hash; index person_id
api_token: token_hash 64; person_id -> person; name 200; scope 32; created_at, expires_at time;
    used_at time?
    unique token_hash; index person_id
outbox_message: bureau_id -> unit; person_id -> person; key 200; template 64; day date; status 32;
    message_id 200; address 254; subject 400; body_text, body_html text?; frozen bytes?; claim_token 32?;
    lease_until time?; attempts int; next_attempt_at, send_until time; last_error text; created_at time;
    sent_at time?
    unique key; unique message_id; index bureau_id created_at
    index status next_attempt_at id as ix_outbox_message_due; index person_id day
person_role: person_id -> person; role 32; source_id ~> source?; until date?
    unique person_id role
phone_call: bureau_id -> unit; person_id -> person; day date; called_by_id -> person?; called_at time?;
    note text
    unique person_id day; index bureau_id
source: bureau_id -> unit; kind_id -> source_kind; title 400; paper_no, issuing_body 200;
    received_on, plan_due_on, result_due_on date?
    index bureau_id
substitute: person_id -> person; substitute_id -> person; starts_on, ends_on date
    index person_id; index substitute_id
web_session: token_hash 64; person_id -> person; csrf_secret 64; created_at, seen_at, expires_at time
    unique token_hash; index person_id
report: bureau_id -> unit; source_id -> source; title 400; org 200; year int; issued_on date?;
    file_name 400; format 16; sha256 64; text text; hints, leftovers json; supersedes_id -> report?;
    imported_at time; imported_by_id -> person?
    unique bureau_id sha256
report_item: report_id -> report; kind 32; position int; text, cause text; section 400; number 32;
    page int?; paragraph int; spans, answered_by json; continues_id -> report_item?;
    recurs_of_id -> report_item?
    unique report_id kind position
rectification_task: bureau_id -> unit; code 64; kind, status 32; version int; title 200; text, cause text;
    category 200; goal, remark text; source_id -> source; report_item_id -> report_item?;
    lead_unit_id -> unit?; officer_id -> person?; leader_id -> person?; reviewer_id -> person?;
    approver_id -> person?; approval_level, time_limit 32; limit_days int?; limit_unit 32?;
    issued_on, due_on, original_due_on, next_checkpoint_on date?; paused_days int; deadline_on date?;
    extension_count int; waiting_since, submitted_on, closed_on date?; days_overdue_at_submission int?;
    days_overdue_at_redating int; is_confirmed bool; count_total, count_done int?;
    is_supervised, is_recurring, is_restricted, is_publicity_required bool;
    recurs_of_id -> rectification_task?; merged_into_id -> rectification_task?; created_at time
    unique bureau_id code; index approver_id
    index bureau_id as ix_rectification_task_attention where is_recurring OR is_supervised OR extension_count > 0
    index bureau_id status deadline_on id; index lead_unit_id status; index leader_id
    index officer_id status; index report_item_id; index reviewer_id; index source_id
checkpoint: task_id -> rectification_task; due_on, concluded_on date; conclusion text; person_id -> person
    index task_id
closure: task_id -> rectification_task; round int; statement text; warnings json; publicise_until date?
    unique task_id round
evidence: task_id -> rectification_task; uploader_id -> person; sha256 64; file_name 400; media_type 100;
    size int; archive_no 200; note text; own_date date?; uploaded_at time;
    is_notice_only, is_signed_paper bool; purged_at time?; purge_reason text; purged_by_id -> person?;
    purge_witness_id -> person?
    index sha256; index task_id
extension: task_id -> rectification_task; asked_by_id -> person; asked_on date; reason text;
    due_before, due_wanted date; decision 32?; decided_by_id -> person?; decided_on, due_granted date?;
    decision_reason text
    index task_id
look_back: task_id -> rectification_task; drawn_on date; reason 200; due_on date; checked_on date?;
    checked_by_id -> person?; finding text; has_reopened bool
    unique task_id drawn_on
measure: task_id -> rectification_task; position int; text text; owner_id -> person?;
    due_on, confirmed_on, done_on date?; is_dropped bool
    index owner_id; index task_id
participant: task_id -> rectification_task; person_id -> person?; unit_id -> unit?
    unique task_id person_id; unique task_id unit_id; index person_id; index unit_id
progress: task_id -> rectification_task; person_id -> person; text, late_reason, needs_decision text;
    reported_on date; created_at time
    index task_id as ix_progress_needs_decision where needs_decision <> ''; index task_id reported_on
task_event: bureau_id -> unit; sequence int; task_id -> rectification_task; verb 32; old_status 32?;
    new_status 32; actor_id -> person?; recorder_id -> person?; channel 32; at time; effective_on date;
    paper_no 200; paper_date date?; changes json; text_hash, previous_hash, hash 64
    unique bureau_id sequence; index bureau_id effective_on; index task_id sequence
told: bureau_id -> unit; person_id -> person; task_id -> rectification_task; subject 32; rung int;
    due_on date; part 32; day date; status 32; message_id -> outbox_message?
    unique task_id person_id subject due_on rung; index bureau_id; index message_id; index person_id day
    index bureau_id as ix_told_waiting where status = 'waiting'
closure_step: closure_id -> closure; stage 32; person_id -> person; recorder_id -> person?; signed_on date;
    verdict text; paper_no 200; paper_date date?; minutes_no 200; override_reason text; created_at time
    index closure_id
event_text: event_id -> task_event!; text text; is_redacted bool; redaction_reason text
day_figure: bureau_id -> unit; day date; is_problem bool;
    total, open, overdue, near, closed, terminated int; counted_at time
    unique bureau_id day is_problem
summary: bureau_id -> unit; starts_on, ends_on date; version int; content text; trend json; made_on date;
    made_at time; told_on date?
    unique bureau_id ends_on starts_on version
annual_step: bureau_id -> unit; year int; stage 32; body 200; done_on date; paper_no 200; note text;
    recorded_by_id -> person; recorded_at time
    unique bureau_id year stage body
review_cycle: bureau_id -> unit; cadence 32; year, number int;
    starts_on, ends_on, cut_off_on, opens_on, statements_due_on, hearing_by, opened_on date; opened_at time;
    opened_by_id -> person?
    unique bureau_id ends_on
frozen_version: cycle_id -> review_cycle; version int; content text; sha256 64; chain_count int;
    chain_head 64; frozen_on date; frozen_at time; frozen_by_id -> person
    unique cycle_id version
hearing: bureau_id -> unit; cycle_id -> review_cycle?; frozen_version_id -> frozen_version?;
    source_id -> source?; held_on date; body 200; topic 400; minutes_no 200; presided_by_id -> person?;
    note text; recorded_by_id -> person; recorded_at time
    index bureau_id held_on; index cycle_id
hearing_paper: hearing_id -> hearing; file_name 400; media_type 100; size int; sha256 64;
    added_by_id -> person; added_at time
    unique hearing_id sha256
resolution: hearing_id -> hearing; position int; text text; task_id -> rectification_task
    unique hearing_id position; index task_id
"""


def upgrade() -> None:
    make_tables(_TABLES)
    if op.get_bind().dialect.name == "postgresql":
        # base64 does not shrink: trying costs more than the rest of a claim
        op.execute("ALTER TABLE outbox_message ALTER COLUMN frozen SET STORAGE EXTERNAL")
    # Units and people, and roles and sources, point at each other.
    with op.batch_alter_table("unit") as batch:
        batch.create_foreign_key(batch.f("fk_unit_leader_id"), "person", ["leader_id"], ["id"])
    with op.batch_alter_table("person_role") as batch:
        batch.create_foreign_key(batch.f("fk_person_role_source_id"), "source", ["source_id"], ["id"])
